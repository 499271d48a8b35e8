"""Strips: several grids in one row of cells, and parts of these grids as lists of cells."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.jit import compiled, helper
from arcsolve.dsl.kernels.grids import components
from arcsolve.dsl.values import Cells, Flags, Integers

TOP, LEFT, BOTTOM, RIGHT = 0, 1, 2, 3  # columns of boxes; the last row and column are inside
SYMMETRIES = 8  # of the square

_START = np.int64(1469598103934665603)  # offset of the FNV-1a hash
_PRIME = np.int64(1099511628211)


class Board(NamedTuple):
    """Grids on one strip of cells, row after row and grid after grid."""

    cells: NDArray[np.uint8]  # (cell,)
    starts: Integers  # first cell of each grid, and the end
    heights: Integers  # by grid
    widths: Integers  # by grid
    backgrounds: Integers  # color by grid


class Outline(NamedTuple):
    """Parts of the grids of a board. No cell belongs to two parts."""

    grids: Integers  # grid of each part
    boxes: Integers  # (part, 4): TOP, LEFT, BOTTOM, RIGHT
    offsets: Integers  # first of the `cells` of each part, and the end
    cells: Integers  # places on the strip, part by part, in reading order
    labels: Integers  # part at each place of the strip, or -1


@compiled
def label_components(grid: Cells, background: int, eight: bool, one_color: bool) -> Integers:
    """Return the label (row, col) of each cell's component, from 0 on, and -1 for the background.

    `eight` and `one_color` mean the same as in `arcsolve.dsl.kernels.grids.components`.
    """
    filled = np.zeros(grid.shape, np.uint8)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if grid[row, col] != background:
                filled[row, col] = grid[row, col] + 1
    labels, _ = components(filled, eight, one_color)
    return labels - 1


@helper
def _turn(row: int, col: int, height: int, width: int, symmetry: int) -> tuple[int, int]:
    """Return the cell that a symmetry of the square moves to (row, col) of a height x width box.

    Bit 0 of `symmetry` mirrors columns, bit 1 mirrors rows, and bit 2 transposes before that.
    """
    if symmetry & 2:
        row = height - 1 - row
    if symmetry & 1:
        col = width - 1 - col
    if symmetry & 4:
        row, col = col, row
    return row, col


@compiled
def hash_shapes(board: Board, outline: Outline, colored: bool) -> Integers:
    """Return a hash (part, symmetry) of the mask of each part after each symmetry of the square.

    With `colored`, the hash covers the colors of the part's cells as well.
    """
    hashes = np.empty((len(outline.grids), SYMMETRIES), np.int64)
    for part in range(len(outline.grids)):
        box, grid = outline.boxes[part], outline.grids[part]
        height, width = box[BOTTOM] - box[TOP] + 1, box[RIGHT] - box[LEFT] + 1
        for symmetry in range(SYMMETRIES):
            tall, wide = (width, height) if symmetry & 4 else (height, width)
            code = (_START ^ tall) * _PRIME ^ wide
            for row in range(tall):
                for col in range(wide):
                    down, right = _turn(row, col, tall, wide, symmetry)
                    place = board.starts[grid] + (box[TOP] + down) * board.widths[grid]
                    place += box[LEFT] + right
                    value = 0
                    if outline.labels[place] == part:
                        value = 1 + board.cells[place] if colored else 1
                    code = (code ^ value) * _PRIME
            hashes[part, symmetry] = code
    return hashes


@compiled
def find_holes(board: Board, outline: Outline, part_of_row: Integers) -> tuple[Integers, ...]:
    """Return the cells that each part encloses: (offsets by row, places, number of holes by row).

    `part_of_row` names the part of each row. A hole is 4-connected and holds none of the part's
    own cells. It is inside the part's box and does not reach the border of the box.
    """
    rows = len(part_of_row)
    offsets, counts = np.zeros(rows + 1, np.int64), np.zeros(rows, np.int64)
    places = np.empty(len(board.cells) + 16, np.int64)
    stack = np.empty(len(board.cells) + 16, np.int64)
    size = 0
    for row in range(rows):
        part = part_of_row[row]
        box, grid = outline.boxes[part], outline.grids[part]
        height, width = box[BOTTOM] - box[TOP] + 1, box[RIGHT] - box[LEFT] + 1
        first = board.starts[grid] + box[TOP] * board.widths[grid] + box[LEFT]
        seen = np.zeros((height, width), np.bool_)
        for top in range(height):
            for left in range(width):
                if (
                    seen[top, left]
                    or outline.labels[first + top * board.widths[grid] + left] == part
                ):
                    continue
                begin, depth, outside = size, 1, False
                seen[top, left], stack[0] = True, top * width + left
                while depth > 0:
                    depth -= 1
                    at = stack[depth]
                    down, right = at // width, at % width
                    outside |= down == 0 or right == 0 or down == height - 1 or right == width - 1
                    if size >= len(places):
                        places = np.concatenate((places, np.empty_like(places)))
                    places[size] = first + down * board.widths[grid] + right
                    size += 1
                    for step in range(4):
                        below = down + (step == 0) - (step == 1)
                        beside = right + (step == 2) - (step == 3)
                        if not (0 <= below < height and 0 <= beside < width):
                            continue
                        place = first + below * board.widths[grid] + beside
                        if not seen[below, beside] and outline.labels[place] != part:
                            seen[below, beside], stack[depth] = True, below * width + beside
                            depth += 1
                if outside:
                    size = begin
                else:
                    counts[row] += 1
        offsets[row + 1] = size
    return offsets, places[:size], counts


@compiled
def find_touching(
    board: Board, outline: Outline, others: Integers, offsets: Integers, first: Integers
) -> Flags:
    """Return for each pair of a part and a neighbor of its grid whether they touch.

    `others` are the labels of the neighbors. The pairs of a part begin at its offset, and `first`
    is the number of the first neighbor of its grid. Parts touch over edges and corners.
    """
    touching = np.zeros(offsets[-1], np.bool_)
    for part in range(len(outline.grids)):
        grid = outline.grids[part]
        start, height, width = board.starts[grid], board.heights[grid], board.widths[grid]
        for place in outline.cells[outline.offsets[part] : outline.offsets[part + 1]]:
            row, col = (place - start) // width, (place - start) % width
            for below in range(max(row - 1, 0), min(row + 2, height)):
                for beside in range(max(col - 1, 0), min(col + 2, width)):
                    other = others[start + below * width + beside]
                    if other >= 0:
                        touching[offsets[part] + other - first[part]] = True
    return touching


@compiled
def pick_best(offsets: Integers, possible: Flags, keys: Integers) -> Integers:
    """Return for each segment the position of its least key among the possible ones, or -1.

    The segments begin at `offsets`. The first of several least keys wins.
    """
    best = np.full(len(offsets) - 1, -1, np.int64)
    for segment in range(len(offsets) - 1):
        for position in range(offsets[segment], offsets[segment + 1]):
            if possible[position] and (best[segment] < 0 or keys[position] < keys[best[segment]]):
                best[segment] = position
    return best
