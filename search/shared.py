"""Grids that the outputs share, as constants for a search: canvases, common parts, stamps.

Only what several outputs have in common is taken, since nothing else can be hoped to stand in the
outputs of the tests.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Constant
from arcsolve.dsl.values import ValueType
from arcsolve.search.problem import Cells

__all__ = ["shared_grids"]

MOST_STAMPS = 2
MOST_STAMP_CELLS = 25  # of its bounding box

_OVER_CORNERS = np.ones((3, 3))
_Pattern = tuple[tuple[int, ...], bytes]


def shared_grids(inputs: Sequence[Cells], outputs: Sequence[Cells]) -> list[Constant]:
    """A blank grid of the outputs' shape, what they have in common, and their common objects.

    Only what no input gives at once: the blank grid if no input has that shape, common cells that
    some input does not have, objects that stand in no input. Nothing for a single output.
    """
    if len(outputs) < 2:
        return []
    grids = [*_canvas(inputs, outputs), *_common_part(inputs, outputs), *_stamps(inputs, outputs)]
    distinct = {_pattern(grid): grid for grid in grids}
    return [Constant(Grid(grid), ValueType.GRID) for grid in distinct.values()]


def _canvas(inputs: Sequence[Cells], outputs: Sequence[Cells]) -> list[Cells]:
    shapes = {output.shape for output in outputs}
    if len(shapes) > 1 or any(grid.shape in shapes for grid in inputs):
        return []
    return [np.zeros_like(outputs[0])]


def _common_part(inputs: Sequence[Cells], outputs: Sequence[Cells]) -> list[Cells]:
    """The cells in which all outputs agree, without those that every input has as well."""
    if len({output.shape for output in outputs}) > 1:
        return []
    stack = np.stack(outputs)
    agreed = (stack == stack[0]).all(axis=0)
    if all(grid.shape == output.shape for grid, output in zip(inputs, outputs, strict=False)):
        agreed &= (stack != np.stack(inputs[: len(outputs)])).any(axis=0)
    common = np.where(agreed, stack[0], np.uint8(0))
    return [common] if common.any() else []


def _stamps(inputs: Sequence[Cells], outputs: Sequence[Cells]) -> list[Cells]:
    """The largest of the small objects, cropped, that every output has and no input."""
    shared = set.intersection(*(_objects(output) for output in outputs))
    shared -= set().union(*(_objects(grid) for grid in inputs))
    largest = sorted(shared, key=lambda pattern: (-np.prod(pattern[0]), pattern))[:MOST_STAMPS]
    return [np.frombuffer(cells, np.uint8).reshape(shape) for shape, cells in largest]


def _objects(grid: Cells) -> set[_Pattern]:
    """The 8-connected objects of cells that are not 0, cropped; no single cells."""
    labels, _ = ndimage.label(grid != 0, _OVER_CORNERS)
    found = set()
    for number, box in enumerate(ndimage.find_objects(labels), start=1):
        cropped = np.where(labels[box] == number, grid[box], np.uint8(0))
        if 2 <= cropped.size <= MOST_STAMP_CELLS:
            found.add(_pattern(cropped))
    return found


def _pattern(grid: Cells) -> _Pattern:
    return grid.shape, grid.tobytes()
