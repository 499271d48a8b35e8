"""Recoloring: ties, absent colors, and the normalizations that must be reversible."""

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

SHAPES = st.tuples(st.integers(1, 5), st.integers(1, 5))
GRIDS = arrays(np.uint8, SHAPES, elements=st.integers(0, 9))
UNDEFINED: list[tuple[str, tuple[Any, ...]]] = [
    ("keep_color", ("12", 3)),
    ("keep_color", ("10", 0)),
    ("erase_color", ("10", 1)),
    ("erase_color", ("10", 0)),
    ("paint", ("10", 0)),
    ("fill_zero", ("10", 0)),
    ("invert", ("123",)),
    ("invert", ("111",)),
    ("swap_two_colors", ("101",)),
    ("recolor_by_key", ("11", "12/13")),
    ("recolor_by_key", ("77", "12/34")),
    ("recolor_by_key", ("11", "123/456/789")),
    ("most_common_color", ("0000",)),
    ("most_common_color", ("1122",)),
    ("least_common_color", ("12333",)),
    ("background_color", ("0011",)),
    ("color_of_rank", ("1122", 1)),
    ("color_of_rank", ("1112", 0)),
    ("color_of_rank", ("1112", 3)),
    ("color_at_side", ("1234", 0)),
    ("color_at_side", ("0234", 7)),
    ("extra_color", ("123", "3")),
    ("erase_most_common", ("1110",)),
    ("reverse_color_ranks", ("1122",)),
    ("reverse_color_ranks", ("1110",)),
]


@pytest.mark.parametrize(("name", "values"), UNDEFINED)
def test_there_is_no_value_for_ties_and_absent_colors(name: str, values: Any) -> None:
    with pytest.raises(Undefined):
        find(name)(*values)


def test_an_absent_color_replaced_or_erased_changes_nothing() -> None:
    assert find("replace_color")("12", 3, 4) == Grid("12")
    assert find("erase_color")("12", 3) == Grid("12")


@given(cells=GRIDS, other=GRIDS)
def test_colors_come_back_after_ranking(cells: Any, other: Any) -> None:
    rank, restore = find("rank_colors"), find("restore_colors")
    assert restore(rank(cells), cells) == Grid(cells)
    restored = restore.apply(other, cells)
    assert len(np.unique(restored)) == len(np.unique(other)), "no two colors become one"


@given(cells=GRIDS)
def test_ranked_colors_are_numbered_by_frequency_without_gaps(cells: Any) -> None:
    ranked = find("rank_colors").apply(cells)
    counts = np.bincount(ranked.ravel(), minlength=10)[1:]
    assert list(counts) == sorted(counts, reverse=True)
    assert np.array_equal(ranked == 0, cells == 0)


@given(cells=GRIDS)
def test_the_background_comes_back_after_normalization(cells: Any) -> None:
    normal = find("normalize_background").apply(cells)
    assert (normal == 0).sum() == np.bincount(cells.ravel()).max()
    assert find("restore_background")(normal, cells) == Grid(cells)


def test_a_key_of_two_rows_is_read_from_top_to_bottom() -> None:
    assert find("recolor_by_key")("123", "123/456") == Grid("456")
