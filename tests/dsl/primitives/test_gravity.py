"""Gravity: what holds what, what falls together, and what attracts what."""

from __future__ import annotations

import pytest

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import find


def test_interlocked_objects_fall_together() -> None:
    assert find("drop_pieces")("1110/1022/1110/0000", 4) == Grid("0000/1110/1022/1110")


def test_an_object_rests_on_the_next_one() -> None:
    assert find("drop_objects")("11/10/00/20/00", 4) == Grid("00/00/11/10/20")


def test_objects_fall_diagonally_as_bodies() -> None:
    assert find("drop_objects")("1100/1000/0000/0000", 3) == Grid("0000/0000/0011/0010")


def test_cells_fall_one_by_one_even_diagonally() -> None:
    assert find("gravity")("100/020/000", 3) == Grid("000/010/002")


def test_a_held_color_stops_the_others() -> None:
    assert find("drop_onto")("1/0/5/2/0", 5, 4) == Grid("0/1/5/0/2")


def test_attraction_takes_the_nearest_way() -> None:
    assert find("attract_objects")("50000/00000/00000/10005", 5) == Grid("50000/10000/00000/00005")


def test_what_sees_no_anchor_stays() -> None:
    assert find("attract_objects")("500/000/011", 5) == Grid("500/000/011")
    assert find("attract_cells")("500/000/011", 5) == Grid("500/000/011")


def test_attracted_cells_pile_up() -> None:
    assert find("attract_cells")("5010200", 5) == Grid("5120000")


def test_an_attracted_cell_moves_once() -> None:
    assert find("attract_cells")("500/000/305/300", 5) == Grid("500/300/305/000")
    assert find("attract_cells")("5000/3005", 5) == Grid("5000/3005")


def test_a_single_object_attracts_nothing() -> None:
    with pytest.raises(Undefined):
        find("attract_to_largest")("110/000")


def test_layers_need_the_anchor_on_their_canvas() -> None:
    with pytest.raises(Undefined):
        find("attract_layers")(("10",), "1/0")
