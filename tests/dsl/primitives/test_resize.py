"""Scaling, tiling, joining and placing: edge cases and where they are undefined."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import find

WIDE = Grid(np.ones((1, 16), int))
UNDEFINED: list[tuple[str, tuple[Any, ...]]] = [
    ("pad", (Grid(np.ones((29, 29), int)), 1)),
    ("scale_up", ("12", 1)),
    ("scale_up", ("12", 2**31 - 1)),
    ("scale_to", ("12", "123")),
    ("scale_to", ("12", "1")),
    ("scale_down", ("123/456/789", 2)),
    ("tile", (WIDE, 2)),
    ("tile_by_size", (WIDE,)),
    ("hstack", ("12/34", "1")),
    ("hstack", (WIDE, WIDE)),
    ("vstack", ("12/34", "1")),
    ("place_in_center", ("1", "00")),
    ("place_at_side", ("111", "00", 0)),
    ("uncrop", ("12", "0000/0111")),
    ("uncrop", ("12", "0000/0000")),
]


@pytest.mark.parametrize(("name", "values"), UNDEFINED)
def test_there_is_no_value_where_it_does_not_fit(name: str, values: Any) -> None:
    with pytest.raises(Undefined):
        find(name)(*values)


@pytest.mark.parametrize("factor", [2, 3, 5])
def test_shrinking_undoes_scaling(factor: int) -> None:
    grid = Grid("1122/3122/0004")
    assert find("shrink")(find("scale_up")(grid, factor)) == grid
    assert find("scale_down")(find("scale_up")(grid, factor), factor) == grid


def test_a_solid_square_shrinks_to_a_cell_and_a_solid_row_stays() -> None:
    assert find("shrink")("44/44") == Grid("4")
    assert find("shrink")("444") == Grid("444")


def test_uncrop_undoes_crop() -> None:
    grid = Grid("0000/0120/0030/0000")
    assert find("uncrop")(find("crop_to_content")(grid), grid) == grid


def test_scaled_and_tiled_by_size_meet_in_a_fractal() -> None:
    grid = Grid("11/10")
    fractal = find("within")(find("tile_by_size")(grid), find("scale_by_size")(grid))
    assert fractal == Grid("1111/1010/1100/1000")


def test_a_grid_is_placed_at_each_side_and_corner() -> None:
    places = [find("place_at_side")("1", "000/000/000", direction) for direction in range(8)]
    found = [tuple(int(i) for i in np.argwhere(place.cells)[0]) for place in places]
    assert found == [(0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0)]
