"""Outer products: a fast search puts a grid in place of each cell of another grid."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program
from arcsolve.dsl.task import Pair, Task
from arcsolve.lineups import EFFORTS
from arcsolve.search.program_solver import ProgramSolver

Rule = Callable[[np.ndarray], np.ndarray]


def place_copies(marks: np.ndarray, pattern: np.ndarray) -> np.ndarray:
    """Put the pattern wherever there is a mark."""
    return np.kron((marks != 0).astype(np.uint8), pattern)


def split_halves(grid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return grid[:, :3], grid[:, 3:]


RULES: dict[str, tuple[int, Rule]] = {
    "with itself": (3, lambda grid: place_copies(grid, grid)),
    "with itself, in the cells' colors": (3, lambda grid: np.kron(grid, (grid != 0).astype(int))),
    "of the blank cells with the grid": (3, lambda grid: place_copies(grid == 0, grid)),
    "of the left half with the right": (6, lambda grid: place_copies(*split_halves(grid))),
    "of the right half with the left": (6, lambda grid: place_copies(*split_halves(grid)[::-1])),
}


@pytest.mark.parametrize("name", RULES)
def test_a_fast_search_finds_the_outer_product(name: str) -> None:
    width, rule = RULES[name]
    rng = np.random.default_rng(1)
    drawn = (rng.integers(1, 6, (4, 3, width)) * (rng.random((4, 3, width)) < 0.6)).astype(np.uint8)
    pairs = tuple(Pair(Grid(grid), Grid(rule(grid))) for grid in drawn[:3])
    task = Task("made", pairs, (Grid(drawn[3]),))
    wanted = Grid(rule(drawn[3]))
    found = [c for c in ProgramSolver().solve(task, EFFORTS["fast"]) if c.output == wanted]
    assert any(c.evidence["fit"] == 1.0 for c in found)
    assert all(Program.parse(c.reason).run(task.tests[0]) == wanted for c in found)
