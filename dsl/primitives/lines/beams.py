"""Beams: rays from marked cells, ends of segments and corners, and rays that bounce or widen."""

from __future__ import annotations

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import (
    COL_STEP,
    ROW_STEP,
    UP,
    frame_cells,
    inside,
    neighbor_steps,
    nothing,
    turn_down,
)
from arcsolve.dsl.kernels.raycast import color_at, opposite, shoot
from arcsolve.dsl.laws import IN_PLACE, KEEPS_COLORS, KEEPS_SHAPE
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Direction

ORTHOGONAL = 0  # rays go up, right, down and left
DIAGONAL = 1  # rays go along the four diagonals


@primitive(cost=4, laws=IN_PLACE)
def shoot_away(grid: Cells, color: Color) -> Cells:
    """Extend the cells of a color in a line away from a neighbor of another color.

    The neighbors are the four over edges. Undefined for color 0.

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


@primitive(cost=4, laws=IN_PLACE)
def shoot_through(grid: Cells, color: Color) -> Cells:
    """Shoot a ray from each cell of a color through the object beside it, from the far side on.

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
def _continue_segments(grid: Cells, diagonal: int) -> Cells:
    """Extend both ends of each segment of two or more equal cells that is one cell wide."""
    height, width = grid.shape
    canvas, cells, steps = grid.copy(), frame_cells(grid), neighbor_steps(width, True)
    for row in range(height):
        for col in range(width):
            color, here = grid[row, col], (row + 1) * (width + 2) + col + 1
            for way in range(diagonal, 8 if color != 0 else 0, 2):
                # A straight segment has sides there; a diagonal segment has inner corners.
                left = cells[here + steps[(way + 2 + diagonal) % 8]]
                right = cells[here + steps[(way + 6 - diagonal) % 8]]
                behind = cells[here + steps[opposite(way)]]
                if (behind == color) & (left != color) & (right != color):
                    shoot(grid, canvas, row, col, way, color)
    return canvas


@primitive(cost=3, laws=IN_PLACE)
def continue_lines(grid: Cells) -> Cells:
    """Extend straight segments at both ends.

    A segment has two or more equal cells and is one cell wide.

    >>> continue_lines("00000/02200/00000")
    Grid('00000/22222/00000')
    """
    return _continue_segments(grid, ORTHOGONAL)


@primitive(cost=3, laws=IN_PLACE)
def continue_diagonals(grid: Cells) -> Cells:
    """Extend diagonal segments at both ends.

    A segment has two or more equal cells and is one cell wide.

    >>> continue_diagonals("0000/0200/0020/0000")
    Grid('2000/0200/0020/0002')
    """
    return _continue_segments(grid, DIAGONAL)


@primitive(cost=4, laws=IN_PLACE)
def corner_rays(grid: Cells) -> Cells:
    """Shoot diagonal rays outward from the corners of solid objects, over background cells.

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


@primitive(cost=4, laws=IN_PLACE)
def bounce(grid: Cells, direction: Direction) -> Cells:
    """Shoot a diagonal ray from every cell; the rays bounce off the left and right sides.

    A ray ends at the top, at the bottom or at another cell. Undefined for directions that are not
    diagonal, and for a single column.

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
def _grow_wedge(grid: Cells, direction: int, needed: int) -> Cells:
    """Sweep in a direction; give each cell of 0 the color of the three cells behind it.

    The three cells are the one straight behind and its two side neighbors. At least `needed` of
    them must have the color: 1 widens a beam, 3 narrows it.
    """
    canvas = turn_down(grid, direction)
    for row in range(1, canvas.shape[0]):
        for col in range(canvas.shape[1]):
            middle = color_at(canvas, row, col, UP)
            left, right = color_at(canvas, row, col, UP + 7), color_at(canvas, row, col, UP + 1)
            color = middle if middle != 0 or needed > 1 else max(left, right)
            agree = int(middle == color) + int(left == color) + int(right == color)
            if canvas[row, col] == 0 and agree >= needed:
                canvas[row, col] = color
    return turn_down(canvas, direction)


@primitive(cost=4, laws=(KEEPS_SHAPE, KEEPS_COLORS))
def fan_out(grid: Cells, direction: Direction) -> Cells:
    """Extend every cell in a direction as a beam that widens by one cell on both sides each step.

    A background cell between two beams takes the higher color number. Undefined for diagonal
    directions.

    >>> fan_out("00100/00000/00000", 4)
    Grid('00100/01110/11111')
    """
    return _grow_wedge(grid, direction, 1) if direction % 2 == 0 else nothing()


@primitive(cost=4, laws=IN_PLACE)
def taper(grid: Cells, direction: Direction) -> Cells:
    """Extend every straight edge in a direction as a triangle that narrows to a point.

    Undefined for diagonal directions.

    >>> taper("11111/00000/00000/00000", 4)
    Grid('11111/01110/00100/00000')
    """
    return _grow_wedge(grid, direction, 3) if direction % 2 == 0 else nothing()
