"""A program found in a view is a program for the task."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program
from arcsolve.dsl.solver import Budget, Candidate
from arcsolve.dsl.strategies import grids
from arcsolve.dsl.task import Pair, Task
from arcsolve.search.problem import build_problem
from arcsolve.search.program_solver import ProgramSolver
from arcsolve.search.views import VIEWS, View, view_problems

CHANGING = [view for view in VIEWS if view.change]
BUDGET = Budget(operations=40_000, states=30_000)
Rule = Callable[[np.ndarray], np.ndarray]


def build_task(rule: Rule, colors: tuple[int, ...] = (7, 7, 7, 0, 1, 2)) -> Task:
    """Return three pairs and a test of random grids that obey the rule."""
    rng = np.random.default_rng(0)
    drawn = [rng.choice(colors, size=(4 + i, 6 - i)).astype(np.uint8) for i in range(4)]
    pairs = tuple(Pair(Grid(grid), Grid(rule(grid))) for grid in drawn[:3])
    return Task("made", pairs, (Grid(drawn[3]),))


def solve(task: Task, view: str) -> list[Candidate]:
    found = ProgramSolver(views=(view,), lifting=0.0).solve(task, BUDGET)
    return [candidate for candidate in found if candidate.evidence["fit"] == 1.0]


FLIPPED: Rule = lambda grid: grid[::-1]  # noqa: E731 - a rule


@pytest.mark.parametrize("view", CHANGING, ids=str)
def test_a_program_found_in_a_view_is_a_program_for_the_task(view: View) -> None:
    task = build_task(FLIPPED)
    candidates = solve(task, view.name)
    assert candidates
    for candidate in candidates:
        program = Program.parse(candidate.reason)
        assert all(program.run(pair.input) == pair.output for pair in task.pairs)
        assert program.run(task.tests[0]) == candidate.output
        assert view.change in candidate.reason


def test_a_view_that_changes_nothing_is_left_out() -> None:
    task = build_task(lambda grid: grid, colors=(0, 0, 0, 1, 2))
    names = [view.name for view, _ in view_problems(build_problem(task), ("plain", "background"))]
    assert names == ["plain"]


def test_views_come_in_the_order_of_their_names_and_misspelled_ones_are_refused() -> None:
    problem = build_problem(build_task(FLIPPED))
    names = "transposed", "plain"
    assert tuple(view.name for view, _ in view_problems(problem, names)) == names
    with pytest.raises(BadInput, match="no view 'transposd', there are plain"):
        list(view_problems(problem, ("transposd",)))


@pytest.mark.parametrize("view", CHANGING, ids=str)
@settings(max_examples=30)
@given(original=grids(max_side=6), output=grids(max_side=6))
def test_undoing_the_view_of_a_goal_gives_the_output(
    view: View, original: Grid, output: Grid
) -> None:
    cells, wanted = np.array(original.cells), np.array(output.cells)
    goal = view.find_goal(wanted, cells)
    assert np.array_equal(view.undo(goal, cells), wanted)
