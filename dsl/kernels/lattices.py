"""Lattices: find the periods of a two-dimensional pattern from its known cells.

A lattice is (height, width, shift). Two cells of a row that are `width` apart are equal. A cell
also equals the cell `height` rows below and `shift` columns to the right. Every doubly periodic
pattern of whole cells has such a lattice: the Hermite normal form of its period matrix.
"""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import blank, nothing
from arcsolve.dsl.values import Cells, Integers

MAX_TILE = 100  # cells of a slanted tile; the search takes time quadratic in this
UNKNOWN = 255  # marks a cell of unknown color in a working copy; no color has this number


@helper
def hide_color(grid: Cells, color: int) -> Cells:
    """Copy the grid and mark the cells of a color as UNKNOWN."""
    known = grid.copy()
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if grid[row, col] == color:
                known[row, col] = UNKNOWN
    return known


@helper
def lattice_tile(known: Cells, height: int, width: int, shift: int) -> Cells:
    """Return the colors of one period; UNKNOWN where no known cell shows the color.

    The result is empty if two known cells contradict each other.
    """
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
def clashes(known: Cells, down: int, right: int) -> bool:
    """Return whether two known cells differ that are `down` rows and `right` columns apart.

    Neither `down` nor `right` may be negative.
    """
    height, width = known.shape
    for row in range(height - down):
        for col in range(width - right):
            color, other = known[row, col], known[row + down, col + right]
            if color != other and color != UNKNOWN and other != UNKNOWN:
                return True
    return False


@helper
def is_shown(known: Cells, height: int, width: int, shift: int) -> bool:
    """Return whether the known cells agree with a lattice and show all cells of its tile."""
    tile = lattice_tile(known, height, width, shift)
    return tile.size > 0 and tile.max() != UNKNOWN


@helper
def fitting_widths(known: Cells) -> Integers:
    """Return the distances (int64, rising) at which no two known cells of a row differ."""
    widths, count = np.empty(known.shape[1], np.int64), 0
    for width in range(1, known.shape[1] + 1):
        if not clashes(known, 0, width):
            widths[count] = width
            count += 1
    return widths[:count]


@helper
def find_lattice(known: Cells, max_shift: int, max_area: int) -> tuple[int, int, int]:
    """Return the smallest lattice that agrees with the known cells, which must show its whole tile.

    Of lattices with equal areas, the lowest wins, and then the one with the smallest shift. The
    search tries shifts up to `max_shift` and areas up to `max_area`. The result is (0, 0, 0) if no
    lattice fits.
    """
    widths = fitting_widths(known)
    best, best_area = (0, 0, 0), max_area + 1
    for height in range(1, known.shape[0] + 1):
        tried = 0
        fits = np.empty(known.shape[1], np.bool_)  # per shift: no two known cells clash
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
def fill_from_tile(grid: Cells, known: Cells, tile: Cells, shift: int) -> Cells:
    """Copy the grid and fill the cells that are UNKNOWN in `known` from the tile of a lattice."""
    filled = grid.copy()
    height, width = tile.shape
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if known[row, col] == UNKNOWN:
                filled[row, col] = tile[row % height, (col - shift * (row // height)) % width]
    return filled


@helper
def count_color(grid: Cells, color: int) -> int:
    """Count the cells of a color."""
    count = 0
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            count += grid[row, col] == color
    return count


@helper
def is_mostly_zero(grid: Cells) -> bool:
    """Return whether more than half of the cells are 0.

    Such a grid rarely hides a part of a pattern.
    """
    return 2 * count_color(grid, 0) > grid.size


@helper
def complete_period(grid: Cells, color: int) -> Cells:
    """Fill the cells of a color from the period of the other cells; return `nothing()` without one.

    The area of the period is at most half of the known cells, so that the period shows twice on
    average, and at most MAX_TILE. At least a quarter of the cells must be known. At most half of
    the cells may be 0, unless 0 is filled: sparse grids agree with many periods, and searching them
    is slowest.
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
