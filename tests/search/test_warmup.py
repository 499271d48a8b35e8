"""After the warm-up a search compiles nothing, so that solvers can be forked and timed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# A process of its own: this one has compiled the functions that other tests called.
SCRIPT = """
import sys
from numba.core.dispatcher import Dispatcher
from arcsolve.dsl.primitive import primitives
from arcsolve.dsl.solver import Budget
from arcsolve.search.stages.backward import last_steps
from arcsolve.search.lifting import lift_problem
from arcsolve.search.problem import build_problem
from arcsolve.search.program_solver import ProgramSolver
from arcsolve.submissions.challenges import read_challenges

def compiled():
    found = [module for name, module in sys.modules.items() if name.startswith("arcsolve.search.")]
    functions = [f for m in found for f in vars(m).values() if isinstance(f, Dispatcher)]
    return {{f.py_func.__qualname__: len(f.signatures) for f in functions}}

def loaded():
    return {{name: "kernel" in vars(each) for name, each in primitives().items()}}

def used(task):
    {use}

solver = ProgramSolver()
solver.warm_up()
before = {count}()
for task in list(read_challenges("tests/data/synthetic_challenges.json").values())[:4]:
    used(task)
after = {count}()
if after != before:
    sys.exit(f"compiled later: {{[name for name in after if after[name] != before[name]]}}")
"""
SOLVE = "list(solver.solve(task, Budget(operations=60_000, states=50_000)))"
TAKE_APART = """
    problem = build_problem(task)
    list(lift_problem(problem))
    [list(last_steps(problem.outputs, enlarging=each)) for each in (False, True)]
"""


@pytest.mark.parametrize(("use", "count"), [(SOLVE, "compiled"), (TAKE_APART, "loaded")])
def test_after_warming_up_nothing_is_compiled_or_loaded(use: str, count: str) -> None:
    script = SCRIPT.format(use=use, count=count)
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
