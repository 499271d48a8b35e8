"""Windows cut out of a grid: around content, at a side, inside a frame."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import (
    COL_STEP,
    ROW_STEP,
    bounding_box,
    color_counts,
    components,
    crop,
    nothing,
)
from arcsolve.dsl.laws import COMMUTES_WITH_SYMMETRIES, COPIES, COPIES_CONTENT, IDEMPOTENT
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Count, Direction, Integers, Mask


@helper
def _color_box(grid: Cells, color: int) -> tuple[int, int, int, int]:
    """Return (top, left, bottom, right) of the cells of a color, ends exclusive; zeros if none."""
    height, width = grid.shape
    top, left, bottom, right = height, width, 0, 0
    for row in range(height):
        for col in range(width):
            if grid[row, col] == color:
                top, bottom = min(top, row), row + 1
                left, right = min(left, col), max(right, col + 1)
    return (top, left, bottom, right) if bottom > 0 else (0, 0, 0, 0)


@helper
def _crop_over_content(grid: Cells, other: Cells) -> Cells:
    """Crop the grid to the bounding box of the other grid's non-zero cells."""
    if grid.shape != other.shape:
        return nothing()
    top, left, bottom, right = bounding_box(other)
    return crop(grid, top, left, bottom, right)


@primitive(cost=2, laws=(IDEMPOTENT, *COPIES_CONTENT, *COMMUTES_WITH_SYMMETRIES))
def crop_to_content(grid: Cells) -> Cells:
    """Crop the grid to the bounding box of all non-zero cells; undefined for a blank grid.

    >>> crop_to_content("000/012/000")
    Grid('12')
    """
    return _crop_over_content(grid, grid)


@primitive(cost=3, laws=COPIES_CONTENT)
def crop_to_content_of(grid: Cells, other: Cells) -> Cells:
    """Crop the grid to the bounding box of another grid's non-zero cells.

    Undefined if the shapes differ and if the other grid is blank.

    >>> crop_to_content_of("123/456/789", "000/001/001")
    Grid('6/9')
    """
    return _crop_over_content(grid, other)


@primitive(cost=3, laws=COPIES)
def crop_to_mask(grid: Cells, mask: Mask) -> Cells:
    """Crop the grid to the bounding box of a mask.

    Undefined if the shapes differ and if the mask is empty.

    >>> crop_to_mask("123/456/789", "000/100/010")
    Grid('45/78')
    """
    return _crop_over_content(grid, mask)


@primitive(cost=2, laws=(IDEMPOTENT, *COPIES))
def crop_to_color(grid: Cells, color: Color) -> Cells:
    """Crop the grid to the bounding box of a color; undefined if the grid does not have it.

    >>> crop_to_color("0000/0203/0520/0000", 2)
    Grid('20/52')
    """
    top, left, bottom, right = _color_box(grid, color)
    return crop(grid, top, left, bottom, right)


@primitive(cost=3, laws=(*COPIES, *COMMUTES_WITH_SYMMETRIES))
def trim_border(grid: Cells) -> Cells:
    """Remove the outermost ring of cells; undefined for a side of fewer than 3 cells.

    >>> trim_border("1111/1231/1111")
    Grid('23')
    """
    height, width = grid.shape
    return crop(grid, 1, 1, height - 1, width - 1)


@helper
def _crop_side(grid: Cells, direction: int, rows: int, cols: int) -> Cells:
    """Return `rows` lines at the upper or lower side and `cols` lines at the left or right side.

    The result keeps all rows if the direction is neither up nor down, and all columns if it is
    neither left nor right.
    """
    height, width = grid.shape
    tall = height if ROW_STEP[direction] == 0 else rows
    wide = width if COL_STEP[direction] == 0 else cols
    if tall > height or wide > width:
        return nothing()
    top = height - tall if ROW_STEP[direction] > 0 else 0
    left = width - wide if COL_STEP[direction] > 0 else 0
    return crop(grid, top, left, top + tall, left + wide)


@primitive(cost=2, laws=COPIES)
def half(grid: Cells, direction: Direction) -> Cells:
    """Keep the half on a side, without the middle line; for a diagonal direction, keep the quarter.

    Only a side of odd length has a middle line. Undefined if the half has no full line.

    >>> half("12345", 2)
    Grid('45')
    >>> half("123/456/789", 7)
    Grid('1')
    """
    height, width = grid.shape
    return _crop_side(grid, direction, height // 2, width // 2)


@primitive(cost=3, laws=COPIES)
def take_lines(grid: Cells, direction: Direction, count: Count) -> Cells:
    """Keep a number of rows or columns at a side; for a diagonal direction, keep a corner block.

    A corner block has that number of rows and of columns. Undefined for a count of 0 or beyond the
    grid.

    >>> take_lines("123/456/789", 4, 1)
    Grid('789')
    >>> take_lines("123/456/789", 3, 2)
    Grid('56/89')
    """
    return _crop_side(grid, direction, count, count)


@primitive(cost=3, laws=COPIES)
def drop_edge(grid: Cells, direction: Direction) -> Cells:
    """Remove the row or column at a side; for a diagonal direction, remove both.

    Undefined if nothing remains.

    >>> drop_edge("123/456", 0)
    Grid('456')
    """
    height, width = grid.shape
    return _crop_side(grid, (direction + 4) % 8, height - 1, width - 1)


@helper
def _is_frame(grid: Cells | Integers, top: int, left: int, bottom: int, right: int) -> bool:
    """Return whether the window's outermost ring has one color and encloses at least one cell."""
    if bottom - top < 3 or right - left < 3:
        return False
    color = grid[top, left]
    for row in range(top, bottom):
        if grid[row, left] != color or grid[row, right - 1] != color:
            return False
    for col in range(left, right):
        if grid[top, col] != color or grid[bottom - 1, col] != color:
            return False
    return True


@primitive(cost=3, laws=COPIES)
def inside_frame(grid: Cells, color: Color) -> Cells:
    """Crop to the inside of a rectangular frame of a color.

    Undefined unless the outermost ring of the color's bounding box has only this color and encloses
    at least one cell.

    >>> inside_frame("00000/05550/05250/05550", 5)
    Grid('2')
    """
    top, left, bottom, right = _color_box(grid, color)
    if not _is_frame(grid, top, left, bottom, right):
        return nothing()
    return crop(grid, top + 1, left + 1, bottom - 1, right - 1)


@helper
def _component_boxes(labels: Integers, count: int) -> tuple[Integers, Integers]:
    """Return for each label its box (top, left, bottom, right), ends exclusive, and its cell count.

    Label 0 has an empty box.
    """
    height, width = labels.shape
    boxes, cells = np.zeros((count + 1, 4), np.int64), np.zeros(count + 1, np.int64)
    for row in range(height):
        for col in range(width):
            label = labels[row, col]
            if label == 0:
                continue
            box = boxes[label]
            box[0] = min(box[0], row) if cells[label] > 0 else row
            box[1] = min(box[1], col) if cells[label] > 0 else col
            box[2], box[3] = row + 1, max(box[3], col + 1)
            cells[label] += 1
    return boxes, cells


@primitive(cost=3, laws=COPIES_CONTENT)
def inside_largest_frame(grid: Cells) -> Cells:
    """Crop to the inside of the frame with the largest area; the first frame wins a tie.

    A frame is a 4-connected object of one color that fills the outermost ring of its bounding box
    but not all of the inside. Undefined if there is no frame.

    >>> inside_largest_frame("88808/81804/88800")
    Grid('1')
    """
    labels, count = components(grid, False, True)
    boxes, cells = _component_boxes(labels, count)
    best, best_area = 0, 0
    for label in range(1, count + 1):
        top, left, bottom, right = boxes[label]
        area = (bottom - top) * (right - left)
        if best_area < area and cells[label] < area and _is_frame(labels, top, left, bottom, right):
            best, best_area = label, area
    top, left, bottom, right = boxes[best]
    return crop(grid, top + 1, left + 1, bottom - 1, right - 1)


@primitive(cost=3, laws=(*COPIES_CONTENT, *COMMUTES_WITH_SYMMETRIES))
def between_corners(grid: Cells) -> Cells:
    """Crop to the area between four cells of a color that mark the corners of a rectangle.

    The color has no other cell. Undefined unless exactly one color marks a rectangle with at least
    one cell inside.

    >>> between_corners("4004/0120/0350/4004")
    Grid('12/35')
    """
    counts = color_counts(grid)
    found, best = 0, (0, 0, 0, 0)
    for color in range(1, NUM_COLORS):
        if counts[color] != 4:
            continue
        top, left, bottom, right = _color_box(grid, color)
        if bottom - top < 3 or right - left < 3:
            continue
        high, low = grid[top], grid[bottom - 1]
        corners = (high[left], high[right - 1], low[left], low[right - 1])
        if corners == (color, color, color, color):
            found, best = found + 1, (top, left, bottom, right)
    if found != 1:
        return nothing()
    return crop(grid, best[0] + 1, best[1] + 1, best[2] - 1, best[3] - 1)
