"""Separator lines and panels: find the lines, the ranges between them, and the panels' contents.

A list of ranges is an int64 array (n, 2) of starts and ends, ends exclusive. The panels of a grid
are the windows of every row range with every column range.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import UNDEFINED, blank, copy_grid, no_layers
from arcsolve.dsl.values import MAX_LAYERS, Cells, Integers, Layers


@helper
def line_color(grid: Cells, index: int, along_row: bool) -> Any:
    """Return the color of a row (or column) of a single color; -1 if it has several colors."""
    height, width = grid.shape
    first = grid[index, 0] if along_row else grid[0, index]
    for place in range(width if along_row else height):
        if (grid[index, place] if along_row else grid[place, index]) != first:
            return UNDEFINED
    return np.int64(first)


@helper
def separating_color(grid: Cells) -> int:
    """Return the non-zero color that fills the most rows and columns and cuts the grid into panels.

    On a tie the color of the first line wins; all rows, from the top, come before all columns, from
    the left. The result is -1 if no color cuts the grid into panels.
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
def gap_ranges(grid: Cells, color: int, along_row: bool) -> Integers:
    """Return the ranges of the rows (or columns) between the full lines of a color, as (n, 2)."""
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
def panel_bounds(grid: Cells, color: int) -> tuple[Integers, Integers]:
    """Return the row ranges and column ranges, each (n, 2), of the panels between lines of a color.

    Both are empty if there are fewer than two panels, and for the color -1.
    """
    rows, cols = gap_ranges(grid, color, True), gap_ranges(grid, color, False)
    if color < 0 or len(rows) * len(cols) < 2:
        rows, cols = rows[:0].copy(), cols[:0].copy()
    return rows, cols


@helper
def have_equal_length(ranges: Integers) -> bool:
    """Return whether all ranges have the same length."""
    for index in range(1, len(ranges)):
        if ranges[index, 1] - ranges[index, 0] != ranges[0, 1] - ranges[0, 0]:
            return False
    return True


@helper
def panel_shape(rows: Integers, cols: Integers) -> tuple[int, int]:
    """Return the (height, width) of every panel, or zeros if the shapes differ.

    The result is zeros as well if there is no panel.
    """
    if len(rows) * len(cols) == 0 or not have_equal_length(rows) or not have_equal_length(cols):
        return 0, 0
    return rows[0, 1] - rows[0, 0], cols[0, 1] - cols[0, 0]


@helper
def cut(grid: Cells, rows: Integers, cols: Integers) -> Layers:
    """Cut out the windows of the row and column ranges in reading order.

    Returns `no_layers()` if the shapes differ or if there are more than MAX_LAYERS windows.
    """
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
def equal_parts(grid: Cells, count: int, along_row: bool) -> Integers:
    """Return the ranges of `count` equal parts of the rows (or columns), as (n, 2).

    Lines of a single color may separate the parts, one line between two parts. The result is empty
    if there are no such parts.
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
def dominant_color(grid: Cells, top: int, left: int, bottom: int, right: int) -> int:
    """Return the most common non-zero color in a window, or 0 if there is none.

    On a tie the color that reaches the count first wins.
    """
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
def panel_sizes(grid: Cells, rows: Integers, cols: Integers) -> Integers:
    """Count the non-zero cells of each panel (int64), arranged like the panels."""
    sizes = np.zeros((len(rows), len(cols)), np.int64)
    for i in range(len(rows)):
        for j in range(len(cols)):
            window = grid[rows[i, 0] : rows[i, 1], cols[j, 0] : cols[j, 1]]
            sizes[i, j] = np.count_nonzero(window)
    return sizes


@helper
def panel_dominants(grid: Cells, rows: Integers, cols: Integers) -> Cells:
    """Return the dominant color of each panel, as a grid arranged like the panels."""
    colors = blank(len(rows), len(cols))
    for i in range(len(rows)):
        for j in range(len(cols)):
            colors[i, j] = dominant_color(grid, rows[i, 0], cols[j, 0], rows[i, 1], cols[j, 1])
    return colors


@helper
def paint_panels(grid: Cells, colors: Cells, rows: Integers, cols: Integers) -> Cells:
    """Copy the grid and fill each panel with its color.

    `colors` is arranged like the panels.
    """
    filled = copy_grid(grid)
    for i in range(len(rows)):
        for j in range(len(cols)):
            filled[rows[i, 0] : rows[i, 1], cols[j, 0] : cols[j, 1]] = colors[i, j]
    return filled
