"""Warming up: afterwards a search compiles nothing, so that solvers can be forked and timed."""

from __future__ import annotations

import sys
from pathlib import Path

from numba.core.dispatcher import Dispatcher

from dsl.solver import Budget
from search.solver import SearchSolver
from submissions.challenges import read_challenges

CHALLENGES = Path(__file__).parents[1] / "data" / "synthetic_challenges.json"


def compiled_so_far() -> dict[str, int]:
    """The number of signatures of each compiled function of the search."""
    modules = [module for name, module in sys.modules.items() if name.startswith("search.")]
    functions = [f for m in modules for f in vars(m).values() if isinstance(f, Dispatcher)]
    return {f.py_func.__qualname__: len(f.signatures) for f in functions}


def test_after_warming_up_a_search_compiles_nothing() -> None:
    solver = SearchSolver()
    solver.warm_up()
    before = compiled_so_far()
    for task in list(read_challenges(CHALLENGES).values())[:4]:
        list(solver.solve(task, Budget(operations=60_000, states=50_000)))
    assert compiled_so_far() == before
