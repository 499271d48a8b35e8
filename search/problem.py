"""Problems: a task as arrays, in one view."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arcsolve.dsl.task import Task
from arcsolve.dsl.values import Cells

MAX_PAIRS = 32  # bits of a match mask in the arena; ARC tasks have at most ten pairs


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """The inputs of the pairs and then the tests, and the outputs of the pairs: (height, width)."""

    inputs: tuple[Cells, ...]
    outputs: tuple[Cells, ...]

    @property
    def pairs(self) -> int:
        """The number of pairs."""
        return len(self.outputs)

    @property
    def tests(self) -> int:
        """The number of tests."""
        return len(self.inputs) - len(self.outputs)


def build_problem(task: Task) -> Problem:
    """Return the problem of a task without a view, with its first `MAX_PAIRS` pairs."""
    pairs = task.pairs[:MAX_PAIRS]
    inputs = [pair.input.cells for pair in pairs] + [grid.cells for grid in task.tests]
    outputs = [pair.output.cells for pair in pairs]
    return Problem(tuple(map(np.array, inputs)), tuple(map(np.array, outputs)))
