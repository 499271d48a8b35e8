"""Copying: a grid or an object is drawn again wherever cells of a grid say so."""

from __future__ import annotations

from typing import Any

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
from arcsolve.dsl.values import Cells, Color

MAX_COPIED = 4 * MAX_SIDE * MAX_SIDE  # cells; copies of more than this bury one another


@helper
def _kron(marks: Any, pattern: Any, tinted: bool) -> Any:
    """A copy of the pattern for each cell of the marks that is not 0, in its color if `tinted`."""
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
    """Each cell of the grid becomes a copy of the pattern, or 0 where it is 0 (outer product).

    >>> kron("10/01", "23")
    Grid('2300/0023')
    """
    return _kron(grid, pattern, False)


@primitive(cost=2, laws=(ASSOCIATIVE, *COPIES_CONTENT))
def kron_shape(grid: Cells, pattern: Cells) -> Cells:
    """Each cell of the grid becomes the shape of the pattern in the cell's color, or 0.

    >>> kron_shape("12/00", "303")
    Grid('101202/000000')
    """
    return _kron(grid, pattern, True)


@primitive(cost=2, laws=(*COPIES_CONTENT, *COMMUTES_WITH_SYMMETRIES))
def kron_self(grid: Cells) -> Cells:
    """Each cell of the grid becomes a copy of the grid, or 0 where it is 0.

    >>> kron_self("12/01")
    Grid('1212/0101/0012/0001')
    """
    return _kron(grid, grid, False)


@primitive(cost=3, laws=COPIES_CONTENT)
def kron_color(grid: Cells, color: Color) -> Cells:
    """Each cell of a color becomes a copy of the grid, all others become 0.

    Undefined if the color is not there.

    >>> kron_color("12/01", 2)
    Grid('0012/0001/0000/0000')
    """
    marks = np.zeros_like(grid)
    put_label(marks, grid, color, 1)
    return _kron(marks, grid, False) if marks.any() else nothing()


@helper
def _copy_at(grid: Any, marks: Any, pattern: Any, tinted: bool) -> Any:
    """Copies of the pattern centered on the marks (up and left on a half cell), where grid is 0.

    `nothing` if the copies together have more than `MAX_COPIED` cells.
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
    """Copies of a pattern, centered on every cell, over the grid's cells of 0.

    Later copies, in reading order, lie over earlier ones. Undefined if the copies have more
    than `MAX_COPIED` cells together.

    >>> copy_at_cells("0000/0100/0000", "020/202/020")
    Grid('0200/2120/0200')
    """
    return _copy_at(grid, grid, pattern, False)


@primitive(cost=3, laws=IN_PLACE)
def copy_shape_at_cells(grid: Cells, pattern: Cells) -> Cells:
    """The shape of a pattern, in the color of every cell and centered on it, over cells of 0.

    Later copies, in reading order, lie over earlier ones. Undefined if the copies have more
    than `MAX_COPIED` cells together.

    >>> copy_shape_at_cells("0000000/0100020/0000000", "101/010/101")
    Grid('1010202/0100020/1010202')
    """
    return _copy_at(grid, grid, pattern, True)


@primitive(cost=3, laws=ON_CANVAS)
def copy_at_color(grid: Cells, pattern: Cells, color: Color) -> Cells:
    """Copies of a pattern, centered on every cell of a color, over the grid's cells of 0.

    Later copies, in reading order, lie over earlier ones. Undefined for color 0, if the color is
    not there, and if the copies have more than `MAX_COPIED` cells together.

    >>> copy_at_color("0000/0103/0000", "200/002", 1)
    Grid('0000/2103/0020')
    """
    marks = extract_color(grid, color)
    return _copy_at(grid, marks, pattern, False) if marks.any() else nothing()


@helper
def _dots_and_largest(grid: Any) -> tuple[Any, Any]:
    """The 8-connected objects of a single cell, and the first largest object, each on its canvas.

    The second is all 0 if it is a single cell itself.
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
    """The shape of the largest object, in the color of every single cell and centered on it.

    Objects are 8-connected; only cells of 0 are painted, by later copies over earlier ones.
    Undefined without such an object or cell.

    >>> copy_shape_to_dots("1110000/0000020")
    Grid('1110000/0000222')
    """
    dots, main = _dots_and_largest(grid)
    top, left, bottom, right = bounding_box(main)
    if bottom == 0 or not dots.any():
        return nothing()
    return _copy_at(grid, dots, main[top:bottom, left:right], True)


@helper
def _find_anchor(main: Any, color: int) -> tuple[int, int]:
    """Where the only cell of a color is, (-1, -1) if there is none or more than one."""
    found = (-1, -1)
    for row in range(main.shape[0]):
        for col in range(main.shape[1]):
            if main[row, col] == color:
                if found[0] >= 0:
                    return -1, -1
                found = (row, col)
    return found


@helper
def _stamp(canvas: Any, main: Any, down: int, right: int) -> None:
    """Draw the main cells on the canvas's cells of 0, moved; what leaves the canvas is lost."""
    for row in range(main.shape[0]):
        for col in range(main.shape[1]):
            r, c = row + down, col + right
            if main[row, col] != 0 and inside(canvas, r, c) and canvas[r, c] == 0:
                canvas[r, c] = main[row, col]


@primitive(cost=3, laws=IN_PLACE)
def copy_to_dots(grid: Cells) -> Cells:
    """The largest object is copied to every single cell whose color it has exactly once.

    The copy's cell of that color lies on the single cell. Objects are 8-connected; only cells of 0
    are painted, and earlier copies lie over later ones. Undefined if there is nothing to copy.

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
    """The fullest object's cells are copied into all other objects with an equal bounding box.

    The fullest object (8-connected) has the most cells; only cells of 0 are painted. Undefined if
    no other object has a box of that height and width.

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
    """The bounding box of a color's cells is replaced with a patch of the same height and width.

    Undefined for color 0, if the color is not there, and if the sizes differ.

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
