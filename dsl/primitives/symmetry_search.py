"""The search for a symmetry: where the axis or center lies that the known cells agree with.

A symmetry is an operation with two offsets; `image` says where it moves a cell. Cells may be
UNKNOWN: they contradict nothing, and a symmetry that is found tells what they hide.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dsl.jit import helper
from dsl.primitives.lattices import UNKNOWN

__all__ = [
    "ANTI_DIAGONAL",
    "COLS",
    "DIAGONAL",
    "HALF_TURN",
    "QUARTER_TURN",
    "ROWS",
    "completed",
    "known_box",
]

ROWS, COLS, DIAGONAL, ANTI_DIAGONAL, HALF_TURN, QUARTER_TURN = 0, 1, 2, 3, 4, 5


@helper
def image(operation: int, first: int, second: int, row: int, col: int) -> tuple[int, int]:
    """Where the operation with these offsets moves a cell; mirrors use `first` only."""
    if operation == ROWS:
        return first - row, col
    if operation == COLS:
        return row, first - col
    if operation == DIAGONAL:
        return col + first, row - first
    if operation == ANTI_DIAGONAL:
        return first - col, first - row
    if operation == HALF_TURN:
        return first - row, second - col
    return col + first, second - row


@helper
def support(known: Any, operation: int, first: int, second: int, max_misses: int) -> int:
    """How many known cells move onto an equal cell other than themselves.

    -1 if one moves onto a cell of another color, or more than `max_misses` move onto unknown
    cells or out of the grid.
    """
    height, width = known.shape
    matches, misses = 0, 0
    for row in range(height):
        for col in range(width):
            if known[row, col] == UNKNOWN:
                continue
            r, c = image(operation, first, second, row, col)
            if not (0 <= r < height and 0 <= c < width) or known[r, c] == UNKNOWN:
                misses += 1
                if misses > max_misses:
                    return -1
            elif known[r, c] != known[row, col]:
                return -1
            elif r != row or c != col:
                matches += 1
    return matches


@helper
def known_box(known: Any) -> tuple[int, int, int, int]:
    """(top, left, bottom, right) of the known cells, ends exclusive; an empty box if none."""
    height, width = known.shape
    top, left, bottom, right = height, width, 0, 0
    for row in range(height):
        for col in range(width):
            if known[row, col] != UNKNOWN:
                top, bottom = min(top, row), row + 1
                left, right = min(left, col), max(right, col + 1)
    return top, left, bottom, right


@helper
def offset_ranges(operation: int, box: tuple[int, int, int, int]) -> Any:
    """The (low, high) of both offsets, inclusive, as (2, 2): the axis or center is in the box.

    A center, which has two offsets, is looked for in the middle quarter of the box only: the
    search is quadratic, and a part that is missing rarely moves the center further.
    """
    top, left, bottom, right = box
    low_sum, high_sum = top + left, bottom + right - 2
    low_difference, high_difference = top - right + 1, bottom - 1 - left
    ranges = np.zeros((2, 2), np.int64)
    if operation in (ROWS, HALF_TURN):
        ranges[0] = 2 * top, 2 * bottom - 2
    elif operation == COLS:
        ranges[0] = 2 * left, 2 * right - 2
    elif operation == ANTI_DIAGONAL:
        ranges[0] = low_sum, high_sum
    else:
        ranges[0] = low_difference, high_difference
    if operation == HALF_TURN:
        ranges[1] = 2 * left, 2 * right - 2
    elif operation == QUARTER_TURN:
        ranges[1] = low_sum, high_sum
    if operation >= HALF_TURN:
        for offset in range(2):
            cut = 3 * (ranges[offset, 1] - ranges[offset, 0]) // 8
            ranges[offset, 0] += cut
            ranges[offset, 1] -= cut
    return ranges


@helper
def best_offsets(known: Any, operation: int) -> tuple[int, int, int]:
    """(matches, first, second) of the symmetry that most known cells confirm.

    On a tie the most central. At least half of the known cells must confirm it, and none may
    contradict it; 0 matches if there is no such symmetry.
    """
    box = known_box(known)
    if box[2] == 0:
        return 0, 0, 0
    max_misses = np.count_nonzero(known != UNKNOWN) // 2
    ranges = offset_ranges(operation, box)
    best, best_first, best_second, best_off = 0, 0, 0, 0
    for first in range(ranges[0, 0], ranges[0, 1] + 1):
        for second in range(ranges[1, 0], ranges[1, 1] + 1):
            off = abs(2 * first - ranges[0, 0] - ranges[0, 1])
            off += abs(2 * second - ranges[1, 0] - ranges[1, 1])
            matches = support(known, operation, first, second, max_misses)
            if matches > best or (matches == best and best > 0 and off < best_off):
                best, best_first, best_second, best_off = matches, first, second, off
    return best, best_first, best_second


@helper
def completed(known: Any, operation: int) -> Any:
    """A copy with UNKNOWN cells filled in by the best symmetry of this operation, if it has one."""
    filled = known.copy()
    matches, first, second = best_offsets(known, operation)
    if matches == 0:
        return filled
    height, width = known.shape
    turns = 3 if operation == QUARTER_TURN else 1
    for _ in range(turns):
        for row in range(height):
            for col in range(width):
                r, c = image(operation, first, second, row, col)
                if 0 <= r < height and 0 <= c < width and filled[r, c] == UNKNOWN:
                    filled[r, c] = filled[row, col]
    return filled
