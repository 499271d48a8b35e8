"""Backgrounds: the color of a grid that belongs to no object."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.values import Cells

FIXED_COST = 1.0  # bits of a constant background, which means nothing on grids of other colors


class NamedBackground(StrEnum):
    """A background that each grid shows by itself; of equally common colors the lowest."""

    COMMONEST = "commonest"  # the commonest color of the grid
    BORDER = "border"  # the commonest color of the cells at the border of the grid


Background = int | NamedBackground


def find_background(grid: Cells, background: Background) -> int:
    """Return the background color of a grid."""
    if background is NamedBackground.COMMONEST:
        return int(np.bincount(grid.ravel(), minlength=NUM_COLORS).argmax())
    if background is NamedBackground.BORDER:
        edges = np.concatenate([grid[0], grid[-1], grid[1:-1, 0], grid[1:-1, -1]])
        return int(np.bincount(edges, minlength=NUM_COLORS).argmax())
    return int(background)


def price_background(background: Background) -> float:
    """Return the description length of a background in bits."""
    return 0.0 if isinstance(background, NamedBackground) else FIXED_COST
