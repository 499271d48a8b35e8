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

__all__ = [
    "UNKNOWN",
    "completed_period",
    "find_lattice",
    "is_mostly_zero",
    "lattice_tile",
    "with_unknown",
]

MAX_TILE = 100  # cells of a slanting tile; a bound on the search, which is quadratic in it
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
def differ(known: Any, row: int, col: int, other_row: int, other_col: int) -> bool:
    """Whether two cells are known and unlike; a second cell outside of the grid is not known."""
    if other_row >= known.shape[0] or other_col >= known.shape[1]:
        return False
    color, other = known[row, col], known[other_row, other_col]
    return color != other and color != UNKNOWN and other != UNKNOWN


@helper
def clashes(known: Any, height: int, width: int, shift: int) -> bool:
    """Whether two known cells one step of the lattice apart differ: a quick test, not complete."""
    for row in range(known.shape[0]):
        for col in range(known.shape[1]):
            if differ(known, row, col, row, col + width):
                return True
            if differ(known, row, col, row + height, col + shift):
                return True
    return False


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
                if clashes(known, height, width, shift):
                    continue
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
def is_mostly_zero(grid: Any) -> bool:
    """Whether more than half of the cells are 0: then a hidden part of a pattern is unlikely."""
    return 2 * np.count_nonzero(grid) < grid.size


@helper
def completed_period(grid: Any, color: int) -> Any:
    """The grid with the cells of a color filled in by its period; `nothing` if none is shown.

    The period must show at least twice on average: its area is at most half of the known cells,
    and at most MAX_TILE. A quarter of the cells must show, and half must not be 0 (unless 0 is
    filled in): sparse grids agree with many periods, and are the slowest to search.
    """
    known = with_unknown(grid, color)
    shown = np.count_nonzero(grid != color)
    if 4 * shown < grid.size or shown == grid.size:
        return nothing()
    if color > 0 and is_mostly_zero(grid):
        return nothing()
    height, width, shift = find_lattice(known, grid.shape[1], min(shown // 2, MAX_TILE))
    if height * width < 2:
        return nothing()
    return with_tile(grid, known, lattice_tile(known, height, width, shift), shift)
