"""Builds data sets from instances: tasks with fresh pairs, or the original tasks of the same ids.

An instance is an input and its output by the rule of a known task, on new grids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from arcsolve.data.datasets import Dataset, load
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.task import Pair, Task
from arcsolve.submissions.challenges import Instances
from arcsolve.submissions.files import escape_path

NUM_PAIRS = 4
NUM_USED = NUM_PAIRS + 1  # instances of a fresh task: its pairs and its test
NUM_REPLAYED = 20  # instances after the used ones, on which programs are replayed
ORIGINAL = "arc-agi-1-training"  # the set with the original pairs


def build_fresh(instances: Instances, file: str) -> Dataset:
    """Build a data set whose tasks have four instances as pairs, and the fifth as their test.

    `file` names the data set. Every task needs `NUM_USED` instances.
    """
    tasks = {
        task: Task(task, pairs[:NUM_PAIRS], (pairs[NUM_PAIRS].input,))
        for task, pairs in instances.items()
    }
    solutions = {task: (pairs[NUM_PAIRS].output,) for task, pairs in instances.items()}
    return Dataset(escape_path(file), tasks, solutions)


def build_original(instances: Instances, file: str) -> Dataset:
    """Build a data set of the original tasks in `ORIGINAL` that the instances belong to.

    Raises BadInput, which names `file` and the task, for a task that `ORIGINAL` lacks.
    """
    whole = load(ORIGINAL)
    for task in instances:
        if task not in whole.tasks:
            raise BadInput(f"{ORIGINAL} has no such task", file=escape_path(file), task=task)
    known = whole.solutions or {}
    tasks = {task: whole.tasks[task] for task in instances}
    return replace(whole, tasks=tasks, solutions={task: known[task] for task in instances})


def select_replayed(instances: Instances) -> Mapping[str, Sequence[Pair]]:
    """Return the instances of each task that come after those of `build_fresh`.

    Every task needs `NUM_USED + NUM_REPLAYED` instances.
    """
    chosen = slice(NUM_USED, NUM_USED + NUM_REPLAYED)
    return {task: pairs[chosen] for task, pairs in instances.items()}
