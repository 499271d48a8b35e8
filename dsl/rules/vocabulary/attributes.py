"""Attributes of parts: numbers and shapes that tests compare and effects use."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.kernels.scenery.strips import find_holes
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import FlagColumn, NumberColumn, ShapeColumn, term
from arcsolve.dsl.rules.vocabulary.ranks import count_equal


@term(cost=0.3)
def size(parts: Parts) -> NumberColumn:
    """The number of its cells."""
    return parts.size


@term(cost=0.7)
def height(parts: Parts) -> NumberColumn:
    """The number of rows of its box."""
    return parts.height


@term(cost=0.7)
def width(parts: Parts) -> NumberColumn:
    """The number of columns of its box."""
    return parts.width


@term(cost=0.8)
def box_size(parts: Parts) -> NumberColumn:
    """The number of cells of its box."""
    return parts.height * parts.width


@term(cost=0.7)
def color_count(parts: Parts) -> NumberColumn:
    """The number of its colors."""
    return parts.colors


@term(cost=0.9)
def minor_size(parts: Parts) -> NumberColumn:
    """The number of its cells that do not have its commonest color."""
    return parts.size - parts.color_counts.max(axis=1, initial=0)


@term(cost=0.6)
def hole_count(parts: Parts) -> NumberColumn:
    """The number of regions that it encloses."""
    _, _, counts = find_holes(parts.board, parts.outline, parts.index)
    return counts


@term(cost=0.9)
def from_top(parts: Parts) -> NumberColumn:
    """The rows from the top of the grid to its box."""
    return parts.top


@term(cost=0.9)
def from_left(parts: Parts) -> NumberColumn:
    """The columns from the left end of the grid to its box."""
    return parts.left


@term(cost=0.9)
def from_bottom(parts: Parts) -> NumberColumn:
    """The rows from its box to the bottom of the grid."""
    return parts.grid_height - 1 - parts.bottom


@term(cost=0.9)
def from_right(parts: Parts) -> NumberColumn:
    """The columns from its box to the right end of the grid."""
    return parts.grid_width - 1 - parts.right


@term(cost=0.9)
def density(parts: Parts) -> NumberColumn:
    """The share of its box that it fills, in parts of a thousand."""
    return parts.size * 1000 // (parts.height * parts.width)


@term(cost=0.8)
def same_color(parts: Parts) -> NumberColumn:
    """The number of parts in the grid with its color."""
    return count_equal(parts, parts.color)


@term(cost=0.8)
def same_shape(parts: Parts) -> NumberColumn:
    """The number of parts in the grid with its shape."""
    return count_equal(parts, parts.shapes[:, 0])


@term(cost=1.0)
def same_turned_shape(parts: Parts) -> NumberColumn:
    """The number of parts in the grid with its shape, turned or mirrored."""
    return count_equal(parts, parts.shapes.min(axis=1, initial=np.iinfo(np.int64).max))


@term(cost=0.9)
def content_count(parts: Parts) -> NumberColumn:
    """The number of other parts in its box."""
    meetings = parts.meetings
    inner = meetings.around & meetings.distinct
    return np.bincount(meetings.one[inner], minlength=len(parts))


@term(cost=1.1)
def part_count(parts: Parts) -> NumberColumn:
    """The number of parts in its grid."""
    return count_equal(parts, np.zeros(len(parts), np.int64))


@term(cost=0.5)
def shape(parts: Parts) -> ShapeColumn:
    """Its shape."""
    return parts.shapes[:, 0]


@term(cost=0.8)
def turned_shape(parts: Parts) -> ShapeColumn:
    """Its shape, no matter how it is turned or mirrored."""
    return parts.shapes.min(axis=1, initial=np.iinfo(np.int64).max)


@term(cost=0.9)
def pattern(parts: Parts) -> ShapeColumn:
    """Its shape with its colors."""
    return parts.patterns[:, 0]


@term(cost=0.8)
def at_border(parts: Parts) -> FlagColumn:
    """It reaches the border of the grid."""
    rows = (parts.top == 0) | (parts.bottom == parts.grid_height - 1)
    return rows | (parts.left == 0) | (parts.right == parts.grid_width - 1)


@term(cost=0.8)
def line(parts: Parts) -> FlagColumn:
    """It is a straight line of two or more cells along a row or a column."""
    return (np.minimum(parts.height, parts.width) == 1) & (parts.size > 1)


@term(cost=0.8)
def rectangle(parts: Parts) -> FlagColumn:
    """It fills its box."""
    return parts.size == parts.height * parts.width


@term(cost=0.9)
def tall(parts: Parts) -> FlagColumn:
    """Its box has more rows than columns."""
    return parts.height > parts.width


@term(cost=0.9)
def wide(parts: Parts) -> FlagColumn:
    """Its box has more columns than rows."""
    return parts.height < parts.width


@term(cost=0.9)
def square(parts: Parts) -> FlagColumn:
    """Its box has as many rows as columns."""
    return parts.height == parts.width


@term(cost=1.1)
def even(parts: Parts) -> FlagColumn:
    """It has an even number of cells."""
    return parts.size % 2 == 0


@term(cost=1.1)
def mirrored_cols(parts: Parts) -> FlagColumn:
    """Its left half mirrors its right half."""
    return parts.patterns[:, 0] == parts.patterns[:, 1]


@term(cost=1.1)
def mirrored_rows(parts: Parts) -> FlagColumn:
    """Its upper half mirrors its lower half."""
    return parts.patterns[:, 0] == parts.patterns[:, 2]


@term(cost=1.1)
def symmetric(parts: Parts) -> FlagColumn:
    """A mirror line along a row, a column or a diagonal maps it to itself."""
    return (parts.patterns[:, :1] == parts.patterns[:, (1, 2, 4, 7)]).any(axis=1)
