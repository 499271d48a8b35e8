"""Links: directions to another part, and areas between a part and another part."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.kernels.scenery.reaching import ANY, BLANK, connect_corners
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import Area, AreaColumn, DirectionColumn, PartColumn, term
from arcsolve.dsl.rules.vocabulary.compass import find_directions
from arcsolve.dsl.rules.vocabulary.regions import collect
from arcsolve.dsl.values import Flags, Integers


def _steps_to(parts: Parts, part: Integers) -> tuple[Integers, Integers, Integers, Integers]:
    """Return the gaps over rows and columns, and twice the steps between the middles."""
    other = parts.neighbors
    if not len(other):
        return (np.zeros(len(parts), np.int64),) * 4
    top, bottom, left, right = (
        side[part] for side in (other.top, other.bottom, other.left, other.right)
    )
    gap_rows = np.maximum(np.maximum(top - parts.bottom, parts.top - bottom), 0)
    gap_cols = np.maximum(np.maximum(left - parts.right, parts.left - right), 0)
    down = top + bottom - parts.top - parts.bottom
    aside = left + right - parts.left - parts.right
    return gap_rows, gap_cols, down, aside


@term(cost=0.0)
def toward(parts: Parts, part: PartColumn) -> DirectionColumn:
    """Toward {0}.

    There is no direction if the way is neither straight nor diagonal.

    >>> measure("(toward nearest)", "100/000/200")
    ['down', 'up']
    """
    gap_rows, gap_cols, down, aside = _steps_to(parts, part)
    down, aside = np.where(gap_rows > 0, down, 0), np.where(gap_cols > 0, aside, 0)
    lined_up = ((down != 0) != (aside != 0)) | (gap_rows == gap_cols)
    return np.where((part >= 0) & lined_up, find_directions(down, aside), 0)


@term(cost=0.3)
def quarter(parts: Parts, part: PartColumn) -> DirectionColumn:
    """Diagonally toward {0}.

    The other part only has to lie in the quarter of the grid in this direction.

    >>> measure("(quarter nearest)", "1000/0000/0002")
    ['down-right', 'up-left']
    """
    _, _, down, aside = _steps_to(parts, part)
    return np.where((part >= 0) & (down != 0) & (aside != 0), find_directions(down, aside), 0)


@term(cost=0.3)
def side(parts: Parts, part: PartColumn) -> DirectionColumn:
    """Toward the side or corner of its box that faces {0}.

    >>> measure("(side nearest)", "1110/1112/1110")
    ['right', 'left']
    """
    _, _, down, aside = _steps_to(parts, part)
    high, wide = parts.height - 1, parts.width - 1
    down = np.where(np.abs(down) <= np.maximum(high - 1, 0), 0, down)
    aside = np.where(np.abs(aside) <= np.maximum(wide - 1, 0), 0, aside)
    return np.where(part >= 0, find_directions(down, aside), 0)


def _boxes(parts: Parts, part: Integers) -> tuple[Integers, Integers]:
    """Return the boxes of the parts and of the other parts; box 0 stands for a missing part."""
    other = parts.neighbors.outline.boxes
    return parts.outline.boxes[parts.index], other[np.maximum(part, 0)] if len(other) else other


def _nowhere(parts: Parts) -> Integers:
    return np.tile(np.array([0, 0, -1, -1]), (len(parts), 1))


def _require(outer: Integers, there: Flags) -> Integers:
    """Return the boxes with empty ones where a flag is not set."""
    return np.where(there[:, np.newaxis], outer, np.array([0, 0, -1, -1]))


@term(cost=0.4)
def between(parts: Parts, part: PartColumn) -> AreaColumn:
    """The cells between it and {0}.

    The two parts share rows or columns.

    >>> paint("(fill (between nearest) 5)", "10002")
    Grid('15552')
    """
    if not len(parts.neighbors):
        return collect(parts, _nowhere(parts), _nowhere(parts), ANY)
    own, other = _boxes(parts, part)
    start, end = np.maximum(own[:, :2], other[:, :2]), np.minimum(own[:, 2:], other[:, 2:])
    shared = start <= end
    gap = np.concatenate(
        [np.where(shared, start, end + 1), np.where(shared, end, start - 1)], axis=1
    )
    beside = (shared[:, 0] != shared[:, 1]) & (part >= 0)
    return collect(parts, _require(gap, beside), _nowhere(parts), ANY)


@term(cost=0.9)
def blank_span(parts: Parts, part: PartColumn) -> AreaColumn:
    """The background cells of the box around it and {0}.

    >>> paint("(fill (blank_span nearest) 5)", "1000/0002")
    Grid('1555/5552')
    """
    if not len(parts.neighbors):
        return collect(parts, _nowhere(parts), _nowhere(parts), ANY)
    own, other = _boxes(parts, part)
    span = np.concatenate(
        [np.minimum(own[:, :2], other[:, :2]), np.maximum(own[:, 2:], other[:, 2:])], axis=1
    )
    return collect(parts, _require(span, part >= 0), _nowhere(parts), BLANK)


def _connect(parts: Parts, part: Integers, kind: int) -> Area:
    if not len(parts.neighbors):
        return collect(parts, _nowhere(parts), _nowhere(parts), ANY)
    own, other = _boxes(parts, part)
    single = (parts.size == 1) & (part >= 0)
    single &= parts.neighbors.size[np.maximum(part, 0)] == 1
    return Area(*connect_corners(parts.board, parts.grid, own, other, single, kind))


@term(cost=0.6)
def diagonal_to(parts: Parts, part: PartColumn) -> AreaColumn:
    """The cells on the diagonal between it and {0}.

    Both are single cells.

    >>> paint("(fill (diagonal_to nearest) 5)", "1000/0000/0000/0002")
    Grid('1000/0500/0050/0002')
    """
    return _connect(parts, part, 0)


@term(cost=1.1)
def row_then_col(parts: Parts, part: PartColumn) -> AreaColumn:
    """The way to {0}, first along its row and then along a column.

    Both are single cells.

    >>> paint("(fill (row_then_col nearest) 5)", "1000/0000/0002", "(has color 1)")
    Grid('1555/0005/0002')
    """
    return _connect(parts, part, 1)


@term(cost=1.1)
def col_then_row(parts: Parts, part: PartColumn) -> AreaColumn:
    """The way to {0}, first along its column and then along a row.

    Both are single cells.

    >>> paint("(fill (col_then_row nearest) 5)", "1000/0000/0002", "(has color 1)")
    Grid('1000/5000/5552')
    """
    return _connect(parts, part, 2)
