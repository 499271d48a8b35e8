# `make submission` and `make test` need Python 3.11 or newer and make, nothing else.

PYTHON ?= python3.11
CONSTRAINTS := constraints.txt
BIN := .venv/bin
DATASET := arc-agi-1-evaluation

.PHONY: submission kernels test slow check coverage lint types clean

submission: .venv/.installed
	$(BIN)/arcsolve submit $(DATASET) -o submission.json --effort fast --time-limit 10m
	$(BIN)/arcsolve score submission.json $(DATASET)

kernels: .venv/.installed  # compiles the primitives in parallel, once per machine
	$(BIN)/python -c 'from arcsolve.search.solver import SearchSolver; SearchSolver().warm_up()'

test: kernels
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup

slow: .venv/.installed
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup -m slow

coverage: kernels
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup --cov --cov-report=term:skip-covered

check: lint types coverage

lint: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.installed
	$(BIN)/mypy

clean:
	rm -rf .venv .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.installed: pyproject.toml $(CONSTRAINTS)
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(CONSTRAINTS) -e '.[dev]'
	touch $@
