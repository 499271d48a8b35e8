"""Statistics by color that the kernels for measuring and for charts share."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import UNDEFINED, components
from arcsolve.dsl.values import Cells, Integers


@helper
def extreme_color(scores: Integers, most: bool, first: int) -> int:
    """Return the color from `first` on that has the highest positive score.

    If not `most`, return the color with the lowest positive score instead. The result is UNDEFINED
    if no score is positive or if two colors share the best score.
    """
    best, tied = UNDEFINED, False
    for color in range(first, NUM_COLORS):
        if scores[color] <= 0:
            continue
        lead = scores[color] - scores[best] if best >= 0 else 0
        if best < 0 or (lead != 0 and (lead > 0) == most):
            best, tied = color, False
        elif lead == 0:
            tied = True
    return UNDEFINED if tied else best


@helper
def piece_tallies(grid: Cells) -> Integers:
    """Return for each color its number of pieces and the sizes of its largest and smallest ones.

    The shape is (3, 10), int64; a color without pieces has zeros. A piece is a 4-connected
    component of one color other than 0.
    """
    labels, count = components(grid, False, True)
    sizes = np.zeros(count + 1, np.int64)
    colors = np.zeros(count + 1, np.int64)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            sizes[labels[row, col]] += 1
            colors[labels[row, col]] = grid[row, col]
    tallies = np.zeros((3, NUM_COLORS), np.int64)
    for label in range(1, count + 1):
        color, size = colors[label], sizes[label]
        smallest = tallies[2, color]
        tallies[0, color] += 1
        tallies[1, color] = max(tallies[1, color], size)
        tallies[2, color] = size if smallest == 0 else min(smallest, size)
    return tallies


@helper
def colors_by_score(grid: Cells, scores: Integers) -> Integers:
    """Return the non-zero colors with a positive score (int64), the highest score first.

    On a tie the color whose first cell comes first in reading order is ahead, so that no color is
    preferred for its number.
    """
    order = np.zeros(NUM_COLORS, np.int64)
    done = np.zeros(NUM_COLORS, np.bool_)
    count = 0
    for cell in grid.flat:
        if cell == 0 or done[cell] or scores[cell] <= 0:
            continue
        done[cell] = True
        place = count
        while place > 0 and scores[order[place - 1]] < scores[cell]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = cell
        count += 1
    return order[:count].copy()
