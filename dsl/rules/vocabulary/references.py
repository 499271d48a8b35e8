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
    """The smallest part whose box holds its box."""
    meetings = parts.meetings
    neighbors = meetings.neighbors
    return meetings.pick(meetings.inside, meetings.of_other(neighbors.height * neighbors.width))


@term(cost=1.0)
def content(parts: Parts) -> PartColumn:
    """The largest part in its box."""
    return _by_size(parts.meetings, parts.meetings.around, -1)


@term(cost=1.3)
def smallest_content(parts: Parts) -> PartColumn:
    """The smallest part in its box."""
    return _by_size(parts.meetings, parts.meetings.around, 1)


@term(cost=1.0)
def touching(parts: Parts) -> PartColumn:
    """The largest part that touches it."""
    return _by_size(parts.meetings, parts.meetings.touching, -1)


@term(cost=1.4)
def smallest_touching(parts: Parts) -> PartColumn:
    """The smallest part that touches it."""
    return _by_size(parts.meetings, parts.meetings.touching, 1)


@term(cost=1.1)
def nearest(parts: Parts) -> PartColumn:
    """The nearest part."""
    return parts.meetings.pick(parts.meetings.distinct)


@term(cost=1.1)
def nearest_of_other_color(parts: Parts) -> PartColumn:
    """The nearest part of another color."""
    return parts.meetings.pick(~_same_color(parts))


@term(cost=1.1)
def nearest_of_same_color(parts: Parts) -> PartColumn:
    """The nearest part of its color."""
    return parts.meetings.pick(_same_color(parts))


@term(cost=1.3)
def nearest_larger(parts: Parts) -> PartColumn:
    """The nearest part with more cells."""
    meetings = parts.meetings
    return meetings.pick(meetings.of_other(meetings.neighbors.size) > meetings.of_one(parts.size))


@term(cost=1.3)
def nearest_cell(parts: Parts) -> PartColumn:
    """The nearest part of one cell."""
    meetings = parts.meetings
    return meetings.pick(meetings.of_other(meetings.neighbors.size) == 1)


@term(cost=1.1)
def twin(parts: Parts) -> PartColumn:
    """The nearest part of its shape in another color."""
    meetings = parts.meetings
    shape, other = parts.shapes[:, 0], meetings.neighbors.shapes[:, 0]
    same = meetings.of_one(shape) == meetings.of_other(other)
    return meetings.pick(same & ~_same_color(parts))


@term(cost=1.3)
def turned_twin(parts: Parts) -> PartColumn:
    """The nearest part of its shape, turned or mirrored, in another color."""
    meetings = parts.meetings
    most = np.iinfo(np.int64).max
    shape = parts.shapes.min(axis=1, initial=most)
    other = meetings.neighbors.shapes.min(axis=1, initial=most)
    same = meetings.of_one(shape) == meetings.of_other(other)
    return meetings.pick(same & ~_same_color(parts))


@term(cost=0.9)
def nearest_of_color(parts: Parts, wanted: ColorColumn) -> PartColumn:
    """The nearest part of color {0}."""
    meetings = parts.meetings
    return meetings.pick(meetings.of_other(meetings.neighbors.color) == meetings.of_one(wanted))


@term(cost=0.9)
def touching_of_color(parts: Parts, wanted: ColorColumn) -> PartColumn:
    """The largest part of color {0} that touches it."""
    meetings = parts.meetings
    colored = meetings.of_other(meetings.neighbors.color) == meetings.of_one(wanted)
    return _by_size(meetings, meetings.touching & colored, -1)


@term(cost=1.0)
def seen(parts: Parts) -> PartColumn:
    """The nearest part in its rows or columns."""
    return parts.meetings.pick(_sighted(parts))


@term(cost=1.1)
def seen_of_other_color(parts: Parts) -> PartColumn:
    """The nearest part of another color in its rows or columns."""
    return parts.meetings.pick(_sighted(parts) & ~_same_color(parts))


@term(cost=1.1)
def seen_of_same_color(parts: Parts) -> PartColumn:
    """The nearest part of its color in its rows or columns."""
    return parts.meetings.pick(_sighted(parts) & _same_color(parts))


@term(cost=1.2)
def seen_in_row(parts: Parts) -> PartColumn:
    """The nearest part in its rows."""
    meetings = parts.meetings
    return meetings.pick((meetings.gap_rows == 0) & (meetings.gap_cols > 0))


@term(cost=1.2)
def seen_in_col(parts: Parts) -> PartColumn:
    """The nearest part in its columns."""
    meetings = parts.meetings
    return meetings.pick((meetings.gap_cols == 0) & (meetings.gap_rows > 0))


@term(cost=1.3)
def above(parts: Parts) -> PartColumn:
    """The nearest part above it in its columns."""
    meetings = parts.meetings
    higher = meetings.of_other(meetings.neighbors.bottom) < meetings.of_one(parts.top)
    return meetings.pick(higher & (meetings.gap_cols == 0))


@term(cost=1.3)
def below(parts: Parts) -> PartColumn:
    """The nearest part below it in its columns."""
    meetings = parts.meetings
    lower = meetings.of_other(meetings.neighbors.top) > meetings.of_one(parts.bottom)
    return meetings.pick(lower & (meetings.gap_cols == 0))


@term(cost=1.3)
def left_of(parts: Parts) -> PartColumn:
    """The nearest part to its left in its rows."""
    meetings = parts.meetings
    before = meetings.of_other(meetings.neighbors.right) < meetings.of_one(parts.left)
    return meetings.pick(before & (meetings.gap_rows == 0))


@term(cost=1.3)
def right_of(parts: Parts) -> PartColumn:
    """The nearest part to its right in its rows."""
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
    """The largest part of the grid."""
    neighbors = parts.neighbors
    return _the_one(parts, neighbors.size == greatest(neighbors, neighbors.size))


@term(cost=1.3)
def smallest(parts: Parts) -> PartColumn:
    """The smallest part of the grid."""
    neighbors = parts.neighbors
    return _the_one(parts, neighbors.size == -greatest(neighbors, -neighbors.size))


@term(cost=1.4)
def colorful(parts: Parts) -> PartColumn:
    """The one part of several colors."""
    return _the_one(parts, parts.neighbors.colors > 1)


@term(cost=1.3)
def odd_colored(parts: Parts) -> PartColumn:
    """The one part whose color no other part has."""
    neighbors = parts.neighbors
    return _the_one(parts, count_equal(neighbors, neighbors.color) == 1)


@term(cost=1.4)
def odd_shaped(parts: Parts) -> PartColumn:
    """The one part whose shape no other part has."""
    neighbors = parts.neighbors
    return _the_one(parts, count_equal(neighbors, neighbors.shapes[:, 0]) == 1)


@term(cost=1.3)
def single_cell(parts: Parts) -> PartColumn:
    """The one part of a single cell."""
    return _the_one(parts, parts.neighbors.size == 1)
