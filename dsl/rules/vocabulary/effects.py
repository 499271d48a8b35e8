"""Effects: the cells that a rule paints, with their colors."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.kernels.scenery.placing import mirror_cells, shift_cells, turn_cells
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import (
    Area,
    AreaColumn,
    Choice,
    ColorColumn,
    DirectionColumn,
    ShiftColumn,
    StrokeColumn,
    Strokes,
    term,
)
from arcsolve.dsl.rules.vocabulary.regions import itself, keep, rows_of
from arcsolve.dsl.values import Integers


class Symmetry(Choice):
    """A symmetry of the square."""

    COLS = ("left_right", 0.4)
    ROWS = ("top_bottom", 0.4)
    HALF = ("half_turn", 0.4)
    DIAGONAL = ("transposed", 0.4)
    RIGHT = ("quarter_turn_right", 0.4)
    LEFT = ("quarter_turn_left", 0.4)


_SYMMETRIES = {
    Symmetry.COLS: 1, Symmetry.ROWS: 2, Symmetry.HALF: 3, Symmetry.DIAGONAL: 4, Symmetry.RIGHT: 5,
    Symmetry.LEFT: 6,
}  # fmt: skip


@term(cost=0.0)
def fill(parts: Parts, area: AreaColumn, color: ColorColumn) -> StrokeColumn:
    """Paint in {1} {0}."""
    colors = color[rows_of(area)]
    known = keep(area, colors >= 0)
    return Strokes(known.offsets, known.places, colors[colors >= 0].astype(np.uint8))


def _shifted(parts: Parts, shift: Integers, repeat: bool) -> Strokes:
    return Strokes(*shift_cells(parts.board, parts.outline, parts.index, shift, repeat))


def _erase_moving(parts: Parts, strokes: Strokes) -> Strokes:
    """Return the strokes with the cells of the parts that paint something erased."""
    area = itself(parts)
    moving = np.diff(strokes.offsets) > 0
    return strokes._replace(erased=keep(area, moving[rows_of(area)]))


@term(cost=0.5)
def move(parts: Parts, shift: ShiftColumn) -> StrokeColumn:
    """Move it {0}."""
    return _erase_moving(parts, _shifted(parts, shift, False))


@term(cost=0.7)
def copy(parts: Parts, shift: ShiftColumn) -> StrokeColumn:
    """Copy it {0}."""
    return _shifted(parts, shift, False)


@term(cost=0.9)
def repeat(parts: Parts, shift: ShiftColumn) -> StrokeColumn:
    """Copy it {0} again and again."""
    return _shifted(parts, shift, True)


@term(cost=1.1)
def shifted(parts: Parts, shift: ShiftColumn) -> AreaColumn:
    """Its cells, moved {0}."""
    return Area(*_shifted(parts, shift, False)[:2])


@term(cost=1.2)
def repeated(parts: Parts, shift: ShiftColumn) -> AreaColumn:
    """Its cells, moved {0} again and again."""
    return Area(*_shifted(parts, shift, True)[:2])


@term(cost=1.0)
def mirror(parts: Parts, directions: DirectionColumn) -> StrokeColumn:
    """Mirror it over the side of its box, {0}."""
    return Strokes(*mirror_cells(parts.board, parts.outline, parts.index, directions))


@term(cost=1.2)
def mirror_away(parts: Parts, directions: DirectionColumn) -> StrokeColumn:
    """Fold it over the side of its box, {0}."""
    return _erase_moving(parts, mirror(parts, directions))


@term(cost=1.2)
def mirrored(parts: Parts, directions: DirectionColumn) -> AreaColumn:
    """Its cells, mirrored over the side of its box, {0}."""
    return Area(*mirror(parts, directions)[:2])


@term(cost=0.8)
def turn(parts: Parts, symmetry: Symmetry) -> StrokeColumn:
    """Turn it in its box: {0}."""
    cells = turn_cells(parts.board, parts.outline, parts.index, _SYMMETRIES[symmetry])
    return _erase_moving(parts, Strokes(*cells))
