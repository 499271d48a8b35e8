"""Contours: outlines, interiors, corners, and rings by the distance to an edge."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import (
    COL_STEP,
    ROW_STEP,
    color_mask,
    enclosed_cells,
    flood_from_border,
    frame_cells,
    inside,
    neighbor_steps,
    nothing,
    paint_mask,
)
from arcsolve.dsl.laws import (
    COMMUTES_WITH_SYMMETRIES,
    IDEMPOTENT_IN_PLACE,
    IDEMPOTENT_ON_CANVAS,
    IN_PLACE,
    KEEPS_SHAPE,
    ON_CANVAS,
)
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Mask


@helper
def interior_cells(grid: Cells) -> Mask:
    """Return the mask of the non-zero cells whose eight neighbors exist and have their color."""
    height, width = grid.shape
    mask = np.zeros((height, width), np.uint8)
    for row in range(1, height - 1):
        for col in range(1, width - 1):
            color = grid[row, col]
            alike = color != 0
            for way in range(8):
                alike &= grid[row + ROW_STEP[way], col + COL_STEP[way]] == color
            mask[row, col] = alike
    return mask


@primitive(cost=3, laws=ON_CANVAS)
def interior_mask(grid: Cells) -> Mask:
    """Select the non-zero cells whose eight neighbors have the same color.

    Cells at the border of the grid are never selected. Undefined if there is no such cell.

    >>> interior_mask("1110/1110/1110")
    Grid('0000/0100/0000')
    """
    mask = interior_cells(grid)
    return mask if mask.any() else nothing()


@primitive(cost=3, laws=(*IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def interior(grid: Cells) -> Cells:
    """Keep only the cells whose eight neighbors have the same color; undefined if there are none.

    Cells at the border of the grid are never kept.

    >>> interior("22200/22210/22200")
    Grid('00000/02000/00000')
    """
    mask = interior_cells(grid)
    return grid * mask if mask.any() else nothing()


@primitive(cost=3, laws=(*IDEMPOTENT_IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def erase_interior(grid: Cells) -> Cells:
    """Erase the cells whose eight neighbors have the same color, so that areas become outlines.

    Cells at the border of the grid are never erased.

    >>> erase_interior("2220/2221/2220")
    Grid('2220/2021/2220')
    """
    return paint_mask(grid, interior_cells(grid), 0)


@primitive(cost=3, laws=IDEMPOTENT_ON_CANVAS)
def paint_interior(grid: Cells, color: Color) -> Cells:
    """Paint the non-zero cells whose eight neighbors have the same color in a given color.

    Cells at the border of the grid are never painted.

    >>> paint_interior("2220/2221/2220", 3)
    Grid('2220/2321/2220')
    """
    return paint_mask(grid, interior_cells(grid), color)


@helper
def cells_beside_content(grid: Cells, candidates: Cells, eight: bool) -> Mask:
    """Return the mask of the candidates that have a non-zero neighbor.

    The neighbors are all eight if `eight`, and otherwise the four over edges.
    """
    height, width = grid.shape
    mask = np.empty((height, width), np.uint8)
    cells, steps = frame_cells(grid), neighbor_steps(width, eight)
    for row in range(height):
        for col in range(width):
            here, near = (row + 1) * (width + 2) + col + 1, 0
            for step in steps:
                near |= cells[here + step]
            mask[row, col] = (candidates[row, col] != 0) & (near != 0)
    return mask


@primitive(cost=3, laws=ON_CANVAS)
def outline_4(grid: Cells, color: Color) -> Cells:
    """Outline all content with the background cells that share an edge with it.

    The outline runs outside only, where background connects to the border; holes stay open.

    >>> outline_4("00000/01110/01010/01110/00000", 2)
    Grid('02220/21112/21012/21112/02220')
    """
    outside = flood_from_border(color_mask(grid, 0), False)
    return paint_mask(grid, cells_beside_content(grid, outside, False), color)


@primitive(cost=3, laws=ON_CANVAS)
def outline_8(grid: Cells, color: Color) -> Cells:
    """Outline all content with the background cells that touch it over an edge or a corner.

    The outline runs outside only, where background connects to the border; holes stay open.

    >>> outline_8("0000/0010/0000", 2)
    Grid('0222/0212/0222')
    """
    outside = flood_from_border(color_mask(grid, 0), False)
    return paint_mask(grid, cells_beside_content(grid, outside, True), color)


@primitive(cost=4, laws=ON_CANVAS)
def inline(grid: Cells, color: Color) -> Cells:
    """Line every hole: paint its cells next to the wall, corners included.

    Undefined if there is no hole.

    >>> inline("11111/10001/10001/10001/11111", 2)
    Grid('11111/12221/12021/12221/11111')
    """
    holes = enclosed_cells(color_mask(grid, 0), False)
    if not holes.any():
        return nothing()
    return paint_mask(grid, cells_beside_content(grid, holes, True), color)


@helper
def turn_count(grid: Cells, row: int, col: int) -> int:
    """Count the corners of a cell at which both neighbors over edges are 0 or beyond the border."""
    turns = 0
    for way in range(0, 8, 2):
        r, c = row + ROW_STEP[way], col + COL_STEP[way]
        r_2, c_2 = row + ROW_STEP[(way + 2) % 8], col + COL_STEP[(way + 2) % 8]
        first_open = not inside(grid, r, c) or grid[r, c] == 0
        second_open = not inside(grid, r_2, c_2) or grid[r_2, c_2] == 0
        if first_open and second_open:
            turns += 1
    return turns


@helper
def corner_cells(grid: Cells) -> Mask:
    """Return the mask of the non-zero cells that form exactly one outer corner."""
    height, width = grid.shape
    mask = np.zeros((height, width), np.uint8)
    for row in range(height):
        for col in range(width):
            if grid[row, col] != 0 and turn_count(grid, row, col) == 1:
                mask[row, col] = 1
    return mask


@primitive(cost=4, laws=(*IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def keep_corners(grid: Cells) -> Cells:
    """Keep only the cells at which the outline of the content turns once.

    Such a cell has one outer corner. Ends of lines and single cells have more and are erased.
    Undefined if no cell remains.

    >>> keep_corners("2220/2220/0000")
    Grid('2020/2020/0000')
    """
    mask = corner_cells(grid)
    return grid * mask if mask.any() else nothing()


@primitive(cost=4, laws=ON_CANVAS)
def paint_corners(grid: Cells, color: Color) -> Cells:
    """Paint the cells at which the outline of the content turns once.

    These are the cells that keep_corners keeps. Undefined if there are none.

    >>> paint_corners("2220/2220/0000", 3)
    Grid('3230/3230/0000')
    """
    mask = corner_cells(grid)
    return paint_mask(grid, mask, color) if mask.any() else nothing()


@helper
def ring_numbers(grid: Cells, of_content: bool) -> Cells:
    """Count the steps from each cell to the nearest different cell, corners included, at most 9.

    If `of_content`, the steps lead from non-zero cells to another color or beyond the border.
    Otherwise they lead from cells of 0 to non-zero cells. All other cells have 0.
    """
    height, width = grid.shape
    rings = np.zeros((height, width), np.uint8)
    for ring in range(1, NUM_COLORS):
        for row in range(height):
            for col in range(width):
                if rings[row, col] != 0 or (grid[row, col] != 0) != of_content:
                    continue
                for way in range(8):
                    r, c = row + ROW_STEP[way], col + COL_STEP[way]
                    if not inside(grid, r, c):
                        reached = of_content and ring == 1
                    elif grid[r, c] != grid[row, col]:
                        reached = ring == 1
                    else:
                        reached = ring > 1 and rings[r, c] == ring - 1
                    if reached:
                        rings[row, col] = ring
    for row in range(height):
        for col in range(width):
            if rings[row, col] == 0 and (grid[row, col] != 0) == of_content:
                rings[row, col] = NUM_COLORS - 1
    return rings


@primitive(cost=4, laws=(KEEPS_SHAPE, *COMMUTES_WITH_SYMMETRIES))
def rings_inside(grid: Cells) -> Cells:
    """Number each area of one color in rings: 1 along its edge, 2 next to that, and at most 9.

    Neighbors over corners count, and the border of the grid is an edge.

    >>> rings_inside("55555/55555/55555/00000")
    Grid('11111/12221/11111/00000')
    """
    return ring_numbers(grid, True)


@primitive(cost=4, laws=(KEEPS_SHAPE, *COMMUTES_WITH_SYMMETRIES))
def rings_outside(grid: Cells) -> Cells:
    """Number the background in rings around the content: 1 next to it, 2 next to that, at most 9.

    Neighbors over corners count. Undefined for a blank grid.

    >>> rings_outside("00000/00000/00500")
    Grid('22222/21112/21012')
    """
    return ring_numbers(grid, False) if grid.any() else nothing()
