"""A problem: a task as arrays, seen through one view."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arcsolve.dsl.task import Task
from arcsolve.dsl.values import Cells

MAX_PAIRS = (
    32  # bits of a match mask (`arcsolve.search.engine.goals`); ARC tasks have at most ten pairs
)


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


def build_problem(task: Task) -> Problem:
    """The task itself, with its first `MAX_PAIRS` pairs."""
    pairs = task.pairs[:MAX_PAIRS]
    inputs = [pair.input.cells for pair in pairs] + [grid.cells for grid in task.tests]
    outputs = [pair.output.cells for pair in pairs]
    return Problem(tuple(map(np.array, inputs)), tuple(map(np.array, outputs)))
