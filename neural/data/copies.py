"""Copies of a pair that keep its rule: the drawing translated to the corners."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Pair

Cells = NDArray[np.uint8]


def translate_to_corners(pair: Pair) -> Iterator[Pair]:
    """Yield copies of the pair with its drawing translated as far as possible in each direction.

    Only where input and output have one size and share a blank margin. The margin returns on the
    opposite side, so that no cell is lost.
    """
    before, after = pair.input.cells, pair.output.cells
    if before.shape != after.shape:
        return
    blank = (before == _ground(before)) & (after == _ground(before))
    rows, columns = (_steps(blank.all(axis)) for axis in (1, 0))
    for step in ((r, c) for r in rows for c in columns if r or c):
        yield Pair(*(Grid(np.roll(cells, step, (0, 1))) for cells in (before, after)))


def _ground(cells: Cells) -> int:
    """The background color: the most frequent color."""
    return int(np.bincount(cells.ravel()).argmax())


def _steps(blank: NDArray[np.bool_]) -> list[int]:
    """The distances to translate by along an axis: negative up or left, positive down or right."""
    if blank.all():
        return [0]
    first, last = int(np.argmin(blank)), int(np.argmin(blank[::-1]))
    return sorted({-first, last})
