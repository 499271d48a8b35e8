"""Writes tasks and solutions to files that `arcsolve.submissions.challenges` reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Task
from arcsolve.submissions.files import write_whole


def write_challenges(path: Path | str, tasks: Iterable[Task]) -> None:
    """Write a challenge file with the pairs and test inputs of each task under its name.

    Raises BadInput if the file cannot be written.
    """
    _write(path, {task.name: _encode_task(task) for task in tasks})


def write_solutions(path: Path | str, solutions: Mapping[str, Iterable[Grid]]) -> None:
    """Write a solutions file with one grid for each test of each task. Raises BadInput."""
    _write(path, {name: [grid.rows() for grid in grids] for name, grids in solutions.items()})


def _encode_task(task: Task) -> dict[str, Any]:
    return {
        "train": [{"input": p.input.rows(), "output": p.output.rows()} for p in task.pairs],
        "test": [{"input": grid.rows()} for grid in task.tests],
    }


def _write(path: Path | str, document: dict[str, Any]) -> None:
    write_whole(path, (json.dumps(document) + "\n").encode())
