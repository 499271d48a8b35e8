"""Moves by a step that does not depend on obstacles: shifts, leaps, pushes and alignment."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import MAX_SIDE
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import COL_STEP, ROW_STEP, bounding_box, components, nothing
from arcsolve.dsl.kernels.raycast import extract_color, remove_color, underlay
from arcsolve.dsl.kernels.shifts import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    label_boxes,
    move_labels,
    put_label,
    shift_grid,
)
from arcsolve.dsl.laws import IDEMPOTENT_IN_PLACE, IN_PLACE, REARRANGES
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Count, Direction


@primitive(cost=2, laws=IN_PLACE)
def shift(grid: Cells, direction: Direction) -> Cells:
    """Move everything by one cell in a direction; cells that leave the grid are lost.

    Undefined if no non-zero cell remains.

    >>> shift("120/300", 3)
    Grid('000/012')
    """
    return shift_grid(grid, ROW_STEP[direction], COL_STEP[direction])


@primitive(cost=3, laws=IN_PLACE)
def shift_by(grid: Cells, direction: Direction, count: Count) -> Cells:
    """Move everything by a number of cells in a direction; cells that leave the grid are lost.

    Undefined if no non-zero cell remains.

    >>> shift_by("1200/3000", 2, 2)
    Grid('0012/0030')
    """
    steps = min(count, MAX_SIDE)
    return shift_grid(grid, steps * ROW_STEP[direction], steps * COL_STEP[direction])


@helper
def _step_to_border(grid: Cells, direction: int) -> tuple[int, int]:
    """Return the step (down, right) that moves the grid's content to the border in a direction."""
    top, left, bottom, right = bounding_box(grid)
    rows = grid.shape[0] - bottom if ROW_STEP[direction] > 0 else top
    cols = grid.shape[1] - right if COL_STEP[direction] > 0 else left
    return rows * ROW_STEP[direction], cols * COL_STEP[direction]


@primitive(cost=2, laws=IDEMPOTENT_IN_PLACE)
def push(grid: Cells, direction: Direction) -> Cells:
    """Move everything as one body to the border, or into the corner for a diagonal direction.

    Undefined for a blank grid.

    >>> push("0000/0120/0000", 3)
    Grid('0000/0000/0012')
    """
    down, right = _step_to_border(grid, direction)
    return shift_grid(grid, down, right)


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def center_content(grid: Cells) -> Cells:
    """Move everything as one body to the middle, rounded up and to the left.

    Undefined for a blank grid.

    >>> center_content("1200/0000/0000")
    Grid('0000/0120/0000')
    """
    top, left, bottom, right = bounding_box(grid)
    down = (grid.shape[0] - (bottom - top)) // 2 - top
    return shift_grid(grid, down, (grid.shape[1] - (right - left)) // 2 - left)


@primitive(cost=4, laws=REARRANGES)
def shear(grid: Cells, direction: Direction) -> Cells:
    """Move each row right or left by its row number, or each column up or down, wrapping around.

    Rows and columns are counted from 0. Undefined for diagonal directions.

    >>> shear("120/120/120", 2)
    Grid('120/012/201')
    """
    if direction % 2 == 1:
        return nothing()
    height, width = grid.shape
    result = np.zeros_like(grid)
    for row in range(height):
        for col in range(width):
            r = (row + col * ROW_STEP[direction]) % height
            result[r, (col + row * COL_STEP[direction]) % width] = grid[row, col]
    return result


@primitive(cost=4, laws=IN_PLACE)
def leap(grid: Cells, direction: Direction) -> Cells:
    """Move every object by its own height or width in a direction, or by both.

    Objects are 8-connected and may have several colors. Cells that leave the grid are lost.

    >>> leap("00000/00000/01103/01100", 0)
    Grid('01100/01103/00000/00000')
    """
    labels, count = components(grid, True, False)
    box = label_boxes(labels, count)
    down = (box[:, BOTTOM] - box[:, TOP]) * ROW_STEP[direction]
    return move_labels(grid, labels, down, (box[:, RIGHT] - box[:, LEFT]) * COL_STEP[direction])


@primitive(cost=3, laws=IN_PLACE)
def move_color(grid: Cells, color: Color, direction: Direction) -> Cells:
    """Move the cells of one color by one cell in a direction, over other cells.

    All other cells stay. Undefined for color 0 and if no cell of the color remains on the grid.

    >>> move_color("1020/1000", 1, 2)
    Grid('0120/0100')
    """
    above = shift_grid(extract_color(grid, color), ROW_STEP[direction], COL_STEP[direction])
    if above.size == 0:
        return nothing()
    return underlay(above, remove_color(grid, color))


@primitive(cost=4, laws=IN_PLACE)
def align(grid: Cells, color: Color, direction: Direction) -> Cells:
    """Move objects so that one of their edges is level with the same edge of a color's cells.

    The direction names the edge: up aligns the tops, right the right edges. Objects are 8-connected
    and may have several colors. Undefined for diagonal directions, for color 0 and if the grid does
    not have the color.

    >>> align("0020/5000/5000/0003", 5, 2)
    Grid('2000/5000/5000/3000')
    """
    labels, count = components(remove_color(grid, color), True, False)
    anchor = np.zeros(grid.shape, np.int64)
    put_label(anchor, grid, color, 1)
    target = label_boxes(anchor, 1)[1]
    if color == 0 or direction % 2 == 1 or target[BOTTOM] == 0:
        return nothing()
    edge = np.array([TOP, RIGHT, BOTTOM, LEFT])[direction // 2]
    offset = target[edge] - label_boxes(labels, count)[:, edge]
    return move_labels(grid, labels, offset * (edge % 2 == 0), offset * (edge % 2))
