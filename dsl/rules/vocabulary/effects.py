"""Effects: the cells that a rule paints, with their colors."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.kernels.scenery.placing import (
    mirror_cells,
    reflect_cells,
    shift_cells,
    turn_cells,
)
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import (
    Area,
    AreaColumn,
    Choice,
    ColorColumn,
    DirectionColumn,
    PartColumn,
    ShiftColumn,
    StrokeColumn,
    Strokes,
    term,
)
from arcsolve.dsl.rules.vocabulary.regions import itself, keep, rows_of
from arcsolve.dsl.values import Integers


class Symmetry(Choice):
    """A symmetry of the square."""

    COLS = ("left_right", 0.4, "mirrored left to right")
    ROWS = ("top_bottom", 0.4, "mirrored top to bottom")
    HALF = ("half_turn", 0.4, "turned by 180 degrees")
    DIAGONAL = ("transposed", 0.4)
    RIGHT = ("quarter_turn_right", 0.4, "turned clockwise")
    LEFT = ("quarter_turn_left", 0.4, "turned counterclockwise")


class Mirror(Choice):
    """The line or point of another part over which a part is mirrored."""

    COLS = ("over_middle_col", 0.5, "over the middle column")
    ROWS = ("over_middle_row", 0.5, "over the middle row")
    BOTH = ("over_middle", 0.5, "over the middle")
    ALL = ("over_middle_in_all_ways", 0.5, "in all ways over the middle")
    NEAR = ("over_near_side", 0.6, "over the near side")
    FAR = ("over_far_side", 0.6, "over the far side")


_IMAGES = {
    Mirror.COLS: 1, Mirror.ROWS: 2, Mirror.BOTH: 4, Mirror.ALL: 7, Mirror.NEAR: 4, Mirror.FAR: 4,
}  # fmt: skip
_SYMMETRIES = {
    Symmetry.COLS: 1, Symmetry.ROWS: 2, Symmetry.HALF: 3, Symmetry.DIAGONAL: 4, Symmetry.RIGHT: 5,
    Symmetry.LEFT: 6,
}  # fmt: skip


@term(cost=0.0)
def fill(parts: Parts, area: AreaColumn, color: ColorColumn) -> StrokeColumn:
    """Paint {0} in {1}.

    >>> paint("(fill itself 3)", "1102", "(has color 2)")
    Grid('1103')
    """
    colors = color[rows_of(area)]
    known = keep(area, colors >= 0)
    return Strokes(known.offsets, known.places, colors[colors >= 0].astype(np.uint8))


def _shifted(parts: Parts, shift: Integers, repeat: bool) -> Strokes:
    return Strokes(*shift_cells(parts.board, parts.outline, parts.index, shift, repeat))


def erase_itself(parts: Parts, strokes: Strokes) -> Strokes:
    """Return the strokes with the cells of the parts that paint something erased."""
    area = itself(parts)
    moving = np.diff(strokes.offsets) > 0
    return strokes._replace(erased=keep(area, moving[rows_of(area)]))


@term(cost=0.5)
def move(parts: Parts, shift: ShiftColumn) -> StrokeColumn:
    """Move it {0}.

    >>> paint("(move (by right 2))", "1000")
    Grid('0010')
    """
    return erase_itself(parts, _shifted(parts, shift, False))


@term(cost=0.7)
def copy(parts: Parts, shift: ShiftColumn) -> StrokeColumn:
    """Copy it {0}.

    >>> paint("(copy (by right 2))", "1000")
    Grid('1010')
    """
    return _shifted(parts, shift, False)


@term(cost=0.9)
def repeat(parts: Parts, shift: ShiftColumn) -> StrokeColumn:
    """Copy it {0}, again and again.

    >>> paint("(repeat (by right 2))", "1000000")
    Grid('1010101')
    """
    return _shifted(parts, shift, True)


@term(cost=1.1)
def shifted(parts: Parts, shift: ShiftColumn) -> AreaColumn:
    """Its cells, moved {0}.

    >>> paint("(fill (shifted (by right 2)) 5)", "1000")
    Grid('1050')
    """
    return Area(*_shifted(parts, shift, False)[:2])


@term(cost=1.2)
def repeated(parts: Parts, shift: ShiftColumn) -> AreaColumn:
    """Its cells, moved {0} again and again.

    >>> paint("(fill (repeated (by right 2)) 5)", "1000000")
    Grid('1050505')
    """
    return Area(*_shifted(parts, shift, True)[:2])


@term(cost=1.0)
def mirror(parts: Parts, directions: DirectionColumn) -> StrokeColumn:
    """Mirror it {0} over the edge of its box.

    >>> paint("(mirror right)", "11100/10000")
    Grid('11111/10000')
    """
    return Strokes(*mirror_cells(parts.board, parts.outline, parts.index, directions))


@term(cost=1.2)
def mirror_away(parts: Parts, directions: DirectionColumn) -> StrokeColumn:
    """Flip it {0} over the edge of its box.

    >>> paint("(mirror_away right)", "110000/100000")
    Grid('001100/000100')
    """
    return erase_itself(parts, mirror(parts, directions))


@term(cost=1.2)
def mirrored(parts: Parts, directions: DirectionColumn) -> AreaColumn:
    """Its cells, mirrored {0} over the edge of its box.

    >>> paint("(fill (mirrored right) 5)", "110000/100000")
    Grid('115500/100500')
    """
    return Area(*mirror(parts, directions)[:2])


def _mirror_sums(parts: Parts, part: Integers, mirror: Mirror) -> Integers:
    """Return the sums of a cell's old and new row and column (row, 2), -1 for no new one."""
    other = parts.neighbors.outline.boxes
    if not len(other):
        return np.full((len(parts), 2), -1)
    start, end = other[part, :2], other[part, 2:]
    sums = start + end
    if mirror in (Mirror.NEAR, Mirror.FAR):
        own = parts.outline.boxes[parts.index]
        middle = own[:, :2] + own[:, 2:]
        before = middle < sums
        sums = 2 * np.where(before == (mirror is Mirror.NEAR), start, end)
        apart = np.abs(middle - start - end)
        sums = np.where(apart == apart.max(axis=1, keepdims=True), sums, -1)
    return np.where(part[:, np.newaxis] >= 0, sums, -1)


@term(cost=0.8)
def reflect(parts: Parts, part: PartColumn, mirror: Mirror) -> StrokeColumn:
    """Mirror it {1} of {0}.

    >>> paint("(reflect largest over_middle_col)", "00102220000/00002220000", "(has color 1)")
    Grid('00102220100/00002220000')
    """
    sums, images = _mirror_sums(parts, part, mirror), _IMAGES[mirror]
    return Strokes(*reflect_cells(parts.board, parts.outline, parts.index, sums, images))


@term(cost=0.9)
def reflect_away(parts: Parts, part: PartColumn, mirror: Mirror) -> StrokeColumn:
    """Flip it {1} of {0}.

    >>> effect = "(reflect_away largest over_middle_col)"
    >>> paint(effect, "00102220000/00002220000", "(has color 1)")
    Grid('00002220100/00002220000')
    """
    return erase_itself(parts, reflect(parts, part, mirror))


@term(cost=0.8)
def turn(parts: Parts, symmetry: Symmetry) -> StrokeColumn:
    """Redraw it in its box, {0}.

    >>> paint("(turn left_right)", "110/100")
    Grid('110/010')
    """
    cells = turn_cells(parts.board, parts.outline, parts.index, _SYMMETRIES[symmetry])
    return erase_itself(parts, Strokes(*cells))
