"""Building blocks that kernels share; numba compiles them into the kernels that call them."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import MAX_SIDE, NUM_COLORS
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.bits import (
    LANES,
    bit_count,
    bit_length,
    fill_bits,
    first_bit,
    framed_rows,
    paint_over,
    row_bits,
    spread_bits,
    unframe_rows,
    value_bits,
)
from arcsolve.dsl.kernels.components import BITS, LABEL, ROW, labeled_runs
from arcsolve.dsl.values import Cells, Integers, Layers, Mask

UNDEFINED = -1  # a kernel with a scalar result returns it for "undefined here"

# Steps of one cell in each of arcsolve.dsl.values.DIRECTIONS, clockwise from up.
ROW_STEP = np.array([-1, -1, 0, 1, 1, 1, 0, -1])
COL_STEP = np.array([0, 1, 1, 1, 0, -1, -1, -1])
UP, RIGHT, LEFT = 0, 2, 6


@helper
def nothing() -> Cells:
    """Return the empty grid, which means "undefined here"."""
    return np.zeros((0, 0), np.uint8)


@helper
def no_layers() -> Layers:
    """Return an empty stack of layers, which means "undefined here"."""
    return np.zeros((0, 0, 0), np.uint8)


@helper
def too_large(height: int, width: int) -> bool:
    """Return whether no grid of a task can have this size; the caller then returns `nothing()`."""
    return height > MAX_SIDE or width > MAX_SIDE or height < 1 or width < 1


@helper
def blank(height: int, width: int) -> Cells:
    """Return a grid of zeros."""
    return np.zeros((height, width), np.uint8)


@helper
def copy_grid(grid: Cells) -> Cells:
    """Copy a grid; kernels write only on copies and never change their arguments."""
    return grid.copy()


@helper
def color_counts(grid: Cells) -> Integers:
    """Count the cells of each of the ten colors (int64)."""
    counts = np.zeros(NUM_COLORS, np.int64)
    for start in range(0, grid.size, LANES):
        count = min(LANES, grid.size - start)
        for color in range(NUM_COLORS):
            counts[color] += bit_count(value_bits(grid, start, count, color))
    return counts


@helper
def most_common(counts: Integers, first: int) -> int:
    """Return the color with the highest count, among the colors from `first` on.

    The lower color wins a tie. The result is -1 if all these counts are 0.
    """
    best = UNDEFINED
    for color in range(first, NUM_COLORS):
        if counts[color] > 0 and (best < 0 or counts[color] > counts[best]):
            best = color
    return best


@helper
def bounding_box(grid: Cells) -> tuple[int, int, int, int]:
    """Return (top, left, bottom, right) of the non-zero cells, ends exclusive.

    The result is all zeros if there is no such cell.
    """
    top, bottom, columns = grid.shape[0], 0, 0
    for row in range(grid.shape[0]):
        bits = row_bits(grid, row)
        if bits != 0:
            top, bottom = min(top, row), row + 1
            columns |= bits
    if bottom == 0:
        return 0, 0, 0, 0
    return top, first_bit(columns), bottom, bit_length(columns)


@helper
def crop(grid: Cells, top: int, left: int, bottom: int, right: int) -> Cells:
    """Copy a window, ends exclusive; return `nothing()` if the window is empty."""
    if bottom <= top or right <= left:
        return nothing()
    return grid[top:bottom, left:right].copy()


@helper
def frame_cells(grid: Cells) -> Cells:
    """Flatten a grid with a frame of zeros around it, so that no neighbor needs a border check."""
    height, width = grid.shape
    cells = np.zeros((height + 2) * (width + 2), np.uint8)
    for row in range(height):
        start = (row + 1) * (width + 2) + 1
        for col in range(width):
            cells[start + col] = grid[row, col]
    return cells


@helper
def unframe_cells(cells: Cells, height: int, width: int) -> Cells:
    """Return the grid of this height and width that `frame_cells` flattened."""
    grid = np.empty((height, width), np.uint8)
    for row in range(height):
        start = (row + 1) * (width + 2) + 1
        for col in range(width):
            grid[row, col] = cells[start + col]
    return grid


@helper
def neighbor_steps(width: int, eight: bool) -> Integers:
    """Return the index steps from a cell to its four or eight neighbors after `frame_cells`.

    `width` is the width of the grid without the frame.
    """
    stride = width + 2
    if eight:
        return np.array([-stride, -stride + 1, 1, stride + 1, stride, stride - 1, -1, -stride - 1])
    return np.array([-stride, 1, stride, -1])


@helper
def components(grid: Cells, eight: bool, one_color: bool) -> tuple[Integers, int]:
    """Label the connected components of the non-zero cells.

    Cells connect over edges, and also over corners if `eight`. They connect only to cells of their
    own color if `one_color`. Returns int64 labels and the number of components. A cell outside all
    components has label 0. The other labels are 1, 2, … in reading order of the components' first
    cells.
    """
    runs, count = labeled_runs(grid, eight, one_color)
    labels = np.zeros(grid.shape, np.int64)
    for index in range(len(runs)):
        row, label = runs[index, ROW], runs[index, LABEL]
        for col in range(first_bit(runs[index, BITS]), bit_length(runs[index, BITS])):
            labels[row, col] = label
    return labels, count


@helper
def inside(grid: Cells, row: int, col: int) -> bool:
    """Return whether (row, col) is a cell of the grid."""
    return 0 <= row < grid.shape[0] and 0 <= col < grid.shape[1]


@helper
def turn_down(grid: Cells, direction: int) -> Cells:
    """Turn the grid so that the direction (up, right, down or left) points down.

    Applying it twice gives the grid back.
    """
    if direction == UP:
        return grid[::-1].copy()
    if direction == RIGHT:
        return grid.T.copy()
    if direction == LEFT:
        return grid[::-1, ::-1].T.copy()
    return grid.copy()


@helper
def color_mask(grid: Cells, color: int) -> Mask:
    """Return the mask of the cells of a color."""
    mask = np.zeros(grid.shape, np.uint8)
    for start in range(0, grid.size, LANES):
        fill_bits(mask, start, value_bits(grid, start, min(LANES, grid.size - start), color), 1)
    return mask


@helper
def flood(passable: Mask, seeds: Mask, eight: bool) -> Mask:
    """Return the mask of the passable cells that can be reached from a seed on a passable cell.

    `passable` and `seeds` are masks of one shape. Steps lead over edges, and also over corners if
    `eight`.
    """
    dry, wet = framed_rows(passable), framed_rows(seeds)
    _flood_rows(dry, wet, eight)
    return unframe_rows(wet, passable.shape[1])


@helper
def flood_from_border(passable: Mask, eight: bool) -> Mask:
    """Return the mask of the passable cells that are connected to the border of the grid."""
    width = passable.shape[1]
    return unframe_rows(_flood_rows_from_border(framed_rows(passable), width, eight), width)


@helper
def enclosed_cells(passable: Mask, eight: bool) -> Mask:
    """Return the mask of the passable cells that are not connected to the border of the grid."""
    dry, width = framed_rows(passable), passable.shape[1]
    return unframe_rows(dry & ~_flood_rows_from_border(dry, width, eight), width)


@helper
def _flood_rows_from_border(dry: Integers, width: int, eight: bool) -> Integers:
    """Return the framed rows of the `dry` cells that are connected to the border."""
    wet = np.full(len(dry), 1 | 1 << (width - 1), np.int64)
    wet[1], wet[-2] = (1 << width) - 1, (1 << width) - 1
    _flood_rows(dry, wet, eight)
    return wet


@helper
def _flood_rows(dry: Integers, wet: Integers, eight: bool) -> None:
    """Spread the wet cells over the dry cells, in place; drop wet cells that were not dry.

    Both arguments are framed rows. The loop sweeps down and up until nothing changes.
    """
    for row in range(len(dry)):
        wet[row] = spread_bits(wet[row] & dry[row], dry[row])
    changed = True
    while changed:
        changed = _sweep_rows(dry, wet, eight, 1)
        changed = _sweep_rows(dry, wet, eight, -1) or changed


@helper
def _sweep_rows(passable: Integers, wet: Integers, eight: bool, step: int) -> bool:
    """Spread wet cells from each row to the next, in place; return whether a cell became wet."""
    changed = False
    last = len(wet) - 2
    for i in range(last):
        row = i + 1 if step > 0 else last - i
        above = wet[row - step]
        if eight:
            above |= above << 1 | above >> 1
        new = above & passable[row] & ~wet[row]
        if new != 0:
            wet[row], changed = spread_bits(wet[row] | new, passable[row]), True
    return changed


@helper
def paint_mask(grid: Cells, mask: Mask, color: int) -> Cells:
    """Copy the grid and give the cells of the mask this color."""
    result = grid.copy()
    paint_over(result, mask, color)
    return result
