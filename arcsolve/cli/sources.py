"""Finds the one task that a command was given, with what may be known and shown of it."""

from __future__ import annotations

from dataclasses import dataclass

from arcsolve.data.datasets import load
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Task


@dataclass(frozen=True, slots=True)
class FoundTask:
    """A task, the solutions of its tests (empty if unknown), and if only counts may be told."""

    task: Task
    solutions: tuple[Grid, ...]
    locked: bool


def find_task(source: str) -> FoundTask:
    """The one task that `source` names, as in `arcsolve.data.datasets.load`; raises BadInput."""
    dataset = load(source)
    task = dataset.one_task()
    solutions = (dataset.solutions or {}).get(task.name, ())
    return FoundTask(task, solutions, dataset.is_locked(task.name))


def open_task(source: str) -> FoundTask:
    """As `find_task`, for commands that show the task: raises BadInput for a locked one."""
    found = find_task(source)
    if found.locked:
        raise BadInput(
            "a task of an evaluation set is locked: what it looks like is not shown, so that "
            "scores on that set keep their meaning (solve and submit report counts)"
        )
    return found
