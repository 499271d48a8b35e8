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
    """Count the rows.

    >>> height("12/34/56")
    3
    """
    return grid.shape[0]


@primitive(cost=2, laws=(RECOLORS_ALIKE,))
def width(grid: Cells) -> Count:
    """Count the columns.

    >>> width("12/34/56")
    2
    """
    return grid.shape[1]


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def content_height(grid: Cells) -> Count:
    """Measure the height of the bounding box of all non-zero cells; undefined for a blank grid.

    >>> content_height("000/010/100/000")
    2
    """
    top, _, bottom, _ = bounding_box(grid)
    return bottom - top if bottom > 0 else UNDEFINED


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def content_width(grid: Cells) -> Count:
    """Measure the width of the bounding box of all non-zero cells; undefined for a blank grid.

    >>> content_width("0000/0010/0100/0000")
    2
    """
    _, left, bottom, right = bounding_box(grid)
    return right - left if bottom > 0 else UNDEFINED


@primitive(cost=2, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def count_cells(grid: Cells) -> Count:
    """Count the non-zero cells.

    >>> count_cells("102/030")
    3
    """
    return int(np.count_nonzero(grid))


@primitive(cost=2, laws=(RECOLORS_ALIKE,))
def count_color(grid: Cells, color: Color) -> Count:
    """Count the cells of a color.

    >>> count_color("112/010", 1)
    3
    """
    return color_counts(grid)[color]


@primitive(cost=2, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def count_colors(grid: Cells) -> Count:
    """Count the colors other than 0.

    >>> count_colors("112/030")
    3
    """
    return int(np.count_nonzero(color_counts(grid)[1:]))


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def count_most_common(grid: Cells) -> Count:
    """Count the cells of the most common color other than 0.

    >>> count_most_common("112/000")
    2
    """
    return color_counts(grid)[1:].max()


@primitive(cost=2, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def count_objects(grid: Cells) -> Count:
    """Count the objects: non-zero cells of any colors, connected over edges and corners.

    >>> count_objects("1000/0203/0000")
    2
    """
    return components(grid, True, False)[1]


@primitive(cost=2, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def count_pieces(grid: Cells) -> Count:
    """Count the pieces: non-zero cells of one color, connected over edges.

    >>> count_pieces("1100/0223/0000")
    3
    """
    return components(grid, False, True)[1]


@primitive(cost=2, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def count_holes(grid: Cells) -> Count:
    """Count the holes: background regions, connected over edges, that do not reach the border.

    >>> count_holes("11111/10101/11111")
    2
    """
    return hole_labels(grid)[1]


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def largest_size(grid: Cells) -> Count:
    """Count the cells of the largest object.

    Objects are 8-connected and may have several colors. The result is 0 for a blank grid.

    >>> largest_size("1002/0200/0000")
    2
    """
    labels, count = components(grid, True, False)
    return body_sizes(labels, count).max()


@primitive(cost=4, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def longest_run(grid: Cells) -> Count:
    """Count the cells of the longest run of equal non-zero cells in a row or column.

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
    """Return the non-zero color with the most pieces; undefined on a tie.

    A piece is a 4-connected area of one color. Also undefined for a blank grid.

    >>> color_of_most_pieces("2220/0101/2000")
    Traceback (most recent call last):
    arcsolve.dsl.errors.Undefined: color_of_most_pieces has no value here
    >>> color_of_most_pieces("2220/0101")
    1
    """
    return extreme_color(piece_tallies(grid)[0], True, 1)


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def color_of_fewest_pieces(grid: Cells) -> Color:
    """Return the non-zero color with the fewest pieces; undefined on a tie.

    A piece is a 4-connected area of one color. Also undefined for a blank grid.

    >>> color_of_fewest_pieces("2220/0101")
    2
    """
    return extreme_color(piece_tallies(grid)[0], False, 1)


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def color_of_largest_piece(grid: Cells) -> Color:
    """Return the color of the largest piece; undefined if two colors tie.

    A piece is a 4-connected area of one color other than 0. Also undefined for a blank grid.

    >>> color_of_largest_piece("2200/1010/0101")
    2
    """
    return extreme_color(piece_tallies(grid)[1], True, 1)


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def color_of_smallest_piece(grid: Cells) -> Color:
    """Return the color of the smallest piece; undefined if two colors tie.

    A piece is a 4-connected area of one color other than 0. Also undefined for a blank grid.

    >>> color_of_smallest_piece("2220/1000/0111")
    1
    """
    return extreme_color(piece_tallies(grid)[2], False, 1)


@primitive(cost=4, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def color_with_holes(grid: Cells) -> Color:
    """Return the non-zero color that touches the most holes over edges.

    Undefined on a tie and if there is no hole.

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
