"""Enclosure: holes, insides and outsides, and the box and hull of all content."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import (
    bounding_box,
    color_mask,
    enclosed_cells,
    flood,
    flood_from_border,
    nothing,
    paint_mask,
)
from arcsolve.dsl.kernels.layer_features import fill_like_wall, hole_labels
from arcsolve.dsl.laws import (
    IDEMPOTENT_IN_PLACE,
    IDEMPOTENT_ON_ANY_CANVAS,
    IDEMPOTENT_ON_CANVAS,
    ON_CANVAS,
)
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Count, Mask


@helper
def keep_masked(grid: Cells, mask: Mask) -> Cells:
    """Keep the cells of the mask on a canvas of 0; return `nothing()` if they are all 0."""
    result = grid * mask
    return result if result.any() else nothing()


@primitive(cost=2, laws=IDEMPOTENT_ON_CANVAS)
def fill_holes(grid: Cells, color: Color) -> Cells:
    """Fill the background regions that do not reach the border.

    Regions are connected over edges, so that a wall may be closed over corners.

    >>> fill_holes("0110/1010/1100", 3)
    Grid('0110/1310/1100')
    """
    return paint_mask(grid, enclosed_cells(color_mask(grid, 0), False), color)


@primitive(cost=4, laws=IDEMPOTENT_ON_CANVAS)
def fill_holes_8(grid: Cells, color: Color) -> Cells:
    """Fill the background regions that do not reach the border even over corners.

    A wall must be closed over edges.

    >>> fill_holes_8("11100/10110/11101/00010", 3)
    Grid('11100/13110/11101/00010')
    """
    return paint_mask(grid, enclosed_cells(color_mask(grid, 0), True), color)


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def fill_holes_like_wall(grid: Cells) -> Cells:
    """Fill each background region that does not reach the border in the color of its wall.

    Regions are connected over edges. The color is the color above the region's first cell.

    >>> fill_holes_like_wall("111222/101202/111222")
    Grid('111222/111222/111222')
    """
    return fill_like_wall(grid)[0]


@helper
def fill_matching_holes(grid: Cells, size: int, color: int) -> Cells:
    """Fill the holes of `size` cells; for size 0, fill the square holes."""
    result = grid.copy()
    labels, count = hole_labels(grid)
    for label in range(1, count + 1):
        hole = (labels == label).astype(np.uint8)
        cells = hole.sum()
        top, left, bottom, right = bounding_box(hole)
        if cells == (size if size > 0 else (bottom - top) ** 2) and (
            size > 0 or bottom - top == right - left
        ):
            result = paint_mask(result, hole, color)
    return result


@primitive(cost=4, laws=IDEMPOTENT_ON_CANVAS)
def fill_holes_sized(grid: Cells, size: Count, color: Color) -> Cells:
    """Fill the holes that have exactly a given number of cells.

    Holes are the regions of fill_holes. Undefined for a size of 0.

    >>> fill_holes_sized("1111111/1010001/1111111", 3, 2)
    Grid('1111111/1012221/1111111')
    """
    if size < 1:
        return nothing()
    return fill_matching_holes(grid, size, color)


@primitive(cost=4, laws=IDEMPOTENT_ON_CANVAS)
def fill_square_holes(grid: Cells, color: Color) -> Cells:
    """Fill the holes that are solid squares.

    Holes are the regions of fill_holes.

    >>> fill_square_holes("1111111/1010001/1111111", 2)
    Grid('1111111/1210001/1111111')
    """
    return fill_matching_holes(grid, 0, color)


@helper
def fill_extreme_holes(grid: Cells, largest: bool, color: int) -> Cells:
    """Fill the largest (or smallest) holes; return `nothing()` if there is no hole."""
    labels, count = hole_labels(grid)
    if count == 0:
        return nothing()
    sizes = np.zeros(count + 1, np.int64)
    for label in labels.flat:
        sizes[label] += 1
    wanted = sizes[1:].max() if largest else sizes[1:].min()
    result = grid.copy()
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if labels[row, col] != 0 and sizes[labels[row, col]] == wanted:
                result[row, col] = color
    return result


@primitive(cost=4, laws=ON_CANVAS)
def fill_largest_hole(grid: Cells, color: Color) -> Cells:
    """Fill the holes with the most cells; undefined if there is no hole.

    Holes are the regions of fill_holes.

    >>> fill_largest_hole("1111111/1010001/1111111", 2)
    Grid('1111111/1012221/1111111')
    """
    return fill_extreme_holes(grid, True, color)


@primitive(cost=4, laws=ON_CANVAS)
def fill_smallest_hole(grid: Cells, color: Color) -> Cells:
    """Fill the holes with the fewest cells; undefined if there is no hole.

    Holes are the regions of fill_holes.

    >>> fill_smallest_hole("1111111/1010001/1111111", 2)
    Grid('1111111/1210001/1111111')
    """
    return fill_extreme_holes(grid, False, color)


@primitive(cost=3, laws=ON_CANVAS)
def hole_mask(grid: Cells) -> Mask:
    """Select the background cells that are not connected to the border over edges.

    Undefined if there are none.

    >>> hole_mask("111/101/111")
    Grid('000/010/000')
    """
    mask = enclosed_cells(color_mask(grid, 0), False)
    return mask if mask.any() else nothing()


@primitive(cost=3, laws=ON_CANVAS)
def outside_mask(grid: Cells) -> Mask:
    """Select the background cells that are connected to the border over edges.

    Undefined if there are none.

    >>> outside_mask("1110/1010/1110")
    Grid('0001/0001/0001')
    """
    mask = flood_from_border(color_mask(grid, 0), False)
    return mask if mask.any() else nothing()


@primitive(cost=3, laws=IDEMPOTENT_ON_CANVAS)
def fill_outside(grid: Cells, color: Color) -> Cells:
    """Fill the background cells that are connected to the border over edges.

    >>> fill_outside("1110/1010/1110", 2)
    Grid('1112/1012/1112')
    """
    return paint_mask(grid, flood_from_border(color_mask(grid, 0), False), color)


@helper
def walled_mask(grid: Cells, color: int) -> Mask:
    """Return the mask of the cells that walls of a color separate from the border, over edges."""
    return enclosed_cells((grid != color).astype(np.uint8), False)


@primitive(cost=3, laws=ON_CANVAS)
def inside_of_color(grid: Cells, color: Color) -> Cells:
    """Keep only the cells that walls of a color enclose, without the walls.

    The cells connect over edges, so that a wall may be closed over corners. Undefined if no
    non-zero cell is inside.

    >>> inside_of_color("33330/31230/33334", 3)
    Grid('00000/01200/00000')
    """
    return keep_masked(grid, walled_mask(grid, color))


@primitive(cost=4, laws=ON_CANVAS)
def outside_of_color(grid: Cells, color: Color) -> Cells:
    """Keep only the cells that connect to the border over edges without crossing a color.

    Undefined if no non-zero cell is outside.

    >>> outside_of_color("33330/31230/33334", 3)
    Grid('00000/00000/00004')
    """
    return keep_masked(grid, flood_from_border((grid != color).astype(np.uint8), False))


@primitive(cost=4, laws=IDEMPOTENT_ON_ANY_CANVAS)
def fill_inside_color(grid: Cells, wall: Color, color: Color) -> Cells:
    """Fill everything that walls of one color enclose with a second color.

    The inside connects over edges, so that a wall may be closed over corners. Undefined if the
    walls enclose nothing.

    >>> fill_inside_color("33330/31030/33334", 3, 5)
    Grid('33330/35530/33334')
    """
    mask = walled_mask(grid, wall)
    return paint_mask(grid, mask, color) if mask.any() else nothing()


@primitive(cost=3, laws=IDEMPOTENT_ON_CANVAS)
def flood_color(grid: Cells, color: Color) -> Cells:
    """Flood the background that is connected over edges to cells of a color with that color.

    Undefined for color 0 and if the grid does not have the color.

    >>> flood_color("00102/30102", 3)
    Grid('33102/33102')
    """
    seeds = color_mask(grid, color)
    if color == 0 or not seeds.any():
        return nothing()
    return paint_mask(grid, flood(color_mask(grid, 0) | seeds, seeds, False), color)


@primitive(cost=3, laws=IDEMPOTENT_ON_CANVAS)
def fill_box(grid: Cells, color: Color) -> Cells:
    """Fill the background cells in the bounding box of all content.

    >>> fill_box("0000/1010/0001", 2)
    Grid('0000/1212/2221')
    """
    top, left, bottom, right = bounding_box(grid)
    result = grid.copy()
    for row in range(top, bottom):
        for col in range(left, right):
            if grid[row, col] == 0:
                result[row, col] = color
    return result


@helper
def seen_sides(grid: Cells) -> Cells:
    """Return a bit for each side (up 1, right 2, down 4, left 8) on which a cell sees content."""
    height, width = grid.shape
    sides = np.zeros((height, width), np.uint8)
    for row in range(height):
        for col in range(width):
            if row > 0 and (grid[row - 1, col] != 0 or sides[row - 1, col] & 1):
                sides[row, col] |= 1
            if col > 0 and (grid[row, col - 1] != 0 or sides[row, col - 1] & 8):
                sides[row, col] |= 8
    for row in range(height - 1, -1, -1):
        for col in range(width - 1, -1, -1):
            if row < height - 1 and (grid[row + 1, col] != 0 or sides[row + 1, col] & 4):
                sides[row, col] |= 4
            if col < width - 1 and (grid[row, col + 1] != 0 or sides[row, col + 1] & 2):
                sides[row, col] |= 2
    return sides


@primitive(cost=4, laws=IDEMPOTENT_ON_CANVAS)
def hull(grid: Cells, color: Color) -> Cells:
    """Fill the background cells between non-zero cells of a row or column until nothing changes.

    The content becomes convex along rows and columns.

    >>> hull("1000/1010/0100", 2)
    Grid('1000/1210/0100')
    """
    filled = grid.copy()
    changed = color != 0
    while changed:
        changed = False
        sides = seen_sides(filled)
        for row in range(grid.shape[0]):
            for col in range(grid.shape[1]):
                between = sides[row, col] & 5 == 5 or sides[row, col] & 10 == 10
                if filled[row, col] == 0 and between:
                    filled[row, col] = color
                    changed = True
    return filled
