"""Copying: a grid or an object drawn again at the cells of a grid."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import MAX_SIDE
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import bounding_box, components, inside, nothing, too_large
from arcsolve.dsl.kernels.raycast import extract_color
from arcsolve.dsl.kernels.shifts import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    body_sizes,
    extract_label,
    label_boxes,
    put_label,
)
from arcsolve.dsl.laws import (
    ASSOCIATIVE,
    COMMUTES_WITH_SYMMETRIES,
    COPIES_CONTENT,
    IN_PLACE,
    ON_CANVAS,
    RECOLORS_ALIKE_BUT_ZERO,
)
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Mask

MAX_COPIED = 4 * MAX_SIDE * MAX_SIDE  # cells; with more than these, copies bury one another


@helper
def _kron(marks: Mask, pattern: Cells, tinted: bool) -> Cells:
    """Draw a copy of the pattern for each non-zero cell of the marks.

    The copies have the pattern's colors, or the color of the cell if `tinted`.
    """
    height, width = pattern.shape
    if too_large(marks.shape[0] * height, marks.shape[1] * width):
        return nothing()
    result = np.zeros((marks.shape[0] * height, marks.shape[1] * width), np.uint8)
    for row in range(result.shape[0]):
        for mark_col in range(marks.shape[1]):
            mark = marks[row // height, mark_col]
            for col in range(width if mark != 0 else 0):
                cell = pattern[row % height, col]
                color = mark if tinted else cell
                result[row, mark_col * width + col] = color if cell != 0 else 0
    return result


@primitive(cost=2, laws=(ASSOCIATIVE, RECOLORS_ALIKE_BUT_ZERO))
def kron(grid: Cells, pattern: Cells) -> Cells:
    """Replace each non-zero cell with a copy of the pattern and each background cell with zeros.

    This is the outer product of both grids. Undefined if the result has more than 30 cells a side.

    >>> kron("10/01", "23")
    Grid('2300/0023')
    """
    return _kron(grid, pattern, False)


@primitive(cost=2, laws=(ASSOCIATIVE, *COPIES_CONTENT))
def kron_shape(grid: Cells, pattern: Cells) -> Cells:
    """Replace each cell with the shape of the pattern in the cell's own color.

    Undefined if the result has more than 30 cells a side.

    >>> kron_shape("12/00", "303")
    Grid('101202/000000')
    """
    return _kron(grid, pattern, True)


@primitive(cost=2, laws=(*COPIES_CONTENT, *COMMUTES_WITH_SYMMETRIES))
def kron_self(grid: Cells) -> Cells:
    """Replace each non-zero cell with a copy of the grid and each background cell with zeros.

    Undefined if the result has more than 30 cells a side.

    >>> kron_self("12/01")
    Grid('1212/0101/0012/0001')
    """
    return _kron(grid, grid, False)


@primitive(cost=3, laws=COPIES_CONTENT)
def kron_color(grid: Cells, color: Color) -> Cells:
    """Replace each cell of a color with a copy of the grid and all other cells with zeros.

    Undefined if the grid does not have the color and if the result has more than 30 cells a side.

    >>> kron_color("12/01", 2)
    Grid('0012/0001/0000/0000')
    """
    marks = np.zeros_like(grid)
    put_label(marks, grid, color, 1)
    return _kron(marks, grid, False) if marks.any() else nothing()


@helper
def _copy_at(grid: Cells, marks: Mask, pattern: Cells, tinted: bool) -> Cells:
    """Draw copies of the pattern centered on the marks, where the grid is 0.

    A pattern of even length lies half a cell toward the top or left. Returns `nothing()` if the
    copies have more than `MAX_COPIED` cells together.
    """
    if np.count_nonzero(marks) * pattern.size > MAX_COPIED:
        return nothing()
    result = grid.copy()
    for row in range(marks.shape[0]):
        for col in range(marks.shape[1]):
            if marks[row, col] == 0:
                continue
            top, left = row - (pattern.shape[0] - 1) // 2, col - (pattern.shape[1] - 1) // 2
            for r in range(max(top, 0), min(top + pattern.shape[0], grid.shape[0])):
                for c in range(max(left, 0), min(left + pattern.shape[1], grid.shape[1])):
                    cell = pattern[r - top, c - left]
                    if cell != 0 and grid[r, c] == 0:
                        result[r, c] = marks[row, col] if tinted else cell
    return result


@primitive(cost=3, laws=ON_CANVAS)
def copy_at_cells(grid: Cells, pattern: Cells) -> Cells:
    """Draw a copy of a pattern centered on every non-zero cell, over background cells.

    Later copies, in reading order, lie over earlier ones. Undefined if the copies have more than
    3600 cells together.

    >>> copy_at_cells("0000/0100/0000", "020/202/020")
    Grid('0200/2120/0200')
    """
    return _copy_at(grid, grid, pattern, False)


@primitive(cost=3, laws=IN_PLACE)
def copy_shape_at_cells(grid: Cells, pattern: Cells) -> Cells:
    """Draw the shape of a pattern centered on every non-zero cell, in the color of that cell.

    Only background cells are painted. Later copies, in reading order, lie over earlier ones.
    Undefined if the copies have more than 3600 cells together.

    >>> copy_shape_at_cells("0000000/0100020/0000000", "101/010/101")
    Grid('1010202/0100020/1010202')
    """
    return _copy_at(grid, grid, pattern, True)


@primitive(cost=3, laws=ON_CANVAS)
def copy_at_color(grid: Cells, pattern: Cells, color: Color) -> Cells:
    """Draw a copy of a pattern centered on every cell of a color, over background cells.

    Later copies, in reading order, lie over earlier ones. Undefined for color 0, if the grid does
    not have the color, and if the copies have more than 3600 cells together.

    >>> copy_at_color("0000/0103/0000", "200/002", 1)
    Grid('0000/2103/0020')
    """
    marks = extract_color(grid, color)
    return _copy_at(grid, marks, pattern, False) if marks.any() else nothing()


@helper
def _dots_and_largest(grid: Cells) -> tuple[Cells, Cells]:
    """Return the single-cell objects and the first largest object, each on a canvas of its own.

    Objects are 8-connected. The second canvas is blank if the largest object is a single cell.
    """
    labels, count = components(grid, True, False)
    sizes = body_sizes(labels, count)
    largest = np.argmax(sizes)
    if sizes[largest] < 2:
        return grid.copy(), np.zeros_like(grid)
    dots = np.zeros_like(grid)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if sizes[labels[row, col]] == 1:
                dots[row, col] = grid[row, col]
    return dots, extract_label(grid, labels, largest)


@primitive(cost=3, laws=IN_PLACE)
def copy_shape_to_dots(grid: Cells) -> Cells:
    """Draw the shape of the largest object on every single cell, centered and in the cell's color.

    Objects are 8-connected and may have several colors. Only background cells are painted, and
    later copies lie over earlier ones. Undefined if there is no object of two cells or no single
    cell.

    >>> copy_shape_to_dots("1110000/0000020")
    Grid('1110000/0000222')
    """
    dots, main = _dots_and_largest(grid)
    top, left, bottom, right = bounding_box(main)
    if bottom == 0 or not dots.any():
        return nothing()
    return _copy_at(grid, dots, main[top:bottom, left:right], True)


@helper
def _find_anchor(main: Cells, color: int) -> tuple[int, int]:
    """Return the place of the only cell of a color; (-1, -1) if there is not exactly one."""
    found = (-1, -1)
    for row in range(main.shape[0]):
        for col in range(main.shape[1]):
            if main[row, col] == color:
                if found[0] >= 0:
                    return -1, -1
                found = (row, col)
    return found


@helper
def _stamp(canvas: Cells, main: Cells, down: int, right: int) -> None:
    """Draw the cells of `main`, moved, on the canvas's cells of 0; cells that leave it are lost."""
    for row in range(main.shape[0]):
        for col in range(main.shape[1]):
            r, c = row + down, col + right
            if main[row, col] != 0 and inside(canvas, r, c) and canvas[r, c] == 0:
                canvas[r, c] = main[row, col]


@primitive(cost=3, laws=IN_PLACE)
def copy_to_dots(grid: Cells) -> Cells:
    """Copy the largest object to every single cell whose color it contains exactly once.

    The copy's cell of that color lies on the single cell. Objects are 8-connected and may have
    several colors. Only background cells are painted, and earlier copies lie over later ones.
    Undefined if there is nothing to copy.

    >>> copy_to_dots("0100000/1210020/0100000")
    Grid('0100010/1210121/0100010')
    """
    dots, main = _dots_and_largest(grid)
    result = grid.copy()
    found = False
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if dots[row, col] == 0:
                continue
            anchor = _find_anchor(main, dots[row, col])
            if anchor[0] >= 0:
                found = True
                _stamp(result, main, row - anchor[0], col - anchor[1])
    return result if found else nothing()


@primitive(cost=4, laws=IN_PLACE)
def copy_object_to_twins(grid: Cells) -> Cells:
    """Copy the object with the most cells into all other objects whose bounding box has its size.

    Objects are 8-connected and may have several colors. Only background cells are painted.
    Undefined if there is no other such object.

    >>> copy_object_to_twins("1210101/2120010/1210101")
    Grid('1210121/2120212/1210121')
    """
    _, main = _dots_and_largest(grid)
    top, left, bottom, right = bounding_box(main)
    labels, count = components(grid, True, False)
    result = grid.copy()
    found = False
    for box in label_boxes(labels, count)[1:]:
        same = box[BOTTOM] - box[TOP] == bottom - top and box[RIGHT] - box[LEFT] == right - left
        if same and (box[TOP] != top or box[LEFT] != left):
            found = True
            _stamp(result, main, box[TOP] - top, box[LEFT] - left)
    return result if found else nothing()


@primitive(cost=3, laws=ON_CANVAS)
def replace_box(grid: Cells, patch: Cells, color: Color) -> Cells:
    """Replace the bounding box of a color's cells with a patch of the same size.

    Undefined for color 0, if the grid does not have the color, and if the sizes differ.

    >>> replace_box("5000/0220/0220", "12/34", 2)
    Grid('5000/0120/0340')
    """
    top, left, bottom, right = bounding_box(extract_color(grid, color))
    if bottom == 0 or patch.shape[0] != bottom - top or patch.shape[1] != right - left:
        return nothing()
    result = grid.copy()
    for row in range(top, bottom):
        for col in range(left, right):
            result[row, col] = patch[row - top, col - left]
    return result
