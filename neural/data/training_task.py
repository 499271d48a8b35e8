"""Tasks as a network trains on them: inputs and labels, and held-out tests apart from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Pair, Task
from arcsolve.neural.data.augment import free_colors
from arcsolve.neural.data.canvas import Cropped, SameSize, choose_canvas
from arcsolve.neural.data.inputs import NetworkInput

Cells = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class TrainingTask:
    """A task for pretraining: inputs and labels to train on, and held-out ones to measure on.

    Labels are (height, width), as large as their input. The `free` colors may be permuted.
    """

    name: str
    pairs: tuple[tuple[NetworkInput, Cells], ...]
    free: tuple[int, ...]
    tests: tuple[tuple[NetworkInput, Cells], ...] = ()


def encode_task(task: Task, solutions: Iterable[Grid]) -> TrainingTask | None:
    """Encode a task for pretraining; its tests are held out.

    `solutions` are the outputs of the task's tests, as far as they are known. Returns None unless
    every output of the pairs has the size of its input or is a crop of it. A test whose solution
    is neither is left out.
    """
    canvas = choose_canvas(task, crops=True)
    if not isinstance(canvas, SameSize | Cropped):
        return None
    hidden = [Pair(*both) for both in zip(task.tests, solutions, strict=False)]
    pairs, tests = (
        tuple(
            (NetworkInput(pair.input.cells[None], features=True), labels)
            for pair in both
            if (labels := canvas.labels(pair)) is not None and labels.shape == pair.input.shape
        )
        for both in (task.pairs, hidden)
    )
    return TrainingTask(task.name, pairs, free_colors(task), tests)
