"""Regularities: periods and symmetries of whole grids, and the cells that they tell."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import compiled, helper
from arcsolve.dsl.kernels.scenery.reaching import grow
from arcsolve.dsl.kernels.scenery.strips import Board, Outline
from arcsolve.dsl.values import Cells, Integers

COLS, ROWS, DIAGONAL, COUNTER = range(4)  # mirrors: see `_reflect`
UNKNOWN = -1


@helper
def _reflect(row: int, col: int, way: int, place: int) -> tuple[int, int]:
    """Return the mirror image of a cell.

    COLS and ROWS mirror over a column or a row, DIAGONAL and COUNTER over a diagonal.
    """
    if way == COLS:
        return row, place - col
    if way == ROWS:
        return place - row, col
    if way == DIAGONAL:
        return col + place, row - place
    return place - col, place - row


@helper
def _holds(known: Integers, way: int, place: int, common: int, rare: int) -> bool:
    """Return whether all known cells equal their images, and enough of them have one.

    `rare` is the number of known cells that do not have the color `common`. A third of them must
    have a known image.
    """
    height, width = known.shape
    pairs = 0
    for row in range(height):
        for col in range(width):
            down, right = _reflect(row, col, way, place)
            if not (0 <= down < height and 0 <= right < width):
                continue
            if known[row, col] >= 0 and known[down, right] >= 0:
                if known[row, col] != known[down, right]:
                    return False
                pairs += known[row, col] != common
    return pairs > 0 and 3 * pairs >= rare


@helper
def _spread(known: Integers, way: int, place: int) -> int:
    """Write the color of each known image to the unknown cell, and return the number of these."""
    height, width = known.shape
    told = 0
    for row in range(height):
        for col in range(width):
            if known[row, col] < 0:
                down, right = _reflect(row, col, way, place)
                if 0 <= down < height and 0 <= right < width and known[down, right] >= 0:
                    known[row, col] = known[down, right]
                    told += 1
    return told


@helper
def _count_colors(known: Integers) -> Integers:
    """Return how many known cells have each color."""
    counts = np.zeros(256, np.int64)
    for row in range(known.shape[0]):
        for col in range(known.shape[1]):
            if known[row, col] >= 0:
                counts[known[row, col]] += 1
    return counts


@helper
def _mirror(known: Integers) -> None:
    """Tell unknown cells by all mirrors that hold for the known cells, in place.

    Fewer known cells than a third of the grid tell nothing.
    """
    height, width = known.shape
    counts = _count_colors(known)
    common, rare = counts.argmax(), counts.sum() - counts.max()
    if 3 * counts.sum() < height * width:
        return
    mirrors = np.empty((4 * (2 * height + width), 2), np.int64)
    size = 0
    for way in range(COLS, COUNTER + 1):
        for place in range(-height, height + width):
            if _holds(known, way, place, common, rare):
                mirrors[size, 0], mirrors[size, 1] = way, place
                size += 1
    told = 1
    while told > 0:
        told = 0
        for number in range(size):
            told += _spread(known, mirrors[number, 0], mirrors[number, 1])


@helper
def _fill_tile(
    known: Integers, rows: int, cols: int, shift: int, colors: Integers, drawn: Integers, turn: int
) -> bool:
    """Write the known cells into a tile, and return whether no two of them contradict each other.

    The tile repeats every `rows` rows, each time `shift` columns farther, and every `cols` columns.
    Only entries of `colors` whose `drawn` is `turn` count.
    """
    for row in range(known.shape[0]):
        for col in range(known.shape[1]):
            if known[row, col] >= 0:
                at = row % rows * cols + (col + row // rows * shift) % cols
                if drawn[at] == turn and colors[at] != known[row, col]:
                    return False
                drawn[at], colors[at] = turn, known[row, col]
    return True


@helper
def _repeat(known: Integers) -> None:
    """Tell unknown cells by the smallest tile that all known cells repeat, in place.

    The known cells must be at least twice as many as those of the tile.
    """
    height, width = known.shape
    colors, drawn = np.zeros(height * width, np.int64), np.zeros(height * width, np.int64)
    turn = 0
    for area in range(1, _count_colors(known).sum() // 2 + 1):
        for rows in range(1, height + 1):
            cols = area // rows
            if area % rows or cols > width:
                continue
            for shift in range(cols if rows < height else 1):
                turn += 1
                if _fill_tile(known, rows, cols, shift, colors, drawn, turn):
                    for row in range(height):
                        for col in range(width):
                            at = row % rows * cols + (col + row // rows * shift) % cols
                            if drawn[at] == turn:
                                known[row, col] = colors[at]
                    return


@helper
def _restore(board: Board, grid: int, hidden: int, periods: bool) -> Integers:
    """Return the cells of a grid as its regularity tells them, without those of a hidden color."""
    first, width = board.starts[grid], board.widths[grid]
    known = np.empty((board.heights[grid], width), np.int64)
    for at in range(board.starts[grid + 1] - first):
        color = np.int64(board.cells[first + at])
        known[at // width, at % width] = UNKNOWN if color == hidden else color
    if periods:
        _repeat(known)
    else:
        _mirror(known)
    return known.ravel()


@compiled
def restore_grid(board: Board, grid: int, hidden: int, periods: bool) -> Integers:
    """Return the cells of a grid as its regularity tells them, UNKNOWN where it tells nothing.

    All cells of the color `hidden` are unknown. `periods` chooses as in `restore_cells`.
    """
    return _restore(board, grid, hidden, periods).reshape(board.heights[grid], board.widths[grid])


@compiled
def restore_cells(
    board: Board, outline: Outline, parts: Integers, colors: Integers, periods: bool
) -> tuple[Integers, Integers, Cells]:
    """Return the cells of each row's part in the colors that the rest of its grid tells.

    All cells of the row's color are unknown. With `periods`, the smallest tile that the known cells
    repeat tells the color. Otherwise, mirror lines tell it. A part with a cell that stays unknown
    has no cells.
    """
    offsets = np.zeros(len(parts) + 1, np.int64)
    places = np.empty(len(board.cells) + 64, np.int64)
    found = np.empty(len(board.cells) + 64, np.int64)
    restored = np.empty((NUM_COLORS, np.diff(board.starts).max()), np.int64)
    grids = np.full(NUM_COLORS, -1, np.int64)  # whose cells `restored` holds
    size = 0
    for row in range(len(parts)):
        grid, hidden = outline.grids[parts[row]], colors[row]
        first, end = board.starts[grid], board.starts[grid + 1]
        if grids[hidden] != grid:
            grids[hidden] = grid
            restored[hidden, : end - first] = _restore(board, grid, hidden, periods)
        own = outline.cells[outline.offsets[parts[row]] : outline.offsets[parts[row] + 1]]
        places, found = grow(places, size + len(own)), grow(found, size + len(own))
        begin = size
        for place in own:
            color = restored[hidden, place - first]
            if color < 0:
                size = begin
                break
            places[size], found[size] = place, color
            size += 1
        offsets[row + 1] = size
    return offsets, places[:size].copy(), found[:size].astype(np.uint8)
