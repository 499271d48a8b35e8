"""Symmetries of the square, and rearrangements of rows and columns."""

from __future__ import annotations

from dsl.kernels import blank
from dsl.laws import INVOLUTION, KEEPS_COLORS, KEEPS_SHAPE, RECOLORS_ALIKE, CommutesWith
from dsl.primitive import primitive
from dsl.values import Cells


@primitive(
    cost=2,
    laws=(INVOLUTION, KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE, CommutesWith("flip_cols")),
)
def flip_rows(grid: Cells) -> Cells:
    """The grid upside down.

    >>> flip_rows("12/34")
    Grid('34/12')
    """
    height, width = grid.shape
    flipped = blank(height, width)
    for row in range(height):
        for col in range(width):
            flipped[row, col] = grid[height - 1 - row, col]
    return flipped


@primitive(cost=2, laws=(INVOLUTION, KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE))
def flip_cols(grid: Cells) -> Cells:
    """The grid mirrored left to right.

    >>> flip_cols("12/34")
    Grid('21/43')
    """
    height, width = grid.shape
    flipped = blank(height, width)
    for row in range(height):
        for col in range(width):
            flipped[row, col] = grid[row, width - 1 - col]
    return flipped
