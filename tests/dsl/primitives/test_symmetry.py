"""Symmetries: what the doctests and the laws do not show."""

from __future__ import annotations

import numpy as np
import pytest

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import find

GRID = Grid("123/456")


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_rotations_turn_clockwise_like_numpy_turns_the_other_way(turns: int) -> None:
    turned = find(f"rotate_{90 * turns}")(GRID)
    assert turned == Grid(np.rot90(GRID.cells, -turns))


def test_the_four_mirrors_of_a_corner_are_symmetric_and_hold_the_grid() -> None:
    for direction, (row, col) in {1: (2, 0), 3: (0, 0), 5: (0, 3), 7: (2, 3)}.items():
        cells = find("mirror")(GRID, direction).cells
        assert np.array_equal(cells, cells[::-1, ::-1])
        assert np.array_equal(cells[row : row + 2, col : col + 3], GRID.cells)


def test_a_mirror_too_large_for_a_task_is_undefined() -> None:
    wide = Grid(np.ones((2, 16), int))
    assert find("mirror")(wide, 0).shape == (4, 16)
    with pytest.raises(Undefined):
        find("mirror")(wide, 2)


def test_mirroring_over_the_edge_of_a_single_line_changes_nothing() -> None:
    assert find("mirror_over_edge")("123", 0) == Grid("123")


def test_a_pinwheel_looks_the_same_after_a_quarter_turn() -> None:
    wheel = find("pinwheel")("012/345/678")
    assert find("rotate_90")(wheel) == wheel
    with pytest.raises(Undefined):
        find("pinwheel")(GRID)


def test_rolling_as_often_as_there_are_columns_comes_back() -> None:
    rolled = GRID
    for _ in range(3):
        rolled = find("roll")(rolled, 6)
    assert rolled == GRID
