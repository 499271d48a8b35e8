"""Cells judged by those around them, and colors that spread."""

from __future__ import annotations

import pytest

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import find


def test_colors_meet_at_a_border_that_stays_empty() -> None:
    assert find("spread")("10002") == Grid("11022")


def test_a_room_with_two_colors_stays_empty() -> None:
    assert find("fill_rooms_between")("20503/00500/55555/01500", 5) == Grid(
        "22533/22533/55555/11500"
    )
    with pytest.raises(Undefined):
        find("fill_rooms_between")("2035/0005", 5)


def test_flood_stops_at_other_colors_and_needs_two() -> None:
    assert find("flood")("200/033/300", 2, 0) == Grid("222/233/300")
    with pytest.raises(Undefined):
        find("flood")("220", 2, 2)


def test_a_component_between_two_equally_near_colors_stays() -> None:
    with pytest.raises(Undefined):
        find("recolor_by_nearest")("10502", 5)
    assert find("recolor_by_nearest")("10500002", 5) == Grid("10100002")


def test_a_speck_with_two_colors_around_it_in_equal_number_stays() -> None:
    assert find("absorb_specks")("112/132/122") == Grid("112/132/122")


def test_the_largest_rectangle_is_found_in_zero_as_well() -> None:
    assert find("largest_rectangle")("10000/00000/00100", 0) == Grid("01111/01111/00000")
    with pytest.raises(Undefined):
        find("largest_square")("111", 2)


def test_layers_that_agree_in_nothing_have_no_odd_one() -> None:
    with pytest.raises(Undefined):
        find("odd_layer")(("1", "2", "3"))
    with pytest.raises(Undefined):
        find("in_all")(("12",))
