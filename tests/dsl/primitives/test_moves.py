"""Movement: what leaves the grid, what wraps around, and where steps are undefined."""

from __future__ import annotations

import pytest

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import find


def test_what_leaves_the_grid_is_lost() -> None:
    assert find("shift")("12/30", 6) == Grid("20/00")
    with pytest.raises(Undefined):
        find("shift")("10/10", 6)


def test_a_shift_by_a_huge_count_is_undefined() -> None:
    with pytest.raises(Undefined):
        find("shift_by")("12", 2, 2**31 - 1)


def test_a_shift_by_0_changes_nothing() -> None:
    assert find("shift_by")("12", 2, 0) == Grid("12")


@pytest.mark.parametrize("direction", range(0, 8, 2))
def test_shearing_there_and_back_is_the_identity(direction: int) -> None:
    grid = Grid("120/304/056/700")
    assert find("shear")(find("shear")(grid, direction), (direction + 4) % 8) == grid


def test_centering_takes_the_upper_left_of_two_middles() -> None:
    assert find("center_content")("0000/0001") == Grid("0100/0000")


def test_a_moved_color_covers_others() -> None:
    assert find("move_color")("120/102", 1, 2) == Grid("010/012")


def test_an_object_leaps_by_its_own_height() -> None:
    assert find("leap")("000/000/103/100", 0) == Grid("100/103/000/000")


def test_alignment_leaves_the_other_axis_alone() -> None:
    assert find("align")("0020/5000/0000/0003", 5, 0) == Grid("0000/5023/0000/0000")
