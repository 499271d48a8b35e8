"""Completion: the axis is searched, contradictions count, and a cover must be told entirely."""

from __future__ import annotations

import pytest

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import find


def test_the_axis_need_not_be_in_the_middle() -> None:
    assert find("complete_cols")("012100/032300/010000") == Grid("012100/032300/010100")


def test_an_axis_that_one_cell_contradicts_is_not_taken() -> None:
    with pytest.raises(Undefined):
        find("complete_cols")("12340")


def test_a_quarter_turn_must_hold_when_it_is_done_twice() -> None:
    with pytest.raises(Undefined):
        find("complete_quarter_turn")("1330/3443/3443/0332")


def test_a_symmetric_content_has_nothing_to_complete() -> None:
    with pytest.raises(Undefined):
        find("complete_rows")("12/34/12")


def test_a_covered_cell_without_a_twin_leaves_the_cover_undefined() -> None:
    assert find("restore")("1221/2332/2552/1221", 5) == Grid("1221/2332/2332/1221")
    with pytest.raises(Undefined):
        find("restore")("1232/3121/2315/1253", 5)


def test_a_cover_of_zero_is_restored_as_well() -> None:
    assert find("restore")("1221/2332/2002/1221", 0) == Grid("1221/2332/2332/1221")


def test_a_cover_is_restored_from_the_period_where_there_is_no_symmetry() -> None:
    assert find("restore")("123123/456499/123193", 9) == Grid("123123/456456/123123")
    assert find("hidden_patch")("12312312/34634634/12312377/34634677/12312312") == Grid("12/34")


def test_the_patch_is_a_solid_rectangle() -> None:
    with pytest.raises(Undefined):
        find("patch_color")("1212/2155/1251")
