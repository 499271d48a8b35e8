"""Attributes of parts: numbers and shapes that tests compare and effects use."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.kernels.scenery.strips import find_holes
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import FlagColumn, NumberColumn, ShapeColumn, term
from arcsolve.dsl.rules.vocabulary.ranks import count_equal


@term(cost=0.3)
def size(parts: Parts) -> NumberColumn:
    """Its number of cells.

    >>> measure("size", "110/002")
    [2, 1]
    """
    return parts.size


@term(cost=0.7)
def height(parts: Parts) -> NumberColumn:
    """Its number of rows.

    A part has the rows of its box.

    >>> measure("height", "102/100/100")
    [3, 1]
    """
    return parts.height


@term(cost=0.7)
def width(parts: Parts) -> NumberColumn:
    """Its number of columns.

    A part has the columns of its box.

    >>> measure("width", "111/002")
    [3, 1]
    """
    return parts.width


@term(cost=0.8)
def box_size(parts: Parts) -> NumberColumn:
    """The number of cells of its box.

    >>> measure("box_size", "1002/1100")
    [4, 1]
    """
    return parts.height * parts.width


@term(cost=0.7)
def color_count(parts: Parts) -> NumberColumn:
    """Its number of colors.

    >>> measure("color_count", "1203", "blobs_8")
    [2, 1]
    """
    return parts.colors


@term(cost=0.9)
def minor_size(parts: Parts) -> NumberColumn:
    """Its number of cells outside its commonest color.

    >>> measure("minor_size", "11203", "blobs_8")
    [1, 0]
    """
    return parts.size - parts.color_counts.max(axis=1, initial=0)


@term(cost=0.6)
def hole_count(parts: Parts) -> NumberColumn:
    """Its number of holes.

    A hole is a region of cells that the part encloses.

    >>> measure("hole_count", "11102/10100/11100")
    [1, 0]
    """
    _, _, counts = find_holes(parts.board, parts.outline, parts.index)
    return counts


@term(cost=0.9)
def from_top(parts: Parts) -> NumberColumn:
    """Its distance to the top of the grid.

    >>> measure("from_top", "100/002")
    [0, 1]
    """
    return parts.top


@term(cost=0.9)
def from_left(parts: Parts) -> NumberColumn:
    """Its distance to the left end of the grid.

    >>> measure("from_left", "100/002")
    [0, 2]
    """
    return parts.left


@term(cost=0.9)
def from_bottom(parts: Parts) -> NumberColumn:
    """Its distance to the bottom of the grid.

    >>> measure("from_bottom", "100/002")
    [1, 0]
    """
    return parts.grid_height - 1 - parts.bottom


@term(cost=0.9)
def from_right(parts: Parts) -> NumberColumn:
    """Its distance to the right end of the grid.

    >>> measure("from_right", "100/002")
    [2, 0]
    """
    return parts.grid_width - 1 - parts.right


@term(cost=0.9)
def density(parts: Parts) -> NumberColumn:
    """The share of its box that it fills, in thousandths.

    >>> measure("density", "1002/1100")
    [750, 1000]
    """
    return parts.size * 1000 // (parts.height * parts.width)


@term(cost=0.8)
def same_color(parts: Parts) -> NumberColumn:
    """The number of parts of its color.

    The part counts, too.

    >>> measure("same_color", "10102")
    [2, 2, 1]
    """
    return count_equal(parts, parts.color)


@term(cost=0.8)
def same_shape(parts: Parts) -> NumberColumn:
    """The number of parts of its shape.

    The part counts, too.

    >>> measure("same_shape", "1102203")
    [2, 2, 1]
    """
    return count_equal(parts, parts.shapes[:, 0])


@term(cost=1.0)
def same_turned_shape(parts: Parts) -> NumberColumn:
    """The number of parts of its shape, turned or mirrored.

    The part counts, too.

    >>> measure("same_turned_shape", "11020/00020/30000")
    [2, 2, 1]
    """
    return count_equal(parts, parts.shapes.min(axis=1, initial=np.iinfo(np.int64).max))


@term(cost=0.9)
def content_count(parts: Parts) -> NumberColumn:
    """The number of others in its box.

    >>> measure("content_count", "11102/10300/11100")
    [1, 0, 0]
    """
    meetings = parts.meetings
    inner = meetings.around & meetings.distinct
    return np.bincount(meetings.one[inner], minlength=len(parts))


@term(cost=1.1)
def part_count(parts: Parts) -> NumberColumn:
    """The number of parts of the grid.

    >>> measure("part_count", "10203")
    [3, 3, 3]
    """
    return count_equal(parts, np.zeros(len(parts), np.int64))


@term(cost=0.5)
def shape(parts: Parts) -> ShapeColumn:
    """Its shape.

    >>> measure("shape", "1102203")
    [1, 1, 2]
    """
    return parts.shapes[:, 0]


@term(cost=0.8)
def turned_shape(parts: Parts) -> ShapeColumn:
    """Its shape, turned or mirrored.

    Parts whose shapes are equal after a turn or in a mirror have the same one.

    >>> measure("turned_shape", "11020/00020/30000")
    [1, 1, 2]
    """
    return parts.shapes.min(axis=1, initial=np.iinfo(np.int64).max)


@term(cost=0.9)
def pattern(parts: Parts) -> ShapeColumn:
    """Its shape with its colors.

    >>> measure("pattern", "12012021", "blobs_8")
    [1, 1, 2]
    """
    return parts.patterns[:, 0]


@term(cost=0.8)
def at_border(parts: Parts) -> FlagColumn:
    """It touches the border of the grid.

    >>> measure("at_border", "1000/0020/0000")
    [True, False]
    """
    rows = (parts.top == 0) | (parts.bottom == parts.grid_height - 1)
    return rows | (parts.left == 0) | (parts.right == parts.grid_width - 1)


@term(cost=0.8)
def line(parts: Parts) -> FlagColumn:
    """It is straight.

    The part has two or more cells along a row or a column.

    >>> measure("line", "1102")
    [True, False]
    """
    return (np.minimum(parts.height, parts.width) == 1) & (parts.size > 1)


@term(cost=0.8)
def rectangle(parts: Parts) -> FlagColumn:
    """It fills its box.

    >>> measure("rectangle", "1002/1100")
    [False, True]
    """
    return parts.size == parts.height * parts.width


@term(cost=0.9)
def tall(parts: Parts) -> FlagColumn:
    """It is taller than wide.

    >>> measure("tall", "1022/1000")
    [True, False]
    """
    return parts.height > parts.width


@term(cost=0.9)
def wide(parts: Parts) -> FlagColumn:
    """It is wider than tall.

    >>> measure("wide", "1022/1000")
    [False, True]
    """
    return parts.height < parts.width


@term(cost=0.9)
def square(parts: Parts) -> FlagColumn:
    """Its box is square.

    >>> measure("square", "1022/1100")
    [True, False]
    """
    return parts.height == parts.width


@term(cost=1.1)
def even(parts: Parts) -> FlagColumn:
    """Its number of cells is even.

    >>> measure("even", "1102")
    [True, False]
    """
    return parts.size % 2 == 0


@term(cost=1.1)
def mirrored_cols(parts: Parts) -> FlagColumn:
    """Its left half mirrors its right half.

    >>> measure("mirrored_cols", "111022/010020")
    [True, False]
    """
    return parts.patterns[:, 0] == parts.patterns[:, 1]


@term(cost=1.1)
def mirrored_rows(parts: Parts) -> FlagColumn:
    """Its upper half mirrors its lower half.

    >>> measure("mirrored_rows", "11022/10020/11000")
    [True, False]
    """
    return parts.patterns[:, 0] == parts.patterns[:, 2]


@term(cost=1.1)
def symmetric(parts: Parts) -> FlagColumn:
    """It is symmetric.

    A mirror line along a row, a column or a diagonal maps the part to itself.

    >>> measure("symmetric", "110220/100022")
    [True, False]
    """
    return (parts.patterns[:, :1] == parts.patterns[:, (1, 2, 4, 7)]).any(axis=1)
