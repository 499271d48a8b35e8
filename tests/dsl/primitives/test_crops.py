"""Crops and rearrangements: edge cases and where they are undefined."""

from __future__ import annotations

from typing import Any

import pytest

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import find

UNDEFINED: list[tuple[str, tuple[Any, ...]]] = [
    ("crop_to_content", ("00/00",)),
    ("crop_to_color", ("12/34", 5)),
    ("crop_to_mask", ("12/34", "00/00")),
    ("crop_to_content_of", ("12/34", "100/000")),
    ("trim_border", ("12/34",)),
    ("half", ("1", 0)),
    ("take_lines", ("12/34", 0, 3)),
    ("take_lines", ("12/34", 0, 0)),
    ("drop_edge", ("1", 0)),
    ("inside_frame", ("555/505/550", 5)),
    ("inside_frame", ("55/55", 5)),
    ("inside_largest_frame", ("333/333/333",)),
    ("between_corners", ("1002/0330/1001",)),
    ("between_corners", ("1212/0000/1212",)),
    ("between_corners", ("100001/020020/003300/020020/100001",)),  # which of the two is open
    ("drop_blank_lines", ("00/00",)),
    ("drop_uniform_lines", ("11/22",)),
    ("shift_to_origin", ("00/00",)),
    ("swap_halves", ("123", 2)),
]


@pytest.mark.parametrize(("name", "values"), UNDEFINED)
def test_there_is_no_value_where_there_is_nothing_to_cut(name: str, values: Any) -> None:
    with pytest.raises(Undefined):
        find(name)(*values)


def test_straight_directions_give_halves_and_diagonal_ones_quarters() -> None:
    parts = [find("half")("12/34", direction) for direction in range(8)]
    assert parts == [Grid(text) for text in ("12", "2", "2/4", "4", "34", "3", "1/3", "1")]


def test_the_largest_frame_may_have_gaps_inside_but_not_in_its_ring() -> None:
    broken_large, whole_small = "3333300/3000300/3000000/3333300", "0444/0424/0444"
    assert find("inside_largest_frame")(
        f"{broken_large}/{whole_small.replace('/', '000/')}000"
    ) == Grid("2")


def test_repeats_are_dropped_only_next_to_each_other() -> None:
    assert find("drop_repeats")("1/1/2/1") == Grid("1/2/1")


def test_sorting_lines_keeps_the_order_of_equals() -> None:
    assert find("sort_rows")("22/10/33/40") == Grid("10/40/22/33")
