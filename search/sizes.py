"""Output sizes: the simplest rule for height and width that every pair obeys.

Each side is looked at alone: it is a constant, or ``a * m + b`` for a measured attribute m of the
input, with small whole a and b. Rules are tried in order of simplicity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from scipy import ndimage

from dsl.grid import MAX_SIDE
from dsl.task import Task
from search.problem import Cells

__all__ = ["ATTRIBUTES", "inferred_sizes"]

FACTORS = (1, 2, 3, 4, 5)
OFFSETS = (0, 1, -1, 2, -2, 3, -3)


def _content_side(axis: int) -> Callable[[Cells], int]:
    def side(grid: Cells) -> int:
        """Side of the bounding box of the cells that are not 0."""
        used = np.flatnonzero((grid != 0).any(axis=1 - axis))
        return int(used[-1] - used[0] + 1) if len(used) else 0

    return side


def _objects(grid: Cells) -> int:
    """Number of 8-connected objects of cells that are not 0."""
    return int(ndimage.label(grid != 0, np.ones((3, 3)))[1])


def _largest_object_side(axis: int) -> Callable[[Cells], int]:
    def side(grid: Cells) -> int:
        """Side of the bounding box of the 8-connected object with most cells."""
        labels, count = ndimage.label(grid != 0, np.ones((3, 3)))
        if count == 0:
            return 0
        largest = np.bincount(labels.ravel())[1:].argmax()
        box = ndimage.find_objects(labels)[largest][axis]
        return int(box.stop - box.start)

    return side


ATTRIBUTES: dict[str, Callable[[Cells], int]] = {
    "height": lambda grid: grid.shape[0],
    "width": lambda grid: grid.shape[1],
    "content height": _content_side(0),
    "content width": _content_side(1),
    "colors but 0": lambda grid: len(set(np.unique(grid)) - {0}),
    "colors": lambda grid: len(np.unique(grid)),
    "cells not 0": lambda grid: int(np.count_nonzero(grid)),
    "objects": _objects,
    "largest object's height": _largest_object_side(0),
    "largest object's width": _largest_object_side(1),
}
"""What is measured on an input grid, most telling first."""


def inferred_sizes(task: Task) -> tuple[tuple[int, int] | None, ...]:
    """(height, width) of the output for each test input; None where no rule fits all pairs."""
    inputs = [pair.input.cells for pair in task.pairs]
    tests = [grid.cells for grid in task.tests]
    sides = []
    for axis, own in enumerate(("height", "width")):
        outputs = np.array([pair.output.shape[axis] for pair in task.pairs])
        sides.append(_first_rule(inputs, outputs, tests, own))
    heights, widths = sides
    return tuple(
        (h, w) if min(h, w) >= 1 and max(h, w) <= MAX_SIDE else None
        for h, w in zip(heights, widths, strict=True)
    )


def _first_rule(inputs: list[Cells], sides: Cells, tests: list[Cells], own: str) -> list[int]:
    """The side for each test by the simplest rule that fits; 0 where there is none."""
    for attribute, factor, offset in _rules(own):
        measure = ATTRIBUTES[attribute]
        if all(factor * measure(g) + offset == s for g, s in zip(inputs, sides, strict=True)):
            return [factor * measure(grid) + offset for grid in tests]
    return [0] * len(tests)


def _rules(own: str) -> Iterator[tuple[str, int, int]]:
    """(attribute, factor, offset), simplest first: unchanged, constant, then the rest."""
    yield own, 1, 0
    for constant in range(1, MAX_SIDE + 1):
        yield own, 0, constant
    rest = [(a, f, b) for a in ATTRIBUTES for f in FACTORS for b in OFFSETS]
    order = list(ATTRIBUTES)
    yield from sorted(
        rest, key=lambda rule: rule[1] - 1 + abs(rule[2]) * 2 + order.index(rule[0]) * 0.5
    )
