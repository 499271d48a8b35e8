"""Recoloring of components: by their own colors, by the colors they touch, and by near colors."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import COL_STEP, ROW_STEP, components, copy_grid, nothing
from arcsolve.dsl.kernels.raycast import extract_color
from arcsolve.dsl.laws import COMMUTES_WITH_SYMMETRIES, IN_PLACE, INVOLUTION
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.primitives.regions.flood import full_mask, spread_colors
from arcsolve.dsl.values import Cells, Color, Integers


@helper
def recolor_components(grid: Cells, labels: Integers, colors: Integers) -> Cells:
    """Give each labeled cell the color of its label; a label with color 0 stays.

    `colors` has one color per label. Returns `nothing()` if no cell changes.
    """
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
def component_color_counts(grid: Cells, labels: Integers, count: int) -> Integers:
    """Count the cells of each color in each label, int64 (count + 1, 10)."""
    counts = np.zeros((count + 1, NUM_COLORS), np.int64)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            counts[labels[row, col], grid[row, col]] += 1
    return counts


@helper
def extreme_colors(counts: Integers, most: bool) -> Integers:
    """Return the most (or least) common non-zero color of each label.

    The color is 0 on a tie and for a label with a single color.
    """
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
def recolor_by_extreme(grid: Cells, most: bool) -> Cells:
    """Paint each multicolored component in its most (or least) common color."""
    labels, count = components(grid, True, False)
    colors = extreme_colors(component_color_counts(grid, labels, count), most)
    return recolor_components(grid, labels, colors)


@helper
def touching_colors(grid: Cells, labels: Integers, count: int, step: int) -> Integers:
    """Return for each label the one other non-zero color next to it, or 0 if there is not just one.

    The neighbors are the eight cells around a cell for `step` 1, and the four over edges for 2.
    """
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
def nearest_colors(grid: Cells, labels: Integers, count: int, color: int) -> Integers:
    """Return the non-zero color nearest to each component of a color, or 0 on a tie.

    `labels` are the components of that color. The distance is the number of steps over edges
    between the closest two cells.
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
def other_color(counts: Integers, color: int) -> int:
    """Return the first color with a positive count that is not the given color, or 0."""
    for other in range(NUM_COLORS):
        if counts[other] > 0 and other != color:
            return other
    return 0


@helper
def steps_from(grid: Cells) -> Integers:
    """Count the steps over edges from each cell to the nearest non-zero cell (int64)."""
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
    """Recolor each component of a color to the only other color that touches it, corners included.

    Components connect over edges and corners. A component that touches no other color or several
    colors stays. Undefined for color 0 and if no cell changes.

    >>> recolor_by_contact("1502/0500/5005", 5)
    Grid('1102/0100/1005')
    """
    if color == 0:
        return nothing()
    labels, count = components(extract_color(grid, color), True, True)
    return recolor_components(grid, labels, touching_colors(grid, labels, count, 1))


@primitive(cost=3, laws=IN_PLACE)
def recolor_by_nearest(grid: Cells, color: Color) -> Cells:
    """Recolor each component of a color to the nearest other color except 0.

    Components connect over edges and corners. The distance is the number of steps over edges. A
    component stays if two colors are equally near. Colors spread as in `spread`: a cell that two
    colors reach at once blocks both. Undefined for color 0 and if no cell changes.

    >>> recolor_by_nearest("1055000502", 5)
    Grid('1011000202')
    """
    if color == 0:
        return nothing()
    labels, count = components(extract_color(grid, color), True, True)
    return recolor_components(grid, labels, nearest_colors(grid, labels, count, color))


@primitive(cost=3, laws=(*IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def recolor_by_minority(grid: Cells) -> Cells:
    """Paint each multicolored component in its least common color.

    Components connect over edges and corners. A component stays on a tie. Undefined if no cell
    changes.

    >>> recolor_by_minority("11200/11000/00030")
    Grid('22200/22000/00030')
    """
    return recolor_by_extreme(grid, False)


@primitive(cost=3, laws=(*IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def recolor_by_majority(grid: Cells) -> Cells:
    """Paint each multicolored component in its most common color.

    Components connect over edges and corners. A component stays on a tie. Undefined if no cell
    changes.

    >>> recolor_by_majority("11200/11000/00030")
    Grid('11100/11000/00030')
    """
    return recolor_by_extreme(grid, True)


@primitive(cost=3, laws=(INVOLUTION, *IN_PLACE, *COMMUTES_WITH_SYMMETRIES))
def swap_in_components(grid: Cells) -> Cells:
    """Swap the two colors of each two-colored component.

    Components connect over edges and corners. Components of one color or of more than two stay.
    Undefined if no cell changes.

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
