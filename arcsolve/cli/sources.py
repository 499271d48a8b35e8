"""Finds the task that the user names for a command."""

from __future__ import annotations

from dataclasses import dataclass

from arcsolve.data.datasets import load
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Task


@dataclass(frozen=True, slots=True)
class FoundTask:
    """A task and the solutions of its tests, empty if unknown. Commands only count locked tasks."""

    task: Task
    solutions: tuple[Grid, ...]
    locked: bool


def find_task(source: str) -> FoundTask:
    """Find the one task that `source` names. Raises BadInput as `arcsolve.data.datasets.load`."""
    dataset = load(source)
    task = dataset.one_task()
    solutions = (dataset.solutions or {}).get(task.name, ())
    return FoundTask(task, solutions, dataset.is_locked(task.name))


def open_task(source: str) -> FoundTask:
    """Find a task that a command may show. Raises BadInput for a locked task."""
    found = find_task(source)
    if found.locked:
        raise BadInput(
            "a task of an evaluation set is locked: its grids are not shown, so that scores on "
            "that set keep their meaning (solve and submit report counts)"
        )
    return found
