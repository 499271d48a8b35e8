"""Warming up: afterwards a search compiles nothing, so that solvers can be forked and timed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

# In a process of its own: what other tests have called is compiled already.
SCRIPT = """
import sys
from numba.core.dispatcher import Dispatcher
from dsl.solver import Budget
from search.solver import SearchSolver
from submissions.challenges import read_challenges

def compiled():
    modules = [module for name, module in sys.modules.items() if name.startswith("search.")]
    functions = [f for m in modules for f in vars(m).values() if isinstance(f, Dispatcher)]
    return {f.py_func.__qualname__: len(f.signatures) for f in functions}

solver = SearchSolver()
solver.warm_up()
before = compiled()
for task in list(read_challenges("tests/data/synthetic_challenges.json").values())[:4]:
    list(solver.solve(task, Budget(operations=60_000, states=50_000)))
after = compiled()
if after != before:
    sys.exit(f"compiled later: {[name for name in after if after[name] != before[name]]}")
"""


def test_after_warming_up_a_search_compiles_nothing() -> None:
    run = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
