"""Rows and columns sorted, dropped and moved."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import COL_STEP, ROW_STEP, blank, bounding_box, nothing
from arcsolve.dsl.laws import (
    COMMUTES_WITH_SYMMETRIES,
    COPIES,
    COPIES_CONTENT,
    IDEMPOTENT,
    IDEMPOTENT_IN_PLACE,
    INVOLUTION,
    REARRANGES,
    CommutesWith,
)
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.primitives.geometry.symmetry import orient
from arcsolve.dsl.values import Cells, Direction, Flags


@helper
def _sort_rows_by_content(grid: Cells) -> Cells:
    """Sort the rows by their number of non-zero cells; rows with equal numbers keep their order."""
    height, width = grid.shape
    counts = np.zeros(height, np.int64)
    for row in range(height):
        for col in range(width):
            counts[row] += grid[row, col] != 0
    ordered = blank(height, width)
    for row in range(height):
        rank = 0
        for other in range(height):
            before = counts[other] < counts[row] or (counts[other] == counts[row] and other < row)
            rank += before
        ordered[rank] = grid[row]
    return ordered


@primitive(
    cost=4,
    laws=(*IDEMPOTENT_IN_PLACE, CommutesWith("flip_cols")),
)
def sort_rows(grid: Cells) -> Cells:
    """Sort the rows by their number of non-zero cells, fewest on top.

    Rows with equal numbers keep their order.

    >>> sort_rows("111/002/300/000")
    Grid('000/002/300/111')
    """
    return _sort_rows_by_content(grid)


@primitive(
    cost=4,
    laws=(*IDEMPOTENT_IN_PLACE, CommutesWith("flip_rows")),
)
def sort_cols(grid: Cells) -> Cells:
    """Sort the columns by their number of non-zero cells, fewest on the left.

    Columns with equal numbers keep their order.

    >>> sort_cols("120/003/403")
    Grid('210/003/043')
    """
    turned = _sort_rows_by_content(orient(grid, False, False, True))
    return orient(turned, False, False, True)


@helper
def _keep_lines(grid: Cells, rows: Flags, cols: Flags) -> Cells:
    """Keep the flagged rows and columns; return `nothing()` if no cell remains."""
    kept = blank(np.sum(rows), np.sum(cols))
    if kept.size == 0:
        return nothing()
    to_row = 0
    for row in range(grid.shape[0]):
        if not rows[row]:
            continue
        to_col = 0
        for col in range(grid.shape[1]):
            if cols[col]:
                kept[to_row, to_col] = grid[row, col]
                to_col += 1
        to_row += 1
    return kept


@primitive(cost=2, laws=(IDEMPOTENT, *COPIES, *COMMUTES_WITH_SYMMETRIES))
def drop_repeats(grid: Cells) -> Cells:
    """Remove each row and each column that equals the one before it.

    >>> drop_repeats("1122/1122/3344/1122")
    Grid('12/34/12')
    """
    height, width = grid.shape
    rows, cols = np.zeros(height, np.bool_), np.zeros(width, np.bool_)
    rows[0] = cols[0] = True
    for row in range(height):
        for col in range(width):
            if row > 0 and grid[row, col] != grid[row - 1, col]:
                rows[row] = True
            if col > 0 and grid[row, col] != grid[row, col - 1]:
                cols[col] = True
    return _keep_lines(grid, rows, cols)


@primitive(cost=3, laws=(IDEMPOTENT, *COPIES_CONTENT, *COMMUTES_WITH_SYMMETRIES))
def drop_blank_lines(grid: Cells) -> Cells:
    """Remove all rows and columns without a non-zero cell; undefined if nothing remains.

    >>> drop_blank_lines("0000/1020/0000/0003")
    Grid('120/003')
    """
    height, width = grid.shape
    rows, cols = np.zeros(height, np.bool_), np.zeros(width, np.bool_)
    for row in range(height):
        for col in range(width):
            if grid[row, col] != 0:
                rows[row] = cols[col] = True
    return _keep_lines(grid, rows, cols)


@primitive(cost=3, laws=(*COPIES, *COMMUTES_WITH_SYMMETRIES))
def drop_uniform_lines(grid: Cells) -> Cells:
    """Remove all rows and columns of a single color; undefined if nothing remains.

    >>> drop_uniform_lines("1050/5555/0250/0050")
    Grid('100/020/000')
    """
    height, width = grid.shape
    rows, cols = np.zeros(height, np.bool_), np.zeros(width, np.bool_)
    for row in range(height):
        for col in range(width):
            rows[row] |= grid[row, col] != grid[row, 0]
            cols[col] |= grid[row, col] != grid[0, col]
    return _keep_lines(grid, rows, cols)


@primitive(cost=4, laws=(INVOLUTION, *REARRANGES))
def swap_halves(grid: Cells, direction: Direction) -> Cells:
    """Swap the two halves along a direction; for a diagonal direction, swap opposite quarters.

    Undefined if a side along the direction has odd length.

    >>> swap_halves("12/34/56/78", 0)
    Grid('56/78/12/34')
    """
    height, width = grid.shape
    by_rows, by_cols = ROW_STEP[direction] != 0, COL_STEP[direction] != 0
    if (by_rows and height % 2 == 1) or (by_cols and width % 2 == 1):
        return nothing()
    down, right = (height // 2 if by_rows else 0), (width // 2 if by_cols else 0)
    swapped = blank(height, width)
    for row in range(height):
        for col in range(width):
            swapped[row, col] = grid[(row + down) % height, (col + right) % width]
    return swapped


@primitive(
    cost=3,
    laws=(*IDEMPOTENT_IN_PLACE, CommutesWith("transpose")),
)
def shift_to_origin(grid: Cells) -> Cells:
    """Move all content together to the top left corner; undefined for a blank grid.

    >>> shift_to_origin("000/012/030")
    Grid('120/300/000')
    """
    top, left, bottom, right = bounding_box(grid)
    if bottom == 0:
        return nothing()
    shifted = blank(*grid.shape)
    shifted[: bottom - top, : right - left] = grid[top:bottom, left:right]
    return shifted
