"""References: the way from a part to another part of its grid.

A reference leads to a neighbor, which is a part by the partition's `neighbors`. If several parts
qualify, the nearest one counts, and among equally near ones the smallest.
"""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.rules.scene import MISSING, Meetings, Parts
from arcsolve.dsl.rules.terms import ColorColumn, PartColumn, term
from arcsolve.dsl.rules.vocabulary.ranks import count_equal, greatest
from arcsolve.dsl.values import Flags, Integers


def _by_size(meetings: Meetings, possible: Flags, sign: int) -> Integers:
    """Return the smallest possible neighbor for sign 1, and the largest for sign -1."""
    return meetings.pick(possible, sign * meetings.of_other(meetings.neighbors.size))


def _same_color(parts: Parts) -> Flags:
    meetings = parts.meetings
    same: Flags = meetings.of_other(meetings.neighbors.color) == meetings.of_one(parts.color)
    return same


def _sighted(parts: Parts) -> Flags:
    """Return the pairs that share a row or a column of their boxes, but not both."""
    meetings = parts.meetings
    return (meetings.gap_rows == 0) != (meetings.gap_cols == 0)


@term(cost=1.0)
def container(parts: Parts) -> PartColumn:
    """The smallest part around it.

    The box of that part holds its box.

    >>> measure("container", "1110/1210/1110")
    [None, 1]
    """
    meetings = parts.meetings
    neighbors = meetings.neighbors
    return meetings.pick(meetings.inside, meetings.of_other(neighbors.height * neighbors.width))


@term(cost=1.0)
def content(parts: Parts) -> PartColumn:
    """The largest part in its box.

    >>> measure("content", "111111/100001/102301/103301/111111")
    [3, None, 2]
    """
    return _by_size(parts.meetings, parts.meetings.around, -1)


@term(cost=1.3)
def smallest_content(parts: Parts) -> PartColumn:
    """The smallest part in its box.

    >>> measure("smallest_content", "111111/100001/102301/103301/111111")
    [2, None, 2]
    """
    return _by_size(parts.meetings, parts.meetings.around, 1)


@term(cost=1.0)
def touching(parts: Parts) -> PartColumn:
    """The largest part that touches it.

    >>> measure("touching", "21330/00000/00004")
    [2, 3, 2, None]
    """
    return _by_size(parts.meetings, parts.meetings.touching, -1)


@term(cost=1.4)
def smallest_touching(parts: Parts) -> PartColumn:
    """The smallest part that touches it.

    >>> measure("smallest_touching", "21330/00000/00004")
    [2, 1, 2, None]
    """
    return _by_size(parts.meetings, parts.meetings.touching, 1)


@term(cost=1.1)
def nearest(parts: Parts) -> PartColumn:
    """The nearest part.

    >>> measure("nearest", "1020003")
    [2, 1, 2]
    """
    return parts.meetings.pick(parts.meetings.distinct)


@term(cost=1.1)
def nearest_of_other_color(parts: Parts) -> PartColumn:
    """The nearest part of another color.

    >>> measure("nearest_of_other_color", "1010002")
    [3, 3, 2]
    """
    return parts.meetings.pick(~_same_color(parts))


@term(cost=1.1)
def nearest_of_same_color(parts: Parts) -> PartColumn:
    """The nearest part of its color.

    >>> measure("nearest_of_same_color", "1020001")
    [3, None, 1]
    """
    return parts.meetings.pick(_same_color(parts))


@term(cost=1.3)
def nearest_larger(parts: Parts) -> PartColumn:
    """The nearest part with more cells.

    >>> measure("nearest_larger", "1020033")
    [3, 3, None]
    """
    meetings = parts.meetings
    return meetings.pick(meetings.of_other(meetings.neighbors.size) > meetings.of_one(parts.size))


@term(cost=1.3)
def nearest_cell(parts: Parts) -> PartColumn:
    """The nearest part of one cell.

    >>> measure("nearest_cell", "1100220003")
    [3, 3, None]
    """
    meetings = parts.meetings
    return meetings.pick(meetings.of_other(meetings.neighbors.size) == 1)


@term(cost=1.1)
def twin(parts: Parts) -> PartColumn:
    """The nearest part of its shape in another color.

    >>> measure("twin", "110303022")
    [4, None, None, 1]
    """
    meetings = parts.meetings
    shape, other = parts.shapes[:, 0], meetings.neighbors.shapes[:, 0]
    same = meetings.of_one(shape) == meetings.of_other(other)
    return meetings.pick(same & ~_same_color(parts))


@term(cost=1.3)
def turned_twin(parts: Parts) -> PartColumn:
    """The nearest part of its shape, turned or mirrored, in another color.

    >>> measure("turned_twin", "11020/00020/30000")
    [2, 1, None]
    """
    meetings = parts.meetings
    most = np.iinfo(np.int64).max
    shape = parts.shapes.min(axis=1, initial=most)
    other = meetings.neighbors.shapes.min(axis=1, initial=most)
    same = meetings.of_one(shape) == meetings.of_other(other)
    return meetings.pick(same & ~_same_color(parts))


@term(cost=0.9)
def nearest_of_color(parts: Parts, wanted: ColorColumn) -> PartColumn:
    """The nearest part of color {0}.

    >>> measure("(nearest_of_color 3)", "1020003")
    [3, 3, None]
    """
    meetings = parts.meetings
    return meetings.pick(meetings.of_other(meetings.neighbors.color) == meetings.of_one(wanted))


@term(cost=0.9)
def touching_of_color(parts: Parts, wanted: ColorColumn) -> PartColumn:
    """The largest part of color {0} that touches it.

    >>> measure("(touching_of_color 2)", "1233")
    [2, None, 2]
    """
    meetings = parts.meetings
    colored = meetings.of_other(meetings.neighbors.color) == meetings.of_one(wanted)
    return _by_size(meetings, meetings.touching & colored, -1)


@term(cost=1.0)
def seen(parts: Parts) -> PartColumn:
    """The nearest part in its rows or columns.

    >>> measure("seen", "1000002/0300000")
    [2, 1, None]
    """
    return parts.meetings.pick(_sighted(parts))


@term(cost=1.1)
def seen_of_other_color(parts: Parts) -> PartColumn:
    """The nearest part of another color in its rows or columns.

    >>> measure("seen_of_other_color", "10102")
    [3, 3, 2]
    """
    return parts.meetings.pick(_sighted(parts) & ~_same_color(parts))


@term(cost=1.1)
def seen_of_same_color(parts: Parts) -> PartColumn:
    """The nearest part of its color in its rows or columns.

    >>> measure("seen_of_same_color", "10201")
    [3, None, 1]
    """
    return parts.meetings.pick(_sighted(parts) & _same_color(parts))


@term(cost=1.2)
def seen_in_row(parts: Parts) -> PartColumn:
    """The nearest part in its rows.

    >>> measure("seen_in_row", "1002/0000/3000")
    [2, 1, None]
    """
    meetings = parts.meetings
    return meetings.pick((meetings.gap_rows == 0) & (meetings.gap_cols > 0))


@term(cost=1.2)
def seen_in_col(parts: Parts) -> PartColumn:
    """The nearest part in its columns.

    >>> measure("seen_in_col", "1020/0000/3000")
    [3, None, 1]
    """
    meetings = parts.meetings
    return meetings.pick((meetings.gap_cols == 0) & (meetings.gap_rows > 0))


@term(cost=1.3)
def above(parts: Parts) -> PartColumn:
    """The nearest part above it.

    It shares a column with the part.

    >>> measure("above", "100/000/203")
    [None, 1, None]
    """
    meetings = parts.meetings
    higher = meetings.of_other(meetings.neighbors.bottom) < meetings.of_one(parts.top)
    return meetings.pick(higher & (meetings.gap_cols == 0))


@term(cost=1.3)
def below(parts: Parts) -> PartColumn:
    """The nearest part below it.

    It shares a column with the part.

    >>> measure("below", "102/000/300")
    [3, None, None]
    """
    meetings = parts.meetings
    lower = meetings.of_other(meetings.neighbors.top) > meetings.of_one(parts.bottom)
    return meetings.pick(lower & (meetings.gap_cols == 0))


@term(cost=1.3)
def left_of(parts: Parts) -> PartColumn:
    """The nearest part to its left.

    It shares a row with the part.

    >>> measure("left_of", "102/000/003")
    [None, 1, None]
    """
    meetings = parts.meetings
    before = meetings.of_other(meetings.neighbors.right) < meetings.of_one(parts.left)
    return meetings.pick(before & (meetings.gap_rows == 0))


@term(cost=1.3)
def right_of(parts: Parts) -> PartColumn:
    """The nearest part to its right.

    It shares a row with the part.

    >>> measure("right_of", "102/000/003")
    [2, None, None]
    """
    meetings = parts.meetings
    behind = meetings.of_other(meetings.neighbors.left) > meetings.of_one(parts.right)
    return meetings.pick(behind & (meetings.gap_rows == 0))


def _the_one(parts: Parts, wanted: Flags) -> Integers:
    """Return the one wanted neighbor in the grid of each part.

    It is MISSING if none or several are wanted, and for the wanted part itself.
    """
    neighbors = parts.neighbors
    counts = np.bincount(neighbors.grid[wanted], minlength=len(parts.board.heights))
    found = np.full(len(parts.board.heights), MISSING)
    found[neighbors.grid[wanted]] = np.flatnonzero(wanted)
    found[counts != 1] = MISSING
    chosen = found[parts.grid]
    return np.where(_is_itself(parts, chosen), MISSING, chosen)


def _is_itself(parts: Parts, chosen: Integers) -> Flags:
    labels = parts.neighbors.outline.labels
    itself: Flags = labels[parts.outline.cells[parts.outline.offsets[:-1]]] == chosen
    return itself


@term(cost=1.2)
def largest(parts: Parts) -> PartColumn:
    """The largest part.

    The part itself has none.

    >>> measure("largest", "10220333")
    [3, 3, None]
    """
    neighbors = parts.neighbors
    return _the_one(parts, neighbors.size == greatest(neighbors, neighbors.size))


@term(cost=1.3)
def smallest(parts: Parts) -> PartColumn:
    """The smallest part.

    The part itself has none.

    >>> measure("smallest", "10220333")
    [None, 1, 1]
    """
    neighbors = parts.neighbors
    return _the_one(parts, neighbors.size == -greatest(neighbors, -neighbors.size))


@term(cost=1.4)
def colorful(parts: Parts) -> PartColumn:
    """The one part of several colors.

    >>> measure("colorful", "1203", "blobs_8")
    [None, 1]
    """
    return _the_one(parts, parts.neighbors.colors > 1)


@term(cost=1.3)
def odd_colored(parts: Parts) -> PartColumn:
    """The one part with a color of its own.

    >>> measure("odd_colored", "10102")
    [3, 3, None]
    """
    neighbors = parts.neighbors
    return _the_one(parts, count_equal(neighbors, neighbors.color) == 1)


@term(cost=1.4)
def odd_shaped(parts: Parts) -> PartColumn:
    """The one part with a shape of its own.

    >>> measure("odd_shaped", "1102203")
    [3, 3, None]
    """
    neighbors = parts.neighbors
    return _the_one(parts, count_equal(neighbors, neighbors.shapes[:, 0]) == 1)


@term(cost=1.3)
def single_cell(parts: Parts) -> PartColumn:
    """The one part of a single cell.

    >>> measure("single_cell", "1102203")
    [3, 3, None]
    """
    return _the_one(parts, parts.neighbors.size == 1)
