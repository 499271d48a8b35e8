"""Reads tasks, solutions and instances from files, and tasks from folders of task files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Pair, Task
from arcsolve.submissions.files import escape_path, read_json
from arcsolve.submissions.json_checks import check_dict, check_id, check_list, get_field, parse_grid

Tasks = dict[str, Task]
"""Tasks by task id."""

Solutions = dict[str, tuple[Grid, ...]]
"""The true outputs of the tests of each task, by task id."""

Instances = dict[str, tuple[Pair, ...]]
"""Pairs that follow the rule of each task, by task id."""

T = TypeVar("T")


def read_challenges(path: Path | str) -> Tasks:
    """Read the tasks of a challenge file, of a folder of task files, or of one task file.

    A challenge file is ``{id: {"train": [{"input", "output"}], "test": [{"input"}]}}``. A task file
    is ``{"train": ..., "test": ...}``, and its name without ``.json`` is the task id. Tasks have
    the order of the file, or of the file names in a folder. Test outputs and unknown fields are
    ignored. Raises BadInput, which names file, task and place.
    """
    (tasks,) = _read(path, parse_challenges)
    return tasks


def read_challenges_and_outputs(path: Path | str) -> tuple[Tasks, Solutions]:
    """Read the tasks as `read_challenges` does, and the test outputs in the same files.

    The outputs are for scoring only. A task with a test that lacks its output has no outputs.
    Raises BadInput as `read_challenges`.
    """
    tasks, outputs = _read(path, parse_challenges, parse_test_outputs)
    return tasks, outputs


def read_solutions(path: Path | str) -> Solutions:
    """Read a solutions file ``{id: [grid, ...]}`` with one grid for each test.

    Raises BadInput, which names file, task and place.
    """
    return _read_tasks(path, _parse_solutions)


def read_instances(path: Path | str, at_least: int = 1) -> Instances:
    """Read an instance file ``{id: [{"input", "output"}, ...]}``, which may be gzipped.

    Every task must have `at_least` instances. Tasks and instances have the order of the file.
    Raises BadInput, which names file, task and place.
    """
    return _read_tasks(path, partial(_parse_instances, at_least=at_least))


def parse_challenges(document: Any) -> Tasks:
    """Parse the tasks of a challenge document. Raises BadInput, which names task and place."""
    return _parse_tasks(document, _parse_task)


def parse_test_outputs(document: Any) -> Solutions:
    """Parse the test outputs of a challenge document; tasks without outputs are left out."""
    found = _parse_tasks(document, _parse_outputs)
    return {task_id: outputs for task_id, outputs in found.items() if outputs}


def _read(path: Path | str, *parsers: Callable[[Any], dict[str, Any]]) -> list[dict[str, Any]]:
    """Read each file once, and return the entries of each parser."""
    found: list[dict[str, Any]] = [{} for _ in parsers]
    for file, document in _documents(Path(path)):
        try:
            for entries, parse in zip(found, parsers, strict=True):
                entries |= parse(document)
        except BadInput as error:
            raise error.located(file=escape_path(file)) from None
    return found


def _documents(path: Path) -> Iterator[tuple[Path, Any]]:
    """Yield each file with its content as a challenge document."""
    if not os.path.isdir(path):  # unlike Path.is_dir, false for an impossible path
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


def _read_tasks(path: Path | str, parse_one: Callable[[str, Any], T]) -> dict[str, T]:
    """Call `parse_one(id, value)` for each task of a file ``{id: value}``."""
    try:
        return _parse_tasks(read_json(path), parse_one)
    except BadInput as error:
        raise error.located(file=escape_path(path)) from None


def _parse_tasks(document: Any, parse_one: Callable[[str, Any], T]) -> dict[str, T]:
    """Call `parse_one(id, value)` for each task of a document ``{id: value}``."""
    parsed: dict[str, T] = {}
    for task_id, value in check_dict(document).items():
        check_id(task_id)
        try:
            parsed[task_id] = parse_one(task_id, value)
        except BadInput as error:
            raise error.located(task=task_id) from None
    if not parsed:
        raise BadInput("expected at least one task, found none")
    return parsed


def _parse_task(task_id: str, value: Any) -> Task:
    pairs = check_list(get_field(value, "train"), "train", "pair")
    tests = check_list(get_field(value, "test"), "test", "test")
    return Task(
        task_id,
        tuple(_parse_pair(pair, f"train[{index}]") for index, pair in enumerate(pairs)),
        tuple(_get_grid(test, "input", f"test[{index}]") for index, test in enumerate(tests)),
    )


def _parse_pair(value: Any, place: str) -> Pair:
    return Pair(_get_grid(value, "input", place), _get_grid(value, "output", place))


def _get_grid(value: Any, key: str, place: str) -> Grid:
    return parse_grid(get_field(value, key, place), f"{place}.{key}")


def _parse_outputs(_: str, value: Any) -> tuple[Grid, ...]:
    tests = check_list(get_field(value, "test"), "test", "test")
    fields = [check_dict(test, f"test[{index}]") for index, test in enumerate(tests)]
    if any(test.get("output") is None for test in fields):
        return ()
    return tuple(_get_grid(test, "output", f"test[{index}]") for index, test in enumerate(fields))


def _parse_solutions(_: str, value: Any) -> tuple[Grid, ...]:
    grids = check_list(value, "", "grid")
    return tuple(parse_grid(grid, f"[{index}]") for index, grid in enumerate(grids))


def _parse_instances(_: str, value: Any, at_least: int) -> tuple[Pair, ...]:
    instances = check_list(value, "", "instance")
    if len(instances) < at_least:
        raise BadInput(f"expected at least {at_least} instances, found {len(instances)}")
    return tuple(_parse_pair(pair, f"[{index}]") for index, pair in enumerate(instances))
