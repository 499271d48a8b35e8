"""Rays: lines that start at cells and go on until the border or an obstacle."""

from __future__ import annotations

from typing import Any

from dsl.jit import helper
from dsl.kernels import COL_STEP, ROW_STEP, nothing
from dsl.laws import (
    IDEMPOTENT,
    KEEPS_COLORS,
    KEEPS_SHAPE,
    RECOLORS_ALIKE_BUT_ZERO,
    CommutesWith,
)
from dsl.primitive import primitive
from dsl.sight import (
    color_at,
    inside,
    only_color,
    opposite,
    seen_colors,
    seen_distances,
    shoot,
    underlaid,
)
from dsl.values import Cells, Color, Direction

__all__ = [
    "aim",
    "bounce",
    "continue_diagonals",
    "continue_lines",
    "corner_rays",
    "dotted",
    "extend",
    "extend_all",
    "extend_color",
    "extend_cols",
    "extend_cross",
    "extend_diagonals",
    "extend_over",
    "extend_rows",
    "fan_out",
    "shoot_away",
    "shoot_color",
    "shoot_through",
    "taper",
]

ORTHOGONAL = 0  # rays go up, right, down and left
DIAGONAL = 1  # rays go along the four diagonals


@helper
def _meet(grid: Any, canvas: Any, way: int) -> None:
    """Grow cells both ways along an axis over the canvas's cells of 0; the nearer one wins.

    A cell as near to two colors stays 0, so that the result does not depend on an order.
    """
    back = opposite(way)
    ahead, behind = seen_colors(grid, way), seen_colors(grid, back)
    to_ahead, to_behind = seen_distances(grid, way), seen_distances(grid, back)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if canvas[row, col] != 0:
                continue
            one, other = ahead[row, col], behind[row, col]
            nearer = to_ahead[row, col] - to_behind[row, col]
            if other == 0 or one == other or (one != 0 and nearer < 0):
                canvas[row, col] = one
            elif one == 0 or nearer > 0:
                canvas[row, col] = other


@primitive(
    cost=2, laws=(IDEMPOTENT, KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE_BUT_ZERO)
)
def extend(grid: Cells, direction: Direction) -> Cells:
    """Every cell goes on in a direction over cells of 0, until the border or another cell.

    >>> extend("0000/1020", 2)
    Grid('0000/1122')
    """
    return underlaid(grid, seen_colors(grid, opposite(direction)))


@primitive(
    cost=2,
    laws=(
        IDEMPOTENT,
        KEEPS_SHAPE,
        KEEPS_COLORS,
        RECOLORS_ALIKE_BUT_ZERO,
        CommutesWith("flip_rows"),
        CommutesWith("flip_cols"),
    ),
)
def extend_rows(grid: Cells) -> Cells:
    """Every cell grows left and right over cells of 0; colors that meet stop in the middle.

    >>> extend_rows("010002/000000")
    Grid('111022/000000')
    """
    canvas = grid.copy()
    _meet(grid, canvas, 2)
    return canvas


@primitive(
    cost=2,
    laws=(
        IDEMPOTENT,
        KEEPS_SHAPE,
        KEEPS_COLORS,
        RECOLORS_ALIKE_BUT_ZERO,
        CommutesWith("flip_rows"),
        CommutesWith("flip_cols"),
    ),
)
def extend_cols(grid: Cells) -> Cells:
    """Every cell grows up and down over cells of 0; colors that meet stop in the middle.

    >>> extend_cols("00/10/00/20")
    Grid('10/10/00/20')
    """
    canvas = grid.copy()
    _meet(grid, canvas, 0)
    return canvas


@primitive(
    cost=2,
    laws=(
        KEEPS_SHAPE,
        KEEPS_COLORS,
        RECOLORS_ALIKE_BUT_ZERO,
        CommutesWith("flip_rows"),
        CommutesWith("flip_cols"),
    ),
)
def extend_cross(grid: Cells) -> Cells:
    """Every cell grows in the four directions over cells of 0; rows lie over columns.

    >>> extend_cross("000/010/000/200")
    Grid('210/111/210/222')
    """
    canvas = grid.copy()
    _meet(grid, canvas, 2)
    _meet(grid, canvas, 0)
    return canvas


@primitive(cost=3, laws=(KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE_BUT_ZERO))
def extend_diagonals(grid: Cells) -> Cells:
    """Every cell grows along both diagonals over cells of 0.

    >>> extend_diagonals("0000/0100/0000/0000")
    Grid('1010/0100/1010/0001')
    """
    canvas = grid.copy()
    _meet(grid, canvas, 1)
    _meet(grid, canvas, 3)
    return canvas


@primitive(cost=3, laws=(KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE_BUT_ZERO))
def extend_all(grid: Cells) -> Cells:
    """Every cell grows in all eight directions over cells of 0; rows and columns lie over.

    >>> extend_all("00000/00000/00100/00000/00000")
    Grid('10101/01110/11111/01110/10101')
    """
    canvas = grid.copy()
    _meet(grid, canvas, 2)
    _meet(grid, canvas, 0)
    _meet(grid, canvas, 1)
    _meet(grid, canvas, 3)
    return canvas


@primitive(
    cost=3, laws=(IDEMPOTENT, KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE_BUT_ZERO)
)
def extend_color(grid: Cells, color: Color, direction: Direction) -> Cells:
    """The cells of one color go on in a direction until the border or another cell.

    Undefined for color 0.

    >>> extend_color("1000/2003", 2, 2)
    Grid('1000/2223')
    """
    if color == 0:
        return nothing()
    return underlaid(grid, only_color(seen_colors(grid, opposite(direction)), color))


@primitive(
    cost=4, laws=(IDEMPOTENT, KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE_BUT_ZERO)
)
def extend_over(grid: Cells, color: Color, direction: Direction) -> Cells:
    """The cells of one color go on in a direction until the border, over all other cells.

    Undefined for color 0.

    >>> extend_over("1000/2030", 2, 2)
    Grid('1000/2222')
    """
    if color == 0:
        return nothing()
    return underlaid(seen_colors(only_color(grid, color), opposite(direction)), grid)


@primitive(cost=3, laws=(KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE_BUT_ZERO))
def shoot_color(grid: Cells, color: Color) -> Cells:
    """The cells of one color go on in the four directions until the border or another cell.

    Undefined for color 0.

    >>> shoot_color("0030/0000/0020/3000", 2)
    Grid('0030/0020/2222/3020')
    """
    if color == 0:
        return nothing()
    canvas = grid.copy()
    for way in range(0, 8, 2):
        canvas = underlaid(canvas, only_color(seen_colors(grid, way), color))
    return canvas


@primitive(
    cost=3, laws=(IDEMPOTENT, KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE_BUT_ZERO)
)
def dotted(grid: Cells, direction: Direction) -> Cells:
    """Every cell goes on in a direction on every second cell, over cells of 0.

    >>> dotted("1000000/0020000", 2)
    Grid('1010101/0020202')
    """
    back = opposite(direction)
    seen, steps = seen_colors(grid, back), seen_distances(grid, back)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if steps[row, col] % 2 == 1:
                seen[row, col] = 0
    return underlaid(grid, seen)


@primitive(cost=3, laws=(KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE_BUT_ZERO))
def aim(grid: Cells, color: Color) -> Cells:
    """Every cell draws a line in its own color to the cells of a color that it sees.

    Cells see along rows and columns, over cells of 0. Undefined for color 0.

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
                if canvas[row, col] == 0 and ahead[row, col] == color:
                    if behind[row, col] != color:
                        canvas[row, col] = behind[row, col]
    return canvas


@primitive(cost=4, laws=(KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE_BUT_ZERO))
def shoot_away(grid: Cells, color: Color) -> Cells:
    """The cells of a color go on in a line, away from a neighbor of another color behind them.

    Undefined for color 0.

    >>> shoot_away("00000/03200/00000", 2)
    Grid('00000/03222/00000')
    """
    if color == 0:
        return nothing()
    canvas = grid.copy()
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            for way in range(0, 8 if grid[row, col] == color else 0, 2):
                behind = color_at(grid, row, col, opposite(way))
                if behind != 0 and behind != color:
                    shoot(grid, canvas, row, col, way, color)
    return canvas


@primitive(cost=4, laws=(KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE_BUT_ZERO))
def shoot_through(grid: Cells, color: Color) -> Cells:
    """The cells of a color shoot a ray through the objects that they touch, from the far side on.

    Undefined for color 0.

    >>> shoot_through("000000/023300/000000", 2)
    Grid('000000/023322/000000')
    """
    if color == 0:
        return nothing()
    canvas = grid.copy()
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            for way in range(0, 8 if grid[row, col] == color else 0, 2):
                if color_at(grid, row, col, way) == color:
                    continue
                r, c = row, col
                while color_at(grid, r, c, way) != 0:
                    r, c = r + ROW_STEP[way], c + COL_STEP[way]
                if r != row or c != col:
                    shoot(grid, canvas, r, c, way, color)
    return canvas


@helper
def _continued(grid: Any, diagonal: int) -> Any:
    """Shoot on from both ends of each segment of two or more equal cells that is one cell wide."""
    canvas = grid.copy()
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            color = grid[row, col]
            for way in range(diagonal, 8 if color != 0 else 0, 2):
                if color_at(grid, row, col, opposite(way)) != color:
                    continue
                # Beside a straight segment lie its sides; beside a diagonal one, its inner corners.
                left = color_at(grid, row, col, way + 2 + diagonal)
                right = color_at(grid, row, col, way + 6 - diagonal)
                if left != color and right != color:
                    shoot(grid, canvas, row, col, way, color)
    return canvas


@primitive(cost=3, laws=(KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE_BUT_ZERO))
def continue_lines(grid: Cells) -> Cells:
    """Straight segments, two or more equal cells and one cell wide, go on at both ends.

    >>> continue_lines("00000/02200/00000")
    Grid('00000/22222/00000')
    """
    return _continued(grid, ORTHOGONAL)


@primitive(cost=3, laws=(KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE_BUT_ZERO))
def continue_diagonals(grid: Cells) -> Cells:
    """Diagonal segments, two or more equal cells and one cell wide, go on at both ends.

    >>> continue_diagonals("0000/0200/0020/0000")
    Grid('2000/0200/0020/0002')
    """
    return _continued(grid, DIAGONAL)


@primitive(cost=4, laws=(KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE_BUT_ZERO))
def corner_rays(grid: Cells) -> Cells:
    """The corners of solid objects shoot diagonal rays outwards, over cells of 0.

    >>> corner_rays("0000/0220/0220/0000")
    Grid('2002/0220/0220/2002')
    """
    canvas = grid.copy()
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            color = grid[row, col]
            for way in range(1, 8 if color != 0 else 0, 2):
                if color_at(grid, row, col, way) != 0 or color_at(grid, row, col, way + 3) != color:
                    continue
                if color_at(grid, row, col, way + 5) != color:
                    continue
                beside = color_at(grid, row, col, way + 1), color_at(grid, row, col, way + 7)
                if beside[0] != color and beside[1] != color:
                    shoot(grid, canvas, row, col, way, color)
    return canvas


@primitive(cost=4, laws=(KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE_BUT_ZERO))
def bounce(grid: Cells, direction: Direction) -> Cells:
    """Every cell shoots a diagonal ray that bounces at the sides, until top, bottom or a cell.

    Undefined for directions that are not diagonal, and in a single column.

    >>> bounce("00/00/00/10", 1)
    Grid('01/10/01/10')
    """
    height, width = grid.shape
    if direction % 2 == 0 or width == 1:
        return nothing()
    canvas = grid.copy()
    for row in range(height):
        for col in range(width):
            r, c, step = row, col, COL_STEP[direction]
            while grid[row, col] != 0:
                step = step if 0 <= c + step < width else -step
                r, c = r + ROW_STEP[direction], c + step
                if not inside(grid, r, c) or grid[r, c] != 0:
                    break
                canvas[r, c] = grid[row, col]
    return canvas


@helper
def _wedge(grid: Any, direction: int, needed: int) -> Any:
    """Sweep in a direction; a cell of 0 follows the cell behind it and that cell's two sides.

    It takes their color if at least `needed` of the three have it: 1 widens, 3 narrows.
    """
    canvas = grid.copy()
    height, width = grid.shape
    back = opposite(direction)
    for i in range(height):
        row = height - 1 - i if direction == 0 else i
        for j in range(width):
            col = width - 1 - j if direction == 6 else j
            middle = color_at(canvas, row, col, back)
            left, right = color_at(canvas, row, col, back + 1), color_at(canvas, row, col, back + 7)
            color = middle if middle != 0 or needed > 1 else max(left, right)
            agree = (middle == color) + (left == color) + (right == color)
            if canvas[row, col] == 0 and agree >= needed:
                canvas[row, col] = color
    return canvas


@primitive(cost=4, laws=(KEEPS_SHAPE, KEEPS_COLORS))
def fan_out(grid: Cells, direction: Direction) -> Cells:
    """Every cell goes on in a direction as a beam that widens by a cell at both sides each step.

    Undefined for diagonal directions.

    >>> fan_out("00100/00000/00000", 4)
    Grid('00100/01110/11111')
    """
    return _wedge(grid, direction, 1) if direction % 2 == 0 else nothing()


@primitive(cost=4, laws=(KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE_BUT_ZERO))
def taper(grid: Cells, direction: Direction) -> Cells:
    """Every straight edge goes on in a direction as a triangle that narrows to a point.

    Undefined for diagonal directions.

    >>> taper("11111/00000/00000/00000", 4)
    Grid('11111/01110/00100/00000')
    """
    return _wedge(grid, direction, 3) if direction % 2 == 0 else nothing()
