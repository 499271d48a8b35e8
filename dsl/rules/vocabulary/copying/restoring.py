"""Restoring: what the regularity of the whole grid tells about the cells of a part."""

from __future__ import annotations

from arcsolve.dsl.kernels.scenery.regularities import restore_cells
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import Choice, StrokeColumn, Strokes, term


class Regularity(Choice):
    """The regularity that the rest of the grid has."""

    PERIOD = ("period", 0.3)
    MIRROR = ("symmetry", 0.3)


@term(cost=0.6)
def restore(parts: Parts, regularity: Regularity) -> StrokeColumn:
    """Replace it by what the {0} of the rest of the grid tells.

    >>> paint("(restore period)", "121212/212121/125512/212121/121212", "(has color 5)")
    Grid('121212/212121/121212/212121/121212')
    """
    periods = regularity is Regularity.PERIOD
    return Strokes(*restore_cells(parts.board, parts.outline, parts.index, parts.color, periods))
