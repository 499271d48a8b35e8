"""Colors numbered by the part that they play in a grid, and the recoloring that takes it back.

As with rank_colors in `arcsolve.dsl.primitives.colors.palette`, a search may work on the recolored
grid and give its answer in the task's own colors.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import color_counts, nothing
from arcsolve.dsl.kernels.histograms import piece_tallies, ranked
from arcsolve.dsl.laws import IDEMPOTENT, KEEPS_SHAPE
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.primitives.colors.recolor import recolored
from arcsolve.dsl.values import Cells

__all__ = ["number_colors_by_piece", "number_colors_by_place", "recolor_back"]

ONLY_FOR_VIEWS = 6  # the highest cost: hardly any search tries the operation by itself


@helper
def _numbered(grid: Any, scores: Any) -> Any:
    """The grid with 1 for the color of the highest score, 2 for the next, and so on."""
    colors = np.zeros(NUM_COLORS, np.uint8)
    for number, color in enumerate(ranked(grid, scores), 1):
        colors[color] = number
    return recolored(grid, colors)


@primitive(cost=4, laws=(IDEMPOTENT, KEEPS_SHAPE))
def number_colors_by_place(grid: Cells) -> Cells:
    """The grid with 1 for the color besides 0 that comes first in reading order, and so on.

    >>> number_colors_by_place("0544/8844/0008")
    Grid('0122/3322/0003')
    """
    return _numbered(grid, np.ones(NUM_COLORS, np.int64))


@primitive(cost=4, laws=(IDEMPOTENT, KEEPS_SHAPE))
def number_colors_by_piece(grid: Cells) -> Cells:
    """The grid with 1 for the color besides 0 with the largest piece (4-connected), and so on.

    On a tie the color that comes first in reading order is ahead.

    >>> number_colors_by_piece("5040/0440/5055")
    Grid('2010/0110/2022')
    """
    return _numbered(grid, piece_tallies(grid)[1])


@primitive(cost=ONLY_FOR_VIEWS, laws=(KEEPS_SHAPE,))
def recolor_back(grid: Cells, seen: Cells, original: Cells) -> Cells:
    """The recoloring that takes one grid, as it is seen, back to the original.

    ``recolor_back(seen, seen, original) == original``. Undefined if no one-to-one recoloring
    does so. Colors that are not seen take the numbers that are left, their own where it is free.

    >>> recolor_back("12/30", "0122/3322", "0544/8844")
    Grid('54/80')
    """
    if seen.shape != original.shape:
        return nothing()
    colors, taken = np.full(NUM_COLORS, NUM_COLORS), color_counts(original) > 0
    for row in range(seen.shape[0]):
        for col in range(seen.shape[1]):
            known = colors[seen[row, col]]
            colors[seen[row, col]] = original[row, col]
            if known < NUM_COLORS and known != original[row, col]:
                return nothing()
    if (colors < NUM_COLORS).sum() != taken.sum():
        return nothing()
    return recolored(grid, _completed(colors, taken))


@helper
def _completed(colors: Any, taken: Any) -> Any:
    """A recoloring, NUM_COLORS where it is open, as a permutation: own numbers first."""
    for color in range(NUM_COLORS):
        if colors[color] == NUM_COLORS and not taken[color]:
            colors[color], taken[color] = color, True
    free = 0
    for color in range(NUM_COLORS):
        if colors[color] == NUM_COLORS:
            while taken[free]:
                free += 1
            colors[color], taken[free] = free, True
    return colors.astype(np.uint8)
