"""Cells kept, erased and recolored by given colors."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import blank, color_counts, nothing
from arcsolve.dsl.kernels.raycast import filter_value
from arcsolve.dsl.laws import (
    COMMUTES_WITH_SYMMETRIES,
    IDEMPOTENT_IN_PLACE,
    IDEMPOTENT_ON_ANY_CANVAS,
    IDEMPOTENT_ON_CANVAS,
    IN_PLACE,
    INVOLUTION,
    ON_ANY_CANVAS,
    ON_CANVAS,
    REARRANGES,
)
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Flags


@helper
def identity_colors() -> Cells:
    """Return the recoloring that changes nothing: uint8 (10,) with each color's new color."""
    return np.arange(NUM_COLORS).astype(np.uint8)


@helper
def recolor_by(grid: Cells, colors: Cells) -> Cells:
    """Give each cell of color c the color `colors[c]`."""
    height, width = grid.shape
    result = blank(height, width)
    for row in range(height):
        for col in range(width):
            result[row, col] = colors[grid[row, col]]
    return result


@helper
def exchange_colors(grid: Cells, first: int, second: int) -> Cells:
    """Exchange two colors."""
    height, width = grid.shape
    result = np.empty((height, width), np.uint8)
    for row in range(height):
        for col in range(width):
            cell = grid[row, col]
            result[row, col] = second if cell == first else (first if cell == second else cell)
    return result


@helper
def _keep_flagged_colors(grid: Cells, flags: Flags) -> Cells:
    """Keep the cells of the flagged colors; return `nothing()` if only 0 remains."""
    colors, counts = identity_colors(), color_counts(grid)
    left = 0
    for color in range(1, NUM_COLORS):
        if flags[color]:
            left += counts[color]
        else:
            colors[color] = 0
    return recolor_by(grid, colors) if left > 0 else nothing()


@helper
def _split_by_color(grid: Cells, color: int, keep: bool) -> Cells:
    """Keep only (or remove) a color; return `nothing()` for color 0 and if only 0 remains."""
    result = filter_value(grid, color, keep)
    left = 0
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            left |= result[row, col]
    return result if left * color != 0 else nothing()


@primitive(cost=2, laws=IDEMPOTENT_IN_PLACE)
def keep_color(grid: Cells, color: Color) -> Cells:
    """Keep only the cells of a color.

    Undefined for color 0 and if the grid does not have the color.

    >>> keep_color("12/21", 2)
    Grid('02/20')
    """
    return _split_by_color(grid, color, True)


@primitive(cost=2, laws=IDEMPOTENT_IN_PLACE)
def erase_color(grid: Cells, color: Color) -> Cells:
    """Erase the cells of a color.

    Undefined for color 0 and if no non-zero cell remains.

    >>> erase_color("12/21", 2)
    Grid('10/01')
    """
    return _split_by_color(grid, color, False)


@primitive(cost=4, laws=IDEMPOTENT_IN_PLACE)
def keep_colors_of(grid: Cells, other: Cells) -> Cells:
    """Keep only the cells whose color also occurs in another grid.

    Undefined if no non-zero cell remains.

    >>> keep_colors_of("123/321", "23")
    Grid('023/320')
    """
    return _keep_flagged_colors(grid, color_counts(other) > 0)


@primitive(cost=4, laws=IDEMPOTENT_IN_PLACE)
def erase_colors_of(grid: Cells, other: Cells) -> Cells:
    """Erase the cells whose color also occurs in another grid.

    Undefined if no non-zero cell remains.

    >>> erase_colors_of("123/321", "23")
    Grid('100/001')
    """
    return _keep_flagged_colors(grid, color_counts(other) == 0)


@primitive(cost=2, laws=IDEMPOTENT_ON_ANY_CANVAS)
def replace_color(grid: Cells, old: Color, new: Color) -> Cells:
    """Replace one color with another color.

    >>> replace_color("12/21", 2, 5)
    Grid('15/51')
    """
    colors = identity_colors()
    colors[old] = new
    return recolor_by(grid, colors)


@primitive(cost=3, laws=(INVOLUTION, *ON_ANY_CANVAS))
def swap_colors(grid: Cells, first: Color, second: Color) -> Cells:
    """Swap two colors.

    >>> swap_colors("12/30", 1, 2)
    Grid('21/30')
    """
    return exchange_colors(grid, first, second)


@primitive(cost=2, laws=IDEMPOTENT_ON_CANVAS)
def paint(grid: Cells, color: Color) -> Cells:
    """Paint all non-zero cells in a color; undefined for color 0.

    >>> paint("12/03", 5)
    Grid('55/05')
    """
    if color == 0:
        return nothing()
    colors = identity_colors()
    colors[1:] = color
    return recolor_by(grid, colors)


@primitive(cost=2, laws=IDEMPOTENT_ON_CANVAS)
def fill_zero(grid: Cells, color: Color) -> Cells:
    """Paint all background cells in a color; undefined for color 0.

    >>> fill_zero("12/03", 5)
    Grid('12/53')
    """
    if color == 0:
        return nothing()
    colors = identity_colors()
    colors[0] = color
    return recolor_by(grid, colors)


@helper
def _exchange_two_colors(grid: Cells, lowest: int) -> Cells:
    """Exchange the only two colors from `lowest` on; return `nothing()` unless there are two."""
    counts = color_counts(grid)
    present = np.nonzero(counts[lowest:])[0] + lowest
    if present.size != 2:
        return nothing()
    return exchange_colors(grid, present[0], present[1])


@primitive(cost=3, laws=(INVOLUTION, *REARRANGES, *COMMUTES_WITH_SYMMETRIES))
def invert(grid: Cells) -> Cells:
    """Swap the two colors of a grid that has exactly two colors, 0 included.

    Undefined for all other grids.

    >>> invert("10/01")
    Grid('01/10')
    """
    return _exchange_two_colors(grid, 0)


@primitive(cost=3, laws=(INVOLUTION, *IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def swap_two_colors(grid: Cells) -> Cells:
    """Swap the two non-zero colors of a grid that has exactly two of them.

    Undefined for all other grids.

    >>> swap_two_colors("120/111")
    Grid('210/222')
    """
    return _exchange_two_colors(grid, 1)


@primitive(cost=4, laws=ON_CANVAS)
def recolor_by_key(grid: Cells, key: Cells) -> Cells:
    """Recolor a grid by a two-column key: each color in the left column becomes its right neighbor.

    A key with two rows (and not two columns) is read from top to bottom. The color 0 and colors
    that are not in the key stay. Undefined if the key has neither form, if it gives a color two
    meanings, and if no cell changes.

    >>> recolor_by_key("123/321", "15/26")
    Grid('563/365')
    """
    across = key.shape[1] == 2
    if not across and key.shape[0] != 2:
        return nothing()
    colors, defined = identity_colors(), np.zeros(NUM_COLORS, np.bool_)
    for line in range(key.shape[0] if across else key.shape[1]):
        old, new = (key[line, 0], key[line, 1]) if across else (key[0, line], key[1, line])
        if old == 0:
            continue
        if defined[old] and colors[old] != new:
            return nothing()
        colors[old], defined[old] = new, True
    result = recolor_by(grid, colors)
    return result if np.any(result != grid) else nothing()
