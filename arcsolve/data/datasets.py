"""Loads tasks: an embedded public set by name, files and folders by path, one task by its id."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from arcsolve.data.embedded import EMBEDDED, Access, find_set, fingerprint, read_embedded
from arcsolve.data.splits import find_locked
from arcsolve.dsl.errors import BadInput, suggestion
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Task
from arcsolve.submissions.challenges import (
    Solutions,
    read_challenges,
    read_challenges_and_outputs,
    read_solutions,
)
from arcsolve.submissions.files import escape_path


@dataclass(frozen=True)
class Dataset:
    """Tasks by id and, apart from the tasks, their known solutions.

    `solutions` has one grid for each test of a task. It may lack some tasks, and is None if no
    solution is known. `access` names the tasks that people may look at singly.
    """

    name: str
    tasks: Mapping[str, Task] = field(repr=False)
    solutions: Mapping[str, tuple[Grid, ...]] | None = field(default=None, repr=False)
    access: Access = "by task"

    @property
    def num_outputs(self) -> int:
        """The number of outputs to predict, one for each test of each task."""
        return sum(len(task.tests) for task in self.tasks.values())

    @cached_property
    def fingerprint(self) -> str:
        """16 hexadecimal digits of the ids and cells of the tasks."""
        return fingerprint(self.tasks)

    @cached_property
    def locked(self) -> frozenset[str]:
        """The ids of the tasks that nobody may look at singly."""
        if self.access == "by task":
            return find_locked(self.tasks)
        return frozenset(self.tasks) if self.access == "locked" else frozenset()

    def is_locked(self, task_id: str) -> bool:
        """Return True if only counts may include this task. Raises BadInput for an unknown id."""
        self._check_has(task_id)
        return task_id in self.locked

    def select(self, task_id: str) -> Dataset:
        """Return a data set of one task. Raises BadInput for an unknown id."""
        self._check_has(task_id)
        known = {key: grids for key, grids in (self.solutions or {}).items() if key == task_id}
        tasks = {task_id: self.tasks[task_id]}
        return replace(self, name=f"{self.name}:{task_id}", tasks=tasks, solutions=known or None)

    def one_task(self) -> Task:
        """Return the only task. Raises BadInput for several; the message shows how to name one."""
        if len(self.tasks) > 1:
            named = next((key for key in self.tasks if key not in self.locked), "ID")
            problem = f"expected one task, found {len(self.tasks)}: name one as {self.name}:{named}"
            raise BadInput(problem)
        return next(iter(self.tasks.values()))

    def _check_has(self, task_id: str) -> None:
        if task_id not in self.tasks:
            raise BadInput(f"{self.name} has no task {task_id!r:.80}")


def load(source: str | Path, solutions: str | Path | None = None) -> Dataset:
    """Load the tasks that `source` names, with their known solutions.

    `source` is tried in this order as the name of an embedded set (see `EMBEDDED`); as the path of
    a challenge file, a folder of task files or a task file; as SET:ID or PATH:ID for one task; and
    as the id of a task in an embedded set, the first set with that id. The solutions for a path
    come from the file `solutions`, or else from the file beside the path that ends in
    ``_solutions.json``, or else from the test outputs in the path. Embedded sets have solutions.
    Raises BadInput for a source that names nothing, for an unusable file, and for solutions that
    do not match the tasks.
    """
    name = str(source)
    if name in EMBEDDED:
        if solutions is not None:
            raise BadInput(
                f"{name} brings its own solutions: give no file", file=escape_path(solutions)
            )
        tasks, known = read_embedded(name)
        return Dataset(name, tasks, known, EMBEDDED[name].access)
    if os.path.exists(name):
        return _from_path(Path(source), solutions)
    whole, _, task_id = name.rpartition(":")
    if whole in EMBEDDED or os.path.exists(whole):
        return load(whole, solutions).select(task_id)
    if os.sep in name or name.endswith(".json"):
        raise BadInput("cannot read it: no such file or folder", file=escape_path(name))
    if found := find_set(name):
        return load(found, solutions).select(name)
    raise _unknown(name)


def load_task(source: str | Path) -> Task:
    """Load the one task that `source` names, as in `load`. Raises BadInput for none or several."""
    return load(source).one_task()


def _from_path(path: Path, solutions: str | Path | None) -> Dataset:
    whole = path.resolve()  # "." has no name
    beside = whole.parent / f"{whole.stem.removesuffix('_challenges')}_solutions.json"
    if solutions is None and beside.is_file():
        solutions = beside
    if solutions is None:
        tasks, known = read_challenges_and_outputs(path)
    else:
        tasks = read_challenges(path)
        known = _match(read_solutions(solutions), tasks, escape_path(solutions))
    return Dataset(escape_path(path), tasks, known or None)


def _match(solutions: Solutions, tasks: Mapping[str, Task], file: str) -> Solutions:
    """Return the solutions of these tasks. Raises BadInput unless each test has one."""
    for task_id, task in tasks.items():
        found, expected = len(solutions.get(task_id, ())), len(task.tests)
        if found != expected:
            problem = f"expected solutions for {expected} tests, found {found}"
            raise BadInput(problem, file=file, task=task_id)
    return {task_id: solutions[task_id] for task_id in tasks}


def _unknown(name: str) -> BadInput:
    sets = ", ".join(EMBEDDED)
    return BadInput(
        f"found no file, set or task named {name!r:.80}: expected a path, a task id, or one of "
        f"{sets}{suggestion(name, EMBEDDED)}"
    )
