"""The leaves of a search: which constants a task suggests, and that they are states."""

from __future__ import annotations

import numpy as np
import pytest

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Constant, Input, Program
from arcsolve.dsl.solver import Budget
from arcsolve.dsl.values import ValueType
from arcsolve.search.engine.arena import STATES, new_arena
from arcsolve.search.engine.goals import flat_grids
from arcsolve.search.engine.terminals import add_colors, add_leaves, candidate_colors
from arcsolve.search.problem import Problem
from arcsolve.search.proposals import proposals_of
from arcsolve.search.reconstruct import program_of
from arcsolve.search.shared import MOST_STAMP_CELLS, shared_grids
from arcsolve.search.synthesis import synthesize
from arcsolve.search.views import PLAIN


def cells(*texts: str) -> tuple[np.ndarray, ...]:
    return tuple(np.array(Grid(text).cells) for text in texts)


def texts_of(inputs: tuple[np.ndarray, ...], outputs: tuple[np.ndarray, ...]) -> list[str]:
    return [str(constant.value) for constant in shared_grids(inputs, outputs)]


def test_colors_that_all_inputs_or_all_outputs_have_are_candidates() -> None:
    assert candidate_colors(cells("12", "13"), cells("46", "47")) == [1, 4]
    assert candidate_colors(cells("10", "20"), cells("30", "40")) == [1, 2, 3, 4]


def test_a_new_shape_of_all_outputs_is_a_blank_canvas() -> None:
    assert texts_of(cells("1", "1", "123"), cells("12/31", "21/13")) == ["00/00"]


def test_a_shape_that_an_input_has_is_no_canvas() -> None:
    assert texts_of(cells("1", "1/2", "12/34"), cells("12/31", "21/13")) == []


def test_cells_that_all_outputs_but_not_all_inputs_have_are_a_common_part() -> None:
    outputs = cells("120/005", "170/085")
    assert "100/005" in texts_of(cells("1", "2"), outputs)
    assert texts_of(cells("120/000", "170/080"), outputs) == ["000/005"]
    assert texts_of(cells("120/005", "170/085"), outputs) == []


def test_an_object_of_all_outputs_that_no_input_has_is_a_stamp() -> None:
    outputs = cells("0330/0300/0001", "00000/00033/20030")
    assert "33/30" in texts_of(cells("0000/0300/0001", "00000/00030/20000"), outputs)
    before = cells("0000/0300/0001", "00000/00030/20000", "33/30")
    assert "33/30" not in texts_of(before, outputs)


def test_stamps_are_small_and_no_single_cells() -> None:
    big = np.ones((MOST_STAMP_CELLS, 2), np.uint8)
    outputs = tuple(np.pad(big, ((0, 0), (1, side))) for side in (1, 3))
    assert shared_grids((), outputs) == []
    assert shared_grids((), cells("010", "0/1")) == []


def test_one_output_shares_nothing() -> None:
    assert shared_grids(cells("1", "2"), cells("12/34")) == []


@pytest.mark.parametrize("shared", [True, False])
def test_a_shared_grid_is_a_leaf_only_if_it_is_asked_for(shared: bool) -> None:
    inputs = cells("0000/0700/0000", "07000/00000/00000", "0000/0000/0070")
    stamp = np.array(Grid("212").cells)
    outputs = tuple(stamped(grid, stamp) for grid in inputs[:2])
    problem = Problem(inputs, outputs)
    run = synthesize(problem, Budget(20_000, 20_000), closure=1.0, width=8, shared=shared)
    leaf = Constant(Grid("212"), ValueType.GRID)
    assert (leaf in run.leaves) == shared


def stamped(grid: np.ndarray, stamp: np.ndarray) -> np.ndarray:
    """The stamp centered on the cell of color 7."""
    (row,), (col,) = np.nonzero(grid == 7)
    result = np.pad(np.zeros_like(grid), 1)
    result[row + 1, col : col + 3] = stamp[0]
    return result[1:-1, 1:-1]


def test_a_program_with_a_shared_grid_replays_on_other_inputs() -> None:
    inputs = cells("0000/0700/0000", "07000/00000/00000", "0000/0000/0070")
    outputs = tuple(stamped(grid, np.array(Grid("212").cells)) for grid in inputs[:2])
    problem = Problem(inputs, outputs)
    run = synthesize(problem, Budget(60_000, 20_000), closure=1.0, width=8, shared=True)
    best = min((p for p in proposals_of(run)[0] if p.matches == 0b11), key=lambda p: p.length)
    program = Program.parse(str(program_of(run, PLAIN, best.state)))
    assert '"212"' in str(program)
    assert program.run(Grid(inputs[2])) == Grid("0000/0000/0212")
    assert program.length > Grid("212").cells.size


def test_a_constant_grid_that_equals_the_input_is_no_second_state() -> None:
    inputs = cells("12/31", "12/31")
    arena = new_arena(len(inputs), states=8, cell_bytes=4096)
    add_leaves(arena, flat_grids(inputs[:1]), inputs, [Constant(Grid("12/31"), ValueType.GRID)])
    assert arena.counters[STATES] == 1
    assert not arena.matches[-1]


def test_colors_for_which_there_is_no_room_are_left_out() -> None:
    grids, goals = cells("11"), cells("12")
    leaves = [Constant(1, ValueType.COLOR)]
    arena = new_arena(1, 1 + len(leaves), 1 << 16)
    add_leaves(arena, flat_grids(goals), grids, leaves)
    add_colors(arena, (Input(), *leaves), goals)
    assert arena.counters[STATES] == len(arena.costs)
