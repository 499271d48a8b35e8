"""Completing: a part is a template, and its body is drawn where its marker cells stand."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.kernels.scenery.templates import CUT, FREE, MET, complete_templates
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import Choice, ColorColumn, StrokeColumn, Strokes, term
from arcsolve.dsl.rules.vocabulary.effects import erase_itself
from arcsolve.dsl.values import Integers


class Turning(Choice):
    """The symmetries of the square under which a template matches."""

    NONE = ("as_it_is", 0.0, "")
    ANY = ("turned", 0.2, "even turned or mirrored")
    COLS = ("mirrored_left_right", 0.2, "even mirrored left to right")
    ROWS = ("mirrored_top_bottom", 0.2, "even mirrored top to bottom")


class Scaling(Choice):
    """The sizes in which a template matches."""

    NONE = ("in_its_size", 0.0, "")
    FOUR = ("enlarged", 0.3, "even enlarged")


class Way(Choice):
    """The cells that the body of a template may cover."""

    FREE = ("on_background", 0.0, "on background")
    CUT = ("cut_at_border", 0.2, "cut off at the border")
    MET = ("in_color_met", 0.4, "in the color that it covers")


class Afterwards(Choice):
    """The fate of the template after its copies are drawn."""

    STAY = ("stays", 0.0, "")
    VANISH = ("vanishes", 0.1, "and then erase it")


_TURNINGS = {Turning.NONE: 1, Turning.ANY: 255, Turning.COLS: 1 << 1, Turning.ROWS: 1 << 2}
_SCALINGS = {Scaling.NONE: 1, Scaling.FOUR: 4}
_WAYS = {Way.FREE: FREE, Way.CUT: CUT, Way.MET: MET}


def _complete(
    parts: Parts, markers: Integers, turning: Turning, scaling: Scaling, way: Way, end: Afterwards
) -> Strokes:
    """Return the missing bodies for markers, a bit set of colors for each row."""
    turns, scales, ways = _TURNINGS[turning], _SCALINGS[scaling], _WAYS[way]
    strokes = Strokes(
        *complete_templates(parts.board, parts.outline, parts.index, markers, turns, scales, ways)
    )
    return erase_itself(parts, strokes) if end is Afterwards.VANISH else strokes


def _color_bits(parts: Parts) -> Integers:
    """Return the colors of each part as a bit set."""
    return (parts.color_counts > 0) @ (1 << np.arange(NUM_COLORS))


def _lesser_bits(parts: Parts) -> Integers:
    """Return for each part the colors of the smaller parts of fewer colors in its grid."""
    colors, bits = parts.colors, _color_bits(parts)
    shared = np.zeros(len(parts), np.int64)
    for grid in range(len(parts.board.heights)):
        rows = np.flatnonzero(parts.grid == grid)
        size, count = parts.size[rows], colors[rows]
        lesser = (size < size[:, np.newaxis]) & (count < count[:, np.newaxis])
        shared[rows] = np.bitwise_or.reduce(np.where(lesser, bits[rows], 0), axis=1, initial=0)
    return shared


@term(cost=1.2)
def complete(
    parts: Parts, turning: Turning, scaling: Scaling, way: Way, end: Afterwards
) -> StrokeColumn:
    """Draw it wherever its cells in colors of lesser parts stand again, {0}, {1}, {2}, {3}.

    Lesser parts have fewer cells and fewer colors.

    >>> effect = "(complete as_it_is in_its_size on_background stays)"
    >>> paint(effect, "20000/33020/04000/00004", partition="blobs_8")
    Grid('20000/33020/04033/00004')
    """
    bits = parts.base.remember("lesser_bits", lambda: _lesser_bits(parts.base))
    return _complete(parts, bits[parts.index], turning, scaling, way, end)


@term(cost=1.3)
def complete_main(
    parts: Parts, turning: Turning, scaling: Scaling, way: Way, end: Afterwards
) -> StrokeColumn:
    """Draw it wherever its cells outside its commonest color stand again, {0}, {1}, {2}, {3}.

    >>> effect = "(complete_main as_it_is in_its_size on_background stays)"
    >>> paint(effect, "20000/33020/04000/00004", partition="blobs_8")
    Grid('20000/33020/04033/00004')
    """
    bits = _color_bits(parts.base)[parts.index] & ~(1 << parts.color)
    return _complete(parts, bits, turning, scaling, way, end)


@term(cost=1.1)
def complete_at(
    parts: Parts, color: ColorColumn, turning: Turning, scaling: Scaling, way: Way, end: Afterwards
) -> StrokeColumn:
    """Draw it wherever its cells of color {0} stand again, {1}, {2}, {3}, {4}.

    >>> effect = "(complete_at 2 as_it_is in_its_size on_background stays)"
    >>> paint(effect, "23000/03000/00000/02000/00000", partition="blobs_8")
    Grid('23000/03000/00000/02300/00300')
    """
    bits = np.where(color >= 0, 1 << np.maximum(color, 0), 0)
    return _complete(parts, bits, turning, scaling, way, end)
