"""Periods and sequences: slanting ones, those not shown often enough, and every direction."""

from __future__ import annotations

import pytest

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import find


def test_a_slanting_period_is_found_under_the_gaps() -> None:
    assert find("fill_period")("1231/2310/3003/1231") == Grid("1231/2312/3123/1231")


def test_a_period_that_a_cell_contradicts_is_not_taken() -> None:
    with pytest.raises(Undefined):
        find("fill_period")("1213/0000")


@pytest.mark.parametrize("grid", ["1100/1100", "1111", "0000"])
def test_a_single_color_is_no_period(grid: str) -> None:
    with pytest.raises(Undefined):
        find("fill_period")(grid)


@pytest.mark.parametrize(
    ("direction", "grid", "expected"),
    [
        (0, "00/12/30/12", "30/12/30/12"),
        (2, "1310/2020", "1313/2020"),
        (4, "12/30/12/00", "12/30/12/30"),
        (6, "0131/0202", "3131/0202"),
    ],
)
def test_a_sequence_goes_on_in_each_direction(direction: int, grid: str, expected: str) -> None:
    assert find("extend_sequence")(grid, direction) == Grid(expected)


def test_a_sequence_has_no_diagonal_continuation() -> None:
    with pytest.raises(Undefined):
        find("extend_sequence")("12/30/00", 3)


def test_stairs_go_on_to_the_left_too() -> None:
    grid = "0001/0010/0000/0000"
    assert find("extend_drift")(grid, 4) == Grid("0001/0010/0100/1000")


def test_content_that_repeats_nothing_is_repeated_whole() -> None:
    assert find("wallpaper")("120/340/000") == Grid("121/343/121")
