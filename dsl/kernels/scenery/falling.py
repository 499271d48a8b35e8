"""Falling: parts that slide at the same time and stop at one another."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import compiled, helper
from arcsolve.dsl.kernels.scenery.placing import direction_number
from arcsolve.dsl.kernels.scenery.reaching import STEP_COLS, STEP_ROWS
from arcsolve.dsl.kernels.scenery.strips import Board, Outline
from arcsolve.dsl.values import Flags, Integers

EMPTY = -1  # no part at a place
WALL = -2  # cells that are neither background nor of a falling part


@helper
def _is_free(
    board: Board, outline: Outline, taken: Integers, part: int, down: int, right: int, number: int
) -> bool:
    """Return whether a part, shifted by (down, right), can make one more step in a direction."""
    grid = outline.grids[part]
    first, height, width = board.starts[grid], board.heights[grid], board.widths[grid]
    for place in outline.cells[outline.offsets[part] : outline.offsets[part + 1]]:
        row = (place - first) // width + down + STEP_ROWS[number]
        col = (place - first) % width + right + STEP_COLS[number]
        if not (0 <= row < height and 0 <= col < width):
            return False
        occupant = taken[first + row * width + col]
        if occupant != EMPTY and occupant != part:
            return False
    return True


@helper
def _put(
    board: Board, outline: Outline, taken: Integers, part: int, down: int, right: int, value: int
) -> None:
    """Write a value at all places of a part that is shifted by (down, right)."""
    shift = down * board.widths[outline.grids[part]] + right
    for place in outline.cells[outline.offsets[part] : outline.offsets[part + 1]]:
        taken[place + shift] = value


@compiled
def find_falls(board: Board, outline: Outline, directions: Integers, falling: Flags) -> Integers:
    """Return the shift (part, 2) of each part when the falling ones slide at the same time.

    Each slides in its one direction, a step at a time, until the border, a cell of a part that does
    not fall, or a part that has stopped blocks it.
    """
    taken = np.full(len(board.cells), EMPTY, np.int64)
    for grid in range(len(board.heights)):
        for place in range(board.starts[grid], board.starts[grid + 1]):
            if board.cells[place] != board.backgrounds[grid]:
                taken[place] = WALL
    shifts = np.zeros((len(outline.grids), 2), np.int64)
    for part in range(len(outline.grids)):
        if falling[part]:
            _put(board, outline, taken, part, 0, 0, part)
    moved = True
    while moved:
        moved = False
        for part in range(len(outline.grids)):
            number = direction_number(directions[part])
            if not falling[part] or number < 0:
                continue
            down, right = shifts[part, 0], shifts[part, 1]
            if _is_free(board, outline, taken, part, down, right, number):
                _put(board, outline, taken, part, down, right, EMPTY)
                down, right = down + STEP_ROWS[number], right + STEP_COLS[number]
                _put(board, outline, taken, part, down, right, part)
                shifts[part, 0], shifts[part, 1] = down, right
                moved = True
    return shifts
