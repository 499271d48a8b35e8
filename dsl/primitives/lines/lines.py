"""Lines between cells, whole rows and columns, and surroundings of single cells."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import nothing
from arcsolve.dsl.kernels.raycast import (
    color_at,
    extract_color,
    opposite,
    seen_colors,
    sights,
    underlay,
)
from arcsolve.dsl.laws import (
    COMMUTES_WITH_FLIPS,
    IDEMPOTENT_IN_PLACE,
    IDEMPOTENT_ON_CANVAS,
    IN_PLACE,
    ON_CANVAS,
)
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Direction

UP, RIGHT = 0, 2
ANY_COLOR = 0


@helper
def _lines_between(grid: Cells, axis: int, color: int) -> Cells:
    """Return the lines over cells of 0 that see the same color both ways along an axis.

    A line has that color, or `color` unless `color` is `ANY_COLOR`.
    """
    ahead, behind = seen_colors(grid, axis), seen_colors(grid, opposite(axis))
    line = np.empty(grid.shape, np.uint8)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            seen = ahead[row, col]
            joined = (grid[row, col] == 0) & (seen == behind[row, col]) & (seen != 0)
            line[row, col] = joined * (seen if color == ANY_COLOR else color)
    return line


@primitive(cost=2, laws=(*IDEMPOTENT_IN_PLACE, *COMMUTES_WITH_FLIPS))
def connect_rows(grid: Cells) -> Cells:
    """Connect cells of equal color along rows, over background cells.

    >>> connect_rows("1001/0020/1020")
    Grid('1111/0020/1020')
    """
    return underlay(grid, _lines_between(grid, RIGHT, ANY_COLOR))


@primitive(cost=2, laws=(*IDEMPOTENT_IN_PLACE, *COMMUTES_WITH_FLIPS))
def connect_cols(grid: Cells) -> Cells:
    """Connect cells of equal color along columns, over background cells.

    >>> connect_cols("12/00/10")
    Grid('12/10/10')
    """
    return underlay(grid, _lines_between(grid, UP, ANY_COLOR))


@primitive(cost=2, laws=(*IN_PLACE, *COMMUTES_WITH_FLIPS))
def connect(grid: Cells) -> Cells:
    """Connect cells of equal color along rows and columns; columns lie over rows.

    Only background cells are painted.

    >>> connect("0200/1001/0200")
    Grid('0200/1211/0200')
    """
    joined = underlay(grid, _lines_between(grid, UP, ANY_COLOR))
    return underlay(joined, _lines_between(grid, RIGHT, ANY_COLOR))


@primitive(cost=3, laws=IN_PLACE)
def connect_diagonals(grid: Cells) -> Cells:
    """Connect cells of equal color along diagonals, over background cells.

    >>> connect_diagonals("100/000/001")
    Grid('100/010/001')
    """
    joined = underlay(grid, _lines_between(grid, 1, ANY_COLOR))
    return underlay(joined, _lines_between(grid, 3, ANY_COLOR))


@primitive(cost=3, laws=ON_CANVAS)
def connect_with(grid: Cells, color: Color) -> Cells:
    """Connect cells of equal color along rows and columns with lines of a given color.

    Only background cells are painted. Undefined for color 0.

    >>> connect_with("1001/0200/1200", 3)
    Grid('1331/3200/1200')
    """
    if color == 0:
        return nothing()
    return underlay(
        underlay(grid, _lines_between(grid, UP, color)), _lines_between(grid, RIGHT, color)
    )


@primitive(cost=3, laws=ON_CANVAS)
def bridge(grid: Cells, color: Color, direction: Direction) -> Cells:
    """Connect cells of equal color along one axis with lines of a given color.

    The axis is up, up-right, right or down-right. Only background cells are painted. Undefined for
    other directions and for color 0.

    >>> bridge("1001/0000/1001", 3, 2)
    Grid('1331/0000/1331')
    """
    if color == 0 or direction > 3:
        return nothing()
    return underlay(grid, _lines_between(grid, direction, color))


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def connect_along(grid: Cells, color: Color, direction: Direction) -> Cells:
    """Connect the cells of one color along one axis, over all other cells.

    The axis is up, up-right, right or down-right. Undefined for other directions and for color 0.

    >>> connect_along("102010/100000", 1, 2)
    Grid('111110/100000')
    """
    if color == 0 or direction > 3:
        return nothing()
    return underlay(_lines_between(extract_color(grid, color), direction, color), grid)


@primitive(cost=3, laws=IN_PLACE)
def connect_over(grid: Cells, color: Color) -> Cells:
    """Connect the cells of one color along rows and columns, over all other cells.

    Undefined for color 0.

    >>> connect_over("10201/00000/10000", 1)
    Grid('11111/10000/10000')
    """
    if color == 0:
        return nothing()
    marks = extract_color(grid, color)
    lines = underlay(_lines_between(marks, UP, color), _lines_between(marks, RIGHT, color))
    return underlay(lines, grid)


@primitive(cost=3, laws=ON_CANVAS)
def midpoints(grid: Cells, color: Color) -> Cells:
    """Paint the cell midway between two cells of equal color in a row or column.

    All cells between the two must be background, and the middle must fall on a cell. Undefined for
    color 0.

    >>> midpoints("10001/20000/00000", 3)
    Grid('10301/20000/00000')
    """
    result = grid.copy()
    for axis in range(0, 4, 2):
        ahead, behind = sights(grid, axis), sights(grid, opposite(axis))
        for row in range(grid.shape[0]):
            for col in range(grid.shape[1]):
                cell, seen = result[row, col], ahead[row, col]
                middle = (grid[row, col] == 0) & (seen == behind[row, col]) & (seen != 0)
                result[row, col] = color if middle else cell
    return result if color != 0 else nothing()


@primitive(cost=4, laws=ON_CANVAS)
def elbow(grid: Cells, color: Color, line: Color) -> Cells:
    """Connect the last cell of a color to the last other cell by a line with one bend.

    The line runs along the row of the first cell and then along the column of the second cell. The
    last cell is the last in reading order. The line has the second color and is painted over
    background cells only. Undefined if either color is 0 and if either cell is missing.

    >>> elbow("000/100/000/002", 1, 5)
    Grid('000/155/005/002')
    """
    start, end = (-1, -1), (-1, -1)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if grid[row, col] == color:
                start = (row, col)
            elif grid[row, col] != 0:
                end = (row, col)
    if color == 0 or line == 0 or start[0] < 0 or end[0] < 0:
        return nothing()
    result = np.zeros_like(grid)
    result[start[0], min(start[1], end[1]) : max(start[1], end[1]) + 1] = line
    result[min(start[0], end[0]) : max(start[0], end[0]) + 1, end[1]] = line
    return underlay(grid, result)


@primitive(cost=3, laws=ON_CANVAS)
def fill_between(grid: Cells, color: Color) -> Cells:
    """Fill the background cells between any two non-zero cells of a row or column.

    Undefined for color 0.

    >>> fill_between("102/000/300", 5)
    Grid('152/500/300')
    """
    if color == 0:
        return nothing()
    shape = np.minimum(grid, np.uint8(1))
    lines = underlay(_lines_between(shape, UP, color), _lines_between(shape, RIGHT, color))
    return underlay(grid, lines)


@primitive(cost=3, laws=IDEMPOTENT_ON_CANVAS)
def fill_surrounded(grid: Cells, color: Color) -> Cells:
    """Fill each background cell that sees non-zero cells in all four directions, even through gaps.

    Undefined for color 0.

    >>> fill_surrounded("1110/1001/1111/0000", 5)
    Grid('1110/1551/1111/0000')
    """
    if color == 0:
        return nothing()
    shape = np.minimum(grid, np.uint8(1))
    return underlay(
        grid, np.minimum(_lines_between(shape, UP, color), _lines_between(shape, RIGHT, color))
    )


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def lines_through(grid: Cells, color: Color, direction: Direction) -> Cells:
    """Draw whole lines along one axis through every cell of a color, over all other cells.

    The axis is up, up-right, right or down-right. Undefined for other directions and for color 0.

    >>> lines_through("0003/0200/3000", 2, 0)
    Grid('0203/0200/3200')
    """
    if color == 0 or direction > 3:
        return nothing()
    marks = extract_color(grid, color)
    lines = underlay(seen_colors(marks, direction), seen_colors(marks, opposite(direction)))
    return underlay(lines, grid)


@helper
def _is_one_color(cells: Cells) -> bool:
    """Return whether all cells of a row or column are equal."""
    for cell in cells:
        if cell != cells[0]:
            return False
    return True


@primitive(cost=2, laws=ON_CANVAS)
def fill_blank_lines(grid: Cells, color: Color) -> Cells:
    """Fill the rows and columns that are all background.

    Undefined for color 0 and if there is no such row or column.

    >>> fill_blank_lines("10/00/20", 3)
    Grid('13/33/23')
    """
    filled = grid.copy()
    found = False
    for row in range(grid.shape[0]):
        if grid[row, 0] == 0 and _is_one_color(grid[row]):
            filled[row, :], found = color, True
    for col in range(grid.shape[1]):
        if grid[0, col] == 0 and _is_one_color(grid[:, col]):
            filled[:, col], found = color, True
    return filled if found and color != 0 else nothing()


@primitive(cost=3, laws=(*IDEMPOTENT_IN_PLACE, *COMMUTES_WITH_FLIPS))
def keep_full_lines(grid: Cells) -> Cells:
    """Keep only the rows and columns of a single non-zero color; undefined if there are none.

    >>> keep_full_lines("120/222/020")
    Grid('020/222/020')
    """
    kept = np.zeros_like(grid)
    found = False
    for row in range(grid.shape[0]):
        if grid[row, 0] != 0 and _is_one_color(grid[row]):
            kept[row, :], found = grid[row, 0], True
    for col in range(grid.shape[1]):
        if grid[0, col] != 0 and _is_one_color(grid[:, col]):
            kept[:, col], found = grid[0, col], True
    return kept if found else nothing()


@helper
def _paint_around(grid: Cells, color: int, halo: int, start: int, step: int) -> Cells:
    """Paint the cells of 0 that have a cell of a color in one of several directions.

    The directions are `start`, `start + step`, and so on. The paint is `halo`. `ANY_COLOR` as the
    color accepts every non-zero cell; `ANY_COLOR` as the halo paints in the color of the cell found
    first.
    """
    result = grid.copy()
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if grid[row, col] != 0:
                continue
            for way in range(start, 8, step):
                seen = color_at(grid, row, col, way)
                if seen != 0 and (color == ANY_COLOR or seen == color):
                    result[row, col] = seen if halo == ANY_COLOR else halo
                    break
    return result


@primitive(cost=3, laws=IN_PLACE)
def grow_plus(grid: Cells) -> Cells:
    """Grow every cell to a plus of its color over background cells.

    A cell that several others reach takes the color of the first one, clockwise from above.

    >>> grow_plus("000/010/000")
    Grid('010/111/010')
    """
    return _paint_around(grid, ANY_COLOR, ANY_COLOR, 0, 2)


@primitive(cost=3, laws=IN_PLACE)
def grow_x(grid: Cells) -> Cells:
    """Grow every cell to an X of its color over background cells.

    A cell that several others reach takes the color of the first one, clockwise from the upper
    right.

    >>> grow_x("000/010/000")
    Grid('101/010/101')
    """
    return _paint_around(grid, ANY_COLOR, ANY_COLOR, 1, 2)


@primitive(cost=3, laws=IN_PLACE)
def grow_square(grid: Cells) -> Cells:
    """Grow every cell to a 3 x 3 square of its color over background cells.

    A cell that several others reach takes the color of the first one, clockwise from above.

    >>> grow_square("0000/0100/0000")
    Grid('1110/1110/1110')
    """
    return _paint_around(grid, ANY_COLOR, ANY_COLOR, 0, 1)


@primitive(cost=3, laws=ON_CANVAS)
def plus_around(grid: Cells, color: Color, halo: Color) -> Cells:
    """Paint the background cells that share an edge with a cell of the first color.

    The paint is the second color. Undefined if either color is 0.

    >>> plus_around("000/010/002", 1, 7)
    Grid('070/717/072')
    """
    return _paint_around(grid, color, halo, 0, 2) if color * halo != 0 else nothing()


@primitive(cost=3, laws=ON_CANVAS)
def x_around(grid: Cells, color: Color, halo: Color) -> Cells:
    """Paint the background cells that touch a cell of the first color diagonally.

    The paint is the second color. Undefined if either color is 0.

    >>> x_around("000/010/002", 1, 7)
    Grid('707/010/702')
    """
    return _paint_around(grid, color, halo, 1, 2) if color * halo != 0 else nothing()


@primitive(cost=3, laws=ON_CANVAS)
def square_around(grid: Cells, color: Color, halo: Color) -> Cells:
    """Paint the background cells around every cell of the first color, corners included.

    The paint is the second color. Undefined if either color is 0.

    >>> square_around("000/010/002", 1, 7)
    Grid('777/717/772')
    """
    return _paint_around(grid, color, halo, 0, 1) if color * halo != 0 else nothing()
