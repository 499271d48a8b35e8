"""Comparing and writing thirty-two cells at a time does what loops over cells do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit
from numba.core.errors import TypingError

from arcsolve.dsl.kernels import bits as lanes
from arcsolve.dsl.kernels.bits import LANES
from arcsolve.dsl.strategies import grids
from tests.dsl import naive

arrays = grids(max_side=12).map(lambda grid: grid.cells.copy())
values = st.integers(0, 9)
words = st.integers(0, 2**30 - 1)  # bits of a row


@njit
def compared(cells: Any, others: Any, start: int, count: int, value: int) -> tuple[int, int]:
    same = lanes.same_bits(cells, start, others, start, count)
    return lanes.value_bits(cells, start, count, value), same


@njit
def written(target: Any, source: Any, start: int, bits: int, value: int) -> tuple[Any, Any]:
    copied, filled = target.copy(), target.copy()
    lanes.put_bits(copied, start, source, start, bits)
    lanes.fill_bits(filled, start, bits, value)
    return copied, filled


@njit
def measured(bits: int) -> tuple[int, int, int]:
    return lanes.bit_count(bits), lanes.first_bit(bits), lanes.bit_length(bits)


def flags(bits: int, count: int) -> list[bool]:
    return [bool(bits >> i & 1) for i in range(count)]


@st.composite
def stretches(draw: Any) -> tuple[Any, Any, int, int]:
    """Two arrays of one shape and a stretch of their cells: (cells, others, start, count)."""
    cells = draw(arrays)
    start = draw(st.integers(0, cells.size))
    count = draw(st.integers(0, min(LANES, cells.size - start)))
    return cells, np.roll(cells, draw(st.integers(0, 2))), start, count


@given(stretches(), values)
def test_bits_tell_the_cells_that_have_a_value_or_are_equal(
    stretch: tuple[Any, Any, int, int], value: int
) -> None:
    cells, others, start, count = stretch
    left, right = (array.ravel()[start : start + count] for array in (cells, others))
    having, same = compared(cells, others, start, count, value)
    assert flags(having, LANES) == [*(left == value), *[False] * (LANES - count)]
    assert flags(same, LANES) == [*(left == right), *[False] * (LANES - count)]


@given(stretches(), values, words)
def test_only_cells_whose_bit_is_set_are_written(
    stretch: tuple[Any, Any, int, int], value: int, word: int
) -> None:
    target, source, start, count = stretch
    bits = word & ((1 << count) - 1)
    copied, filled = written(target, source, start, bits, value)
    expected, painted = target.copy(), target.copy()
    for i in range(count):
        if bits >> i & 1:
            expected.flat[start + i] = source.flat[start + i]
            painted.flat[start + i] = value
    assert np.array_equal(copied, expected)
    assert np.array_equal(filled, painted)


@given(words)
def test_bits_are_counted_and_found(bits: int) -> None:
    first = (bits & -bits).bit_length() - 1 if bits else 64
    assert measured(bits) == (bits.bit_count(), first, bits.bit_length())


@given(words, words)
def test_bits_spread_over_the_stretches_that_hold_one(seeds: int, within: int) -> None:
    row = [[within >> i & 1 for i in range(30)]]
    start = [[seeds >> i & 1 for i in range(30)]]
    spread = lanes.spread_bits(seeds & within, within)
    assert [flags(spread, 30)] == naive.flood(row, start, False)


@given(arrays)
def test_rows_of_bits_give_the_mask_back(grid: Any) -> None:
    mask = (grid != 0).astype(np.uint8)
    assert np.array_equal(lanes.unframe_rows(lanes.framed_rows(grid), grid.shape[1]), mask)
    assert lanes.count_filled(grid) == np.count_nonzero(grid)


@given(stretches(), values)
def test_grids_are_put_and_painted_over_others(
    stretch: tuple[Any, Any, int, int], color: int
) -> None:
    target, source, _, _ = stretch
    put, painted = target.copy(), target.copy()
    lanes.put_over(put, source)
    lanes.paint_over(painted, source, color)
    assert np.array_equal(put, np.where(source != 0, source, target))
    assert np.array_equal(painted, np.where(source != 0, color, target))


def test_arrays_whose_cells_do_not_stand_in_one_row_are_refused() -> None:
    with pytest.raises(TypingError, match="C-contiguous"):
        lanes.count_filled(np.zeros((4, 4), np.uint8)[:, ::2])
