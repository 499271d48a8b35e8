"""Rays: cells extended until the border or an obstacle."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import nothing
from arcsolve.dsl.kernels.raycast import (
    SIGHT_BITS,
    SIGHT_COLOR,
    extract_color,
    opposite,
    seen_colors,
    sights,
    underlay,
)
from arcsolve.dsl.laws import COMMUTES_WITH_FLIPS, IDEMPOTENT_IN_PLACE, IN_PLACE, ON_CANVAS
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Direction


@helper
def _meet(grid: Cells, canvas: Cells, way: int) -> None:
    """Extend cells both ways along an axis over the canvas's cells of 0; the nearer cell wins.

    A cell that is equally near to two colors stays 0, so that the result does not depend on an
    order.
    """
    ahead, behind = sights(grid, way), sights(grid, opposite(way))
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            one, other, cell = ahead[row, col], behind[row, col], canvas[row, col]
            nearer = (one >> SIGHT_BITS) - (other >> SIGHT_BITS)
            color, other_color = one & SIGHT_COLOR, other & SIGHT_COLOR
            first = (other == 0) | (color == other_color) | ((one != 0) & (nearer < 0))
            second = (one == 0) | (nearer > 0)
            seen = color if first else other_color * second
            canvas[row, col] = cell if cell != 0 else seen


@primitive(cost=2, laws=IDEMPOTENT_IN_PLACE)
def extend(grid: Cells, direction: Direction) -> Cells:
    """Extend every cell in a direction over background cells, until the border or another cell.

    >>> extend("0000/1020", 2)
    Grid('0000/1122')
    """
    return underlay(grid, seen_colors(grid, opposite(direction)))


@primitive(cost=2, laws=(*IDEMPOTENT_IN_PLACE, *COMMUTES_WITH_FLIPS))
def extend_rows(grid: Cells) -> Cells:
    """Extend every cell left and right over background cells; colors that meet stop in the middle.

    >>> extend_rows("010002/000000")
    Grid('111022/000000')
    """
    canvas = grid.copy()
    _meet(grid, canvas, 2)
    return canvas


@primitive(cost=2, laws=(*IDEMPOTENT_IN_PLACE, *COMMUTES_WITH_FLIPS))
def extend_cols(grid: Cells) -> Cells:
    """Extend every cell up and down over background cells; colors that meet stop in the middle.

    >>> extend_cols("00/10/00/20")
    Grid('10/10/00/20')
    """
    canvas = grid.copy()
    _meet(grid, canvas, 0)
    return canvas


@primitive(cost=2, laws=(*IN_PLACE, *COMMUTES_WITH_FLIPS))
def extend_cross(grid: Cells) -> Cells:
    """Extend every cell in the four directions over background cells; rows lie over columns.

    Colors that meet in a row or column stop in the middle.

    >>> extend_cross("000/010/000/200")
    Grid('210/111/210/222')
    """
    canvas = grid.copy()
    _meet(grid, canvas, 2)
    _meet(grid, canvas, 0)
    return canvas


@primitive(cost=3, laws=IN_PLACE)
def extend_diagonals(grid: Cells) -> Cells:
    """Extend every cell along both diagonals over background cells.

    Rising diagonals lie over falling ones. Colors that meet on a diagonal stop in the middle.

    >>> extend_diagonals("0000/0100/0000/0000")
    Grid('1010/0100/1010/0001')
    """
    canvas = grid.copy()
    _meet(grid, canvas, 1)
    _meet(grid, canvas, 3)
    return canvas


@primitive(cost=3, laws=IN_PLACE)
def extend_all(grid: Cells) -> Cells:
    """Extend every cell in all eight directions over background cells.

    Rows lie over columns, and both lie over diagonals. Colors that meet on a line stop in the
    middle.

    >>> extend_all("00000/00000/00100/00000/00000")
    Grid('10101/01110/11111/01110/10101')
    """
    canvas = grid.copy()
    _meet(grid, canvas, 2)
    _meet(grid, canvas, 0)
    _meet(grid, canvas, 1)
    _meet(grid, canvas, 3)
    return canvas


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def extend_color(grid: Cells, color: Color, direction: Direction) -> Cells:
    """Extend the cells of one color in a direction, until the border or another cell.

    Undefined for color 0.

    >>> extend_color("1000/2003", 2, 2)
    Grid('1000/2223')
    """
    if color == 0:
        return nothing()
    return underlay(grid, extract_color(seen_colors(grid, opposite(direction)), color))


@primitive(cost=4, laws=IDEMPOTENT_IN_PLACE)
def extend_over(grid: Cells, color: Color, direction: Direction) -> Cells:
    """Extend the cells of one color in a direction until the border, over all other cells.

    Undefined for color 0.

    >>> extend_over("1000/2030", 2, 2)
    Grid('1000/2222')
    """
    if color == 0:
        return nothing()
    return underlay(seen_colors(extract_color(grid, color), opposite(direction)), grid)


@primitive(cost=3, laws=IN_PLACE)
def shoot_color(grid: Cells, color: Color) -> Cells:
    """Extend the cells of one color in the four directions, until the border or another cell.

    Undefined for color 0.

    >>> shoot_color("0030/0000/0020/3000", 2)
    Grid('0030/0020/2222/3020')
    """
    if color == 0:
        return nothing()
    canvas = grid.copy()
    for way in range(0, 8, 2):
        canvas = underlay(canvas, extract_color(seen_colors(grid, way), color))
    return canvas


@helper
def _alternate_rays(grid: Cells, direction: int, color: int) -> Cells:
    """Return the rays of all cells in a direction, alternately in a color and in their own."""
    seen = sights(grid, opposite(direction))
    rays = np.empty(grid.shape, np.uint8)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            sight = seen[row, col]
            odd = (sight >> SIGHT_BITS) % 2 == 1
            rays[row, col] = color if odd else sight & SIGHT_COLOR
    return rays


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def dotted(grid: Cells, direction: Direction) -> Cells:
    """Extend every cell in a direction with a dotted line on every second background cell.

    >>> dotted("1000000/0020000", 2)
    Grid('1010101/0020202')
    """
    return underlay(grid, _alternate_rays(grid, direction, 0))


@primitive(cost=4, laws=ON_CANVAS)
def extend_alternating(grid: Cells, color: Color, direction: Direction) -> Cells:
    """Extend every cell in a direction, alternating between a given color and the cell's own color.

    Only background cells are painted. Undefined for color 0.

    >>> extend_alternating("020000", 5, 2)
    Grid('025252')
    """
    return underlay(grid, _alternate_rays(grid, direction, color)) if color != 0 else nothing()


@primitive(cost=3, laws=IN_PLACE)
def aim(grid: Cells, color: Color) -> Cells:
    """Draw a line from every cell, in its own color, to the cells of a color that it sees.

    Cells see along rows and columns, over background cells. Undefined for color 0.

    >>> aim("30004/00005", 4)
    Grid('33334/00005')
    """
    if color == 0:
        return nothing()
    canvas = grid.copy()
    for way in range(0, 8, 2):
        ahead, behind = seen_colors(grid, way), seen_colors(grid, opposite(way))
        for row in range(grid.shape[0]):
            for col in range(grid.shape[1]):
                cell, seen, source = canvas[row, col], ahead[row, col], behind[row, col]
                drawn = (cell == 0) & (seen == color) & (source != color)
                canvas[row, col] = source if drawn else cell
    return canvas
