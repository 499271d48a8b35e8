"""Regions: walls with open corners, the border of the grid, and what is undefined."""

from __future__ import annotations

from typing import Any

import pytest

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import find

DIAMOND = "010/101/010"
UNDEFINED: list[tuple[str, tuple[Any, ...]]] = [
    ("hole_mask", ("11/01",)),
    ("outside_mask", ("11/11",)),
    ("interior", ("11/11",)),
    ("interior_mask", ("1",)),
    ("inline", ("101/111", 2)),
    ("fill_largest_hole", ("101/111", 2)),
    ("fill_holes_sized", (DIAMOND, 0, 2)),
    ("flood_color", ("100", 2)),
    ("flood_color", ("100", 0)),
    ("inside_of_color", ("111/101/111", 1)),
    ("fill_inside_color", ("110/101", 1, 2)),
    ("keep_corners", ("111",)),
    ("rings_outside", ("000",)),
]


@pytest.mark.parametrize(("name", "values"), UNDEFINED)
def test_there_is_no_value_where_there_is_no_region(name: str, values: Any) -> None:
    with pytest.raises(Undefined):
        find(name)(*values)


def test_a_wall_with_open_corners_holds_only_steps_over_edges():
    assert find("fill_holes")(DIAMOND, 2) == Grid("010/121/010")
    assert find("fill_holes_8")(DIAMOND, 2) == Grid(DIAMOND)


def test_the_border_of_the_grid_is_not_a_wall():
    assert find("fill_holes")("101/111", 2) == Grid("101/111")


def test_a_grid_without_holes_is_filled_as_it_is():
    assert find("fill_holes_like_wall")("120/003") == Grid("120/003")


def test_a_hull_has_no_gap_in_any_row_or_column():
    assert find("hull")("10001/00000/00100", 2) == Grid("12221/00200/00100")
    assert find("hull")("101/000/101", 0) == Grid("101/000/101")


def test_rings_stop_at_nine():
    side = 23
    rings = find("rings_inside")("/".join(["5" * side] * side))
    assert isinstance(rings, Grid)
    assert rings.cells[side // 2].tolist() == [*range(1, 10), *[9] * 5, *range(9, 0, -1)]


def test_a_hole_is_lined_on_its_own_side_of_the_wall_only():
    assert find("outline_8")("11111/10001/10001/10001/11111", 2) == Grid(
        "11111/10001/10001/10001/11111"
    )
