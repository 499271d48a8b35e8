"""Measuring and charts: ties, blank grids, and results that would not fit."""

from __future__ import annotations

import pytest

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import find

BLANK = "00/00"
FULL = Grid([[1] * 16] * 2)


@pytest.mark.parametrize(
    "name", ["count_cells", "count_colors", "count_objects", "count_holes", "largest_size"]
)
def test_a_blank_grid_counts_as_0(name: str) -> None:
    assert find(name)(BLANK) == 0


@pytest.mark.parametrize("name", ["content_height", "color_of_most_pieces", "color_with_holes"])
def test_a_blank_grid_has_no_content_and_no_leader(name: str) -> None:
    with pytest.raises(Undefined):
        find(name)(BLANK)


@pytest.mark.parametrize("name", ["color_of_largest_piece", "color_of_smallest_piece"])
def test_a_tie_between_colors_has_no_leader(name: str) -> None:
    with pytest.raises(Undefined):
        find(name)("102")


def test_two_pieces_of_one_color_are_no_tie() -> None:
    assert find("color_of_largest_piece")("11011/00200") == 1


def test_a_region_open_at_the_border_is_no_hole() -> None:
    assert find("count_holes")("111/101/101") == 0
    assert find("count_holes")("111/101/111") == 1


def test_runs_are_of_one_color_and_not_of_0() -> None:
    assert find("longest_run")("00000/11222") == 3
    assert find("longest_run")("10/10/20") == 2


def test_charts_that_do_not_fit_are_undefined() -> None:
    for name in ("cells_in_row", "cells_by_color", "color_bars"):
        with pytest.raises(Undefined):
            find(name)(FULL)
    for name in ("bar", "square", "diagonal"):
        for count in (0, 31):
            with pytest.raises(Undefined):
                find(name)("1", count)


def test_equal_counts_stand_in_reading_order() -> None:
    assert find("colors_by_count")("9955/1122/3444", 2) == Grid("495123")


@pytest.mark.parametrize(("direction", "line"), [(2, "21"), (6, "21"), (4, "2/1"), (0, "2/1")])
def test_a_sweep_lists_the_colors_the_way_it_goes(direction: int, line: str) -> None:
    grid = {2: "0201/0000", 6: "0201/0000", 4: "02/00/10", 0: "02/00/10"}[direction]
    assert find("colors_along")(grid, direction) == Grid(line)
