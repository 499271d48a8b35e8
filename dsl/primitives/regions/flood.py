"""Flooding: colors that spread over free cells and fill regions."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import (
    blank,
    color_counts,
    components,
    copy_grid,
    frame_cells,
    most_common,
    neighbor_steps,
    nothing,
    unframe_cells,
)
from arcsolve.dsl.laws import (
    COMMUTES_WITH_SYMMETRIES,
    IN_PLACE,
    KEEPS_COLORS,
    KEEPS_SHAPE,
    REARRANGES,
)
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Integers, Mask

OPEN, SHUT = -1, 0  # in place of the step of a cell: not reached yet, or never reachable


@helper
def spread_colors(grid: Cells, allowed: Mask, step: int) -> Cells:
    """Spread colors step by step over the cells of 0 that are allowed, until nothing changes.

    A cell that two colors reach in the same step stays 0 for good and blocks both. Colors spread to
    the eight neighbors for `step` 1 and to the four over edges for `step` 2.
    """
    height, width = grid.shape
    colors, steps = frame_cells(grid), neighbor_steps(width, step == 1)
    queue = np.empty(height * width, np.int64)
    when = np.zeros(colors.size, np.int64)  # the step at which each cell is reached
    size = 0
    for row in range(height):
        for col in range(width):
            here = (row + 1) * (width + 2) + col + 1
            when[here] = OPEN if allowed[row, col] != 0 else SHUT
            if colors[here] > 0:
                queue[size], when[here] = here, SHUT
                size += 1
    done = 0
    while done < size:
        here = queue[done]
        done += 1
        if colors[here] == 0:
            continue
        reached = when[here] + 1
        for way in steps:
            there = here + way
            if when[there] == OPEN:
                colors[there], when[there] = colors[here], reached
                queue[size] = there
                size += 1
            elif when[there] == reached and colors[there] != colors[here]:
                colors[there] = 0
    return unframe_cells(colors, height, width)


@helper
def full_mask(grid: Cells) -> Mask:
    """Return a mask of all cells, of the shape of the grid."""
    return np.ones(grid.shape, np.uint8)


@helper
def flood_over(grid: Cells, seed: int, over: int, step: int) -> Cells:
    """Give cells of color `over` that are connected to a cell of color `seed` the color `seed`.

    Returns `nothing()` if no cell changes.
    """
    seeds = blank(grid.shape[0], grid.shape[1])
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if grid[row, col] == seed:
                seeds[row, col] = 1
    reached = spread_colors(seeds, (grid == over).astype(np.uint8), step)
    result = copy_grid(grid)
    changed = False
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if reached[row, col] > 0 and grid[row, col] == over and over != seed:
                result[row, col] = seed
                changed = True
    return result if changed else nothing()


@helper
def mask_other_than(grid: Cells, wall: int) -> Mask:
    """Return the mask of the cells that do not have the color of the wall."""
    return (grid != wall).astype(np.uint8)


@helper
def fill_walled_rooms(grid: Cells, wall: int) -> Cells:
    """Fill each region between walls with the one color in it; return `nothing()` for no change."""
    labels, count = components(mask_other_than(grid, wall), False, False)
    colors = sole_colors(grid, labels, count, wall)
    result = copy_grid(grid)
    changed = False
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            color = colors[labels[row, col]]
            if labels[row, col] > 0 and grid[row, col] == 0 and color > 0:
                result[row, col] = color
                changed = True
    return result if changed else nothing()


@helper
def sole_colors(grid: Cells, labels: Integers, count: int, but: int) -> Integers:
    """Return the only color in each label other than 0 and `but`; 0 if there is not exactly one."""
    colors = np.zeros(count + 1, np.int64)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            label, color = labels[row, col], np.int64(grid[row, col])
            if color > 0 and color != but:
                colors[label] = color if colors[label] in (0, color) else -1
    return np.maximum(colors, 0)


@primitive(cost=3, laws=(*IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def spread(grid: Cells) -> Cells:
    """Spread all colors over the background, over edges, to the nearest cells first.

    A cell stays 0 if two colors reach it at the same time, and it blocks both colors.

    >>> spread("100002/000000")
    Grid('111222/111222')
    """
    return spread_colors(grid, full_mask(grid), 2)


@primitive(cost=3, laws=(*IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def spread_8(grid: Cells) -> Cells:
    """Spread all colors over the background, over edges and corners, to the nearest cells first.

    The distance is the larger of the row distance and the column distance. A cell stays 0 if two
    colors reach it at the same time, and it blocks both colors.

    >>> spread_8("10000/00000/00020")
    Grid('11022/11222/10222')
    """
    return spread_colors(grid, full_mask(grid), 1)


@primitive(cost=3, laws=IN_PLACE)
def spread_within(seeds: Cells, area: Cells) -> Cells:
    """Spread the colors of the first grid over the non-zero cells of the second grid.

    Cells of the first grid outside that area do not count. Ties are treated as in spread. Undefined
    if no non-zero cell of the first grid lies in the area, and if the shapes differ.

    >>> spread_within("020000", "110111")
    Grid('220000')
    """
    if seeds.shape != area.shape:
        return nothing()
    inside = np.where(area > 0, seeds, np.uint8(0))
    return spread_colors(inside, area, 2) if np.any(inside) else nothing()


@primitive(cost=3, laws=REARRANGES)
def flood(grid: Cells, seed: Color, over: Color) -> Cells:
    """Flood one color over another color: connected cells take the color that floods.

    Cells of the second color change if they are connected, over edges, to a cell of the first
    color. Undefined if there are none.

    >>> flood("20050/55500", 2, 0)
    Grid('22250/55500')
    """
    return flood_over(grid, seed, over, 2)


@primitive(cost=4, laws=REARRANGES)
def flood_8(grid: Cells, seed: Color, over: Color) -> Cells:
    """Flood one color over another color, over edges and corners.

    Cells of the second color change if they are connected, over edges and corners, to a cell of the
    first color. Undefined if there are none.

    >>> flood_8("2505/5055", 2, 0)
    Grid('2525/5255')
    """
    return flood_over(grid, seed, over, 1)


@primitive(cost=2, laws=(KEEPS_SHAPE, KEEPS_COLORS, *COMMUTES_WITH_SYMMETRIES))
def fill_rooms(grid: Cells) -> Cells:
    """Fill the background of each region between walls with the one other color in the region.

    The walls have the most common color other than 0. Regions are connected over edges. Regions
    with no color or with several colors stay. Undefined if no cell changes.

    >>> fill_rooms("005000/025030/555555")
    Grid('225333/225333/555555')
    """
    return fill_walled_rooms(grid, most_common(color_counts(grid), 1))


@primitive(cost=3, laws=IN_PLACE)
def fill_rooms_between(grid: Cells, wall: Color) -> Cells:
    """Fill the background of each region between walls of a color with the one other color in it.

    Regions are connected over edges. Regions with no color or with several colors stay. Undefined
    if no cell changes.

    >>> fill_rooms_between("0050/0250", 5)
    Grid('2250/2250')
    """
    return fill_walled_rooms(grid, wall)
