"""Comparisons with the other parts of the same grid, for attributes and tests."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.values import Integers


def count_equal(parts: Parts, values: Integers) -> Integers:
    """Return for each part the number of parts of its grid that have its value."""
    if not len(values):
        return np.zeros(0, np.int64)
    order = np.lexsort((values, parts.grid))
    sorted_values, sorted_grids = values[order], parts.grid[order]
    fresh = (np.diff(sorted_values) != 0) | (np.diff(sorted_grids) != 0)
    group = np.concatenate([[0], np.cumsum(fresh)])
    counts = np.empty(len(values), np.int64)
    counts[order] = np.bincount(group)[group]
    return counts


def greatest(parts: Parts, values: Integers) -> Integers:
    """Return for each part the greatest value in its grid."""
    most = np.full(len(parts.board.heights), np.iinfo(np.int64).min)
    np.maximum.at(most, parts.grid, values)
    return most[parts.grid]
