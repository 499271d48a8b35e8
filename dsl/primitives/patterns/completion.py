"""Completion: missing or covered cells filled in by the symmetry that the other cells show."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import UNDEFINED, color_counts, nothing
from arcsolve.dsl.kernels.lattices import UNKNOWN, complete_period, hide_color, is_mostly_zero
from arcsolve.dsl.kernels.symmetry_search import (
    ANTI_DIAGONAL,
    COLS,
    DIAGONAL,
    HALF_TURN,
    QUARTER_TURN,
    ROWS,
    complete_symmetry,
)
from arcsolve.dsl.laws import IN_PLACE, KEEPS_COLORS
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Layers


@helper
def unknown_to_zero(known: Cells) -> Cells:
    """Turn a working copy into a grid: UNKNOWN cells become 0."""
    return np.where(known == UNKNOWN, np.uint8(0), known)


@helper
def complete_content(grid: Cells, operation: int) -> Cells:
    """Complete the content to a symmetry; return `nothing()` if no cell is filled."""
    known = hide_color(grid, 0)
    filled = complete_symmetry(known, operation)
    return nothing() if np.array_equal(known, filled) else unknown_to_zero(filled)


@helper
def complete_square(grid: Cells, diagonals: bool) -> Cells:
    """Complete the content to mirror symmetry across both axes, and both diagonals if asked."""
    filled = complete_symmetry(complete_symmetry(hide_color(grid, 0), ROWS), COLS)
    if diagonals:
        filled = complete_symmetry(complete_symmetry(filled, DIAGONAL), ANTI_DIAGONAL)
    return unknown_to_zero(filled)


@helper
def complete_layers(layers: Layers, diagonals: bool) -> Layers:
    """Complete each layer by itself; layers without a symmetry stay."""
    result = layers.copy()
    for index in range(len(layers)):
        result[index] = complete_square(layers[index], diagonals)
    return result


@helper
def restore_color(grid: Cells, color: int) -> Cells:
    """Fill all cells of a color by the symmetries of the grid or else by its period."""
    hidden = np.count_nonzero(grid == color)
    if hidden == 0 or 2 * hidden > grid.size or (color > 0 and is_mostly_zero(grid)):
        return nothing()
    known = hide_color(grid, color)
    for _ in range(2):
        for operation in range(QUARTER_TURN + 1):
            known = complete_symmetry(known, operation)
            if known.max() != UNKNOWN:
                return known
    return complete_period(grid, color)


@helper
def solid_color(grid: Cells) -> int:
    """Return the color whose cells form the largest solid rectangle, 2 x 2 or more; -1 if none."""
    height, width = grid.shape
    counts = color_counts(grid)
    tops, lefts = np.full(NUM_COLORS, height), np.full(NUM_COLORS, width)
    bottoms, rights = np.zeros(NUM_COLORS, np.int64), np.zeros(NUM_COLORS, np.int64)
    for row in range(height):
        for col in range(width):
            color = grid[row, col]
            tops[color], bottoms[color] = min(tops[color], row), row + 1
            lefts[color] = min(lefts[color], col)
            rights[color] = max(rights[color], col + 1)
    best = UNDEFINED
    for color in range(NUM_COLORS):
        tall, wide = bottoms[color] - tops[color], rights[color] - lefts[color]
        if tall < 2 or wide < 2 or counts[color] != tall * wide or 2 * counts[color] > grid.size:
            continue
        if best < 0 or counts[color] > counts[best]:
            best = color
    return best


@primitive(cost=3, laws=IN_PLACE)
def complete_rows(grid: Cells) -> Cells:
    """Fill background cells so that the content mirrors itself up-down.

    The axis may lie anywhere in the content. At least half of the non-zero cells must confirm the
    axis, none may contradict it, and the axis with the most confirmations is taken. Undefined
    without such an axis and if nothing is missing.

    >>> complete_rows("1200/3330/1000")
    Grid('1200/3330/1200')
    """
    return complete_content(grid, ROWS)


@primitive(cost=3, laws=IN_PLACE)
def complete_cols(grid: Cells) -> Cells:
    """Fill background cells so that the content mirrors itself left-right.

    The axis is found as in complete_rows. Undefined without an axis and if nothing is missing.

    >>> complete_cols("121/130/030")
    Grid('121/131/030')
    """
    return complete_content(grid, COLS)


@primitive(cost=4, laws=IN_PLACE)
def complete_diagonal(grid: Cells) -> Cells:
    """Fill background cells so that the content mirrors itself across a falling diagonal.

    The axis is found as in complete_rows. Undefined without an axis and if nothing is missing.

    >>> complete_diagonal("123/245/306")
    Grid('123/245/356')
    """
    return complete_content(grid, DIAGONAL)


@primitive(cost=4, laws=IN_PLACE)
def complete_half_turn(grid: Cells) -> Cells:
    """Fill background cells so that a half turn leaves the content unchanged.

    The center is found like the axis in complete_rows, in the middle of the content. Undefined
    without a center and if nothing is missing.

    >>> complete_half_turn("1230/4554/0021")
    Grid('1230/4554/0321')
    """
    return complete_content(grid, HALF_TURN)


@primitive(cost=3, laws=IN_PLACE)
def complete_quarter_turn(grid: Cells) -> Cells:
    """Fill background cells so that a quarter turn leaves the content unchanged.

    The center is found like the axis in complete_rows, in the middle of the content. Undefined
    without a center and if nothing is missing.

    >>> complete_quarter_turn("1201/0332/0030/0021")
    Grid('1201/0332/2330/1021')
    """
    return complete_content(grid, QUARTER_TURN)


@primitive(cost=3, laws=IN_PLACE)
def complete_both(grid: Cells) -> Cells:
    """Fill background cells so that the content mirrors itself up-down and left-right.

    Each axis is found as in complete_rows; an axis that the content does not have is skipped.
    Undefined if no cell is filled.

    >>> complete_both("121/343/120")
    Grid('121/343/121')
    """
    filled = complete_square(grid, False)
    return nothing() if np.array_equal(filled, grid) else filled


@primitive(cost=3, laws=IN_PLACE)
def complete_all(grid: Cells) -> Cells:
    """Fill background cells so that the content mirrors itself across both axes and both diagonals.

    Each axis is found as in complete_rows; an axis that the content does not have is skipped.
    Undefined if no cell is filled.

    >>> complete_all("121/232/100")
    Grid('121/232/121')
    """
    filled = complete_square(grid, True)
    return nothing() if np.array_equal(filled, grid) else filled


@primitive(cost=3, laws=IN_PLACE)
def complete_each(layers: Layers) -> Layers:
    """Complete each layer by itself as complete_both does; layers without a symmetry stay.

    >>> complete_each(("12100/12000", "00000/00005"))
    (Grid('12100/12100'), Grid('00000/00005'))
    """
    return complete_layers(layers, False)


@primitive(cost=3, laws=IN_PLACE)
def complete_each_all(layers: Layers) -> Layers:
    """Complete each layer by itself as complete_all does; layers without a symmetry stay.

    >>> complete_each_all(("1210/2320/1000",))
    (Grid('1210/2320/1210'),)
    """
    return complete_layers(layers, True)


@primitive(cost=3, laws=IN_PLACE)
def restore(grid: Cells, color: Color) -> Cells:
    """Restore the pattern under a cover of a color, by the pattern's symmetries or else its period.

    A symmetry or period must not contradict any visible cell. Undefined if the grid does not have
    the color, if a covered cell cannot be determined, if more than half of the grid is covered, and
    if more than half of the grid is 0.

    >>> restore("1221/2332/2552/1551", 5)
    Grid('1221/2332/2332/1221')
    """
    return restore_color(grid, color)


@primitive(cost=3, laws=(KEEPS_COLORS,))
def hidden_patch(grid: Cells) -> Cells:
    """Return the part of the pattern that the largest solid rectangle of one color covers.

    The rectangle is found as in patch_color, and the pattern as in restore.

    >>> hidden_patch("1221/2332/2552/1551")
    Grid('33/22')
    """
    color = solid_color(grid)
    whole = restore_color(grid, color) if color >= 0 else nothing()
    if whole.size == 0:
        return nothing()
    rows, cols = np.nonzero(grid == color)
    return whole[rows.min() : rows.max() + 1, cols.min() : cols.max() + 1].copy()


@primitive(cost=2)
def patch_color(grid: Cells) -> Color:
    """Return the color whose cells form one solid rectangle of at least 2 x 2 cells.

    The largest of several rectangles wins, and then the lowest color. A rectangle of more than half
    of the grid does not count. Undefined if there is none.

    >>> patch_color("1221/2332/2552/1551")
    5
    """
    return solid_color(grid)
