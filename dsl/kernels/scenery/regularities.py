"""Regularities: periods and symmetries of whole grids, and the cells that they tell."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import compiled, helper
from arcsolve.dsl.kernels.scenery.reaching import grow
from arcsolve.dsl.kernels.scenery.strips import Board, Outline
from arcsolve.dsl.values import Cells, Integers

SHIFT, BACK, COLS, ROWS, DIAGONAL, COUNTER = range(6)  # maps of a cell: see `_map`
UNKNOWN = -1


@helper
def _map(row: int, col: int, way: int, one: int, other: int) -> tuple[int, int]:
    """Return the cell that a map takes a cell to; `one` and `other` place the map.

    SHIFT and BACK move by (one, other) rows and columns. COLS and ROWS mirror over a column or a
    row, DIAGONAL and COUNTER over a diagonal.
    """
    if way == SHIFT:
        return row + one, col + other
    if way == BACK:
        return row - one, col - other
    if way == COLS:
        return row, one - col
    if way == ROWS:
        return one - row, col
    if way == DIAGONAL:
        return col + one, row - one
    return one - col, one - row


@helper
def _holds(known: Integers, way: int, one: int, other: int) -> bool:
    """Return whether all known cells equal their images, in pairs worth a quarter of the grid."""
    height, width = known.shape
    pairs = 0
    for row in range(height):
        for col in range(width):
            down, right = _map(row, col, way, one, other)
            if not (0 <= down < height and 0 <= right < width):
                continue
            if known[row, col] >= 0 and known[down, right] >= 0:
                if known[row, col] != known[down, right]:
                    return False
                pairs += 1
    return 4 * pairs >= height * width


@helper
def _spread(known: Integers, way: int, one: int, other: int) -> int:
    """Write the color of each known image to the unknown cell, and return the number of these."""
    height, width = known.shape
    told = 0
    for row in range(height):
        for col in range(width):
            if known[row, col] < 0:
                down, right = _map(row, col, way, one, other)
                if 0 <= down < height and 0 <= right < width and known[down, right] >= 0:
                    known[row, col] = known[down, right]
                    told += 1
    return told


@helper
def _list_maps(known: Integers, periods: bool, maps: Integers) -> int:
    """Write the maps (way, one, other) that hold for the known cells, and return their number."""
    height, width = known.shape
    size = 0
    if periods:
        for one in range(height // 2 + 1):
            for other in range(-(width // 2), width // 2 + 1):
                if (one > 0 or other > 0) and _holds(known, SHIFT, one, other):
                    maps[size, 0], maps[size, 1], maps[size, 2] = SHIFT, one, other
                    maps[size + 1, 0], maps[size + 1, 1], maps[size + 1, 2] = BACK, one, other
                    size += 2
        return size
    for way in range(COLS, COUNTER + 1):
        for one in range(-height, height + width):
            if _holds(known, way, one, 0):
                maps[size, 0], maps[size, 1], maps[size, 2] = way, one, 0
                size += 1
    return size


@compiled
def restore_cells(
    board: Board, outline: Outline, parts: Integers, colors: Integers, periods: bool
) -> tuple[Integers, Integers, Cells]:
    """Return the cells of each row's part in the colors that the rest of its grid tells.

    All cells of the row's color are unknown. With `periods`, shifts that hold for all known cells
    tell the color. Otherwise, mirror lines tell it. A part with a cell that stays unknown has no
    cells.
    """
    offsets = np.zeros(len(parts) + 1, np.int64)
    places = np.empty(len(board.cells) + 64, np.int64)
    found = np.empty(len(board.cells) + 64, np.int64)
    maps = np.empty((4096, 3), np.int64)
    size = 0
    for row in range(len(parts)):
        grid = outline.grids[parts[row]]
        first, width = board.starts[grid], board.widths[grid]
        known = np.empty((board.heights[grid], width), np.int64)
        for place in range(first, board.starts[grid + 1]):
            color = board.cells[place]
            at = place - first
            known[at // width, at % width] = UNKNOWN if color == colors[row] else color
        count = _list_maps(known, periods, maps)
        told = 1
        while told > 0:
            told = 0
            for number in range(count):
                told += _spread(known, maps[number, 0], maps[number, 1], maps[number, 2])
        own = outline.cells[outline.offsets[parts[row]] : outline.offsets[parts[row] + 1]]
        places, found = grow(places, size + len(own)), grow(found, size + len(own))
        begin = size
        for place in own:
            color = known[(place - first) // width, (place - first) % width]
            if color < 0:
                size = begin
                break
            places[size], found[size] = place, color
            size += 1
        offsets[row + 1] = size
    return offsets, places[:size].copy(), found[:size].astype(np.uint8)
