"""Colors chosen by frequency, and recolorings that make tasks more alike.

The pairs rank_colors/restore_colors and normalize_background/restore_background undo each other. A
search can work on the recolored grid and give its answer in the task's own colors.
"""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.bits import LANES, first_bit, value_bits
from arcsolve.dsl.kernels.grids import (
    COL_STEP,
    ROW_STEP,
    UNDEFINED,
    color_counts,
    most_common,
    nothing,
)
from arcsolve.dsl.kernels.histograms import extreme_color
from arcsolve.dsl.kernels.raycast import filter_value
from arcsolve.dsl.laws import (
    COMMUTES_WITH_SYMMETRIES,
    IDEMPOTENT_IN_PLACE,
    IDEMPOTENT_IN_SHAPE,
    IN_PLACE,
    INVOLUTION,
    KEEPS_COLORS,
    KEEPS_SHAPE,
    RECOLORS_ALIKE,
    RECOLORS_ALIKE_BUT_ZERO,
)
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.primitives.colors.recolor import exchange_colors, identity_colors, recolor_by
from arcsolve.dsl.values import Cells, Color, Count, Direction, Integers


@primitive(cost=2, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def most_common_color(grid: Cells) -> Color:
    """Return the most common color other than 0.

    Undefined on a tie and for a blank grid.

    >>> most_common_color("000/122")
    2
    """
    return extreme_color(color_counts(grid), True, 1)


@primitive(cost=2, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def least_common_color(grid: Cells) -> Color:
    """Return the least common color other than 0.

    Undefined on a tie and for a blank grid.

    >>> least_common_color("000/122")
    1
    """
    return extreme_color(color_counts(grid), False, 1)


@primitive(cost=2, laws=(RECOLORS_ALIKE,))
def background_color(grid: Cells) -> Color:
    """Return the most common color, 0 included; undefined on a tie.

    >>> background_color("888/182")
    8
    """
    return extreme_color(color_counts(grid), True, 0)


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def color_of_rank(grid: Cells, count: Count) -> Color:
    """Return the non-zero color with a given frequency rank, 1 for the most common color.

    Undefined if no color has this rank and if several colors share it.

    >>> color_of_rank("000/122/333", 2)
    2
    """
    counts = color_counts(grid)
    for color in range(1, NUM_COLORS):
        if counts[color] == 0:
            continue
        ahead, alike = 0, 0
        for other in range(1, NUM_COLORS):
            ahead += counts[other] > counts[color]
            alike += counts[other] == counts[color]
        if ahead == count - 1 and alike == 1:
            return color
    return UNDEFINED


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def color_at_side(grid: Cells, direction: Direction) -> Color:
    """Return the color in a corner or in the middle of a side, as the direction says.

    Undefined if that color is 0 and if the side has no middle cell.

    >>> color_at_side("123/456", 3)
    6
    """
    height, width = grid.shape
    rows, cols = (height - 1) * (ROW_STEP[direction] + 1), (width - 1) * (COL_STEP[direction] + 1)
    if rows % 2 == 1 or cols % 2 == 1 or grid[rows // 2, cols // 2] == 0:
        return UNDEFINED
    return int(grid[rows // 2, cols // 2])


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def extra_color(grid: Cells, other: Cells) -> Color:
    """Return the only non-zero color that the first grid has and the other grid does not.

    Undefined unless there is exactly one such color.

    >>> extra_color("012/222", "02")
    1
    """
    extra = (color_counts(grid) > 0) & (color_counts(other) == 0)
    extra[0] = False
    return extra.argmax() if extra.sum() == 1 else UNDEFINED


@helper
def _split_by_extreme(grid: Cells, most: bool, keep: bool) -> Cells:
    """Keep only (or remove) the most or least common color other than 0."""
    counts = color_counts(grid)
    chosen = extreme_color(counts, most, 1)
    if chosen < 0 or (not keep and counts[0] + counts[chosen] == grid.size):
        return nothing()
    return filter_value(grid, chosen, keep)


@primitive(cost=2, laws=(*IDEMPOTENT_IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def keep_most_common(grid: Cells) -> Cells:
    """Keep only the most common color other than 0; undefined on a tie.

    >>> keep_most_common("000/122")
    Grid('000/022')
    """
    return _split_by_extreme(grid, True, True)


@primitive(cost=2, laws=(*IDEMPOTENT_IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def keep_least_common(grid: Cells) -> Cells:
    """Keep only the least common color other than 0; undefined on a tie.

    >>> keep_least_common("000/122")
    Grid('000/100')
    """
    return _split_by_extreme(grid, False, True)


@primitive(cost=2, laws=(*IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def erase_most_common(grid: Cells) -> Cells:
    """Erase the most common color other than 0.

    Undefined on a tie and if no non-zero cell remains.

    >>> erase_most_common("000/122")
    Grid('000/100')
    """
    return _split_by_extreme(grid, True, False)


@primitive(cost=2, laws=(*IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def erase_least_common(grid: Cells) -> Cells:
    """Erase the least common color other than 0.

    Undefined on a tie and if no non-zero cell remains.

    >>> erase_least_common("000/122")
    Grid('000/022')
    """
    return _split_by_extreme(grid, False, False)


@helper
def _first_places(grid: Cells) -> Integers:
    """Return the reading-order place of the first cell of each color (int64).

    The place of an absent color is the number of cells.
    """
    places = np.full(NUM_COLORS, grid.size)
    for color in range(NUM_COLORS):
        for start in range(0, grid.size, LANES):
            bits = value_bits(grid, start, min(LANES, grid.size - start), color)
            if bits != 0:
                places[color] = start + first_bit(bits)
                break
    return places


@helper
def color_ranks(grid: Cells) -> Cells:
    """Return the recoloring by frequency as a permutation, uint8 (10,).

    Color 0 stays 0. The most common other color becomes 1, the next becomes 2, and so on. On a tie
    the color whose first cell comes first in reading order is ahead. A color that the grid does not
    have keeps its number if that number is free; the remaining absent colors fill the remaining
    numbers in order.
    """
    counts = color_counts(grid)
    orders = counts * (grid.size + 1) - _first_places(grid)
    ranks = np.zeros(NUM_COLORS, np.uint8)
    present = 0
    for color in range(1, NUM_COLORS):
        present += counts[color] > 0
    spare = 1
    for color in range(1, NUM_COLORS):
        rank = 1
        for other in range(1, NUM_COLORS):
            rank += orders[other] > orders[color]
        if counts[color] > 0:
            ranks[color] = rank
        elif color > present:
            ranks[color] = color
        else:
            while spare <= present or counts[spare] == 0:
                spare += 1
            ranks[color], spare = spare, spare + 1
    return ranks


@primitive(cost=3, laws=IDEMPOTENT_IN_SHAPE)
def rank_colors(grid: Cells) -> Cells:
    """Renumber the non-zero colors by frequency: 1 for the most common, 2 for the next, and so on.

    On a tie the color that comes first in reading order is ahead.

    >>> rank_colors("0544/8844/0008")
    Grid('0311/2211/0002')
    """
    return recolor_by(grid, color_ranks(grid))


@primitive(cost=3, laws=(KEEPS_SHAPE,))
def restore_colors(grid: Cells, reference: Cells) -> Cells:
    """Give a grid back the colors that rank_colors replaced in the reference grid.

    ``restore_colors(rank_colors(reference), reference) == reference``. Colors beyond the ranks of
    the reference take the remaining numbers.

    >>> restore_colors("12/30", "0544/8844/0008")
    Grid('48/50')
    """
    ranks, colors = color_ranks(reference), identity_colors()
    for color in range(NUM_COLORS):
        colors[ranks[color]] = color
    return recolor_by(grid, colors)


@primitive(cost=3, laws=(INVOLUTION, *IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def reverse_color_ranks(grid: Cells) -> Cells:
    """Exchange the non-zero colors: the most common with the least common, and so on inward.

    Undefined on a tie and for fewer than two such colors.

    >>> reverse_color_ranks("0122/3330")
    Grid('0322/1110')
    """
    counts, ranks, colors = color_counts(grid), color_ranks(grid), identity_colors()
    present = 0
    for color in range(1, NUM_COLORS):
        present += counts[color] > 0
    if present < 2:
        return nothing()
    for color in range(1, NUM_COLORS):
        for other in range(1, NUM_COLORS):
            if counts[color] == 0 or counts[other] == 0:
                continue
            if other != color and counts[other] == counts[color]:
                return nothing()
            if ranks[color] + ranks[other] == present + 1:
                colors[color] = other
    return recolor_by(grid, colors)


@helper
def _exchange_background(grid: Cells, reference: Cells) -> Cells:
    """Exchange 0 and the reference's most common color (the lower on a tie) in a grid."""
    return exchange_colors(grid, 0, most_common(color_counts(reference), 0))


@primitive(cost=2, laws=(KEEPS_COLORS, *IDEMPOTENT_IN_SHAPE, *COMMUTES_WITH_SYMMETRIES))
def normalize_background(grid: Cells) -> Cells:
    """Exchange 0 and the grid's most common color; the lower color wins a tie.

    >>> normalize_background("888/802")
    Grid('000/082')
    """
    return _exchange_background(grid, grid)


@primitive(cost=2, laws=(INVOLUTION, KEEPS_SHAPE))
def restore_background(grid: Cells, reference: Cells) -> Cells:
    """Exchange 0 and the reference's most common color in a grid; the lower color wins a tie.

    This undoes normalize_background: ``restore_background(normalize_background(g), g) == g``.

    >>> restore_background("000/082", "888/802")
    Grid('888/802')
    """
    return _exchange_background(grid, reference)
