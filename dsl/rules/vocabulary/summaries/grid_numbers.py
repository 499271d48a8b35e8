"""Numbers and colors of a whole grid, such as how many of its parts pass a test."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.rules.scene import MISSING, Parts
from arcsolve.dsl.rules.terms import (
    ColorColumn,
    FlagColumn,
    GridColors,
    GridNumbers,
    NumberColumn,
    term,
)
from arcsolve.dsl.rules.vocabulary.summaries.extraction import find_only
from arcsolve.dsl.values import Flags, Integers


def _of_the_one(parts: Parts, values: Integers, flag: Flags) -> Integers:
    """Return for each grid the value of the one part with the flag, or MISSING."""
    only = find_only(parts, flag)
    if not len(values):
        return only
    return np.where(only >= 0, values[only], MISSING)


@term(cost=0.3)
def count(parts: Parts, flag: FlagColumn) -> GridNumbers:
    """The number of parts {0}.

    >>> measure("(count (has color 1))", "10102")
    2
    """
    return np.bincount(parts.grid[flag], minlength=len(parts.scene.grids))


@term(cost=0.2)
def number_where(parts: Parts, number: NumberColumn, flag: FlagColumn) -> GridNumbers:
    """{0} of the one part {1}.

    >>> measure("(number_where size (has color 2))", "10220")
    2
    """
    return _of_the_one(parts, number, flag)


@term(cost=0.2)
def color_where(parts: Parts, color: ColorColumn, flag: FlagColumn) -> GridColors:
    """{0} of the part {1}.

    Several such parts must have the same color.

    >>> measure("(color_where color (most size))", "10220")
    2
    """
    least = np.full(len(parts.scene.grids), NUM_COLORS)
    most = np.full(len(parts.scene.grids), MISSING)
    np.minimum.at(least, parts.grid[flag], color[flag])
    np.maximum.at(most, parts.grid[flag], color[flag])
    return np.where(least == most, most, MISSING)


@term(cost=0.1)
def grid_background(parts: Parts) -> GridColors:
    """The background color.

    >>> make("(canvas 1 2 grid_background)", "888/818", background=8)
    Grid('88')
    """
    return parts.board.backgrounds


@term(cost=0.6)
def count_rows(parts: Parts, flag: FlagColumn) -> GridNumbers:
    """The number of rows where parts {0} start.

    >>> measure("(count_rows every)", "102/000/300")
    2
    """
    return _count_distinct(parts, parts.top, flag)


@term(cost=0.6)
def count_cols(parts: Parts, flag: FlagColumn) -> GridNumbers:
    """The number of columns where parts {0} start.

    >>> measure("(count_cols every)", "1020/0000/3000/0002")
    3
    """
    return _count_distinct(parts, parts.left, flag)


def _count_distinct(parts: Parts, column: Integers, flag: Flags) -> Integers:
    """Return the number of distinct values of a column among the flagged parts of each grid."""
    distinct = np.unique(np.stack([parts.grid[flag], column[flag]], axis=1), axis=0)
    return np.bincount(distinct[:, 0], minlength=len(parts.scene.grids))


def count_colors(parts: Parts) -> Integers:
    """Return the cells of each color (grid, color)."""
    board = parts.board
    grids = np.repeat(np.arange(len(board.heights)), np.diff(board.starts))
    keys = grids * NUM_COLORS + board.cells
    return np.bincount(keys, minlength=len(board.heights) * NUM_COLORS).reshape(-1, NUM_COLORS)


@term(cost=0.5)
def grid_colors(parts: Parts) -> GridNumbers:
    """The number of colors of the grid.

    The background does not count.

    >>> measure("grid_colors", "10102")
    2
    """
    present = count_colors(parts) > 0
    present[np.arange(len(present)), parts.board.backgrounds] = False
    colors: Integers = present.sum(axis=1)
    return colors


@term(cost=0.4)
def cells_of_color(parts: Parts, color: GridColors) -> GridNumbers:
    """The number of cells of color {0}.

    >>> measure("(cells_of_color 1)", "1102")
    2
    """
    counts = count_colors(parts)
    return np.where(color >= 0, counts[np.arange(len(counts)), color], MISSING)


@term(cost=0.5)
def filled_cells(parts: Parts) -> GridNumbers:
    """The number of cells that are not background.

    >>> measure("filled_cells", "1102")
    3
    """
    counts = count_colors(parts)
    filled: Integers = counts.sum(axis=1)
    return filled - counts[np.arange(len(counts)), parts.board.backgrounds]


@term(cost=0.4)
def plus(parts: Parts, number: GridNumbers, other: GridNumbers) -> GridNumbers:
    """{0} plus {1}.

    >>> measure("(plus grid_colors filled_cells)", "1102")
    5
    """
    return np.where((number >= 0) & (other >= 0), number + other, MISSING)
