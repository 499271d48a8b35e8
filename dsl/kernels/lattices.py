"""Lattices: the periods of a pattern in two dimensions, found from the cells that are known.

A lattice is (height, width, shift): cells a `width` apart in a row are equal, and so are a cell
and the one `height` rows below and `shift` columns to the right. Any doubly periodic pattern of
whole cells has such a lattice (the Hermite normal form of its period matrix).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import blank, nothing

MAX_TILE = 100  # cells of a slanting tile; a bound on the search, which is quadratic in it
UNKNOWN = 255  # a cell of a working copy whose color is not known; no color is as large


@helper
def hide_color(grid: Any, color: int) -> Any:
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
        line, place = row % height, -shift * (row // height) % width
        for col in range(known.shape[1]):
            color = known[row, col]
            if color != UNKNOWN:
                if tile[line, place] == UNKNOWN:
                    tile[line, place] = color
                elif tile[line, place] != color:
                    return blank(0, 0)
            place = place + 1 if place + 1 < width else 0
    return tile


@helper
def clashes(known: Any, down: int, right: int) -> bool:
    """Whether two known cells that are one such step (neither negative) apart differ."""
    height, width = known.shape
    for row in range(height - down):
        for col in range(width - right):
            color, other = known[row, col], known[row + down, col + right]
            if color != other and color != UNKNOWN and other != UNKNOWN:
                return True
    return False


@helper
def is_shown(known: Any, height: int, width: int, shift: int) -> bool:
    """Whether the tile of this lattice is contradicted by no known cell and all of it shows."""
    tile = lattice_tile(known, height, width, shift)
    return tile.size > 0 and tile.max() != UNKNOWN


@helper
def fitting_widths(known: Any) -> Any:
    """The distances, rising, at which no two known cells of a row differ (int64)."""
    widths, count = np.empty(known.shape[1], np.int64), 0
    for width in range(1, known.shape[1] + 1):
        if not clashes(known, 0, width):
            widths[count] = width
            count += 1
    return widths[:count]


@helper
def find_lattice(known: Any, max_shift: int, max_area: int) -> tuple[int, int, int]:
    """The lattice of the smallest area whose tile no two known cells contradict and all show.

    Of equal areas the lowest, then the least shifted. Shifts up to `max_shift` are tried.
    (0, 0, 0) if there is none up to this area.
    """
    widths = fitting_widths(known)
    best, best_area = (0, 0, 0), max_area + 1
    for height in range(1, known.shape[0] + 1):
        tried = 0
        fits = np.empty(known.shape[1], np.bool_)  # whether a shift, by place, clashes with none
        for width in widths:
            if height * width >= best_area:
                break
            for shift in range(min(width, max_shift + 1)):
                if shift == tried:
                    fits[shift] = not clashes(known, height, shift)
                    tried += 1
                if fits[shift] and is_shown(known, height, width, shift):
                    best, best_area = (height, width, shift), height * width
                    break
    return best


@helper
def fill_from_tile(grid: Any, known: Any, tile: Any, shift: int) -> Any:
    """A copy of the grid with the cells UNKNOWN in `known` taken from the tile."""
    filled = grid.copy()
    height, width = tile.shape
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if known[row, col] == UNKNOWN:
                filled[row, col] = tile[row % height, (col - shift * (row // height)) % width]
    return filled


@helper
def count_color(grid: Any, color: int) -> int:
    """How many cells have this color."""
    count = 0
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            count += grid[row, col] == color
    return count


@helper
def is_mostly_zero(grid: Any) -> bool:
    """Whether more than half of the cells are 0: then a hidden part of a pattern is unlikely."""
    return 2 * count_color(grid, 0) > grid.size


@helper
def complete_period(grid: Any, color: int) -> Any:
    """The grid with the cells of a color filled in by its period; `nothing` if none is shown.

    The period must show at least twice on average: its area is at most half of the known cells,
    and at most MAX_TILE. A quarter of the cells must show, and half must not be 0 (unless 0 is
    filled in): sparse grids agree with many periods, and are the slowest to search.
    """
    shown = grid.size - count_color(grid, color)
    if 4 * shown < grid.size or shown == grid.size:
        return nothing()
    if color > 0 and is_mostly_zero(grid):
        return nothing()
    known = hide_color(grid, color)
    height, width, shift = find_lattice(known, grid.shape[1], min(shown // 2, MAX_TILE))
    if height * width < 2:
        return nothing()
    return fill_from_tile(grid, known, lattice_tile(known, height, width, shift), shift)
