"""Recoloring: components that take a color of their own, of what they touch, of what is near."""

from __future__ import annotations

from typing import Any

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import COL_STEP, ROW_STEP, components, copy_grid, nothing
from arcsolve.dsl.kernels.raycast import extract_color
from arcsolve.dsl.laws import COMMUTES_WITH_SYMMETRIES, IN_PLACE, INVOLUTION
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.primitives.regions.flood import full_mask, spread_colors
from arcsolve.dsl.values import Cells, Color


@helper
def recolor_components(grid: Any, labels: Any, colors: Any) -> Any:
    """The grid with each labelled cell in its label's color, where that is not 0."""
    result = copy_grid(grid)
    changed = False
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            color = colors[labels[row, col]]
            if labels[row, col] > 0 and color > 0 and color != grid[row, col]:
                result[row, col] = color
                changed = True
    return result if changed else nothing()


@helper
def component_color_counts(grid: Any, labels: Any, count: int) -> Any:
    """How many cells of each color each label has, int64 (count + 1, 10)."""
    counts = np.zeros((count + 1, NUM_COLORS), np.int64)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            counts[labels[row, col], grid[row, col]] += 1
    return counts


@helper
def extreme_colors(counts: Any, most: bool) -> Any:
    """For each label its most (or least) common color, 0 on a tie or if there is only one."""
    colors = np.zeros(len(counts), np.int64)
    sign = 1 if most else -1
    for label in range(1, len(counts)):
        best, ties, kinds = 0, 0, 0
        for color in range(1, NUM_COLORS):
            if counts[label, color] == 0:
                continue
            kinds += 1
            lead = sign * (counts[label, color] - counts[label, best])
            if best == 0 or lead > 0:
                best, ties = color, 0
            elif lead == 0:
                ties += 1
        colors[label] = best if ties == 0 and kinds > 1 else 0
    return colors


@helper
def recolor_by_extreme(grid: Any, most: bool) -> Any:
    """Each multicolored component in its most (or least) common color."""
    labels, count = components(grid, True, False)
    colors = extreme_colors(component_color_counts(grid, labels, count), most)
    return recolor_components(grid, labels, colors)


@helper
def touching_colors(grid: Any, labels: Any, count: int, step: int) -> Any:
    """For each label the only color but 0 next to it outside; 0 if there is none or several."""
    height, width = grid.shape
    colors = np.zeros(count + 1, np.int64)
    for row in range(height):
        for col in range(width):
            label = labels[row, col]
            for way in range(0, 8, step):
                r, c = row + ROW_STEP[way], col + COL_STEP[way]
                if label == 0 or not (0 <= r < height and 0 <= c < width):
                    continue
                color = np.int64(grid[r, c])
                if labels[r, c] != label and color > 0:
                    colors[label] = color if colors[label] in (0, color) else -1
    return np.maximum(colors, 0)


@helper
def nearest_colors(grid: Any, labels: Any, count: int, color: int) -> Any:
    """For each label of components of a color the nearest other color but 0; 0 on a tie.

    Nearness is the number of steps over edges between the closest two cells.
    """
    others = np.where(grid == color, np.uint8(0), grid)
    reach = spread_colors(others, full_mask(grid), 2)
    steps = steps_from(others)
    nearest = np.full(count + 1, grid.size + 1)
    colors = np.zeros(count + 1, np.int64)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            label = labels[row, col]
            if label == 0 or steps[row, col] > nearest[label]:
                continue
            found = np.int64(reach[row, col])
            if steps[row, col] < nearest[label]:
                nearest[label], colors[label] = steps[row, col], found
            elif found != colors[label]:
                colors[label] = 0
    return colors


@helper
def other_color(counts: Any, color: int) -> int:
    """The first color with a count that is not this one, 0 if none."""
    for other in range(NUM_COLORS):
        if counts[other] > 0 and other != color:
            return other
    return 0


@helper
def steps_from(grid: Any) -> Any:
    """How many steps over edges each cell is from the nearest cell that is not 0, as int64."""
    height, width = grid.shape
    far = height + width
    steps = np.full((height, width), far)
    for sweep in range(2):
        for index in range(height * width):
            place = index if sweep == 0 else height * width - 1 - index
            row, col = place // width, place % width
            if grid[row, col] > 0:
                steps[row, col] = 0
            for way in range(0, 8, 2):
                r, c = row + ROW_STEP[way], col + COL_STEP[way]
                if 0 <= r < height and 0 <= c < width:
                    steps[row, col] = min(steps[row, col], steps[r, c] + 1)
    return steps


@primitive(cost=3, laws=IN_PLACE)
def recolor_by_contact(grid: Cells, color: Color) -> Cells:
    """Components of this color take the one other color that touches them, corners included.

    Those that touch none or several stay. Undefined for 0 and if nothing changes.

    >>> recolor_by_contact("1502/0500/5005", 5)
    Grid('1102/0100/1005')
    """
    if color == 0:
        return nothing()
    labels, count = components(extract_color(grid, color), True, True)
    return recolor_components(grid, labels, touching_colors(grid, labels, count, 1))


@primitive(cost=3, laws=IN_PLACE)
def recolor_by_nearest(grid: Cells, color: Color) -> Cells:
    """Components of this color take the nearest other color but 0.

    Components are connected over corners too, nearness is steps over edges; where two colors tie
    the component stays. A tied cell is a border for what spreads further, as in `spread`.
    Undefined for 0 and if nothing changes.

    >>> recolor_by_nearest("1055000502", 5)
    Grid('1011000202')
    """
    if color == 0:
        return nothing()
    labels, count = components(extract_color(grid, color), True, True)
    return recolor_components(grid, labels, nearest_colors(grid, labels, count, color))


@primitive(cost=3, laws=(*IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def recolor_by_minority(grid: Cells) -> Cells:
    """Each multicolored component takes its least common color.

    Connected over corners too; on a tie a component stays. Undefined if nothing changes.

    >>> recolor_by_minority("11200/11000/00030")
    Grid('22200/22000/00030')
    """
    return recolor_by_extreme(grid, False)


@primitive(cost=3, laws=(*IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def recolor_by_majority(grid: Cells) -> Cells:
    """Each multicolored component takes its most common color.

    Connected over corners too; on a tie a component stays. Undefined if nothing changes.

    >>> recolor_by_majority("11200/11000/00030")
    Grid('11100/11000/00030')
    """
    return recolor_by_extreme(grid, True)


@primitive(cost=3, laws=(INVOLUTION, *IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def swap_in_components(grid: Cells) -> Cells:
    """The two colors of each two-colored component change places.

    Connected over corners too; components of one or more than two colors stay. Undefined if
    nothing changes.

    >>> swap_in_components("11200/01003/00003")
    Grid('22100/02003/00003')
    """
    labels, count = components(grid, True, False)
    counts = component_color_counts(grid, labels, count)
    paired = np.array([np.count_nonzero(having) == 2 for having in counts])
    paired[0] = False
    result = copy_grid(grid)
    changed = False
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if paired[labels[row, col]]:
                result[row, col] = other_color(counts[labels[row, col]], grid[row, col])
                changed = True
    return result if changed else nothing()
