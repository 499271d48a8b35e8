"""Masks and cell-wise combinations: edge cases and where they are undefined."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import find

SHAPES = st.tuples(st.integers(1, 6), st.integers(1, 6))
MASKS = arrays(np.uint8, SHAPES, elements=st.integers(0, 1))
BINARY = (
    *("mask_equal", "mask_and", "mask_or", "mask_xor", "mask_minus", "overlay", "within"),
    *("without", "exclusive", "common", "difference", "keep_where", "erase_where"),
)


@pytest.mark.parametrize("name", BINARY)
def test_grids_of_different_shapes_do_not_combine(name: str) -> None:
    with pytest.raises(Undefined):
        find(name)("11", "1/1")


def test_a_mask_of_another_shape_paints_and_chooses_nothing() -> None:
    with pytest.raises(Undefined):
        find("paint_where")("11", "1", 3)
    with pytest.raises(Undefined):
        find("choose")("11", "22", "1")


@given(mask=MASKS)
@pytest.mark.parametrize("corners", ["", "_8"])
def test_eroding_is_dilating_what_is_outside(corners: str, mask: Any) -> None:
    """On a canvas with room for the outside, which counts as not in the mask."""
    roomy = np.pad(mask, 1)
    outside = find(f"dilate{corners}").apply(1 - roomy)
    assert np.array_equal(find(f"erode{corners}").apply(roomy), 1 - outside)


def test_an_empty_mask_is_a_value_and_has_an_empty_box() -> None:
    assert find("mask_of_color")("12", 5) == Grid("00")
    assert find("mask_box")("00/00") == Grid("00/00")


def test_the_edge_of_a_line_is_the_whole_line() -> None:
    assert find("mask_edge")("123") == Grid("111")
