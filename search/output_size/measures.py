"""Measures: numbers along one axis of a grid that sizes may depend on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.values import Cells

Measure = Callable[[Cells, int], int]
"""From (grid, axis) to a number from 0 on; axis 0 is rows, 1 is columns."""

_OVER_CORNERS = np.ones((3, 3))


def _extent(mask: NDArray[np.bool_], axis: int) -> int:
    """Return the side of the bounding box of the cells that are set."""
    used = np.flatnonzero(mask.any(axis=1 - axis))
    return int(used[-1] - used[0] + 1) if len(used) else 0


def _counts(grid: Cells) -> NDArray[np.intp]:
    return np.bincount(grid.ravel(), minlength=NUM_COLORS)


def _commonest(grid: Cells) -> int:
    return int(_counts(grid).argmax())


def _rarest(grid: Cells) -> int:
    """Return the nonzero color with the fewest cells; 0 for a blank grid."""
    counts = _counts(grid)[1:]
    return int(np.where(counts > 0, counts, grid.size + 1).argmin()) + 1 if counts.any() else 0


def _object_extent(grid: Cells, axis: int, *, largest: bool) -> int:
    """Return the side of the bounding box of the largest or smallest object (8-connected)."""
    labels, count = ndimage.label(grid != 0, _OVER_CORNERS)
    if count == 0:
        return 0
    cells = np.bincount(labels.ravel())[1:]
    chosen = cells.argmax() if largest else cells.argmin()
    return _extent(labels == chosen + 1, axis)


def _objects(grid: Cells) -> int:
    return int(ndimage.label(grid != 0, _OVER_CORNERS)[1])


def _objects_of_one_color(grid: Cells) -> int:
    colors = np.flatnonzero(_counts(grid))
    return sum(int(ndimage.label(grid == color)[1]) for color in colors if color)


def _lines(grid: Cells, axis: int) -> NDArray[np.bool_]:
    """Return which rows (columns) along the axis have one color that is not the most common one."""
    across = np.moveaxis(grid, axis, 0)
    return (across == across[:, :1]).all(axis=1) & (across[:, 0] != _commonest(grid))


def _panel_ends(grid: Cells, axis: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where the runs of rows (columns) between separator lines start and end."""
    steps = np.diff(np.concatenate([[True], _lines(grid, axis), [True]]).astype(int))
    return np.flatnonzero(steps < 0), np.flatnonzero(steps > 0)


def _panels(grid: Cells, axis: int) -> int:
    return len(_panel_ends(grid, axis)[0])


def _panel_side(grid: Cells, axis: int) -> int:
    starts, ends = _panel_ends(grid, axis)
    return int((ends - starts)[0]) if len(starts) else 0


def _distinct_neighbors(grid: Cells, axis: int) -> int:
    """Return the number of rows (columns) along the axis that differ from the one before."""
    across = np.moveaxis(grid, axis, 0)
    return 1 + int((across[1:] != across[:-1]).any(axis=1).sum())


def _color_extent(color: int) -> Measure:
    return lambda grid, axis: _extent(grid == color, axis)


MEASURES: dict[str, Measure] = {
    "side": lambda grid, axis: grid.shape[axis],
    "other side": lambda grid, axis: grid.shape[1 - axis],
    "content": lambda grid, axis: _extent(grid != 0, axis),
    "other content": lambda grid, axis: _extent(grid != 0, 1 - axis),
    "half of the side": lambda grid, axis: grid.shape[axis] // 2,
    "panels": _panels,
    "panel": _panel_side,
    "nonzero colors": lambda grid, axis: int(np.count_nonzero(_counts(grid)[1:])),
    "nonzero cells": lambda grid, axis: int(np.count_nonzero(grid)),
    "shorter side": lambda grid, axis: min(grid.shape),
    "foreground": lambda grid, axis: _extent(grid != _commonest(grid), axis),
    "largest object": lambda grid, axis: _object_extent(grid, axis, largest=True),
    "smallest object": lambda grid, axis: _object_extent(grid, axis, largest=False),
    "rarest color": lambda grid, axis: _extent(grid == _rarest(grid), axis),
    "rows that differ": _distinct_neighbors,
    "objects": lambda grid, axis: _objects(grid),
    "objects of one color": lambda grid, axis: _objects_of_one_color(grid),
    "area": lambda grid, axis: grid.size,
    "square of the side": lambda grid, axis: grid.shape[axis] ** 2,
    **{f"color {color}": _color_extent(color) for color in range(1, NUM_COLORS)},
}
"""The measures by name, the most promising first: later ones make a description longer."""
