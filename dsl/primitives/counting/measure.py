"""Measuring: sizes and counts of a grid, and the color that leads in a count."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.kernels.grids import UNDEFINED, bounding_box, color_counts, components
from arcsolve.dsl.kernels.histograms import extreme_color, piece_tallies
from arcsolve.dsl.kernels.layer_features import hole_labels
from arcsolve.dsl.kernels.shifts import body_sizes
from arcsolve.dsl.laws import RECOLORS_ALIKE, RECOLORS_ALIKE_BUT_ZERO
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Count


@primitive(cost=2, laws=(RECOLORS_ALIKE,))
def height(grid: Cells) -> Count:
    """The number of rows.

    >>> height("12/34/56")
    3
    """
    return grid.shape[0]


@primitive(cost=2, laws=(RECOLORS_ALIKE,))
def width(grid: Cells) -> Count:
    """The number of columns.

    >>> width("12/34/56")
    2
    """
    return grid.shape[1]


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def content_height(grid: Cells) -> Count:
    """The height of the bounding box of all that is not 0; undefined if the grid is all 0.

    >>> content_height("000/010/100/000")
    2
    """
    top, _, bottom, _ = bounding_box(grid)
    return bottom - top if bottom > 0 else UNDEFINED


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def content_width(grid: Cells) -> Count:
    """The width of the bounding box of all that is not 0; undefined if the grid is all 0.

    >>> content_width("0000/0010/0100/0000")
    2
    """
    _, left, bottom, right = bounding_box(grid)
    return right - left if bottom > 0 else UNDEFINED


@primitive(cost=2, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def count_cells(grid: Cells) -> Count:
    """The number of cells that are not 0.

    >>> count_cells("102/030")
    3
    """
    return int(np.count_nonzero(grid))


@primitive(cost=2, laws=(RECOLORS_ALIKE,))
def count_color(grid: Cells, color: Color) -> Count:
    """The number of cells of a color.

    >>> count_color("112/010", 1)
    3
    """
    return color_counts(grid)[color]


@primitive(cost=2, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def count_colors(grid: Cells) -> Count:
    """The number of colors besides 0.

    >>> count_colors("112/030")
    3
    """
    return int(np.count_nonzero(color_counts(grid)[1:]))


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def count_most_common(grid: Cells) -> Count:
    """How many cells the most common color besides 0 has.

    >>> count_most_common("112/000")
    2
    """
    return color_counts(grid)[1:].max()


@primitive(cost=2, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def count_objects(grid: Cells) -> Count:
    """The number of objects: cells of any colors but 0, connected over edges and corners.

    >>> count_objects("1000/0203/0000")
    2
    """
    return components(grid, True, False)[1]


@primitive(cost=2, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def count_pieces(grid: Cells) -> Count:
    """The number of pieces: cells of one color but 0, connected over edges.

    >>> count_pieces("1100/0223/0000")
    3
    """
    return components(grid, False, True)[1]


@primitive(cost=2, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def count_holes(grid: Cells) -> Count:
    """The number of regions of 0 (over edges) that do not reach the border.

    >>> count_holes("11111/10101/11111")
    2
    """
    return hole_labels(grid)[1]


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def largest_size(grid: Cells) -> Count:
    """The number of cells of the largest object (8-connected, any colors); 0 if there is none.

    >>> largest_size("1002/0200/0000")
    2
    """
    labels, count = components(grid, True, False)
    return body_sizes(labels, count).max()


@primitive(cost=4, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def longest_run(grid: Cells) -> Count:
    """The most equal cells other than 0 in one line, along rows or columns.

    >>> longest_run("1110/2100/2000")
    3
    """
    longest = 0
    above = np.zeros(grid.shape[1], np.int64)
    for row in range(grid.shape[0]):
        run = 0
        for col in range(grid.shape[1]):
            cell = grid[row, col]
            run = run + 1 if col > 0 and grid[row, col - 1] == cell else 1
            above[col] = above[col] + 1 if row > 0 and grid[row - 1, col] == cell else 1
            if cell != 0:
                longest = max(longest, run, above[col])
    return longest


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def color_of_most_pieces(grid: Cells) -> Color:
    """The color besides 0 with the most pieces (4-connected); undefined on a tie.

    >>> color_of_most_pieces("2220/0101/2000")
    Traceback (most recent call last):
    arcsolve.dsl.errors.Undefined: color_of_most_pieces has no value here
    >>> color_of_most_pieces("2220/0101")
    1
    """
    return extreme_color(piece_tallies(grid)[0], True, 1)


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def color_of_fewest_pieces(grid: Cells) -> Color:
    """The color besides 0 with the fewest pieces (4-connected); undefined on a tie.

    >>> color_of_fewest_pieces("2220/0101")
    2
    """
    return extreme_color(piece_tallies(grid)[0], False, 1)


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def color_of_largest_piece(grid: Cells) -> Color:
    """The color of the piece (4-connected, not 0) with the most cells; undefined on a tie.

    >>> color_of_largest_piece("2200/1010/0101")
    2
    """
    return extreme_color(piece_tallies(grid)[1], True, 1)


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def color_of_smallest_piece(grid: Cells) -> Color:
    """The color of the piece (4-connected, not 0) with the fewest cells; undefined on a tie.

    >>> color_of_smallest_piece("2220/1000/0111")
    1
    """
    return extreme_color(piece_tallies(grid)[2], False, 1)


@primitive(cost=4, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def color_with_holes(grid: Cells) -> Color:
    """The color besides 0 that touches the most holes (over edges); undefined on a tie.

    >>> color_with_holes("1110222/1010202/1110222/1011000/1110000")
    1
    """
    labels, count = hole_labels(grid)
    touches = np.zeros((NUM_COLORS, count + 1), np.int64)
    for row in range(1, grid.shape[0] - 1):
        for col in range(1, grid.shape[1] - 1):
            label = labels[row, col]
            if label > 0:
                touches[grid[row - 1, col], label] = touches[grid[row + 1, col], label] = 1
                touches[grid[row, col - 1], label] = touches[grid[row, col + 1], label] = 1
    return extreme_color(touches.sum(axis=1), True, 1)
