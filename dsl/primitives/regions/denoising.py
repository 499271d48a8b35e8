"""Denoising: cells compared with their neighbors, and solid areas separated from thin ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import (
    COL_STEP,
    ROW_STEP,
    blank,
    copy_grid,
    frame_cells,
    neighbor_steps,
    nothing,
)
from arcsolve.dsl.laws import (
    COMMUTES_WITH_SYMMETRIES,
    IDEMPOTENT_IN_PLACE,
    IN_PLACE,
    ON_ANY_CANVAS,
    ON_CANVAS,
    REARRANGES,
)
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Count, Integers, Mask

COUNT_BITS = 4  # per color; enough to count the nine cells of a 3 x 3 window


@helper
def like_neighbors(grid: Cells, row: int, col: int) -> int:
    """Count the neighbors, of eight, that have the color of the cell."""
    height, width = grid.shape
    count = 0
    for way in range(8):
        r, c = row + ROW_STEP[way], col + COL_STEP[way]
        if 0 <= r < height and 0 <= c < width and grid[r, c] == grid[row, col]:
            count += 1
    return count


@helper
def surroundings(grid: Cells, row: int, col: int) -> int:
    """Count each color in the 3 x 3 window around a cell, packed with COUNT_BITS per color."""
    counts: Any = 0
    for r in range(max(row - 1, 0), min(row + 2, grid.shape[0])):
        for c in range(max(col - 1, 0), min(col + 2, grid.shape[1])):
            counts += 1 << (COUNT_BITS * np.int64(grid[r, c]))
    return counts


@helper
def clear_winner(counts: int) -> int:
    """Return the color with the highest count in a result of `surroundings`, or -1 on a tie."""
    best, winner = 0, -1
    for color in range(NUM_COLORS):
        count = (counts >> (COUNT_BITS * color)) & ((1 << COUNT_BITS) - 1)
        winner = color if count > best else (-1 if count == best else winner)
        best = max(best, count)
    return winner


@helper
def remove_lonely_cells(grid: Cells, needed: int) -> Cells:
    """Erase the cells with fewer than `needed` neighbors, of eight, in their color."""
    height, width = grid.shape
    kept, cells, steps = blank(height, width), frame_cells(grid), neighbor_steps(width, True)
    for row in range(height):
        for col in range(width):
            color, here = grid[row, col], (row + 1) * (width + 2) + col + 1
            alike = 0
            for step in steps:
                alike += cells[here + step] == color
            kept[row, col] = color * (alike >= needed)
    return kept


@helper
def block_cells(grid: Cells) -> Mask:
    """Return the mask of the cells in 2 x 2 blocks of one non-zero color."""
    marks = blank(grid.shape[0], grid.shape[1])
    for row in range(grid.shape[0] - 1):
        for col in range(grid.shape[1] - 1):
            color = grid[row, col]
            across, below = grid[row, col + 1], grid[row + 1, col]
            if color > 0 and color == across == below == grid[row + 1, col + 1]:
                marks[row : row + 2, col : col + 2] = 1
    return marks


@helper
def update_heights(heights: Integers, grid: Cells, color: int, row: int) -> None:
    """Update, for each column, the number of cells of a color that end at this row going up."""
    for col in range(grid.shape[1]):
        heights[col] = heights[col] + 1 if grid[row, col] == color else 0


@helper
def largest_box(grid: Cells, color: int, square: bool) -> tuple[int, int, int, int]:
    """Return (top, left, bottom, right) of the largest solid rectangle (or square) of a color.

    The first one wins a tie. The result is zeros if the grid does not have the color.
    """
    width = grid.shape[1]
    heights = np.zeros(width, np.int64)
    best_area, best = 0, (0, 0, 0, 0)
    for row in range(grid.shape[0]):
        update_heights(heights, grid, color, row)
        for left in range(width):
            tall = heights[left]
            for right in range(left + 1, width + 1):
                tall = min(tall, heights[right - 1])
                if tall == 0:
                    break
                rise = right - left if square else tall
                if rise <= tall and rise * (right - left) > best_area:
                    best_area = rise * (right - left)
                    best = (row + 1 - rise, left, row + 1, right)
    return best


@helper
def box_mask(grid: Cells, box: tuple[int, int, int, int]) -> Mask:
    """Return the mask of a box in the shape of the grid; return `nothing()` for an empty box."""
    top, left, bottom, right = box
    if bottom == 0:
        return nothing()
    marks = blank(grid.shape[0], grid.shape[1])
    marks[top:bottom, left:right] = 1
    return marks


@primitive(cost=2, laws=(*IDEMPOTENT_IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def remove_specks(grid: Cells) -> Cells:
    """Erase the cells that have no neighbor of their color, corners included.

    >>> remove_specks("1100/0002/3001")
    Grid('1100/0000/0000')
    """
    return remove_lonely_cells(grid, 1)


@primitive(cost=3, laws=IN_PLACE)
def remove_lonely(grid: Cells, count: Count) -> Cells:
    """Erase the cells with fewer than n neighbors of their own color, out of eight.

    >>> remove_lonely("1101/1100/0022", 2)
    Grid('1100/1100/0000')
    """
    return remove_lonely_cells(grid, count)


@primitive(cost=3, laws=(*REARRANGES, *COMMUTES_WITH_SYMMETRIES))
def absorb_specks(grid: Cells) -> Cells:
    """Give each cell without a neighbor of its color the most common color around it, 0 included.

    The neighbors are the eight cells around it. On a tie the cell stays. All cells change at once.

    >>> absorb_specks("1110/1210/1110/0003")
    Grid('1110/1110/1110/0000')
    """
    result = copy_grid(grid)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if like_neighbors(grid, row, col) == 0:
                itself = 1 << (COUNT_BITS * np.int64(grid[row, col]))
                color = clear_winner(surroundings(grid, row, col) - itself)
                if color >= 0:
                    result[row, col] = color
    return result


@primitive(cost=3, laws=(*REARRANGES, *COMMUTES_WITH_SYMMETRIES))
def smooth(grid: Cells) -> Cells:
    """Give each cell the most common color in the 3 x 3 window around it; on a tie the cell stays.

    All cells change at once.

    >>> smooth("1100/1211/0110")
    Grid('1110/1111/1111')
    """
    result = copy_grid(grid)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            color = clear_winner(surroundings(grid, row, col))
            if color >= 0:
                result[row, col] = color
    return result


@primitive(cost=3, laws=(*IDEMPOTENT_IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def keep_blocks(grid: Cells) -> Cells:
    """Keep only the cells in 2 x 2 blocks of one color, so that lines and specks vanish.

    >>> keep_blocks("1111/1100/0020")
    Grid('1100/1100/0000')
    """
    return grid * block_cells(grid)


@primitive(cost=3, laws=(*IDEMPOTENT_IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def keep_thin(grid: Cells) -> Cells:
    """Erase the cells in 2 x 2 blocks of one color, so that lines and specks remain.

    >>> keep_thin("1111/1100/0020")
    Grid('0011/0000/0020')
    """
    return grid * (1 - block_cells(grid)).astype(np.uint8)


@primitive(cost=3, laws=(*IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def close_gaps(grid: Cells) -> Cells:
    """Fill each background cell between two equal colors, left and right or above and below.

    A cell stays 0 if the two directions give different colors. All cells change at once.

    >>> close_gaps("101/000/121")
    Grid('111/101/121')
    """
    height, width = grid.shape
    result = copy_grid(grid)
    for row in range(height):
        for col in range(width):
            if grid[row, col] > 0:
                continue
            beside = grid[row, col - 1] if 0 < col < width - 1 else np.uint8(0)
            beside = beside if beside > 0 and beside == grid[row, col + 1] else np.uint8(0)
            above = grid[row - 1, col] if 0 < row < height - 1 else np.uint8(0)
            above = above if above > 0 and above == grid[row + 1, col] else np.uint8(0)
            if beside == 0 or above == 0 or beside == above:
                result[row, col] = max(beside, above)
    return result


@primitive(cost=3, laws=ON_ANY_CANVAS)
def largest_rectangle(grid: Cells, color: Color) -> Mask:
    """Select the largest solid rectangle of a color, which may be 0.

    Of several, the one whose last row comes first wins, and then the leftmost. Undefined if the
    grid does not have the color.

    >>> largest_rectangle("1001/1000/0010", 0)
    Grid('0110/0110/0000')
    """
    return box_mask(grid, largest_box(grid, color, False))


@primitive(cost=3, laws=ON_ANY_CANVAS)
def largest_square(grid: Cells, color: Color) -> Mask:
    """Select the largest solid square of a color, which may be 0.

    Of several, the one whose last row comes first wins, and then the leftmost. Undefined if the
    grid does not have the color.

    >>> largest_square("2220/2222/0000", 2)
    Grid('1100/1100/0000')
    """
    return box_mask(grid, largest_box(grid, color, True))


@primitive(cost=3, laws=ON_CANVAS)
def zero_squares(grid: Cells, count: Count) -> Mask:
    """Select all background squares with a given side, overlapping ones included.

    Undefined if there are none, and for a side below 2.

    >>> zero_squares("0010/0000/1100", 2)
    Grid('1100/1111/0011')
    """
    height, width = grid.shape
    if count < 2 or count > min(height, width):
        return nothing()
    marks = blank(height, width)
    for row in range(height - count + 1):
        for col in range(width - count + 1):
            if not np.any(grid[row : row + count, col : col + count]):
                marks[row : row + count, col : col + count] = 1
    return marks if np.any(marks) else nothing()
