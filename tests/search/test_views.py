"""Views: a program found in one is one for the task, and copies rule out what is no symmetry."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcsolve.dsl.errors import BadInput, Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import find
from arcsolve.dsl.primitives.colors.renumber import (
    number_colors_by_piece,
    number_colors_by_place,
    recolor_back,
)
from arcsolve.dsl.program import Program
from arcsolve.dsl.solver import Budget, Candidate
from arcsolve.dsl.strategies import grids
from arcsolve.dsl.task import Pair, Task
from arcsolve.search.problem import problem_of
from arcsolve.search.solver import SearchSolver
from arcsolve.search.views import VIEWS, View, seen_problems

BY_NAME = {view.name: view for view in VIEWS}
CHANGING = [view for view in VIEWS if view.change]
BUDGET = Budget(operations=40_000, states=30_000)
Rule = Callable[[np.ndarray], np.ndarray]


def task_of(rule: Rule, colors: tuple[int, ...] = (7, 7, 7, 0, 1, 2)) -> Task:
    """Three pairs and a test of random grids that obey the rule."""
    rng = np.random.default_rng(0)
    drawn = [rng.choice(colors, size=(4 + i, 6 - i)).astype(np.uint8) for i in range(4)]
    pairs = tuple(Pair(Grid(grid), Grid(rule(grid))) for grid in drawn[:3])
    return Task("made", pairs, (Grid(drawn[3]),))


def fitting(task: Task, view: str) -> list[Candidate]:
    found = SearchSolver(views=(view,), lifting=0.0).solve(task, BUDGET)
    return [candidate for candidate in found if candidate.evidence["fit"] == 1.0]


FLIPPED: Rule = lambda grid: grid[::-1]  # noqa: E731 - a rule, as below
RECOLORED: Rule = lambda grid: np.where(grid == 1, 5, grid)  # noqa: E731


@pytest.mark.parametrize("view", [view for view in CHANGING if not view.copies], ids=str)
def test_a_program_found_in_a_view_is_a_program_for_the_task(view: View) -> None:
    task = task_of(FLIPPED)
    candidates = fitting(task, view.name)
    assert candidates
    for candidate in candidates:
        program = Program.parse(candidate.reason)
        assert all(program.run(pair.input) == pair.output for pair in task.pairs)
        assert program.run(task.tests[0]) == candidate.output
        assert view.change in candidate.reason


@pytest.mark.parametrize("view", ["transposed too", "turned by 90 too"])
def test_copies_rule_out_what_does_not_commute_with_their_symmetry(view: str) -> None:
    back = find(BY_NAME[view].restore)
    assert not fitting(task_of(FLIPPED), view)
    task = task_of(RECOLORED)
    candidates = fitting(task, view)
    assert candidates
    for candidate in candidates:
        program = Program.parse(candidate.reason)
        for pair in task.pairs:
            assert program.run(pair.input) == pair.output
            copy = (Grid(back.apply(np.array(side.cells))) for side in (pair.input, pair.output))
            assert program.run(next(copy)) == next(copy)


def test_copies_stand_behind_the_pairs_and_double_nothing_else() -> None:
    problem = problem_of(task_of(FLIPPED))
    seen = BY_NAME["transposed too"].see(problem)
    assert seen is not None
    assert (seen.pairs, seen.tests) == (6, 1)
    assert all(map(np.array_equal, seen.outputs[3:], problem.outputs))
    assert np.array_equal(seen.inputs[-1], problem.inputs[-1].T)


def test_a_view_that_changes_nothing_is_left_out() -> None:
    task = task_of(lambda grid: grid, colors=(0, 0, 0, 1, 2))
    names = [view.name for view, _ in seen_problems(problem_of(task), ("plain", "background"))]
    assert names == ["plain"]


def test_views_come_in_the_order_of_their_names_and_misspelled_ones_are_refused() -> None:
    problem = problem_of(task_of(FLIPPED))
    names = "transposed", "plain"
    assert tuple(view.name for view, _ in seen_problems(problem, names)) == names
    with pytest.raises(BadInput, match="no view 'transposd', there are plain"):
        list(seen_problems(problem, ("transposd",)))


@pytest.mark.parametrize("view", [view for view in CHANGING if not view.copies], ids=str)
@settings(max_examples=30)
@given(original=grids(max_side=6), output=grids(max_side=6))
def test_what_gives_the_goal_in_a_view_gives_the_output(
    view: View, original: Grid, output: Grid
) -> None:
    cells, wanted = np.array(original.cells), np.array(output.cells)
    goal = view.goal(wanted, cells)
    assert np.array_equal(view.restored(goal, cells), wanted)


def numbers(grid: np.ndarray, score: Callable[[int], int]) -> np.ndarray:
    """Colors besides 0 numbered from the highest score on; ties in reading order."""
    colors = list(dict.fromkeys(grid[grid > 0].tolist()))
    order = sorted(colors, key=lambda color: -score(color))
    return np.vectorize(lambda color: order.index(color) + 1 if color else 0)(grid)


def largest_piece(grid: np.ndarray, color: int) -> int:
    left, largest = set(zip(*np.nonzero(grid == color), strict=True)), 0
    while left:
        piece, waiting = 0, [left.pop()]
        while waiting:
            row, col = waiting.pop()
            piece += 1
            around = {(row - 1, col), (row + 1, col), (row, col - 1), (row, col + 1)} & left
            left -= around
            waiting += around
        largest = max(largest, piece)
    return largest


@settings(max_examples=60)
@given(grid=grids(max_side=7))
def test_colors_are_numbered_by_place_and_by_piece(grid: Grid) -> None:
    cells = np.array(grid.cells).astype(int)
    assert number_colors_by_place(grid) == Grid(numbers(cells, lambda _: 0))
    by_piece = numbers(cells, lambda color: largest_piece(cells, color))
    assert number_colors_by_piece(grid) == Grid(by_piece)


@settings(max_examples=60)
@given(original=grids(max_side=6), colors=st.permutations(range(10)))
def test_any_recoloring_is_taken_back(original: Grid, colors: list[int]) -> None:
    seen = Grid(np.array(colors, np.uint8)[np.array(original.cells)])
    assert recolor_back(seen, seen, original) == original


def test_what_is_no_recoloring_is_not_taken_back() -> None:
    for seen, original in (("11", "12"), ("12", "11"), ("1", "12")):
        with pytest.raises(Undefined):
            recolor_back("1", seen, original)
