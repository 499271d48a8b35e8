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

    FACE = ("its_cells", 0.2, "its cells")
    CENTER = ("middle_of_side", 0.5, "the middle of its side")
    CORNER = ("corner", 0.5, "its corner")
    MIDDLE = ("middle", 0.6, "its middle")
    TIP = ("minor_cells", 0.6, "its cells in its rarest color")


class Meeting(Choice):
    """The reaction of rays to the cells in their way."""

    UNDER = ("below", 0.3, "under other cells")
    OVER = ("above", 0.3, "over other cells")
    BLOCKED = ("until", 0.3, "as far as other cells or the border")
    HIT = ("only_until", 0.4, "as far as other cells")


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
    """The rays {0} from {1}, {2}.

    >>> paint("(fill (ray right its_cells until) 5)", "10020")
    Grid('15525')
    """
    return _cast(parts, directions, start, meeting, np.full(len(parts), -1))


@term(cost=0.7)
def steps(
    parts: Parts, directions: DirectionColumn, start: Start, number: NumberColumn
) -> AreaColumn:
    """The background cells on the rays {0} from {1}, whose length is {2}.

    >>> paint("(fill (steps right its_cells 2) 5)", "10000")
    Grid('15500')
    """
    return _cast(parts, directions, start, Meeting.UNDER, np.maximum(number, 0))


@term(cost=0.9)
def contact(parts: Parts, directions: DirectionColumn, start: Start) -> AreaColumn:
    """The first cells that rays {0} from {1} meet.

    >>> paint("(fill (contact right its_cells) 5)", "100200", "(has color 1)")
    Grid('100500')
    """
    find = partial(find_contacts, parts.board, parts.outline, parts.index, parts.minor)
    return Area(*find(directions, _STARTS[start], False))


@term(cost=0.9)
def before_contact(parts: Parts, directions: DirectionColumn, start: Start) -> AreaColumn:
    """The last cells of rays {0} from {1} before they meet other cells.

    >>> paint("(fill (before_contact right its_cells) 5)", "100200")
    Grid('105200')
    """
    find = partial(find_contacts, parts.board, parts.outline, parts.index, parts.minor)
    return Area(*find(directions, _STARTS[start], True))
