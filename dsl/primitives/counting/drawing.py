"""Drawing: frames, boxes, stripes, rings, spirals and other figures in a given color."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import (
    COL_STEP,
    ROW_STEP,
    bounding_box,
    components,
    inside,
    nothing,
    too_large,
)
from arcsolve.dsl.kernels.raycast import SIGHT_BITS, sights
from arcsolve.dsl.kernels.shifts import BOTTOM, LEFT, RIGHT, TOP, label_boxes
from arcsolve.dsl.laws import (
    COPIES,
    COPIES_CONTENT,
    IDEMPOTENT_ON_ANY_CANVAS,
    IDEMPOTENT_ON_CANVAS,
    ON_CANVAS,
    RECOLORS_ALIKE,
)
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Count, Direction


@helper
def _draw_outline(canvas: Cells, top: int, left: int, bottom: int, right: int, color: int) -> None:
    """Paint the outline of a rectangle (ends exclusive), only over 0 and inside the canvas."""
    for row in range(max(top, 0), min(bottom, canvas.shape[0])):
        for col in range(max(left, 0), min(right, canvas.shape[1])):
            at_edge = row == top or row == bottom - 1 or col == left or col == right - 1
            if at_edge and canvas[row, col] == 0:
                canvas[row, col] = color


@primitive(cost=2, laws=IDEMPOTENT_ON_ANY_CANVAS)
def frame(grid: Cells, color: Color) -> Cells:
    """Paint the outermost cells of the grid in a color.

    >>> frame("120/340/000", 5)
    Grid('555/545/555')
    """
    result = grid.copy()
    result[0, :] = color
    result[-1, :] = color
    result[:, 0] = color
    result[:, -1] = color
    return result


@primitive(cost=3, laws=ON_CANVAS)
def box_around(grid: Cells, color: Color) -> Cells:
    """Draw a box around every object, one cell outside the object's bounding box.

    Objects are 8-connected and may have several colors. Only background cells are painted.
    Undefined for color 0 and for a blank grid.

    >>> box_around("00000/01000/00200/00000", 3)
    Grid('33330/31030/30230/33330')
    """
    labels, count = components(grid, True, False)
    if color == 0 or count == 0:
        return nothing()
    result = grid.copy()
    for box in label_boxes(labels, count)[1:]:
        _draw_outline(result, box[TOP] - 1, box[LEFT] - 1, box[BOTTOM] + 1, box[RIGHT] + 1, color)
    return result


@primitive(cost=3, laws=IDEMPOTENT_ON_CANVAS)
def box_content(grid: Cells, color: Color) -> Cells:
    """Draw the outline of the bounding box of all non-zero cells.

    Only background cells are painted. Undefined for color 0 and for a blank grid.

    >>> box_content("1000/0000/0010", 2)
    Grid('1220/2020/2210')
    """
    top, left, bottom, right = bounding_box(grid)
    if color == 0 or bottom == 0:
        return nothing()
    result = grid.copy()
    _draw_outline(result, top, left, bottom, right, color)
    return result


@primitive(cost=3, laws=ON_CANVAS)
def fill_corner_boxes(grid: Cells, color: Color) -> Cells:
    """Fill every rectangle that has four corner cells of one color and empty sides.

    Only background cells inside the sides are painted. Undefined for color 0 and if there is no
    such rectangle.

    >>> fill_corner_boxes("1001/0000/1001", 2)
    Grid('1001/0220/1001')
    """
    result = grid.copy()
    found = False
    to_right, to_bottom = sights(grid, 2) >> SIGHT_BITS, sights(grid, 4) >> SIGHT_BITS
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            corner, width, height = grid[row, col], to_right[row, col], to_bottom[row, col]
            if corner == 0 or width < 2 or height < 2:
                continue
            if grid[row, col + width] != corner or grid[row + height, col] != corner:
                continue
            if grid[row + height, col + width] != corner:
                continue
            if to_right[row + height, col] != width or to_bottom[row, col + width] != height:
                continue
            found = True
            for r in range(row + 1, row + height):
                for c in range(col + 1, col + width):
                    result[r, c] = color if grid[r, c] == 0 else grid[r, c]
    return result if found and color != 0 else nothing()


@helper
def _draw_stripes(grid: Cells, color: int, down: int, across: int) -> Cells:
    """Paint the cells of 0 in every `down`-th row and every `across`-th column; 0 means no line."""
    result = grid.copy()
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            on_row = down > 0 and row % max(down, 1) == 0
            on_col = across > 0 and col % max(across, 1) == 0
            if grid[row, col] == 0 and (on_row or on_col):
                result[row, col] = color
    return result


@primitive(cost=3, laws=IDEMPOTENT_ON_CANVAS)
def stripe_rows(grid: Cells, color: Color, count: Count) -> Cells:
    """Paint the background cells of every n-th row, counted from the top row.

    Undefined for a count below 2 and for color 0.

    >>> stripe_rows("010/000/000", 2, 2)
    Grid('212/000/222')
    """
    return _draw_stripes(grid, color, count, 0) if count > 1 and color > 0 else nothing()


@primitive(cost=3, laws=IDEMPOTENT_ON_CANVAS)
def stripe_cols(grid: Cells, color: Color, count: Count) -> Cells:
    """Paint the background cells of every n-th column, counted from the left column.

    Undefined for a count below 2 and for color 0.

    >>> stripe_cols("010/000", 2, 2)
    Grid('212/202')
    """
    return _draw_stripes(grid, color, 0, count) if count > 1 and color > 0 else nothing()


@primitive(cost=3, laws=IDEMPOTENT_ON_CANVAS)
def lattice(grid: Cells, color: Color, count: Count) -> Cells:
    """Paint the background cells of every n-th row and every n-th column, from the top left on.

    Undefined for a count below 2 and for color 0.

    >>> lattice("0000/0000/0010", 2, 2)
    Grid('2222/2020/2212')
    """
    return _draw_stripes(grid, color, count, count) if count > 1 and color > 0 else nothing()


@primitive(cost=3, laws=IDEMPOTENT_ON_CANVAS)
def checker(grid: Cells, color: Color) -> Cells:
    """Paint every second background cell like the squares of a chessboard.

    The top left corner is one of the painted places. Undefined for color 0.

    >>> checker("000/010/000", 2)
    Grid('202/010/202')
    """
    result = grid.copy()
    for row in range(grid.shape[0]):
        for col in range(row % 2, grid.shape[1], 2):
            result[row, col] = color if grid[row, col] == 0 else grid[row, col]
    return result if color != 0 else nothing()


@primitive(cost=3, laws=IDEMPOTENT_ON_CANVAS)
def rings(grid: Cells, color: Color) -> Cells:
    """Paint the background cells of every second ring, starting at the border.

    Undefined for color 0.

    >>> rings("00000/01000/00000/00000/00000", 2)
    Grid('22222/21002/20202/20002/22222')
    """
    height, width = grid.shape
    result = grid.copy()
    for ring in range(0, (min(height, width) + 1) // 2, 2):
        _draw_outline(result, ring, ring, height - ring, width - ring, color)
    return result if color != 0 else nothing()


@helper
def _is_blocked(canvas: Cells, row: int, col: int, way: int) -> bool:
    """Return whether the next cell is painted or missing, or the cell after it is painted."""
    r, c = row + ROW_STEP[way], col + COL_STEP[way]
    if not inside(canvas, r, c) or canvas[r, c] != 0:
        return True
    r, c = r + ROW_STEP[way], c + COL_STEP[way]
    return inside(canvas, r, c) and canvas[r, c] != 0


@primitive(cost=3, laws=IDEMPOTENT_ON_CANVAS)
def spiral(grid: Cells, color: Color) -> Cells:
    """Draw a clockwise spiral from the top left to the middle of a blank canvas.

    The canvas has the grid's shape. The spiral leaves one cell between its windings, but it touches
    itself in a grid of two rows or columns. Undefined for color 0.

    >>> spiral("00000/00000/00000/00000/00000", 3)
    Grid('33333/00003/33303/30003/33333')
    """
    result = np.zeros_like(grid)
    row, col, way = 0, 0, 2
    result[0, 0] = color
    while color != 0:
        if _is_blocked(result, row, col, way):
            way = (way + 2) % 8
            if _is_blocked(result, row, col, way):
                break
        row, col = row + ROW_STEP[way], col + COL_STEP[way]
        result[row, col] = color
    return result if color != 0 else nothing()


@primitive(cost=4, laws=COPIES)
def nested_squares(grid: Cells) -> Cells:
    """Draw nested squares in the colors of a single row or column, the first color outermost.

    The result has 2n - 1 cells a side for n colors. Undefined for other grids and for a single
    cell.

    >>> nested_squares("12")
    Grid('111/121/111')
    """
    size = max(grid.shape[0], grid.shape[1])
    side = 2 * size - 1
    if min(grid.shape[0], grid.shape[1]) > 1 or size == 1 or too_large(side, side):
        return nothing()
    colors = grid.ravel()
    result = np.zeros((side, side), np.uint8)
    for ring in range(size):
        result[ring : side - ring, ring : side - ring] = colors[ring]
    return result


@primitive(cost=3, laws=IDEMPOTENT_ON_ANY_CANVAS)
def draw_diagonal(grid: Cells, color: Color) -> Cells:
    """Paint the diagonal that starts at the top left corner, over all cells.

    >>> draw_diagonal("111/111", 2)
    Grid('211/121')
    """
    result = grid.copy()
    for place in range(min(grid.shape[0], grid.shape[1])):
        result[place, place] = color
    return result


@primitive(cost=3, laws=IDEMPOTENT_ON_CANVAS)
def draw_midlines(grid: Cells, color: Color) -> Cells:
    """Paint the background cells of the middle row and the middle column.

    A side of even length has two middle lines. Undefined for color 0.

    >>> draw_midlines("000/010/001", 2)
    Grid('020/212/021')
    """
    height, width = grid.shape
    result = grid.copy()
    for row in range(height):
        for col in range(width):
            middle = abs(2 * row - height + 1) < 2 or abs(2 * col - width + 1) < 2
            if middle and grid[row, col] == 0:
                result[row, col] = color
    return result if color != 0 else nothing()


@primitive(cost=3, laws=(RECOLORS_ALIKE,))
def interleave(grid: Cells, color: Color) -> Cells:
    """Insert a line of a color between all neighboring rows and columns.

    Undefined if the result has more than 30 cells a side.

    >>> interleave("12/34", 5)
    Grid('152/555/354')
    """
    height, width = 2 * grid.shape[0] - 1, 2 * grid.shape[1] - 1
    if too_large(height, width):
        return nothing()
    result = np.full((height, width), np.uint8(color))
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            result[2 * row, 2 * col] = grid[row, col]
    return result


@primitive(cost=4, laws=COPIES_CONTENT)
def cascade(grid: Cells, direction: Direction) -> Cells:
    """Stack copies of a single row into a square, each copy one cell further to the right or left.

    Undefined for a grid of several rows or a single cell, and for directions other than right and
    left.

    >>> cascade("1203", 2)
    Grid('1203/0120/0012/0001')
    """
    height, width = grid.shape
    if height > 1 or width == 1 or (direction != 2 and direction != 6):
        return nothing()
    result = np.zeros((width, width), np.uint8)
    for row in range(width):
        for col in range(width):
            source = col - row * COL_STEP[direction]
            if 0 <= source < width:
                result[row, col] = grid[0, source]
    return result
