"""The choice of training tasks: open tasks and synthetic ones, and the share that is held out."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from arcsolve.data.datasets import Dataset, load
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.neural.data.training_task import TrainingTask, encode_task

NUM_SLOTS = 1000  # task names are hashed into this many slots; a share of the slots is held out


def load_training_tasks(sources: Iterable[str]) -> Iterator[TrainingTask]:
    """Load the tasks of these data sets or files whose canvas shows the input as one plane.

    Raises BadInput for a source with locked tasks: a network that trained on locked tasks can no
    longer be measured on them.
    """
    for source in sources:
        dataset = load(source)
        if dataset.locked:
            raise BadInput(f"{dataset.name} holds locked tasks: no network may train on them")
        encoded = (
            encode_task(task, _solutions(dataset, name)) for name, task in dataset.tasks.items()
        )
        yield from (task for task in encoded if task is not None)


def split_held_out(
    tasks: Iterable[TrainingTask], share: float
) -> tuple[list[TrainingTask], list[TrainingTask]]:
    """Split tasks into those to train on, with their tests, and about `share` to measure on.

    The name of a task alone decides, so that every run holds out the same tasks. A held-out task
    without tests is left out.
    """
    training, held_out = [], []
    for task in tasks:
        if is_held_out(task.name, share):
            held_out.append(task)
        else:
            training.append(replace(task, pairs=task.pairs + task.tests, tests=()))
    return training, [task for task in held_out if task.tests]


def is_held_out(name: str, share: float) -> bool:
    """True if `share` holds out the task of this name: it is measured on, and never trained on."""
    return zlib.crc32(name.encode()) % NUM_SLOTS < share * NUM_SLOTS


def _solutions(dataset: Dataset, name: str) -> tuple[Grid, ...]:
    return (dataset.solutions or {}).get(name, ())
