"""Lattices: the periods of a pattern in two dimensions, found from the cells that are known.

A lattice is (height, width, shift): cells a `width` apart in a row are equal, and so are a cell
and the one `height` rows below and `shift` columns to the right. Any doubly periodic pattern of
whole cells has such a lattice (the Hermite normal form of its period matrix).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dsl.jit import helper
from dsl.kernels import blank, nothing

__all__ = ["UNKNOWN", "completed_period", "find_lattice", "lattice_tile", "with_unknown"]

UNKNOWN = 255  # a cell of a working copy whose color is not known; no color is as large


@helper
def with_unknown(grid: Any, color: int) -> Any:
    """A working copy in which the cells of this color are UNKNOWN."""
    known = grid.copy()
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if grid[row, col] == color:
                known[row, col] = UNKNOWN
    return known


@helper
def lattice_tile(known: Any, height: int, width: int, shift: int) -> Any:
    """The colors of one period, UNKNOWN where no cell shows; empty if two cells clash."""
    tile = np.full((height, width), UNKNOWN, np.uint8)
    for row in range(known.shape[0]):
        offset = shift * (row // height)
        for col in range(known.shape[1]):
            color = known[row, col]
            if color == UNKNOWN:
                continue
            place = (col - offset) % width
            if tile[row % height, place] == UNKNOWN:
                tile[row % height, place] = color
            elif tile[row % height, place] != color:
                return blank(0, 0)
    return tile


@helper
def find_lattice(known: Any, max_shift: int, max_area: int) -> tuple[int, int, int]:
    """The lattice of the smallest area whose tile no two known cells contradict and all show.

    Of equal areas the lowest, then the least shifted. Shifts up to `max_shift` are tried.
    (0, 0, 0) if there is none up to this area.
    """
    rows, cols = known.shape
    for area in range(1, max_area + 1):
        for height in range(1, min(area, rows) + 1):
            width = area // height
            if width * height != area or width > cols:
                continue
            for shift in range(min(width, max_shift + 1)):
                tile = lattice_tile(known, height, width, shift)
                if tile.size > 0 and tile.max() != UNKNOWN:
                    return height, width, shift
    return 0, 0, 0


@helper
def with_tile(grid: Any, known: Any, tile: Any, shift: int) -> Any:
    """A copy of the grid with the cells UNKNOWN in `known` taken from the tile."""
    filled = grid.copy()
    height, width = tile.shape
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if known[row, col] == UNKNOWN:
                filled[row, col] = tile[row % height, (col - shift * (row // height)) % width]
    return filled


@helper
def completed_period(grid: Any, color: int) -> Any:
    """The grid with the cells of a color filled in by its period; `nothing` if none is shown.

    The period must show at least twice on average: its area is at most half of the known cells.
    """
    known = with_unknown(grid, color)
    unknown = np.count_nonzero(grid == color)
    if unknown == 0 or unknown == grid.size:
        return nothing()
    height, width, shift = find_lattice(known, grid.shape[1], (grid.size - unknown) // 2)
    if height * width < 2:
        return nothing()
    return with_tile(grid, known, lattice_tile(known, height, width, shift), shift)
