"""Stamping: a part is drawn again at other parts of its grid, its markers."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.kernels.scenery.stamps import (
    ABOVE,
    ALL,
    ANY_MARKER,
    AS_IS,
    BELOW,
    BLANK,
    BOTTOM_LEFT,
    BOTTOM_RIGHT,
    KEEP,
    LEFT_OF,
    MAIN,
    MIDDLE,
    MINOR,
    NO_MARKER,
    OVER,
    RAREST,
    RIGHT_OF,
    SAME,
    SINGLE,
    TOP_LEFT,
    TOP_RIGHT,
    draw_stamps,
)
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import Choice, ColorColumn, StrokeColumn, Strokes, term
from arcsolve.dsl.rules.vocabulary.copying.completing import Afterwards
from arcsolve.dsl.rules.vocabulary.effects import erase_itself
from arcsolve.dsl.values import Integers

MARKERS = "objects_8"  # the partition whose parts are markers


class Markers(Choice):
    """The parts at which a part is drawn."""

    SINGLE = ("single_cells", 0.5, "all single cells")
    OTHERS = ("other_parts", 0.6, "all other parts")


class Anchor(Choice):
    """The place of the copy at its marker."""

    MIDDLE = ("middle", 0.3, "with its middle there")
    SAME = ("cell_of_same_color", 0.3, "with its cell of their color there")
    MINOR = ("cell_of_rarest_color", 0.5, "with its cell in its rarest color there")
    TOP_LEFT = ("top_left", 0.7, "with its top left corner there")
    TOP_RIGHT = ("top_right", 0.9, "with its top right corner there")
    BOTTOM_LEFT = ("bottom_left", 0.9, "with its bottom left corner there")
    BOTTOM_RIGHT = ("bottom_right", 0.9, "with its bottom right corner there")
    ABOVE = ("above", 0.9, "right above them")
    BELOW = ("below", 0.9, "right below them")
    LEFT_OF = ("left_of", 0.9, "right to their left")
    RIGHT_OF = ("right_of", 0.9, "right to their right")


class Recolor(Choice):
    """The cells of the copy that get the color of the marker."""

    NONE = ("no_cells", 0.1, "")
    ALL = ("all_cells", 0.4, "in their color")
    MAIN = ("main_cells", 0.5, "with their color in place of its commonest color")
    MINOR = ("minor_cells", 0.6, "with their color in place of its rarest color")


class Covering(Choice):
    """The cells that a copy covers."""

    OVER = ("over_others", 0.1, "over other cells")
    BLANK = ("on_background", 0.2, "only on background")
    KEEP = ("around_marker", 0.3, "but not over them")


WANTED = {Markers.SINGLE: SINGLE, Markers.OTHERS: ANY_MARKER}
ANCHORS = {
    Anchor.MIDDLE: MIDDLE, Anchor.SAME: SAME, Anchor.MINOR: MINOR, Anchor.TOP_LEFT: TOP_LEFT,
    Anchor.TOP_RIGHT: TOP_RIGHT, Anchor.BOTTOM_LEFT: BOTTOM_LEFT,
    Anchor.BOTTOM_RIGHT: BOTTOM_RIGHT, Anchor.ABOVE: ABOVE, Anchor.BELOW: BELOW,
    Anchor.LEFT_OF: LEFT_OF, Anchor.RIGHT_OF: RIGHT_OF,
}  # fmt: skip
_RECOLORS = {Recolor.NONE: AS_IS, Recolor.ALL: ALL, Recolor.MAIN: MAIN, Recolor.MINOR: RAREST}
_COVERINGS = {Covering.OVER: OVER, Covering.BLANK: BLANK, Covering.KEEP: KEEP}


def first_markers(markers: Parts) -> Integers:
    """Return the number of the first marker of each grid, and the end."""
    return np.searchsorted(markers.grid, np.arange(len(markers.board.heights) + 1))


def _stamp(
    parts: Parts,
    wanted: Integers,
    anchor: Anchor,
    recolor: Recolor,
    covering: Covering,
    end: Afterwards,
) -> Strokes:
    """Return the copies at the wanted markers, which are numbers for each row."""
    markers = parts.scene.parts(MARKERS)
    choices = ANCHORS[anchor], _RECOLORS[recolor], _COVERINGS[covering]
    own = parts.board, parts.outline, parts.index, parts.minor, parts.color
    strokes = Strokes(*draw_stamps(*own, markers.outline, first_markers(markers), wanted, *choices))
    return erase_itself(parts, strokes) if end is Afterwards.VANISH else strokes


@term(cost=1.0)
def stamp(
    parts: Parts,
    markers: Markers,
    anchor: Anchor,
    recolor: Recolor,
    covering: Covering,
    end: Afterwards,
) -> StrokeColumn:
    """Draw it at {0}, {1}, {2}, {3}, {4}.

    >>> effect = "(stamp single_cells middle all_cells over_others stays)"
    >>> paint(effect, "0100000/1110000/0100040/0000000", "(more size 1)")
    Grid('0100000/1110040/0100444/0000040')
    """
    wanted = np.full(len(parts), WANTED[markers])
    return _stamp(parts, wanted, anchor, recolor, covering, end)


@term(cost=1.2)
def stamp_at(
    parts: Parts,
    color: ColorColumn,
    anchor: Anchor,
    recolor: Recolor,
    covering: Covering,
    end: Afterwards,
) -> StrokeColumn:
    """Draw it at all parts of color {0}, {1}, {2}, {3}, {4}.

    >>> paint("(stamp_at 4 below no_cells over_others stays)", "1110040/0000000", "(has color 1)")
    Grid('1110040/0000111')
    """
    wanted = np.where(color >= 0, color, NO_MARKER)
    return _stamp(parts, wanted, anchor, recolor, covering, end)
