"""Building blocks that kernels share; all compiled into the kernels that call them."""

from __future__ import annotations

from typing import Any

import numpy as np

from dsl.grid import MAX_SIDE, NUM_COLORS
from dsl.jit import helper

__all__ = [
    "COL_STEP",
    "ROW_STEP",
    "UNDEFINED",
    "background",
    "blank",
    "bounding_box",
    "cells_of",
    "color_counts",
    "components",
    "copied",
    "crop",
    "enclosed",
    "flood",
    "flood_from_border",
    "inside",
    "most_common",
    "no_layers",
    "nothing",
    "on_border",
    "too_large",
    "with_color",
]

UNDEFINED = -1  # what a kernel with a scalar result returns for "undefined here"

# The steps of dsl.values.DIRECTIONS: clockwise from up.
ROW_STEP = np.array([-1, -1, 0, 1, 1, 1, 0, -1])
COL_STEP = np.array([0, 1, 1, 1, 0, -1, -1, -1])


@helper
def nothing() -> Any:
    """The grid that means "undefined here"."""
    return np.zeros((0, 0), np.uint8)


@helper
def no_layers() -> Any:
    """The layers that mean "undefined here"."""
    return np.zeros((0, 0, 0), np.uint8)


@helper
def too_large(height: int, width: int) -> bool:
    """Whether a grid of this size cannot stand in a task (then return `nothing`)."""
    return height > MAX_SIDE or width > MAX_SIDE or height < 1 or width < 1


@helper
def blank(height: int, width: int) -> Any:
    """A grid of zeros."""
    return np.zeros((height, width), np.uint8)


@helper
def copied(grid: Any) -> Any:
    """A copy to write on: kernels never change their arguments."""
    return grid.copy()


@helper
def color_counts(grid: Any) -> Any:
    """How many cells have each of the ten colors, as int64."""
    counts = np.zeros(NUM_COLORS, np.int64)
    for cell in grid.flat:
        counts[cell] += 1
    return counts


@helper
def most_common(counts: Any, first: int) -> int:
    """The color with the highest count from color `first` on (the lower on a tie), -1 if all 0."""
    best = UNDEFINED
    for color in range(first, NUM_COLORS):
        if counts[color] > 0 and (best < 0 or counts[color] > counts[best]):
            best = color
    return best


@helper
def background(grid: Any) -> int:
    """0 if the grid has a cell of 0, else its most common color."""
    counts = color_counts(grid)
    return 0 if counts[0] > 0 else most_common(counts, 0)


@helper
def bounding_box(grid: Any) -> tuple[int, int, int, int]:
    """(top, left, bottom, right) of the cells that are not 0, ends exclusive; zeros if none."""
    height, width = grid.shape
    top, left, bottom, right = height, width, 0, 0
    for row in range(height):
        for col in range(width):
            if grid[row, col] != 0:
                top, bottom = min(top, row), row + 1
                left, right = min(left, col), max(right, col + 1)
    return (top, left, bottom, right) if bottom > 0 else (0, 0, 0, 0)


@helper
def crop(grid: Any, top: int, left: int, bottom: int, right: int) -> Any:
    """A copy of a window, ends exclusive; `nothing` if the window is empty."""
    if bottom <= top or right <= left:
        return nothing()
    return grid[top:bottom, left:right].copy()


@helper
def components(grid: Any, eight: bool, one_color: bool) -> tuple[Any, int]:
    """Label the connected components of the cells that are not 0.

    Connected over edges, and over corners too if `eight`; over cells of the same color only if
    `one_color`. Returns int64 labels (0 for no component, else 1, 2, … in reading order of the
    first cell) and the number of components.
    """
    height, width = grid.shape
    labels = np.zeros((height, width), np.int64)
    stack = np.empty((height * width, 2), np.int64)
    step = 1 if eight else 2
    count = 0
    for row in range(height):
        for col in range(width):
            if grid[row, col] == 0 or labels[row, col] != 0:
                continue
            count += 1
            labels[row, col] = count
            stack[0, 0], stack[0, 1], size = row, col, 1
            while size > 0:
                size -= 1
                here_row, here_col = stack[size, 0], stack[size, 1]
                for way in range(0, 8, step):
                    r, c = here_row + ROW_STEP[way], here_col + COL_STEP[way]
                    if not (0 <= r < height and 0 <= c < width):
                        continue
                    if grid[r, c] == 0 or labels[r, c] != 0:
                        continue
                    if one_color and grid[r, c] != grid[here_row, here_col]:
                        continue
                    labels[r, c] = count
                    stack[size, 0], stack[size, 1] = r, c
                    size += 1
    return labels, count


@helper
def inside(grid: Any, row: int, col: int) -> bool:
    """Whether (row, col) is a cell of the grid."""
    return 0 <= row < grid.shape[0] and 0 <= col < grid.shape[1]


@helper
def on_border(grid: Any, row: int, col: int) -> bool:
    """Whether the cell is in the first or last row or column."""
    return row in (0, grid.shape[0] - 1) or col in (0, grid.shape[1] - 1)


@helper
def cells_of(grid: Any, color: int) -> Any:
    """The mask of the cells of this color."""
    height, width = grid.shape
    mask = np.zeros((height, width), np.uint8)
    for row in range(height):
        for col in range(width):
            if grid[row, col] == color:
                mask[row, col] = 1
    return mask


@helper
def flood(passable: Any, seeds: Any, eight: bool) -> Any:
    """The mask of the passable cells that a seed on a passable cell reaches.

    Steps go over edges, and over corners too if `eight`. Both arguments are masks of one shape.
    """
    height, width = passable.shape
    reached = np.zeros((height, width), np.uint8)
    stack = np.empty((height * width, 2), np.int64)
    step = 1 if eight else 2
    size = 0
    for row in range(height):
        for col in range(width):
            if seeds[row, col] != 0 and passable[row, col] != 0:
                reached[row, col] = 1
                stack[size, 0], stack[size, 1] = row, col
                size += 1
    while size > 0:
        size -= 1
        here_row, here_col = stack[size, 0], stack[size, 1]
        for way in range(0, 8, step):
            r, c = here_row + ROW_STEP[way], here_col + COL_STEP[way]
            if inside(passable, r, c) and passable[r, c] != 0 and reached[r, c] == 0:
                reached[r, c] = 1
                stack[size, 0], stack[size, 1] = r, c
                size += 1
    return reached


@helper
def flood_from_border(passable: Any, eight: bool) -> Any:
    """The mask of the passable cells that are connected to the border of the grid."""
    height, width = passable.shape
    seeds = np.zeros((height, width), np.uint8)
    seeds[0, :] = 1
    seeds[height - 1, :] = 1
    seeds[:, 0] = 1
    seeds[:, width - 1] = 1
    return flood(passable, seeds, eight)


@helper
def enclosed(passable: Any, eight: bool) -> Any:
    """The mask of the passable cells that no way over passable cells connects to the border."""
    return passable & (flood_from_border(passable, eight) == 0)


@helper
def with_color(grid: Any, mask: Any, color: int) -> Any:
    """A copy of the grid with the cells of the mask in this color."""
    height, width = grid.shape
    result = grid.copy()
    for row in range(height):
        for col in range(width):
            if mask[row, col] != 0:
                result[row, col] = color
    return result
