"""Panels: what separates, what does not, and where the primitives are undefined."""

from __future__ import annotations

import numpy as np
import pytest

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.kernels.separators import equal_parts
from arcsolve.dsl.primitive import find


def test_separators_at_the_border_and_two_cells_wide_are_skipped() -> None:
    framed = "5555555/5105502/5335544/5555555"
    assert find("panels")(framed) == (Grid("10/33"), Grid("02/44"))


def test_the_color_of_the_most_lines_separates() -> None:
    grid = "1155/1155/3333/1155/3333/1155"
    assert find("separator_color")(grid) == 3


def test_a_color_whose_lines_make_no_panels_does_not_separate() -> None:
    assert find("panels")("12531/14561") == (Grid("12/14"), Grid("31/61"))


@pytest.mark.parametrize("grid", ["7", "77/77", "12/34", "00000", "000/012/000"])
def test_a_grid_without_two_panels_has_none(grid: str) -> None:
    for name in ("panels", "panel_layers", "panel_colors", "separators", "separator_color"):
        with pytest.raises(Undefined):
            find(name)(grid)


def test_panels_of_different_shapes_are_layers_but_not_panels() -> None:
    grid = "1500/2500"
    assert len(find("panel_layers")(grid)) == 2
    with pytest.raises(Undefined):
        find("panels")(grid)


def test_the_panels_go_back_where_they_were() -> None:
    grid = "12534/55555/67589/10520"
    with pytest.raises(Undefined):
        find("panels")(grid)
    even = "12534/55555/67589"
    assert find("join_panels")(find("panels")(even), even) == Grid(even)


def test_parts_need_one_colored_lines_between_them() -> None:
    assert find("row_parts")("1/5/2", 2) == (Grid("1"), Grid("2"))
    with pytest.raises(Undefined):
        find("row_parts")("12/56/34", 2)
    with pytest.raises(Undefined):
        find("col_parts")("123", 0)


def test_a_count_beyond_the_grid_takes_no_memory() -> None:
    assert len(equal_parts(np.zeros((2, 2), np.uint8), 10**15, True)) == 0


def test_more_panels_than_layers_are_stamped_too() -> None:
    grid = "/".join(["05" * 9 + "0", "5" * 19] * 9)
    assert find("stamp_panels")("1", grid) == Grid(grid.replace("0", "1"))
    with pytest.raises(Undefined):
        find("panels")(grid)
