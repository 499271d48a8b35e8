"""Charts: colors and counts drawn as grids, such as bars, rows, squares and tallies."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import COL_STEP, ROW_STEP, blank, color_counts, nothing, too_large
from arcsolve.dsl.kernels.histograms import colors_by_score, extreme_color, piece_tallies
from arcsolve.dsl.laws import COPIES_CONTENT, IDEMPOTENT, IDEMPOTENT_IN_PLACE, ON_CANVAS
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Count, Direction, Integers


@helper
def _draw_line(colors: Integers, direction: int) -> Cells:
    """Write colors in a row or column in a direction; return `nothing()` for a diagonal."""
    count = len(colors)
    if count == 0 or direction % 2 == 1:
        return nothing()
    result = blank(1, count) if direction % 4 == 2 else blank(count, 1)
    for place in range(count):
        at = place if direction == 2 or direction == 4 else count - 1 - place
        if direction % 4 == 2:
            result[0, at] = colors[place]
        else:
            result[at, 0] = colors[place]
    return result


@primitive(cost=3, laws=COPIES_CONTENT)
def colors_by_count(grid: Cells, direction: Direction) -> Cells:
    """Write the non-zero colors in a row or column, from the most cells to the fewest.

    The direction says which way the colors run. On a tie the color that comes first in reading
    order is ahead. Undefined for diagonal directions and for a blank grid.

    >>> colors_by_count("122/323", 2)
    Grid('231')
    """
    return _draw_line(colors_by_score(grid, color_counts(grid)), direction)


@primitive(cost=4, laws=COPIES_CONTENT)
def colors_by_pieces(grid: Cells, direction: Direction) -> Cells:
    """Write the non-zero colors in a row or column, from the most pieces to the fewest.

    A piece is a 4-connected area of one color. The direction says which way the colors run. On a
    tie the color that comes first in reading order is ahead. Undefined for diagonal directions and
    for a blank grid.

    >>> colors_by_pieces("222/010/101", 4)
    Grid('1/2')
    """
    return _draw_line(colors_by_score(grid, piece_tallies(grid)[0]), direction)


@primitive(cost=3, laws=COPIES_CONTENT)
def colors_along(grid: Cells, direction: Direction) -> Cells:
    """Write the non-zero colors in the order in which a sweep in a direction meets them.

    The colors run in that direction, in a row or column. On a tie the color that comes first in
    reading order is ahead. Undefined for diagonal directions and for a blank grid.

    >>> colors_along("0203/0200/1000", 2)
    Grid('123')
    """
    if direction % 2 == 1:
        return nothing()
    height, width = grid.shape
    scores = np.zeros(10, np.int64)
    down, right = ROW_STEP[direction], COL_STEP[direction]
    for row in range(height):
        for col in range(width):
            score = max(height, width) - row * down - col * right  # highest where the sweep begins
            scores[grid[row, col]] = max(scores[grid[row, col]], score)
    return _draw_line(colors_by_score(grid, scores), direction)


@helper
def _draw_bars(colors: Integers, lengths: Integers) -> Cells:
    """Draw a row for each color with a bar from the left.

    Returns `nothing()` if the result is too large or empty.
    """
    if len(colors) == 0 or too_large(len(colors), lengths[colors].max()):
        return nothing()
    result = blank(len(colors), lengths[colors].max())
    for row in range(len(colors)):
        result[row, : lengths[colors[row]]] = colors[row]
    return result


@primitive(cost=3, laws=(IDEMPOTENT, *COPIES_CONTENT))
def color_bars(grid: Cells) -> Cells:
    """Draw a bar for each non-zero color, as long as its number of cells, the longest bar on top.

    Undefined for a blank grid and if a color has more than 30 cells.

    >>> color_bars("122/320/220")
    Grid('22222/10000/30000')
    """
    counts = color_counts(grid)
    return _draw_bars(colors_by_score(grid, counts), counts)


@primitive(cost=4, laws=COPIES_CONTENT)
def piece_bars(grid: Cells) -> Cells:
    """Draw a bar for each non-zero color, as long as its number of pieces, the longest bar on top.

    A piece is a 4-connected area of one color. Undefined for a blank grid and if a color has more
    than 30 pieces.

    >>> piece_bars("222/010/101")
    Grid('111/200')
    """
    counts = piece_tallies(grid)[0]
    return _draw_bars(colors_by_score(grid, counts), counts)


@primitive(cost=3, laws=(IDEMPOTENT, *COPIES_CONTENT))
def cells_in_row(grid: Cells) -> Cells:
    """Write all non-zero cells into one row, in reading order.

    Undefined for a blank grid and for more than 30 such cells.

    >>> cells_in_row("102/030/110")
    Grid('12311')
    """
    count = np.count_nonzero(grid)
    if too_large(1, count):
        return nothing()
    result = blank(1, count)
    place = 0
    for cell in grid.flat:
        if cell != 0:
            result[0, place] = cell
            place += 1
    return result


@primitive(cost=3, laws=(IDEMPOTENT, *COPIES_CONTENT))
def cells_by_color(grid: Cells) -> Cells:
    """Write all non-zero cells into one row, color by color, the most common color first.

    Undefined for a blank grid and for more than 30 such cells.

    >>> cells_by_color("102/030/110")
    Grid('11123')
    """
    counts = color_counts(grid)
    count = np.count_nonzero(grid)
    if too_large(1, count):
        return nothing()
    result = blank(1, count)
    place = 0
    for color in colors_by_score(grid, counts):
        result[0, place : place + counts[color]] = color
        place += counts[color]
    return result


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def pack(grid: Cells) -> Cells:
    """Move the non-zero cells together in reading order, starting at the top left corner.

    >>> pack("102/030/004")
    Grid('123/400/000')
    """
    result = np.zeros_like(grid)
    place = 0
    for cell in grid.flat:
        if cell != 0:
            result[place // grid.shape[1], place % grid.shape[1]] = cell
            place += 1
    return result


@primitive(cost=3, laws=COPIES_CONTENT)
def bar(grid: Cells, count: Count) -> Cells:
    """Draw a row of a given length in the most common color other than 0.

    Undefined on a tie, for a blank grid and for a length that is not 1 to 30.

    >>> bar("120/022", 3)
    Grid('222')
    """
    color = extreme_color(color_counts(grid), True, 1)
    if color < 0 or too_large(1, count):
        return nothing()
    return np.full((1, count), np.uint8(color))


@primitive(cost=3, laws=COPIES_CONTENT)
def square(grid: Cells, count: Count) -> Cells:
    """Draw a solid square with a given side in the most common color other than 0.

    Undefined on a tie, for a blank grid and for a side that is not 1 to 30.

    >>> square("120/022", 2)
    Grid('22/22')
    """
    color = extreme_color(color_counts(grid), True, 1)
    if color < 0 or too_large(count, count):
        return nothing()
    return np.full((count, count), np.uint8(color))


@primitive(cost=3, laws=COPIES_CONTENT)
def diagonal(grid: Cells, count: Count) -> Cells:
    """Draw the diagonal of a square of a given size in the most common color other than 0.

    Undefined on a tie, for a blank grid and for a side that is not 1 to 30.

    >>> diagonal("120/022", 3)
    Grid('200/020/002')
    """
    color = extreme_color(color_counts(grid), True, 1)
    if color < 0 or too_large(count, count):
        return nothing()
    result = blank(count, count)
    for place in range(count):
        result[place, place] = color
    return result


@primitive(cost=3, laws=ON_CANVAS)
def tally(grid: Cells, color: Color, count: Count) -> Cells:
    """Paint the first cells of a blank canvas of the grid's shape, as many as the count says.

    The cells are taken in reading order. Undefined for color 0 and for a count that is 0 or larger
    than the number of cells.

    >>> tally("120/022", 5, 4)
    Grid('555/500')
    """
    if color == 0 or count < 1 or count > grid.size:
        return nothing()
    result = np.zeros_like(grid)
    for place in range(count):
        result[place // grid.shape[1], place % grid.shape[1]] = color
    return result
