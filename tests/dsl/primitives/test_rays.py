"""Rays and beams: which one wins, what stops them, and where they are undefined."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import find
from arcsolve.dsl.strategies import grids


def test_colors_that_meet_halfway_leave_the_middle_cell() -> None:
    assert find("extend_rows")("1000200") == Grid("1102222")


def test_a_ray_stops_at_another_cell_and_leaves_it() -> None:
    assert find("extend")("100200", 2) == Grid("111222")
    assert find("extend_color")("100203", 1, 2) == Grid("111203")


def test_a_ray_over_others_reaches_the_border() -> None:
    assert find("extend_over")("100203", 1, 2) == Grid("111111")


def test_a_diagonal_ray_keeps_its_diagonal_in_a_wide_grid() -> None:
    assert find("extend")("10000/00000", 3) == Grid("10000/01000")


def test_a_solid_block_is_no_line_to_continue() -> None:
    block = "0000/0110/0110/0000"
    assert find("continue_lines")(block) == Grid(block)
    assert find("continue_diagonals")(block) == Grid(block)


def test_a_tail_at_a_block_is_continued() -> None:
    expected = Grid("11000/11000/00100/00010/00001")
    assert find("continue_diagonals")("11000/11000/00100/00000/00000") == expected


def test_a_bouncing_ray_stops_at_a_cell() -> None:
    assert find("bounce")("00/20/00/10", 1) == Grid("02/20/01/10")


def test_bouncing_is_undefined_where_there_is_no_room() -> None:
    for grid, direction in (("1/0", 1), ("10/00", 2)):
        with pytest.raises(Undefined):
            find("bounce")(grid, direction)


def test_a_cone_does_not_widen_through_a_wall() -> None:
    assert find("fan_out")("0100/0000/2222/0000", 4) == Grid("0100/1110/2222/2222")


def test_a_beam_to_the_side_widens_by_a_cell_each_step() -> None:
    expected = Grid("00111/01111/11111/01111/00111")
    assert find("fan_out")("00000/00000/10000/00000/00000", 2) == expected


def test_an_edge_to_the_side_narrows_to_a_point() -> None:
    expected = Grid("1000/1100/1110/1100/1000")
    assert find("taper")("1000/1000/1000/1000/1000", 2) == expected


@pytest.mark.parametrize("name", ["fan_out", "taper"])
@pytest.mark.parametrize(("turns", "direction"), [(1, 2), (2, 0), (3, 6)])
@given(grid=grids(max_side=8))
def test_beams_turn_with_the_grid(name: str, turns: int, direction: int, grid: Grid) -> None:
    downward = find(name)(grid, 4)
    turned = find(name)(Grid(np.rot90(grid.cells, turns)), direction)
    assert turned == Grid(np.rot90(downward.cells, turns))


def test_a_marker_shoots_out_of_the_far_side_only() -> None:
    assert find("shoot_through")("0233000/0000000", 2) == Grid("0233222/0000000")


@pytest.mark.parametrize("name", ["shoot_color", "aim", "shoot_away", "shoot_through"])
def test_color_0_shoots_no_rays(name: str) -> None:
    with pytest.raises(Undefined):
        find(name)("12/00", 0)
