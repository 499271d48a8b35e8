"""Patterns: periodic grids, sequences continued, and concentric rings."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import (
    COL_STEP,
    ROW_STEP,
    blank,
    bounding_box,
    copy_grid,
    nothing,
    too_large,
    turn_down,
)
from arcsolve.dsl.kernels.lattices import complete_period, find_lattice, hide_color, lattice_tile
from arcsolve.dsl.laws import (
    COMMUTES_WITH_FLIPS,
    COPIES,
    COPIES_CONTENT,
    IN_PLACE,
    INVOLUTION,
    REARRANGES,
)
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Direction, Integers


@helper
def known_rows(grid: Cells) -> int:
    """Count the rows down to the last row that is not blank."""
    return bounding_box(grid)[2]


@helper
def row_period(grid: Cells, count: int, max_drift: int) -> tuple[int, int]:
    """Return the smallest (period, drift) with which the first `count` rows repeat.

    A row repeats `period` rows later, moved by `drift` columns. Cells that move out of the grid are
    lost, and cells that move in are free. All periods are tried without a drift, and then with
    drifts from small to large, up to `max_drift` columns to either side. The result is (count, 0)
    if nothing repeats.
    """
    for trial in range(2 * max_drift + 1):
        drift = (trial + 1) // 2 if trial % 2 == 1 else -(trial // 2)
        for period in range(1, count):
            if rows_repeat(grid, count, period, drift):
                return period, drift
    return count, 0


@helper
def rows_repeat(grid: Cells, count: int, period: int, drift: int) -> bool:
    """Return whether the first `count` rows repeat with this period and drift.

    At least one non-zero cell must take part in the repetition.
    """
    width = grid.shape[1]
    moved = False
    for row in range(period, count):
        for col in range(width):
            if 0 <= col - drift < width:
                if grid[row, col] != grid[row - period, col - drift]:
                    return False
                moved = moved or grid[row, col] > 0
    return moved


@helper
def continue_rows(grid: Cells, start: int, period: int, drift: int) -> Cells:
    """Continue the rows from `start` on from the rows above them."""
    height, width = grid.shape
    result = copy_grid(grid)
    for row in range(start, height):
        for col in range(width):
            if 0 <= col - drift < width:
                result[row, col] = result[row - period, col - drift]
    return result


@helper
def repeat_window(grid: Cells, direction: int, gap: int) -> Cells:
    """Repeat the content in a direction up to the border, over cells of 0 only.

    The copies are `gap` cells apart.
    """
    height, width = grid.shape
    top, left, bottom, right = bounding_box(grid)
    if bottom == 0:
        return nothing()
    row_stride = ROW_STEP[direction] * (bottom - top + gap)
    col_stride = COL_STEP[direction] * (right - left + gap)
    result = copy_grid(grid)
    changed = False
    for copy in range(1, max(height, width) + 1):
        for row in range(top, bottom):
            for col in range(left, right):
                r, c = row + copy * row_stride, col + copy * col_stride
                if 0 <= r < height and 0 <= c < width and result[r, c] == 0 and grid[row, col] > 0:
                    result[r, c] = grid[row, col]
                    changed = True
    return result if changed else nothing()


@helper
def ring_colors(grid: Cells) -> Integers:
    """Return the colors (int64) of the concentric rings, the outermost ring first.

    The result is empty if a ring has two colors.
    """
    height, width = grid.shape
    count = (min(height, width) + 1) // 2
    colors = np.zeros(count, np.int64)
    for ring in range(count):
        colors[ring] = grid[ring, ring]
    for row in range(height):
        for col in range(width):
            ring = min(min(row, height - 1 - row), min(col, width - 1 - col))
            if grid[row, col] != colors[ring]:
                return colors[:0].copy()
    return colors


@helper
def draw_rings(height: int, width: int, colors: Integers) -> Cells:
    """Draw concentric rings in these colors, the outermost ring first.

    There must be a color for each ring.
    """
    result = blank(height, width)
    for row in range(height):
        for col in range(width):
            ring = min(min(row, height - 1 - row), min(col, width - 1 - col))
            result[row, col] = colors[ring]
    return result


@primitive(cost=3, laws=IN_PLACE)
def fill_period(grid: Cells) -> Cells:
    """Fill the background cells from the period of the pattern, which may be slanted.

    The smallest period that contradicts no cell is taken. Undefined if no cell is 0, if less than a
    quarter of the grid shows, and if the period is a single color, has more than 100 cells or does
    not show twice on average.

    >>> fill_period("1212/2000/1012/2121")
    Grid('1212/2121/1212/2121')
    """
    return complete_period(grid, 0)


@primitive(cost=3, laws=IN_PLACE)
def restore_period(grid: Cells, color: Color) -> Cells:
    """Fill the cells of a color from the period of the other cells, which may be slanted.

    Undefined if there is no such cell, if less than a quarter of the grid shows, if more than half
    of the grid is 0, and if the period is a single color, has more than 100 cells or does not show
    twice on average.

    >>> restore_period("1021/0255/2155/1021", 5)
    Grid('1021/0210/2102/1021')
    """
    return complete_period(grid, color)


@primitive(cost=3, laws=COPIES)
def smallest_tile(grid: Cells) -> Cells:
    """Crop to the smallest window at the top left whose repetition gives the whole grid.

    The last copies may be cut off. Undefined if the window has more than half of the cells.

    >>> smallest_tile("12121/34343/12121")
    Grid('12/34')
    """
    height, width, _ = find_lattice(grid, 0, grid.size // 2)
    return grid[:height, :width].copy()


@primitive(cost=3, laws=COPIES_CONTENT)
def hidden_tile(grid: Cells) -> Cells:
    """Return the smallest tile without 0 whose repetition agrees with all non-zero cells.

    Undefined if no cell is 0, and if the tile does not show twice on average or is a single cell.

    >>> hidden_tile("0212/1010/1202/1212")
    Grid('12')
    """
    known = hide_color(grid, 0)
    shown = np.count_nonzero(grid)
    if shown == grid.size:
        return nothing()
    height, width, _ = find_lattice(known, 0, shown // 2)
    return lattice_tile(known, height, width, 0) if height * width > 1 else nothing()


@primitive(cost=3, laws=(*IN_PLACE, *COMMUTES_WITH_FLIPS))
def wallpaper(grid: Cells) -> Cells:
    """Repeat the content over the whole canvas, with its own period or else edge to edge.

    Undefined for a blank grid and if the content reaches all four borders.

    >>> wallpaper("00000/01200/00000")
    Grid('21212/21212/21212')
    """
    height, width = grid.shape
    top, left, bottom, right = bounding_box(grid)
    if bottom == 0 or (bottom - top == height and right - left == width):
        return nothing()
    content = grid[top:bottom, left:right].copy()
    tall, wide, _ = find_lattice(content, 0, content.size // 2)
    if tall == 0:
        tall, wide = content.shape
    result = blank(height, width)
    for row in range(height):
        for col in range(width):
            result[row, col] = content[(row - top) % tall, (col - left) % wide]
    return result


@primitive(cost=3, laws=IN_PLACE)
def extend_sequence(grid: Cells, direction: Direction) -> Cells:
    """Continue the pattern of lines over the blank lines at the border in a direction.

    The lines repeat with their smallest period, or as a whole if nothing repeats. Undefined for
    diagonal directions, without blank lines at the border, and for a blank grid.

    >>> extend_sequence("11/20/11/00/00", 4)
    Grid('11/20/11/20/11')
    """
    if direction % 2 == 1:
        return nothing()
    turned = turn_down(grid, direction)
    count = known_rows(turned)
    if count == 0 or count == len(turned):
        return nothing()
    period, drift = row_period(turned, count, 0)
    return turn_down(continue_rows(turned, count, period, drift), direction)


@primitive(cost=4, laws=IN_PLACE)
def extend_drift(grid: Cells, direction: Direction) -> Cells:
    """Continue a pattern of lines that move sideways as they repeat, like stairs and diagonals.

    The lines fill the blank lines at the border in a direction. Undefined for diagonal directions,
    without blank lines at the border, and if the lines do not repeat with a sideways move.

    >>> extend_drift("1000/0100/0000/0000", 4)
    Grid('1000/0100/0010/0001')
    """
    if direction % 2 == 1:
        return nothing()
    turned = turn_down(grid, direction)
    count = known_rows(turned)
    if count < 2 or count == len(turned):
        return nothing()
    period, drift = row_period(turned, count, turned.shape[1] - 1)
    if period == count or drift == 0:
        return nothing()
    return turn_down(continue_rows(turned, count, period, drift), direction)


@primitive(cost=3, laws=COPIES_CONTENT)
def grow_sequence(grid: Cells, direction: Direction) -> Cells:
    """Make the grid longer by half in a direction and continue its pattern of lines.

    Undefined for diagonal directions, for an odd number of lines, and unless the pattern shows at
    least twice.

    >>> grow_sequence("1/2/1/2", 4)
    Grid('1/2/1/2/1/2')
    """
    if direction % 2 == 1:
        return nothing()
    turned = turn_down(grid, direction)
    height, width = turned.shape
    longer = height + height // 2
    if height % 2 == 1 or too_large(longer, width):
        return nothing()
    period, _ = row_period(turned, height, 0)
    if 2 * period > height:
        return nothing()
    result = blank(longer, width)
    result[:height] = turned
    return turn_down(continue_rows(result, height, period, 0), direction)


@primitive(cost=3, laws=IN_PLACE)
def repeat_content(grid: Cells, direction: Direction) -> Cells:
    """Repeat the content edge to edge in a direction, or corner to corner for a diagonal direction.

    Copies fill only background cells and are cut off at the border. Undefined if no cell changes.

    >>> repeat_content("12000/30000/00000", 2)
    Grid('12121/30303/00000')
    """
    return repeat_window(grid, direction, 0)


@primitive(cost=4, laws=IN_PLACE)
def repeat_content_apart(grid: Cells, direction: Direction) -> Cells:
    """Repeat the content in a direction with one cell between the copies.

    Copies fill only background cells and are cut off at the border. Undefined if no cell changes.

    >>> repeat_content_apart("12000/30000", 2)
    Grid('12012/30030')
    """
    return repeat_window(grid, direction, 1)


@primitive(cost=4, laws=(INVOLUTION, *REARRANGES))
def reverse_rings(grid: Cells) -> Cells:
    """Reverse the order of the colors of concentric rings.

    Undefined if a ring has two colors and if all rings have the same color.

    >>> reverse_rings("1111/1221/1111")
    Grid('2222/2112/2222')
    """
    colors = ring_colors(grid)
    if colors.size == 0 or colors.min() == colors.max():
        return nothing()
    return draw_rings(grid.shape[0], grid.shape[1], colors[::-1])
