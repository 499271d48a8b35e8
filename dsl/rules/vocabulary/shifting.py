"""Shifts: the rows and columns by which a part moves."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.kernels.scenery.falling import find_falls
from arcsolve.dsl.kernels.scenery.placing import TO_BLOCK, TO_BORDER, TO_HIT, find_slides
from arcsolve.dsl.kernels.scenery.reaching import STEP_COLS, STEP_ROWS
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import (
    Choice,
    DirectionColumn,
    FlagColumn,
    NumberColumn,
    PartColumn,
    ShiftColumn,
    term,
)
from arcsolve.dsl.values import Integers


class End(Choice):
    """Where a slide ends."""

    BLOCK = ("until", 0.5, "until it meets other cells or the border")
    HIT = ("only_until", 0.5, "until it meets other cells")
    BORDER = ("border", 0.6, "to the border")


class Alignment(Choice):
    """Which sides or middles meet."""

    CENTER = ("middle", 0.5)
    ROW = ("row", 0.7, "middle row")
    COL = ("col", 0.7, "middle column")
    CORNER = ("corner", 0.8, "top left corner")


_ENDS = {End.BLOCK: TO_BLOCK, End.HIT: TO_HIT, End.BORDER: TO_BORDER}
_STEPS = np.zeros((256, 2), np.int64)  # (rows, cols) of one step in the one direction of a bit set
for _number in range(8):
    _STEPS[1 << _number] = STEP_ROWS[_number], STEP_COLS[_number]


@term(cost=0.0)
def slide(parts: Parts, directions: DirectionColumn, end: End) -> ShiftColumn:
    """{0} {1}.

    >>> paint("(move (slide right until))", "10020", "(has color 1)")
    Grid('00120')
    """
    return find_slides(parts.board, parts.outline, parts.index, directions, _ENDS[end])


@term(cost=0.6)
def fall(parts: Parts, directions: DirectionColumn, flag: FlagColumn) -> ShiftColumn:
    """{0}, falling together with all parts {1}.

    >>> paint("(move (fall down every))", "10/20/00")
    Grid('00/10/20')
    """
    return find_falls(parts.board, parts.outline, directions, flag)


@term(cost=0.2)
def by(parts: Parts, directions: DirectionColumn, number: NumberColumn) -> ShiftColumn:
    """{0} by {1}.

    >>> paint("(move (by down 2))", "10/00/00")
    Grid('00/00/10')
    """
    return _STEPS[directions] * np.maximum(number, 0)[:, np.newaxis]


@term(cost=0.2)
def past(parts: Parts, directions: DirectionColumn, gap: NumberColumn) -> ShiftColumn:
    """{0}, leaving a gap of {1}.

    >>> paint("(copy (past right 1))", "110000")
    Grid('110110')
    """
    sides = np.stack([parts.height, parts.width], axis=1)
    return _STEPS[directions] * (sides + gap[:, np.newaxis])


def _middles(parts: Parts, part: Integers) -> Integers:
    """Return twice the steps from the middle of each part to that of another part (row, 2)."""
    other = parts.neighbors.outline.boxes
    if not len(other):
        return np.zeros((len(parts), 2), np.int64)
    boxes = parts.outline.boxes[parts.index]
    steps = other[part, :2] + other[part, 2:] - boxes[:, :2] - boxes[:, 2:]
    return np.where(part[:, np.newaxis] >= 0, steps, 0)


@term(cost=0.0)
def align(parts: Parts, part: PartColumn, alignment: Alignment) -> ShiftColumn:
    """So that its {1} lines up with that of {0}.

    >>> paint("(move (align largest row))", "100000/000222/000222/000222", "(has color 1)")
    Grid('000000/000222/100222/000222')
    """
    if alignment is Alignment.CORNER:
        other = parts.neighbors.outline.boxes
        if not len(other):
            return np.zeros((len(parts), 2), np.int64)
        steps = other[part, :2] - parts.outline.boxes[parts.index, :2]
        return np.where(part[:, np.newaxis] >= 0, steps, 0)
    steps = _middles(parts, part)
    steps = steps * {Alignment.ROW: (1, 0), Alignment.COL: (0, 1)}.get(alignment, (1, 1))
    whole = (steps % 2 == 0).all(axis=1, keepdims=True)
    return np.where(whole, steps // 2, 0)


@term(cost=0.5)
def across(parts: Parts, part: PartColumn) -> ShiftColumn:
    """To the opposite side of {0}, equally far away.

    >>> paint("(move (across largest))", "1022000", "(has color 1)")
    Grid('0022010')
    """
    return _middles(parts, part)
