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
    "neighbor_steps",
    "no_layers",
    "nothing",
    "on_border",
    "padded",
    "too_large",
    "unpadded",
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
    # Four counters of a color by turns: one would have to wait for its last value to be stored.
    counts = np.zeros((4, NUM_COLORS), np.int64)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            counts[np.uint64(col % 4), np.uint64(grid[row, col])] += 1
    for color in range(NUM_COLORS):
        counts[0, color] += counts[1, color] + counts[2, color] + counts[3, color]
    return counts[0]


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
def padded(grid: Any) -> Any:
    """The cells in one row with a frame of 0 around the grid: neighbors need no border check."""
    height, width = grid.shape
    cells = np.zeros((height + 2) * (width + 2), np.uint8)
    for row in range(height):
        start = (row + 1) * (width + 2) + 1
        for col in range(width):
            cells[start + col] = grid[row, col]
    return cells


@helper
def unpadded(cells: Any, height: int, width: int) -> Any:
    """The grid of this size that was `padded`."""
    grid = np.empty((height, width), np.uint8)
    for row in range(height):
        start = (row + 1) * (width + 2) + 1
        for col in range(width):
            grid[row, col] = cells[start + col]
    return grid


@helper
def neighbor_steps(width: int, eight: bool) -> Any:
    """The way from a cell to its four or eight neighbors in a `padded` grid of this width."""
    stride = width + 2
    if eight:
        return np.array([-stride, -stride + 1, 1, stride + 1, stride, stride - 1, -1, -stride - 1])
    return np.array([-stride, 1, stride, -1])


@helper
def components(grid: Any, eight: bool, one_color: bool) -> tuple[Any, int]:
    """Label the connected components of the cells that are not 0.

    Connected over edges, and over corners too if `eight`; over cells of the same color only if
    `one_color`. Returns int64 labels (0 for no component, else 1, 2, … in reading order of the
    first cell) and the number of components.
    """
    height, width = grid.shape
    unlabeled, steps = padded(grid), neighbor_steps(width, eight)
    labels = np.zeros(unlabeled.size, np.int64)
    stack = np.empty(height * width, np.int64)
    count = 0
    for row in range(height):
        for col in range(width):
            start = (row + 1) * (width + 2) + col + 1
            color = unlabeled[start]
            if color == 0:
                continue
            count += 1
            unlabeled[start] = 0
            stack[0], size = start, 1
            while size > 0:
                size -= 1
                here = stack[size]
                labels[here] = count
                for step in steps:
                    cell = unlabeled[here + step]
                    if cell != 0 and (cell == color or not one_color):
                        unlabeled[here + step] = 0
                        stack[size] = here + step
                        size += 1
    return labels.reshape(height + 2, width + 2)[1:-1, 1:-1].copy(), count


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
    dry = padded(passable)
    stack = np.empty(height * width, np.int64)
    size = 0
    for row in range(height):
        for col in range(width):
            if seeds[row, col] != 0:
                size = _wetted(dry, (row + 1) * (width + 2) + col + 1, stack, size)
    return _flooded(passable, dry, stack, size, eight)


@helper
def flood_from_border(passable: Any, eight: bool) -> Any:
    """The mask of the passable cells that are connected to the border of the grid."""
    height, width = passable.shape
    dry = padded(passable)
    stack = np.empty(height * width, np.int64)
    stride, size = width + 2, 0
    for col in range(1, width + 1):
        size = _wetted(dry, stride + col, stack, size)
        size = _wetted(dry, height * stride + col, stack, size)
    for row in range(1, height + 1):
        size = _wetted(dry, row * stride + 1, stack, size)
        size = _wetted(dry, row * stride + width, stack, size)
    return _flooded(passable, dry, stack, size, eight)


@helper
def _wetted(dry: Any, cell: int, stack: Any, size: int) -> int:
    """Put a cell on the stack if it is passable and still dry; returns the stack's new size."""
    if dry[cell] == 0:
        return size
    dry[cell] = 0
    stack[size] = cell
    return size + 1


@helper
def _flooded(passable: Any, dry: Any, stack: Any, size: int, eight: bool) -> Any:
    """Spread from the cells on the stack; the mask of all that are passable and not dry."""
    height, width = passable.shape
    steps = neighbor_steps(width, eight)
    while size > 0:
        size -= 1
        here = stack[size]
        for step in steps:
            size = _wetted(dry, here + step, stack, size)
    reached = np.zeros((height, width), np.uint8)
    for row in range(height):
        start = (row + 1) * (width + 2) + 1
        for col in range(width):
            reached[row, col] = (passable[row, col] != 0) & (dry[start + col] == 0)
    return reached


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
