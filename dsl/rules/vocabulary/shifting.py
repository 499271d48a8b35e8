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

    BLOCK = ("until", 0.5)
    HIT = ("only_until", 0.5)
    BORDER = ("border", 0.6)


class Alignment(Choice):
    """Which sides or middles meet."""

    CENTER = ("middle", 0.5)
    ROW = ("row", 0.7)
    COL = ("col", 0.7)
    CORNER = ("corner", 0.8)


_ENDS = {End.BLOCK: TO_BLOCK, End.HIT: TO_HIT, End.BORDER: TO_BORDER}
_STEPS = np.zeros((256, 2), np.int64)  # (rows, cols) of one step in the one direction of a bit set
for _number in range(8):
    _STEPS[1 << _number] = STEP_ROWS[_number], STEP_COLS[_number]


@term(cost=0.0)
def slide(parts: Parts, directions: DirectionColumn, end: End) -> ShiftColumn:
    """{0}, {1} other cells."""
    return find_slides(parts.board, parts.outline, parts.index, directions, _ENDS[end])


@term(cost=0.6)
def fall(parts: Parts, directions: DirectionColumn, flag: FlagColumn) -> ShiftColumn:
    """{0}, together with all parts of which this is true: {1}."""
    return find_falls(parts.board, parts.outline, directions, flag)


@term(cost=0.2)
def by(parts: Parts, directions: DirectionColumn, number: NumberColumn) -> ShiftColumn:
    """{0} by {1}."""
    return _STEPS[directions] * np.maximum(number, 0)[:, np.newaxis]


@term(cost=0.2)
def past(parts: Parts, directions: DirectionColumn, gap: NumberColumn) -> ShiftColumn:
    """{0}, to leave a gap of {1} behind it."""
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
    """To line up its {1} with that of {0}."""
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
    """To the opposite side of {0}, as far as it is away."""
    return _middles(parts, part)
