"""Rows of bits: `distinct_rows` drops the rows that repeat another one."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from arcsolve.search.engine.bitsets import distinct_rows

WORDS = st.sampled_from([0, 1, 1 << 31, 1 << 63, (1 << 64) - 1])


@given(
    arrays(np.uint64, array_shapes(min_dims=2, max_dims=2, max_side=8), elements=WORDS),
    st.randoms(use_true_random=False),
)
def test_distinct_rows_are_those_that_differ_in_any_bit(rows: np.ndarray, draws: Random) -> None:
    order = draws.sample(range(len(rows)), draws.randint(0, len(rows)))
    naive = {rows[position].tobytes(): position for position in reversed(order)}
    expected = [position for position in order if position in naive.values()]
    assert distinct_rows(rows, np.array(order, np.int64)).tolist() == expected
