"""Objects and layers: bounds, ties, blank layers, and what is undefined."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import find
from arcsolve.dsl.values import MAX_LAYERS

CHECKERS = "/".join(["10" * 8, "01" * 8] * 8)  # 128 cells, none next to another over an edge
UNDEFINED: list[tuple[str, tuple[Any, ...]]] = [
    ("objects_8", ("000",)),
    ("objects_4", (CHECKERS,)),
    ("cell_layers", (CHECKERS,)),
    ("holes", ("101/101/111",)),
    ("zero_regions", ("123",)),
    ("framed_contents", ("111/101/111",)),
    ("nth", (("10", "02"), 3)),
    ("nth", (("10", "02"), 0)),
    ("nth_largest", (("10", "02"), 2)),
    ("unique_shape", (("10", "02"),)),
    ("most_holes", (("10", "02"),)),
    ("most_spots", (("10", "02"),)),
    ("most_of_color", (("10", "02"), 3)),
    ("of_color", (("10", "02"), 0)),
    ("without_largest", (("10", "02"),)),
    ("with_holes", (("10", "02"),)),
    ("touching", (("100", "002"), "100")),
    ("touching", (("100", "002"), "10")),
    ("overlay_crops", (("110", "002"),)),
    ("layout", (("10", "20"),)),
    ("color_row", (("1",) * 31,)),
    ("color_by_order", (("1",) * 10,)),
    ("color_by_size", (("1111111111",),)),
    ("mirror_each", (("10",), 1)),
    ("drop_main_color", (("11",),)),
    ("swap_colors_each", (("11", "20"),)),
]


@pytest.mark.parametrize(("name", "values"), UNDEFINED)
def test_there_is_no_value_where_nothing_qualifies(name: str, values: Any) -> None:
    with pytest.raises(Undefined):
        find(name)(*values)


def test_the_largest_number_of_objects_is_still_taken_apart():
    assert len(find("cell_layers")("/".join(["1" * 8] * 8))) == MAX_LAYERS


def test_objects_of_equal_rank_are_all_chosen():
    layers = ("1000", "0022", "3000")
    assert find("smallest")(layers) == Grid("3000")
    assert find("smallest")(("1000", "0022", "0003")) == Grid("1003")
    assert find("nth_largest")(("1000", "0022", "0003"), 2) == Grid("1003")


def test_layers_of_nearly_equal_density_are_told_apart():
    layers = np.zeros((2, 22, 23), np.uint8)
    for layer, (height, width, cells) in zip(layers, [(20, 20, 283), (22, 23, 358)], strict=True):
        box = np.arange(height * width) < cells - 1
        box[-1] = True
        layer[:height, :width] = box.reshape(height, width)
    sparse, dense = map(Grid, layers)
    assert find("densest")((sparse, dense)) == dense
    assert find("sparsest")((sparse, dense)) == sparse


def test_turned_copies_are_one_form_but_several_shapes():
    layers = ("1100/1000", "0022/0002", "0000/3000")
    assert find("unique_form")(layers) == Grid("0000/3000")
    assert find("unique_shape")(layers) == Grid("1122/3002")


def test_a_third_turned_copy_joins_the_first_one():
    layers = ("10000000/11000000", "00020000/00220000", "00000030/00000330")
    assert find("color_by_form")(layers) == Grid("10010010/11110110")


def test_blank_layers_are_harmless():
    blank = ("000/000", "000/000")
    for name in ("largest", "merge", "first", "color_by_size", "smallest"):
        assert find(name)(blank) == Grid("000/000")
    for name in ("box_centers", "solid_boxes", "flip_each_rows", "paint_main_color"):
        assert find(name)(blank) == (Grid("000/000"), Grid("000/000"))
    assert find("repeat_each")(blank, 2) == (Grid("000/000"), Grid("000/000"))
    for name in ("beside", "layout", "size_bars", "straight"):
        with pytest.raises(Undefined):
            find(name)(blank)


def test_nested_frames_hold_their_contents_apart():
    nested = "1111111/1000001/1022201/1023201/1022201/1000001/1111111"
    outer, inner = find("framed_contents")(nested)
    assert outer == Grid("0000000/0000000/0022200/0020200/0022200/0000000/0000000")
    assert inner == Grid("0000000/0000000/0000000/0003000/0000000/0000000/0000000")


def test_two_equally_common_colors_of_a_layer_are_swapped():
    assert find("swap_colors_each")(("1221",)) == (Grid("2112"),)


def test_boxes_that_only_meet_after_a_merge_are_joined_too():
    grid = "10000/00001/11111/00000/00000/22000"
    groups = find("box_groups")(grid)
    assert [str(group).count("0") for group in groups] == [23, 28]
