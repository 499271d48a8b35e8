"""Links: areas between a part and another part."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.kernels.scenery.reaching import ANY, BLANK, connect_corners
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import Area, AreaColumn, PartColumn, term
from arcsolve.dsl.rules.vocabulary.regions import collect
from arcsolve.dsl.values import Flags, Integers


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
    """The cells between it and {0}, over the rows or columns that they share."""
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
    """The background cells of the box around it and {0}."""
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
    """The cells on the diagonal between it and {0}, if both are single cells."""
    return _connect(parts, part, 0)


@term(cost=1.1)
def row_then_col(parts: Parts, part: PartColumn) -> AreaColumn:
    """The way to {0} along its row and then along a column, if both are single cells."""
    return _connect(parts, part, 1)


@term(cost=1.1)
def col_then_row(parts: Parts, part: PartColumn) -> AreaColumn:
    """The way to {0} along its column and then along a row, if both are single cells."""
    return _connect(parts, part, 2)
