"""Stamping: a part is drawn again at other parts of its grid, its markers."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.kernels.scenery.stamps import (
    BOTTOM_LEFT,
    BOTTOM_RIGHT,
    MIDDLE,
    SAME,
    TOP_LEFT,
    TOP_RIGHT,
    draw_stamps,
)
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import Choice, StrokeColumn, Strokes, term
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
    TOP_LEFT = ("top_left", 0.7, "with its top left corner there")
    TOP_RIGHT = ("top_right", 0.9, "with its top right corner there")
    BOTTOM_LEFT = ("bottom_left", 0.9, "with its bottom left corner there")
    BOTTOM_RIGHT = ("bottom_right", 0.9, "with its bottom right corner there")


class Recolor(Choice):
    """The cells of the copy that get the color of the marker."""

    NONE = ("no_cells", 0.1, "")
    ALL = ("all_cells", 0.4, "in their color")


class Covering(Choice):
    """The cells that a copy covers."""

    OVER = ("over_others", 0.1, "over other cells")
    BLANK = ("on_background", 0.2, "only on background")


ANCHORS = {
    Anchor.MIDDLE: MIDDLE, Anchor.SAME: SAME, Anchor.TOP_LEFT: TOP_LEFT,
    Anchor.TOP_RIGHT: TOP_RIGHT, Anchor.BOTTOM_LEFT: BOTTOM_LEFT,
    Anchor.BOTTOM_RIGHT: BOTTOM_RIGHT,
}  # fmt: skip


def first_markers(markers: Parts) -> Integers:
    """Return the number of the first marker of each grid, and the end."""
    return np.searchsorted(markers.grid, np.arange(len(markers.board.heights) + 1))


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
    shown = parts.scene.parts(MARKERS)
    strokes = Strokes(
        *draw_stamps(
            parts.board, parts.outline, parts.index, shown.outline, first_markers(shown),
            markers is Markers.SINGLE, ANCHORS[anchor], recolor is Recolor.ALL,
            covering is Covering.BLANK,
        )
    )  # fmt: skip
    return erase_itself(parts, strokes) if end is Afterwards.VANISH else strokes
