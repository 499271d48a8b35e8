"""Casting: areas on rays that start at a part."""

from __future__ import annotations

from functools import partial

import numpy as np

from arcsolve.dsl.kernels.scenery.reaching import (
    BLOCKED,
    CENTER,
    CORNER,
    FACE,
    HIT,
    MIDDLE,
    OVER,
    TIP,
    UNDER,
    cast_rays,
    find_contacts,
)
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import Area, AreaColumn, Choice, DirectionColumn, NumberColumn, term
from arcsolve.dsl.values import Integers


class Start(Choice):
    """Where rays start."""

    FACE = ("its_cells", 0.2)
    CENTER = ("middle_of_side", 0.5)
    CORNER = ("corner", 0.5)
    MIDDLE = ("middle", 0.6)
    TIP = ("minor_cells", 0.6)


class Meeting(Choice):
    """What rays do about the cells in their way."""

    UNDER = ("below", 0.3)
    OVER = ("above", 0.3)
    BLOCKED = ("until", 0.3)
    HIT = ("only_until", 0.4)


_STARTS = {
    Start.FACE: FACE, Start.CENTER: CENTER, Start.CORNER: CORNER, Start.MIDDLE: MIDDLE,
    Start.TIP: TIP,
}  # fmt: skip
_MEETINGS = {
    Meeting.UNDER: UNDER, Meeting.OVER: OVER, Meeting.BLOCKED: BLOCKED, Meeting.HIT: HIT,
}  # fmt: skip


def _cast(
    parts: Parts, directions: Integers, start: Start, meeting: Meeting, limits: Integers
) -> Area:
    cast = partial(cast_rays, parts.board, parts.outline, parts.index, parts.minor)
    return Area(*cast(directions, _STARTS[start], _MEETINGS[meeting], limits))


@term(cost=0.6)
def ray(parts: Parts, directions: DirectionColumn, start: Start, meeting: Meeting) -> AreaColumn:
    """Rays from {1}, {0}, {2} other cells."""
    return _cast(parts, directions, start, meeting, np.full(len(parts), -1))


@term(cost=0.7)
def steps(
    parts: Parts, directions: DirectionColumn, start: Start, number: NumberColumn
) -> AreaColumn:
    """The background among the first {2} cells of rays from {1}, {0}."""
    return _cast(parts, directions, start, Meeting.UNDER, np.maximum(number, 0))


@term(cost=0.9)
def contact(parts: Parts, directions: DirectionColumn, start: Start) -> AreaColumn:
    """The first cells that rays from {1}, {0}, meet."""
    find = partial(find_contacts, parts.board, parts.outline, parts.index, parts.minor)
    return Area(*find(directions, _STARTS[start], False))


@term(cost=0.9)
def before_contact(parts: Parts, directions: DirectionColumn, start: Start) -> AreaColumn:
    """The last cells of rays from {1}, {0}, before they meet another cell."""
    find = partial(find_contacts, parts.board, parts.outline, parts.index, parts.minor)
    return Area(*find(directions, _STARTS[start], True))
