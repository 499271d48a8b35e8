"""Restoring: what the regularity of the whole grid tells about the cells of a part."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.kernels.scenery.regularities import restore_cells, restore_grid
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import Choice, FlagColumn, NewGrids, StrokeColumn, Strokes, term
from arcsolve.dsl.values import Cells, Integers


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


@term(cost=0.4)
def show_restored(parts: Parts, flag: FlagColumn, regularity: Regularity) -> NewGrids:
    """The content of the box of the part {0}, as the {1} of the rest of the grid tells it.

    Parts whose box it does not tell are left out. Several such parts must look the same.

    >>> make("(show_restored (has color 5) symmetry)", "1221/3443/3553/1221")
    Grid('44')
    """
    return [
        _show_told(parts, np.flatnonzero(flag & (parts.grid == number)), regularity)
        for number in range(len(parts.scene.grids))
    ]


def _show_told(parts: Parts, chosen: Integers, regularity: Regularity) -> Cells | None:
    """Return the content of the boxes of some parts of one grid, None if there are several."""
    told: dict[bytes, Cells] = {}
    for part in chosen:
        restored = restore_grid(
            parts.board, parts.grid[part], parts.color[part], regularity is Regularity.PERIOD
        )
        rows = slice(parts.top[part], parts.bottom[part] + 1)
        box = restored[rows, parts.left[part] : parts.right[part] + 1]
        if (box >= 0).all():
            told[box.shape[0].to_bytes() + box.tobytes()] = box.astype(np.uint8)
    return next(iter(told.values())) if len(told) == 1 else None
