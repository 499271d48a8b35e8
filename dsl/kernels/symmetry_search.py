"""Symmetry search: find the axis or center of the symmetry that the known cells agree with.

A symmetry is an operation with two offsets; `image` computes where the symmetry moves a cell. A
cell may be UNKNOWN. An unknown cell contradicts no symmetry, and a symmetry that is found
determines the colors of the unknown cells.
"""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.bits import bit_count
from arcsolve.dsl.kernels.lattices import UNKNOWN, count_color
from arcsolve.dsl.values import Cells, Integers

ROWS, COLS, DIAGONAL, ANTI_DIAGONAL, HALF_TURN, QUARTER_TURN, IDENTITY = 0, 1, 2, 3, 4, 5, 6

PLANES = 4  # bits of a color + 1; 0 stands for UNKNOWN


@helper
def image(operation: int, first: int, second: int, row: int, col: int) -> tuple[int, int]:
    """Return the cell to which an operation with these offsets moves a cell.

    A mirror operation uses only the offset `first`.
    """
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
    if operation == QUARTER_TURN:
        return col + first, second - row
    return row, col


@helper
def first_offsets(operation: int, height: int, width: int) -> tuple[int, int]:
    """Return the offsets for which the image of a grid has no negative row or column.

    `height` and `width` are the size of the grid.
    """
    if operation in (ROWS, HALF_TURN):
        return height - 1, width - 1
    if operation == ANTI_DIAGONAL:
        return height + width - 2, 0
    return (width - 1, 0) if operation == COLS else (0, height - 1)


@helper
def bit_lines(known: Cells, operation: int) -> Integers:
    """Pack the image of the known cells at its `first_offsets` by rows: int64 (row, PLANES).

    Bit c of plane p is bit p of the color + 1 in column c. A comparison of two numbers thereby
    compares two whole rows.
    """
    height, width = known.shape
    first, second = first_offsets(operation, height, width)
    lines = np.zeros((height + width, PLANES), np.int64)
    for row in range(height):
        for col in range(width):
            if known[row, col] != UNKNOWN:
                r, c = image(operation, first, second, row, col)
                code = np.int64(known[row, col]) + 1
                for plane in range(PLANES):
                    lines[r, plane] |= ((code >> plane) & 1) << c
    return lines


@helper
def shared_cells(lines: Integers, moved: Integers, down: int, right: int) -> int:
    """Count the cells that are known both in `lines` and in `moved`, moved by this step.

    The result is -1 if two such cells differ.
    """
    shared = 0
    for row in range(max(0, -down), min(len(moved), len(lines) - down)):
        shown, other_shown, differ = 0, 0, 0
        for plane in range(PLANES):
            bits, other = lines[row + down, plane], moved[row, plane]
            other = other << right if right >= 0 else other >> -right
            shown, other_shown, differ = shown | bits, other_shown | other, differ | (bits ^ other)
        if shown & other_shown & differ != 0:
            return -1
        shared += bit_count(shown & other_shown)
    return shared


@helper
def shared_at(
    known: Cells, lines: Integers, moved: Integers, operation: int, first: int, second: int
) -> int:
    """Count the `shared_cells` of the known cells and their image under an operation with offsets.

    `lines` and `moved` are the `bit_lines` of the known cells and of their image.
    """
    start = first_offsets(operation, known.shape[0], known.shape[1])
    origin = image(operation, start[0], start[1], 0, 0)
    r, c = image(operation, first, second, 0, 0)
    return shared_cells(lines, moved, r - origin[0], c - origin[1])


@helper
def fixed_cells(known: Cells, operation: int, first: int, second: int) -> int:
    """Count the known cells that an operation with these offsets does not move."""
    count = 0
    for row in range(known.shape[0]):
        for col in range(known.shape[1]):
            r, c = image(operation, first, second, row, col)
            count += (r == row) & (c == col) & (known[row, col] != UNKNOWN)
    return count


@helper
def known_box(known: Cells) -> tuple[int, int, int, int]:
    """Return (top, left, bottom, right) of the known cells, ends exclusive.

    The box is empty if no cell is known.
    """
    height, width = known.shape
    top, left, bottom, right = height, width, 0, 0
    for row in range(height):
        for col in range(width):
            if known[row, col] != UNKNOWN:
                top, bottom = min(top, row), row + 1
                left, right = min(left, col), max(right, col + 1)
    return top, left, bottom, right


@helper
def offset_ranges(operation: int, box: tuple[int, int, int, int]) -> Integers:
    """Return the (low, high) of both offsets, inclusive, as (2, 2), that put the axis into the box.

    For a center, which has two offsets, the ranges cover only the middle quarter of the box: that
    search is quadratic, and a missing part rarely moves the center further.
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
def best_offsets(known: Cells, operation: int) -> tuple[int, int, int]:
    """Return (matches, first, second) of the symmetry that the most known cells confirm.

    A cell that stays in place confirms nothing. On a tie the most central axis or center wins. At
    least half of the known cells must move onto known cells, and no cell may move onto another
    color. A quarter turn must meet this condition also when it is applied twice. The number of
    matches is 0 if no symmetry meets it.
    """
    height, width = known.shape
    ranges = offset_ranges(operation, known_box(known))
    lines, moved = bit_lines(known, IDENTITY), bit_lines(known, operation)
    turned = bit_lines(known, HALF_TURN) if operation == QUARTER_TURN else moved
    needed = (height * width - count_color(known, UNKNOWN) + 1) // 2
    best, best_first, best_second, best_off = 0, 0, 0, 0
    for first in range(ranges[0, 0], ranges[0, 1] + 1):
        for second in range(ranges[1, 0], ranges[1, 1] + 1):
            shared = shared_at(known, lines, moved, operation, first, second)
            if shared < max(1, needed, best):
                continue
            twice = first + second, second - first  # the offsets of the quarter turn done twice
            if operation == QUARTER_TURN and shared_at(known, lines, turned, HALF_TURN, *twice) < 0:
                continue
            off = abs(2 * first - ranges[0, 0] - ranges[0, 1])
            off += abs(2 * second - ranges[1, 0] - ranges[1, 1])
            matches = shared - fixed_cells(known, operation, first, second)
            if matches > best or (matches == best and best > 0 and off < best_off):
                best, best_first, best_second, best_off = matches, first, second, off
    return best, best_first, best_second


@helper
def complete_symmetry(known: Cells, operation: int) -> Cells:
    """Copy the grid and fill UNKNOWN cells by the best symmetry of an operation, if it has one."""
    filled = known.copy()
    if count_color(known, UNKNOWN) in (0, known.size):
        return filled
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
