"""Reads tasks and solutions: challenge files, solution files, folders of task files, task files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Pair, Task
from arcsolve.submissions.files import escape_path, read_json
from arcsolve.submissions.json_checks import (
    check_items,
    check_name,
    check_object,
    get_field,
    parse_grid,
)

Tasks = dict[str, Task]
"""Task id -> task."""

Solutions = dict[str, tuple[Grid, ...]]
"""Task id -> the true output of each of its tests."""

T = TypeVar("T")


def read_challenges(path: Path | str) -> Tasks:
    """The tasks of a challenge file, of a folder of task files, or of one task file.

    A challenge file is ``{id: {"train": [{"input", "output"}], "test": [{"input"}]}}``, a task
    file ``{"train": ..., "test": ...}``; its id is the file's name without ``.json``. The order is
    that of the file, in a folder that of the names. Test outputs are not looked at and never reach
    a Task; other unknown fields are ignored. Raises BadInput that names file, task and place.
    """
    (tasks,) = _read(path, parse_challenges)
    return tasks


def read_challenges_and_outputs(path: Path | str) -> tuple[Tasks, Solutions]:
    """The tasks as `read_challenges` gives them, and the test outputs that the files carry.

    The outputs are for scoring only. They lack the tasks that have a test without an output.
    Raises BadInput as `read_challenges`.
    """
    tasks, outputs = _read(path, parse_challenges, parse_test_outputs)
    return tasks, outputs


def read_solutions(path: Path | str) -> Solutions:
    """The solutions file of a challenge file: ``{id: [grid, ...]}``, one grid a test.

    Raises BadInput that names file, task and place.
    """
    try:
        return _parse_tasks(read_json(path), _parse_solutions)
    except BadInput as error:
        raise error.located(file=escape_path(path)) from None


def parse_challenges(document: Any) -> Tasks:
    """The tasks of a challenge file's JSON document. Raises BadInput that names task and place."""
    return _parse_tasks(document, _parse_task)


def parse_test_outputs(document: Any) -> Solutions:
    """The test outputs in a challenge file's JSON document; tasks without them are left out."""
    found = _parse_tasks(document, _parse_outputs)
    return {task_id: outputs for task_id, outputs in found.items() if outputs}


def _read(path: Path | str, *parsers: Callable[[Any], dict[str, Any]]) -> list[dict[str, Any]]:
    """For each parser its entries of all files, each of which is read once."""
    found: list[dict[str, Any]] = [{} for _ in parsers]
    for file, document in _documents(Path(path)):
        try:
            for entries, parse in zip(found, parsers, strict=True):
                entries |= parse(document)
        except BadInput as error:
            raise error.located(file=escape_path(file)) from None
    return found


def _documents(path: Path) -> Iterator[tuple[Path, Any]]:
    """Each file with its content in the form of a challenge file."""
    if not os.path.isdir(path):  # unlike Path.is_dir, false for a path that cannot be
        document = read_json(path)
        one_task = isinstance(document, dict) and document.keys() & {"train", "test"}
        yield path, {path.stem: document} if one_task else document
        return
    files = sorted(file for file in path.glob("*.json") if not file.name.startswith("."))
    if not files:
        raise BadInput(
            "expected a folder with task files (*.json), found none", file=escape_path(path)
        )
    for file in files:
        yield file, {file.stem: read_json(file)}


def _parse_tasks(document: Any, parse_one: Callable[[str, Any], T]) -> dict[str, T]:
    """`parse_one(id, value)` for each task of a document ``{id: value}``."""
    parsed: dict[str, T] = {}
    for task_id, value in check_object(document).items():
        check_name(task_id)
        try:
            parsed[task_id] = parse_one(task_id, value)
        except BadInput as error:
            raise error.located(task=task_id) from None
    if not parsed:
        raise BadInput("expected at least one task, found none")
    return parsed


def _parse_task(task_id: str, value: Any) -> Task:
    pairs = check_items(get_field(value, "train"), "train", "pair")
    tests = check_items(get_field(value, "test"), "test", "test")
    return Task(
        task_id,
        tuple(_parse_pair(pair, f"train[{index}]") for index, pair in enumerate(pairs)),
        tuple(_parse_field(test, "input", f"test[{index}]") for index, test in enumerate(tests)),
    )


def _parse_pair(value: Any, place: str) -> Pair:
    return Pair(_parse_field(value, "input", place), _parse_field(value, "output", place))


def _parse_field(value: Any, key: str, place: str) -> Grid:
    return parse_grid(get_field(value, key, place), f"{place}.{key}")


def _parse_outputs(_: str, value: Any) -> tuple[Grid, ...]:
    tests = check_items(get_field(value, "test"), "test", "test")
    fields = [check_object(test, f"test[{index}]") for index, test in enumerate(tests)]
    if any(test.get("output") is None for test in fields):
        return ()
    return tuple(
        _parse_field(test, "output", f"test[{index}]") for index, test in enumerate(fields)
    )


def _parse_solutions(_: str, value: Any) -> tuple[Grid, ...]:
    grids = check_items(value, "", "grid")
    return tuple(parse_grid(grid, f"[{index}]") for index, grid in enumerate(grids))
