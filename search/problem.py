"""A problem: a task as arrays, seen through one view."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsl.task import Task

__all__ = ["Problem", "problem_of"]

Cells = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Inputs of the pairs, then of the tests; outputs of the pairs. All arrays (height, width)."""

    inputs: tuple[Cells, ...]
    outputs: tuple[Cells, ...]

    @property
    def pairs(self) -> int:
        return len(self.outputs)

    @property
    def tests(self) -> int:
        return len(self.inputs) - len(self.outputs)


def problem_of(task: Task) -> Problem:
    """The task itself, unchanged."""
    inputs = [pair.input.cells for pair in task.pairs] + [grid.cells for grid in task.tests]
    outputs = [pair.output.cells for pair in task.pairs]
    return Problem(tuple(map(np.array, inputs)), tuple(map(np.array, outputs)))
