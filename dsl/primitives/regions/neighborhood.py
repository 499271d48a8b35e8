"""Neighborhood: cells chosen by their neighbors, by parity, and by the ends of their lines."""

from __future__ import annotations

from typing import Any

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.bits import framed_rows, unframe_rows
from arcsolve.dsl.kernels.grids import COL_STEP, ROW_STEP, blank, components, copy_grid, nothing
from arcsolve.dsl.kernels.separators import dominant_color
from arcsolve.dsl.laws import (
    COMMUTES_WITH_SYMMETRIES,
    IDEMPOTENT_IN_PLACE,
    IDEMPOTENT_IN_SHAPE,
    IN_PLACE,
    KEEPS_SHAPE,
    ON_ANY_CANVAS,
    ON_CANVAS,
    CommutesWith,
)
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Count, Direction, Integers, Mask


@helper
def count_filled_neighbors(grid: Cells, row: int, col: int, step: int) -> int:
    """Count the non-zero neighbors: of eight for `step` 1, of the four over edges for 2."""
    height, width = grid.shape
    count = 0
    for way in range(0, 8, step):
        r, c = row + ROW_STEP[way], col + COL_STEP[way]
        if 0 <= r < height and 0 <= c < width and grid[r, c] > 0:
            count += 1
    return count


@helper
def mark_cells_with(grid: Cells, count: int, step: int, zero: bool) -> Mask:
    """Select the cells of 0 (or non-zero cells) with `count` non-zero neighbors.

    Returns `nothing()` if there are none.
    """
    filled, found = framed_rows(grid), 0
    marked = np.zeros(len(filled), np.int64)
    for row in range(1, len(filled) - 1):
        wanted = ~filled[row] & ((1 << grid.shape[1]) - 1) if zero else filled[row]
        marked[row] = wanted & _bits_with(filled, row, count, step)
        found |= marked[row]
    return unframe_rows(marked, grid.shape[1]) if found != 0 else nothing()


@helper
def _bits_with(filled: Integers, row: int, count: int, step: int) -> int:
    """Return the bits of a framed row that have `count` bits as neighbors, all added up at once."""
    ones, twos, fours, eights = 0, 0, 0, 0  # binary digits of the sums, one sum per bit of the row
    for way in range(0, 8, step):
        near = filled[row + ROW_STEP[way]]
        near = near << 1 if COL_STEP[way] < 0 else near >> COL_STEP[way]
        carry = ones & near
        ones ^= near
        near = twos & carry
        twos ^= carry
        eights |= fours & near
        fours ^= near
    wrong = (ones ^ -(count & 1)) | (twos ^ -(count >> 1 & 1)) | (fours ^ -(count >> 2 & 1))
    return ~(wrong | (eights ^ -(count >> 3))) if count <= 8 else 0


@helper
def keep_every_second(grid: Cells, row_weight: int, col_weight: int) -> Cells:
    """Keep the cells for which row x row_weight + col x col_weight is even; the others become 0."""
    kept = copy_grid(grid)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if (row * row_weight + col * col_weight) % 2 == 1:
                kept[row, col] = 0
    return kept


@helper
def edge_color(grid: Cells, row: int, col: int, direction: int) -> Any:
    """Return the color at the border end, in a direction, of the line through a cell."""
    height, width = grid.shape
    if direction == 0:
        return np.int64(grid[0, col])
    if direction == 2:
        return np.int64(grid[row, width - 1])
    if direction == 4:
        return np.int64(grid[height - 1, col])
    return np.int64(grid[row, 0])


@helper
def color_from_edge(grid: Cells, direction: int, zero: bool) -> Cells:
    """Give cells of 0 (or non-zero cells) the color at the end of their line, unless it is 0.

    Returns `nothing()` for diagonal directions and if no cell changes.
    """
    if direction % 2 == 1:
        return nothing()
    result = copy_grid(grid)
    changed = False
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            color = edge_color(grid, row, col, direction)
            if color > 0 and (grid[row, col] == 0) == zero and color != grid[row, col]:
                result[row, col] = color
                changed = True
    return result if changed else nothing()


@helper
def side_color(grid: Cells, row: int, col: int, along_row: bool) -> int:
    """Return the non-zero color at the two ends of a row (or column).

    The result is 0 if both ends are 0 and if they have two different colors.
    """
    first = edge_color(grid, row, col, 6 if along_row else 0)
    last = edge_color(grid, row, col, 2 if along_row else 4)
    if first == 0 or first == last:
        return last
    return first if last == 0 else 0


@helper
def unify_lines(grid: Cells, along_row: bool) -> Cells:
    """Fill each row (or column) with its most common non-zero color."""
    height, width = grid.shape
    result = copy_grid(grid)
    for index in range(height if along_row else width):
        if along_row:
            result[index] = dominant_color(grid, index, 0, index + 1, width)
        else:
            result[:, index] = dominant_color(grid, 0, index, height, index + 1)
    return result


@helper
def equals_at(grid: Cells, pattern: Cells, top: int, left: int) -> bool:
    """Return whether the window of the grid at a place equals the pattern.

    The grid must contain the whole window.
    """
    for row in range(pattern.shape[0]):
        for col in range(pattern.shape[1]):
            if grid[top + row, left + col] != pattern[row, col]:
                return False
    return True


@primitive(cost=3, laws=ON_CANVAS)
def with_neighbors(grid: Cells, count: Count) -> Mask:
    """Select the non-zero cells with a given number of non-zero neighbors over edges.

    Line ends have 1 such neighbor and crossings have 4. Undefined if there are no such cells.

    >>> with_neighbors("1110/0010", 1)
    Grid('1000/0010')
    """
    return mark_cells_with(grid, count, 2, False)


@primitive(cost=3, laws=ON_CANVAS)
def with_neighbors_8(grid: Cells, count: Count) -> Mask:
    """Select the non-zero cells with a given number of non-zero neighbors, corners included.

    Undefined if there are no such cells.

    >>> with_neighbors_8("1000/0100/0022", 2)
    Grid('0000/0100/0010')
    """
    return mark_cells_with(grid, count, 1, False)


@primitive(cost=3, laws=ON_CANVAS)
def zero_with_neighbors(grid: Cells, count: Count) -> Mask:
    """Select the background cells with a given number of non-zero neighbors over edges.

    Undefined if there are no such cells.

    >>> zero_with_neighbors("101/000/020", 2)
    Grid('010/000/000')
    """
    return mark_cells_with(grid, count, 2, True)


@primitive(cost=3, laws=ON_CANVAS)
def zero_with_neighbors_8(grid: Cells, count: Count) -> Mask:
    """Select the background cells with a given number of non-zero neighbors, corners included.

    Undefined if there are no such cells.

    >>> zero_with_neighbors_8("101/000/020", 3)
    Grid('000/010/000')
    """
    return mark_cells_with(grid, count, 1, True)


@primitive(cost=3, laws=(*IDEMPOTENT_IN_SHAPE, *COMMUTES_WITH_SYMMETRIES))
def neighbor_counts(grid: Cells) -> Cells:
    """Write into each non-zero cell the number of its non-zero neighbors over edges.

    >>> neighbor_counts("1110/0100")
    Grid('1310/0100')
    """
    result = blank(grid.shape[0], grid.shape[1])
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if grid[row, col] > 0:
                result[row, col] = count_filled_neighbors(grid, row, col, 2)
    return result


@primitive(cost=3, laws=(KEEPS_SHAPE, *COMMUTES_WITH_SYMMETRIES))
def component_sizes(grid: Cells) -> Cells:
    """Write into each non-zero cell the number of cells of its component, at most 9.

    Components have one color and are connected over edges.

    >>> component_sizes("1102/0022/3000")
    Grid('2203/0033/1000')
    """
    labels, count = components(grid, False, True)
    sizes = np.zeros(count + 1, np.int64)
    for label in labels.flat:
        sizes[label] += 1
    sizes[0] = 0
    result = blank(grid.shape[0], grid.shape[1])
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            result[row, col] = min(sizes[labels[row, col]], 9)
    return result


@primitive(cost=3, laws=IN_PLACE)
def beside_color(grid: Cells, color: Color) -> Cells:
    """Keep only the cells of other colors that share an edge with a cell of a color.

    Undefined if no non-zero cell remains.

    >>> beside_color("3120/0020/0400", 2)
    Grid('0100/0000/0000')
    """
    height, width = grid.shape
    result = blank(height, width)
    for row in range(height):
        for col in range(width):
            for way in range(0, 8, 2):
                r, c = row + ROW_STEP[way], col + COL_STEP[way]
                if 0 <= r < height and 0 <= c < width and grid[r, c] == color:
                    result[row, col] = grid[row, col] if grid[row, col] != color else 0
    return result if np.any(result) else nothing()


@primitive(
    cost=3,
    laws=(*IDEMPOTENT_IN_PLACE, CommutesWith("transpose")),
)
def every_second_cell(grid: Cells) -> Cells:
    """Keep only the cells of a checkerboard that starts at the top left corner.

    >>> every_second_cell("123/456")
    Grid('103/050')
    """
    return keep_every_second(grid, 1, 1)


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def every_second_row(grid: Cells) -> Cells:
    """Keep only the first, third, fifth row, and so on; the others become 0.

    >>> every_second_row("12/34/56")
    Grid('12/00/56')
    """
    return keep_every_second(grid, 1, 0)


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def every_second_col(grid: Cells) -> Cells:
    """Keep only the first, third, fifth column, and so on; the others become 0.

    >>> every_second_col("123/456")
    Grid('103/406')
    """
    return keep_every_second(grid, 0, 1)


@primitive(cost=3, laws=IN_PLACE)
def fill_from_edge(grid: Cells, direction: Direction) -> Cells:
    """Give each background cell the color at the border end of its line in a direction.

    Cells whose line ends with 0 stay. Undefined for diagonal directions and if no cell changes.

    >>> fill_from_edge("3010/0020", 6)
    Grid('3313/0020')
    """
    return color_from_edge(grid, direction, True)


@primitive(cost=3, laws=IN_PLACE)
def recolor_from_edge(grid: Cells, direction: Direction) -> Cells:
    """Give each non-zero cell the color at the border end of its line in a direction.

    Cells whose line ends with 0 stay. Undefined for diagonal directions and if no cell changes.

    >>> recolor_from_edge("3010/0020", 6)
    Grid('3030/0020')
    """
    return color_from_edge(grid, direction, False)


@primitive(cost=3, laws=(*IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def edge_crossings(grid: Cells) -> Cells:
    """Paint the background cells where a row and a column with the same mark cross.

    The mark of a line is the only non-zero color at its two ends; all other cells become 0.
    Undefined if there is no crossing.

    >>> edge_crossings("0230/2000/3000")
    Grid('0000/0200/0030')
    """
    height, width = grid.shape
    result = blank(height, width)
    for row in range(height):
        for col in range(width):
            color = side_color(grid, row, col, True)
            if grid[row, col] == 0 and color == side_color(grid, row, col, False):
                result[row, col] = color
    return result if np.any(result) else nothing()


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def uniform_rows(grid: Cells) -> Cells:
    """Fill each row with its most common non-zero color.

    On a tie the color that reaches the count first wins.

    >>> uniform_rows("1120/0030/0000")
    Grid('1111/3333/0000')
    """
    return unify_lines(grid, True)


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def uniform_cols(grid: Cells) -> Cells:
    """Fill each column with its most common non-zero color.

    On a tie the color that reaches the count first wins.

    >>> uniform_cols("120/130/000")
    Grid('120/120/120')
    """
    return unify_lines(grid, False)


@primitive(cost=4, laws=ON_ANY_CANVAS)
def matches(grid: Cells, pattern: Cells) -> Mask:
    """Select all cells of the windows of the grid that equal a pattern.

    Undefined if there are none, and for a pattern of one cell.

    >>> matches("1201/0012", "12")
    Grid('1100/0011')
    """
    height, width = grid.shape
    tall, wide = pattern.shape
    marks = blank(height, width)
    if tall * wide < 2:
        return nothing()
    for row in range(height - tall + 1):
        for col in range(width - wide + 1):
            if equals_at(grid, pattern, row, col):
                marks[row : row + tall, col : col + wide] = 1
    return marks if np.any(marks) else nothing()
