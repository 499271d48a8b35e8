"""Panes: the windows of a grid between full lines of one color, or the squares of a strip."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import compiled
from arcsolve.dsl.kernels.separators import panel_bounds, separating_color
from arcsolve.dsl.values import Cells, Integers


@compiled
def label_panels(grid: Cells) -> Integers:
    """Return the number (row, col) of each cell's panel, in reading order, and -1 for other cells.

    Full rows and columns of one color separate panels. The color is that of
    `arcsolve.dsl.kernels.separators.separating_color`, or else 0.
    """
    labels = np.full(grid.shape, -1, np.int64)
    color = separating_color(grid)
    rows, cols = panel_bounds(grid, max(color, 0))
    for index in range(len(rows) * len(cols)):
        row, col = rows[index // len(cols)], cols[index % len(cols)]
        labels[row[0] : row[1], col[0] : col[1]] = index
    return labels
