"""Lines: what is joined, what is in the way, and where lines are undefined."""

from __future__ import annotations

import pytest

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import find


def test_only_neighbors_in_a_line_are_joined() -> None:
    assert find("connect_rows")("1020100") == Grid("1020100")
    assert find("connect_rows")("1010100") == Grid("1111100")


def test_lines_over_others_pass_through_them() -> None:
    assert find("connect_over")("1020100", 1) == Grid("1111100")


def test_a_middle_without_a_cell_is_not_marked() -> None:
    assert find("midpoints")("1001", 5) == Grid("1001")


def test_a_gap_in_the_wall_does_not_open_what_is_surrounded() -> None:
    assert find("fill_surrounded")("11011/10001/11111", 5) == Grid("11011/15051/11111")


@pytest.mark.parametrize("direction", [4, 5, 6, 7])
def test_an_axis_has_one_name_only(direction: int) -> None:
    for name, color in (("bridge", 3), ("lines_through", 1), ("connect_along", 1)):
        with pytest.raises(Undefined):
            find(name)("101/000/101", color, direction)


def test_a_blank_grid_has_only_blank_lines() -> None:
    assert find("fill_blank_lines")("00/00", 4) == Grid("44/44")
    with pytest.raises(Undefined):
        find("fill_blank_lines")("10/01", 4)


def test_growth_stays_inside_and_off_other_cells() -> None:
    assert find("grow_square")("1") == Grid("1")
    assert find("grow_plus")("12/00") == Grid("12/12")


def test_an_elbow_starts_along_the_row_of_its_color() -> None:
    assert find("elbow")("100/000/002", 2, 5) == Grid("100/500/552")
    with pytest.raises(Undefined):
        find("elbow")("100/000/000", 1, 5)
