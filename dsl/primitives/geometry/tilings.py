"""Tilings: copies of a grid, mirrored or turned from one to the next."""

from __future__ import annotations

from typing import Any

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import blank, nothing, too_large
from arcsolve.dsl.laws import COMMUTES_WITH_SYMMETRIES, KEEPS_COLORS, RECOLORS_ALIKE
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Count

__all__ = [
    "kaleidoscope",
    "tile_alternating",
    "tile_mirrored",
]


@helper
def mirrored_tiles(grid: Any, rows: int, cols: int, mirror_rows: int, mirror_cols: int) -> Any:
    """rows x cols copies; the tile at (i, j) is mirrored by the bits of the two masks.

    Bit 0 of `mirror_rows` says that odd tile rows are upside down, bit 1 that odd tile columns
    are; `mirror_cols` says the same about left and right.
    """
    height, width = grid.shape
    if rows < 1 or cols < 1 or too_large(height * rows, width * cols):
        return nothing()
    result = blank(height * rows, width * cols)
    for row in range(height * rows):
        for col in range(width * cols):
            odd = (row // height) % 2 + 2 * ((col // width) % 2)
            r, c = row % height, col % width
            r = height - 1 - r if (odd & mirror_rows) in (1, 2) else r
            c = width - 1 - c if (odd & mirror_cols) in (1, 2) else c
            result[row, col] = grid[r, c]
    return result


@primitive(cost=3, laws=(KEEPS_COLORS, RECOLORS_ALIKE))
def tile_mirrored(grid: Cells, count: Count) -> Cells:
    """count x count copies, each one the mirror image of its neighbors.

    >>> tile_mirrored("12", 2)
    Grid('1221/1221')
    """
    return mirrored_tiles(grid, count, count, 1, 2) if count > 1 else nothing()


@primitive(cost=3, laws=(KEEPS_COLORS, RECOLORS_ALIKE))
def tile_alternating(grid: Cells, count: Count) -> Cells:
    """count x count copies; every second row of copies is mirrored left to right.

    >>> tile_alternating("12", 2)
    Grid('1212/2121')
    """
    return mirrored_tiles(grid, count, count, 0, 1) if count > 1 else nothing()


@primitive(cost=3, laws=(KEEPS_COLORS, RECOLORS_ALIKE, *COMMUTES_WITH_SYMMETRIES))
def kaleidoscope(grid: Cells) -> Cells:
    """3 x 3 copies, each one the mirror image of its neighbors, the grid itself in the middle.

    >>> kaleidoscope("12")
    Grid('211221/211221/211221')
    """
    return mirrored_tiles(grid[::-1, ::-1].copy(), 3, 3, 1, 2)
