"""Looking along the lines of a grid: loops that kernels for lines and movement share."""

from __future__ import annotations

from typing import Any

import numpy as np

from dsl.jit import helper
from dsl.kernels import COL_STEP, ROW_STEP

__all__ = [
    "color_at",
    "filtered",
    "inside",
    "only_color",
    "opposite",
    "seen_colors",
    "seen_distances",
    "shoot",
    "underlaid",
    "without_color",
]


@helper
def opposite(way: int) -> int:
    """The direction turned by half a turn."""
    return (way + 4) % 8


@helper
def inside(grid: Any, row: int, col: int) -> bool:
    """Whether the grid has such a cell."""
    return 0 <= row < grid.shape[0] and 0 <= col < grid.shape[1]


@helper
def color_at(grid: Any, row: int, col: int, way: int) -> Any:
    """The color of the neighbor in a direction (int64), 0 beyond the border."""
    r, c = row + ROW_STEP[way % 8], col + COL_STEP[way % 8]
    return np.int64(grid[r, c]) if inside(grid, r, c) else np.int64(0)


@helper
def seen_colors(grid: Any, way: int) -> Any:
    """For each cell the color of the first non-0 cell in a direction, 0 if there is none.

    A cell does not see itself.
    """
    height, width = grid.shape
    seen = np.zeros_like(grid)
    row_step, col_step = ROW_STEP[way], COL_STEP[way]
    for i in range(height):
        row = height - 1 - i if row_step > 0 else i
        for j in range(width):
            col = width - 1 - j if col_step > 0 else j
            r, c = row + row_step, col + col_step
            if inside(grid, r, c):
                seen[row, col] = grid[r, c] if grid[r, c] != 0 else seen[r, c]
    return seen


@helper
def seen_distances(grid: Any, way: int) -> Any:
    """For each cell the steps to the first non-0 cell in a direction (int64), 0 if none."""
    height, width = grid.shape
    steps = np.zeros((height, width), np.int64)
    row_step, col_step = ROW_STEP[way], COL_STEP[way]
    for i in range(height):
        row = height - 1 - i if row_step > 0 else i
        for j in range(width):
            col = width - 1 - j if col_step > 0 else j
            r, c = row + row_step, col + col_step
            if not inside(grid, r, c):
                continue
            if grid[r, c] != 0:
                steps[row, col] = 1
            elif steps[r, c] > 0:
                steps[row, col] = steps[r, c] + 1
    return steps


@helper
def shoot(grid: Any, canvas: Any, row: int, col: int, way: int, color: int) -> None:
    """Paint on the canvas from the next cell on in a direction, while the grid's cells are 0."""
    r, c = row + ROW_STEP[way], col + COL_STEP[way]
    while inside(grid, r, c) and grid[r, c] == 0:
        canvas[r, c] = color
        r, c = r + ROW_STEP[way], c + COL_STEP[way]


@helper
def underlaid(grid: Any, under: Any) -> Any:
    """A copy of the grid whose cells of 0 are taken from another grid of its shape."""
    result = grid.copy()
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if grid[row, col] == 0:
                result[row, col] = under[row, col]
    return result


@helper
def filtered(grid: Any, value: int, keep: bool) -> Any:
    """A copy with 0 for the cells that have the value, or for all others if they are to keep.

    Plain loops: numba takes seconds to compile `numpy.where`.
    """
    result = np.zeros_like(grid)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            kept = (grid[row, col] == value) == keep  # a product has no branch to mispredict
            result[row, col] = grid[row, col] * kept
    return result


@helper
def only_color(grid: Any, color: int) -> Any:
    """The cells of one color; the others are 0."""
    return filtered(grid, color, True)


@helper
def without_color(grid: Any, color: int) -> Any:
    """All cells but those of one color, which are 0."""
    return filtered(grid, color, False)
