"""Placing: the cells of parts at other places, row by row, as (offsets, places, colors)."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import compiled, helper
from arcsolve.dsl.kernels.scenery.reaching import STEP_COLS, STEP_ROWS, grow
from arcsolve.dsl.kernels.scenery.strips import BOTTOM, LEFT, RIGHT, TOP, Board, Outline
from arcsolve.dsl.values import Cells, Integers

TO_BLOCK, TO_HIT, TO_BORDER = range(3)  # where a slide ends: see `find_slides`


@helper
def direction_number(bits: int) -> int:
    """Return the number of the one direction in a bit set, or -1 for none or several."""
    if bits == 0 or bits & (bits - 1) != 0:
        return -1
    number = 0
    while bits >> number & 1 == 0:
        number += 1
    return number


@compiled
def find_slides(
    board: Board, outline: Outline, parts: Integers, directions: Integers, end: int
) -> Integers:
    """Return the shift (row, 2) of each row's part when it slides in its one direction.

    TO_BLOCK: it stops before the first cell that is not background, or at the border. TO_HIT: the
    same, but it stays if no cell stops it. TO_BORDER: it slides over other cells to the border.
    """
    shifts = np.zeros((len(parts), 2), np.int64)
    for row in range(len(parts)):
        part, number = parts[row], direction_number(directions[row])
        if number < 0:
            continue
        box, grid = outline.boxes[part], outline.grids[part]
        height, width = board.heights[grid], board.widths[grid]
        down, right = STEP_ROWS[number], STEP_COLS[number]
        limit = 10**6
        if down != 0:
            limit = box[TOP] if down < 0 else height - 1 - box[BOTTOM]
        if right != 0:
            limit = min(limit, box[LEFT] if right < 0 else width - 1 - box[RIGHT])
        steps, hit = 0, False
        while steps < limit and end != TO_BORDER and not hit:
            for place in outline.cells[outline.offsets[part] : outline.offsets[part + 1]]:
                other = place + (steps + 1) * (down * width + right)
                own = outline.labels[other] == part
                if board.cells[other] != board.backgrounds[grid] and not own:
                    hit = True
                    break
            steps += not hit
        if end == TO_BORDER:
            steps = limit
        if end == TO_HIT and not hit:
            steps = 0
        shifts[row, 0], shifts[row, 1] = steps * down, steps * right
    return shifts


@compiled
def shift_cells(
    board: Board, outline: Outline, parts: Integers, shifts: Integers, repeat: bool
) -> tuple[Integers, Integers, Cells]:
    """Return the cells of each row's part after its shift (row, 2), with their colors.

    With `repeat`, the part is shifted again and again until no cell is left in the grid. Cells
    outside the grid are dropped, and a shift of (0, 0) gives no cells.
    """
    offsets = np.zeros(len(parts) + 1, np.int64)
    places = np.empty(4 * len(board.cells) + 64, np.int64)
    sources = np.empty(4 * len(board.cells) + 64, np.int64)
    size = 0
    for row in range(len(parts)):
        part = parts[row]
        grid, down, right = outline.grids[part], shifts[row, 0], shifts[row, 1]
        first, height, width = board.starts[grid], board.heights[grid], board.widths[grid]
        own = outline.cells[outline.offsets[part] : outline.offsets[part + 1]]
        inside = down != 0 or right != 0
        times = 0
        while inside and (repeat or times < 1):
            times, inside = times + 1, False
            places = grow(places, size + len(own))
            sources = grow(sources, size + len(own))
            for place in own:
                at_row = (place - first) // width + times * down
                at_col = (place - first) % width + times * right
                if 0 <= at_row < height and 0 <= at_col < width:
                    inside = True
                    places[size], sources[size] = first + at_row * width + at_col, place
                    size += 1
        offsets[row + 1] = size
    return offsets, places[:size].copy(), board.cells[sources[:size]]


@compiled
def mirror_cells(
    board: Board, outline: Outline, parts: Integers, directions: Integers
) -> tuple[Integers, Integers, Cells]:
    """Return the mirror image of each row's part beyond the side of its box in one direction."""
    offsets = np.zeros(len(parts) + 1, np.int64)
    places = np.empty(len(board.cells) + 64, np.int64)
    sources = np.empty(len(board.cells) + 64, np.int64)
    size = 0
    for row in range(len(parts)):
        part, number = parts[row], direction_number(directions[row])
        offsets[row + 1] = size
        if number < 0:
            continue
        box, grid = outline.boxes[part], outline.grids[part]
        first, height, width = board.starts[grid], board.heights[grid], board.widths[grid]
        own = outline.cells[outline.offsets[part] : outline.offsets[part + 1]]
        places = grow(places, size + len(own))
        sources = grow(sources, size + len(own))
        for place in own:
            at_row, at_col = (place - first) // width, (place - first) % width
            if STEP_ROWS[number] != 0:
                edge = 2 * box[TOP] - 1 if STEP_ROWS[number] < 0 else 2 * box[BOTTOM] + 1
                at_row = edge - at_row
            if STEP_COLS[number] != 0:
                edge = 2 * box[LEFT] - 1 if STEP_COLS[number] < 0 else 2 * box[RIGHT] + 1
                at_col = edge - at_col
            if 0 <= at_row < height and 0 <= at_col < width:
                places[size], sources[size] = first + at_row * width + at_col, place
                size += 1
        offsets[row + 1] = size
    return offsets, places[:size].copy(), board.cells[sources[:size]]


@compiled
def turn_cells(
    board: Board, outline: Outline, parts: Integers, symmetry: int
) -> tuple[Integers, Integers, Cells]:
    """Return the cells of each row's part after a symmetry of the square, in the same box.

    Bit 0 of `symmetry` mirrors columns, bit 1 mirrors rows, and bit 2 transposes before that, which
    needs a square box.
    """
    offsets = np.zeros(len(parts) + 1, np.int64)
    places = np.empty(len(board.cells) + 64, np.int64)
    sources = np.empty(len(board.cells) + 64, np.int64)
    size = 0
    for row in range(len(parts)):
        part = parts[row]
        box, grid = outline.boxes[part], outline.grids[part]
        first, width = board.starts[grid], board.widths[grid]
        tall, wide = box[BOTTOM] - box[TOP], box[RIGHT] - box[LEFT]
        own = outline.cells[outline.offsets[part] : outline.offsets[part + 1]]
        places = grow(places, size + len(own))
        sources = grow(sources, size + len(own))
        for place in own:
            down = (place - first) // width - box[TOP]
            right = (place - first) % width - box[LEFT]
            if symmetry & 4:
                down, right = right, down
            if symmetry & 2:
                down = tall - down
            if symmetry & 1:
                right = wide - right
            if symmetry & 4 == 0 or tall == wide:
                places[size] = first + (box[TOP] + down) * width + box[LEFT] + right
                sources[size] = place
                size += 1
        offsets[row + 1] = size
    return offsets, places[:size].copy(), board.cells[sources[:size]]


@compiled
def reflect_cells(
    board: Board, outline: Outline, parts: Integers, sums: Integers, images: int
) -> tuple[Integers, Integers, Cells]:
    """Return mirror images of each row's part.

    A cell of row r goes to row ``sums[row, 0] - r``, and columns likewise. A negative sum keeps the
    row or the column. The bits of `images` stand for the images with new columns, with new rows,
    and with both. Images that keep all cells are left out.
    """
    offsets = np.zeros(len(parts) + 1, np.int64)
    places = np.empty(len(board.cells) + 64, np.int64)
    sources = np.empty(len(board.cells) + 64, np.int64)
    size = 0
    for row in range(len(parts)):
        part = parts[row]
        grid = outline.grids[part]
        first, height, width = board.starts[grid], board.heights[grid], board.widths[grid]
        own = outline.cells[outline.offsets[part] : outline.offsets[part + 1]]
        for image in range(3):
            new_rows = image != 0 and sums[row, 0] >= 0
            new_cols = image != 1 and sums[row, 1] >= 0
            if images >> image & 1 == 0 or not (new_rows or new_cols):
                continue
            places = grow(places, size + len(own))
            sources = grow(sources, size + len(own))
            for place in own:
                at_row, at_col = (place - first) // width, (place - first) % width
                at_row = sums[row, 0] - at_row if new_rows else at_row
                at_col = sums[row, 1] - at_col if new_cols else at_col
                if 0 <= at_row < height and 0 <= at_col < width:
                    places[size], sources[size] = first + at_row * width + at_col, place
                    size += 1
        offsets[row + 1] = size
    return offsets, places[:size].copy(), board.cells[sources[:size]]
