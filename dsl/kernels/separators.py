"""Where the panels of a grid are: separator lines, ranges, and what a panel holds.

Kernels shared by the primitives on panels. Ranges are int64 arrays (n, 2) of start and end
(exclusive); panels are the windows of every row range with every column range.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import UNDEFINED, blank, copy_grid, no_layers
from arcsolve.dsl.values import MAX_LAYERS


@helper
def line_color(grid: Any, index: int, along_row: bool) -> Any:
    """The color of a row (or column) that has one color only, else -1."""
    height, width = grid.shape
    first = grid[index, 0] if along_row else grid[0, index]
    for place in range(width if along_row else height):
        if (grid[index, place] if along_row else grid[place, index]) != first:
            return UNDEFINED
    return np.int64(first)


@helper
def separating_color(grid: Any) -> int:
    """The color (not 0) of the most one-colored rows and columns, if they make panels; -1 if none.

    A tie goes to the color that comes first, rows from the top before columns from the left.
    """
    counts = np.zeros(NUM_COLORS, np.int64)
    order = np.zeros(NUM_COLORS, np.int64)
    height, width = grid.shape
    for index in range(height + width):
        along_row = index < height
        color = line_color(grid, index if along_row else index - height, along_row)
        if color > 0:
            order[color] = index if counts[color] == 0 else order[color]
            counts[color] += 1
    best = UNDEFINED
    for color in range(1, NUM_COLORS):
        if counts[color] == 0 or len(panel_bounds(grid, color)[0]) == 0:
            continue
        more = best < 0 or counts[color] > counts[best]
        if more or (counts[color] == counts[best] and order[color] < order[best]):
            best = color
    return best


@helper
def gap_ranges(grid: Any, color: int, along_row: bool) -> Any:
    """(start, end) of the runs of rows (or columns) that are not all of this color, as (n, 2)."""
    count = grid.shape[0] if along_row else grid.shape[1]
    gaps = np.zeros((count, 2), np.int64)
    size, inside = 0, False
    for index in range(count):
        if line_color(grid, index, along_row) == color:
            inside = False
            continue
        if not inside:
            gaps[size, 0] = index
            size += 1
        gaps[size - 1, 1] = index + 1
        inside = True
    return gaps[:size].copy()


@helper
def panel_bounds(grid: Any, color: int) -> tuple[Any, Any]:
    """Row and column ranges, each (n, 2), of the panels between lines of a color.

    Both are empty unless there are at least two panels, and for the color -1.
    """
    rows, cols = gap_ranges(grid, color, True), gap_ranges(grid, color, False)
    if color < 0 or len(rows) * len(cols) < 2:
        rows, cols = rows[:0].copy(), cols[:0].copy()
    return rows, cols


@helper
def have_equal_length(ranges: Any) -> bool:
    """Whether all ranges are of one length."""
    for index in range(1, len(ranges)):
        if ranges[index, 1] - ranges[index, 0] != ranges[0, 1] - ranges[0, 0]:
            return False
    return True


@helper
def panel_shape(rows: Any, cols: Any) -> tuple[int, int]:
    """The (height, width) of every panel; zeros if there is none or if they differ."""
    if len(rows) * len(cols) == 0 or not have_equal_length(rows) or not have_equal_length(cols):
        return 0, 0
    return rows[0, 1] - rows[0, 0], cols[0, 1] - cols[0, 0]


@helper
def cut(grid: Any, rows: Any, cols: Any) -> Any:
    """The windows rows x cols in reading order; none if shapes differ or above MAX_LAYERS."""
    count = len(rows) * len(cols)
    height, width = panel_shape(rows, cols)
    if height == 0 or count > MAX_LAYERS:
        return no_layers()
    layers = np.zeros((count, height, width), np.uint8)
    for index in range(count):
        top, left = rows[index // len(cols), 0], cols[index % len(cols), 0]
        bottom, right = rows[index // len(cols), 1], cols[index % len(cols), 1]
        layers[index] = grid[top:bottom, left:right]
    return layers


@helper
def equal_parts(grid: Any, count: int, along_row: bool) -> Any:
    """Ranges of `count` equal parts of the rows (or columns), (n, 2); empty if there are none.

    The parts may be parted by one-colored lines, one line between two parts.
    """
    length = grid.shape[0] if along_row else grid.shape[1]
    if count < 1 or length < count:
        return np.zeros((0, 2), np.int64)
    gap = 0 if length % count == 0 else 1
    size = (length - gap * (count - 1)) // count
    if size < 1 or size * count + gap * (count - 1) != length:
        return np.zeros((0, 2), np.int64)
    ranges = np.zeros((count, 2), np.int64)
    for index in range(count):
        ranges[index, 0] = index * (size + gap)
        ranges[index, 1] = ranges[index, 0] + size
        if gap == 1 and index > 0 and line_color(grid, ranges[index, 0] - 1, along_row) < 0:
            return ranges[:0].copy()
    return ranges


@helper
def dominant_color(grid: Any, top: int, left: int, bottom: int, right: int) -> int:
    """The most common color but 0 in a window (on a tie the first to reach it), 0 if none."""
    counts = np.zeros(NUM_COLORS, np.int64)
    best: Any = 0
    for row in range(top, bottom):
        for col in range(left, right):
            color = np.int64(grid[row, col])
            counts[color] += 1
            if color > 0 and counts[color] > (counts[best] if best > 0 else 0):
                best = color
    return best


@helper
def panel_sizes(grid: Any, rows: Any, cols: Any) -> Any:
    """How many cells that are not 0 each panel has, as int64 in the arrangement of the panels."""
    sizes = np.zeros((len(rows), len(cols)), np.int64)
    for i in range(len(rows)):
        for j in range(len(cols)):
            window = grid[rows[i, 0] : rows[i, 1], cols[j, 0] : cols[j, 1]]
            sizes[i, j] = np.count_nonzero(window)
    return sizes


@helper
def panel_dominants(grid: Any, rows: Any, cols: Any) -> Any:
    """The dominant color of each panel, as a grid in the arrangement of the panels."""
    colors = blank(len(rows), len(cols))
    for i in range(len(rows)):
        for j in range(len(cols)):
            colors[i, j] = dominant_color(grid, rows[i, 0], cols[j, 0], rows[i, 1], cols[j, 1])
    return colors


@helper
def paint_panels(grid: Any, colors: Any, rows: Any, cols: Any) -> Any:
    """The grid with each panel filled with its color in `colors`."""
    filled = copy_grid(grid)
    for i in range(len(rows)):
        for j in range(len(cols)):
            filled[rows[i, 0] : rows[i, 1], cols[j, 0] : cols[j, 1]] = colors[i, j]
    return filled
