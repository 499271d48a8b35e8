"""Spreading: colors that flow over free cells and fill regions."""

from __future__ import annotations

from typing import Any

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
from arcsolve.dsl.values import Cells, Color

OPEN, SHUT = -1, 0  # instead of the step at which a cell is reached: not yet, or never


@helper
def spread_colors(grid: Any, allowed: Any, step: int) -> Any:
    """Colors grown step by step over the cells of 0 that are allowed, until nothing changes.

    A cell that two colors reach at once stays 0 for good: it is a border. Eight ways (step 1)
    or four (step 2).
    """
    height, width = grid.shape
    colors, steps = frame_cells(grid), neighbor_steps(width, step == 1)
    queue = np.empty(height * width, np.int64)
    when = np.zeros(colors.size, np.int64)  # the step at which a cell is reached, if it may be
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
def full_mask(grid: Any) -> Any:
    """A mask of all cells, of the shape of the grid."""
    return np.ones(grid.shape, np.uint8)


@helper
def flood_over(grid: Any, seed: int, over: int, step: int) -> Any:
    """Cells of color `over` connected to a cell of color `seed` take it; `nothing` if none does."""
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
def mask_other_than(grid: Any, wall: int) -> Any:
    """A mask of the cells that are not of the wall's color."""
    return (grid != wall).astype(np.uint8)


@helper
def fill_walled_rooms(grid: Any, wall: int) -> Any:
    """Each region between walls filled with the one color in it; `nothing` if nothing changes."""
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
def sole_colors(grid: Any, labels: Any, count: int, but: int) -> Any:
    """For each label the only color in it but 0 and `but`; 0 if there is none or several."""
    colors = np.zeros(count + 1, np.int64)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            label, color = labels[row, col], np.int64(grid[row, col])
            if color > 0 and color != but:
                colors[label] = color if colors[label] in (0, color) else -1
    return np.maximum(colors, 0)


@primitive(cost=3, laws=(*IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def spread(grid: Cells) -> Cells:
    """Each cell of 0 takes the color that is nearest over edges; where two colors tie it stays 0.

    A tied cell is a border for what spreads further.

    >>> spread("100002/000000")
    Grid('111222/111222')
    """
    return spread_colors(grid, full_mask(grid), 2)


@primitive(cost=3, laws=(*IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def spread_8(grid: Cells) -> Cells:
    """As `spread`, over edges and corners: nearness is the larger of the row and column distance.

    Here too a tied cell is a border for what spreads further.

    >>> spread_8("10000/00000/00020")
    Grid('11022/11222/10222')
    """
    return spread_colors(grid, full_mask(grid), 1)


@primitive(cost=3, laws=IN_PLACE)
def spread_within(seeds: Cells, area: Cells) -> Cells:
    """The colors of the first grid spread over the cells that are not 0 in the second.

    Seeds outside of the area do not count; ties are as in `spread`. Undefined without a seed in
    the area.

    >>> spread_within("020000", "110111")
    Grid('220000')
    """
    if seeds.shape != area.shape:
        return nothing()
    inside = np.where(area > 0, seeds, np.uint8(0))
    return spread_colors(inside, area, 2) if np.any(inside) else nothing()


@primitive(cost=3, laws=REARRANGES)
def flood(grid: Cells, seed: Color, over: Color) -> Cells:
    """Cells of color `over` connected over edges to a cell of color `seed` take its color.

    Undefined if there are none.

    >>> flood("20050/55500", 2, 0)
    Grid('22250/55500')
    """
    return flood_over(grid, seed, over, 2)


@primitive(cost=4, laws=REARRANGES)
def flood_8(grid: Cells, seed: Color, over: Color) -> Cells:
    """As `flood`, connected over corners too.

    >>> flood_8("2505/5055", 2, 0)
    Grid('2525/5255')
    """
    return flood_over(grid, seed, over, 1)


@primitive(cost=2, laws=(KEEPS_SHAPE, KEEPS_COLORS, *COMMUTES_WITH_SYMMETRIES))
def fill_rooms(grid: Cells) -> Cells:
    """The 0 of each region between walls takes the one other color in the region.

    The walls are of the most common color but 0; regions are connected over edges. Regions with
    no color or with several stay. Undefined if nothing changes.

    >>> fill_rooms("005000/025030/555555")
    Grid('225333/225333/555555')
    """
    return fill_walled_rooms(grid, most_common(color_counts(grid), 1))


@primitive(cost=3, laws=IN_PLACE)
def fill_rooms_between(grid: Cells, wall: Color) -> Cells:
    """The 0 of each region between walls of this color takes the one other color in the region.

    Undefined if nothing changes; see `fill_rooms`.

    >>> fill_rooms_between("0050/0250", 5)
    Grid('2250/2250')
    """
    return fill_walled_rooms(grid, wall)
