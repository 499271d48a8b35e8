"""Lines of sight along rows, columns and diagonals, for kernels that draw and move."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.bits import LANES, filled_bits, put_bits, put_over, value_bits
from arcsolve.dsl.kernels.grids import COL_STEP, ROW_STEP, inside
from arcsolve.dsl.values import Cells

SIGHT_BITS = 4  # the lower bits of a sight hold the color, the upper bits the steps
SIGHT_COLOR = (1 << SIGHT_BITS) - 1  # selects the color bits of a sight
_STEP = 1 << SIGHT_BITS


@helper
def opposite(way: int) -> int:
    """Return the opposite of a direction."""
    return (way + 4) % 8


@helper
def color_at(grid: Cells, row: int, col: int, way: int) -> Any:
    """Return the color (int64) of the neighbor in a direction, or 0 beyond the border."""
    r, c = row + ROW_STEP[way % 8], col + COL_STEP[way % 8]
    return np.int64(grid[r, c]) if inside(grid, r, c) else np.int64(0)


@helper
def seen_colors(grid: Cells, way: int) -> Cells:
    """Return for each cell the color (uint8) of the first non-zero cell in a direction, or 0.

    A cell does not see itself.
    """
    height, width = grid.shape
    seen = np.zeros((height, width), np.uint8)
    down, right = ROW_STEP[way], COL_STEP[way]
    if down == 0:
        _see_along_rows(grid, right, 0, seen)
        return seen
    count = width - abs(right)
    for i in range(1, height):
        row = height - 1 - i if down > 0 else i
        here, there = row * width + max(0, -right), (row + down) * width + max(0, right)
        put_bits(seen, here, seen, there, (1 << count) - 1)
        put_bits(seen, here, grid, there, filled_bits(grid, there, count))
    return seen


@helper
def sights(grid: Cells, way: int) -> NDArray[np.int16]:
    """Return for each cell the color that it sees in a direction and the number of steps to it.

    Both are packed into one int16: the color is ``sight & SIGHT_COLOR``, the number of steps is
    ``sight >> SIGHT_BITS``. A cell that sees nothing has 0. The loops never read beyond the border,
    so that no cell needs a border check.
    """
    height, width = grid.shape
    seen = np.zeros((height, width), np.int16)
    down, right = ROW_STEP[way], COL_STEP[way]
    if down == 0:
        _see_along_rows(grid, right, _STEP, seen)
        return seen
    for i in range(1, height):
        row = height - 1 - i if down > 0 else i
        r, here = np.uint64(row + down), np.uint64(row)
        for col in range(max(0, -right), width - max(0, right)):
            c = np.uint64(col + right)
            color, beyond = grid[r, c], seen[r, c]
            look = color + _STEP if color != 0 else beyond + _STEP * (beyond != 0)
            seen[here, np.uint64(col)] = look
    return seen


@helper
def _see_along_rows(grid: Cells, right: int, step: int, seen: Cells | NDArray[np.int16]) -> None:
    """Write into `seen` the color that each cell sees to the right (or left).

    `step` is added for each step to that color. The indices are unsigned because numba checks
    signed indices for wraparound, which takes time.
    """
    height, width = grid.shape
    for row in range(height):
        look: Any = 0
        for j in range(width):
            place = np.uint64(width - 1 - j if right > 0 else j)
            seen[row, place] = look
            color = grid[row, place]
            look = color + step if color != 0 else look + step * (look != 0)


@helper
def shoot(grid: Cells, canvas: Cells, row: int, col: int, way: int, color: int) -> None:
    """Paint a ray on the canvas from the next cell on, as long as the grid's cells are 0."""
    r, c = row + ROW_STEP[way], col + COL_STEP[way]
    while inside(grid, r, c) and grid[r, c] == 0:
        canvas[r, c] = color
        r, c = r + ROW_STEP[way], c + COL_STEP[way]


@helper
def underlay(grid: Cells, under: Cells) -> Cells:
    """Copy the grid and take its cells of 0 from `under`, a grid of the same shape."""
    result = under.copy()
    put_over(result, grid)
    return result


@helper
def filter_value(grid: Cells, value: int, keep: bool) -> Cells:
    """Keep the cells that have the value and set the others to 0; if not `keep`, do the reverse."""
    result = np.zeros(grid.shape, np.uint8)
    for start in range(0, grid.size, LANES):
        count = min(LANES, grid.size - start)
        bits = value_bits(grid, start, count, value)
        put_bits(result, start, grid, start, bits if keep else bits ^ ((1 << count) - 1))
    return result


@helper
def extract_color(grid: Cells, color: int) -> Cells:
    """Keep only the cells of a color; the others become 0."""
    return filter_value(grid, color, True)


@helper
def remove_color(grid: Cells, color: int) -> Cells:
    """Set the cells of a color to 0."""
    return filter_value(grid, color, False)
