"""Regions: cells of 0 filled because content stands around them: its box, its convex hull."""

from __future__ import annotations

from typing import Any

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import bounding_box
from arcsolve.dsl.laws import IDEMPOTENT, ON_CANVAS
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color

__all__ = [
    "fill_box",
    "hull",
]

FILL_LAWS = (IDEMPOTENT, *ON_CANVAS)


@primitive(cost=3, laws=FILL_LAWS)
def fill_box(grid: Cells, color: Color) -> Cells:
    """The grid with the cells of 0 in the bounding box of its content in this color.

    >>> fill_box("0000/1010/0001", 2)
    Grid('0000/1212/2221')
    """
    top, left, bottom, right = bounding_box(grid)
    result = grid.copy()
    for row in range(top, bottom):
        for col in range(left, right):
            if grid[row, col] == 0:
                result[row, col] = color
    return result


@helper
def seen_sides(grid: Any) -> Any:
    """For each cell a bit for each side (up 1, right 2, down 4, left 8) with content that way."""
    height, width = grid.shape
    sides = np.zeros((height, width), np.uint8)
    for row in range(height):
        for col in range(width):
            if row > 0 and (grid[row - 1, col] != 0 or sides[row - 1, col] & 1):
                sides[row, col] |= 1
            if col > 0 and (grid[row, col - 1] != 0 or sides[row, col - 1] & 8):
                sides[row, col] |= 8
    for row in range(height - 1, -1, -1):
        for col in range(width - 1, -1, -1):
            if row < height - 1 and (grid[row + 1, col] != 0 or sides[row + 1, col] & 4):
                sides[row, col] |= 4
            if col < width - 1 and (grid[row, col + 1] != 0 or sides[row, col + 1] & 2):
                sides[row, col] |= 2
    return sides


@primitive(cost=4, laws=FILL_LAWS)
def hull(grid: Cells, color: Color) -> Cells:
    """The grid with the cells of 0 that lie between content of their row or column in this color.

    Repeated until nothing changes: all content becomes one orthogonally convex set by lines.

    >>> hull("1000/1010/0100", 2)
    Grid('1000/1210/0100')
    """
    filled = grid.copy()
    changed = color != 0
    while changed:
        changed = False
        sides = seen_sides(filled)
        for row in range(grid.shape[0]):
            for col in range(grid.shape[1]):
                between = sides[row, col] & 5 == 5 or sides[row, col] & 10 == 10
                if filled[row, col] == 0 and between:
                    filled[row, col] = color
                    changed = True
    return filled
