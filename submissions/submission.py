"""Reads, checks, writes and merges submissions: two attempts for every test of every task."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import MAX_SIDE, Grid
from arcsolve.dsl.task import Task
from arcsolve.submissions.files import escape_path, read_json, write_whole
from arcsolve.submissions.json_checks import check_dict, check_id, check_list, describe, parse_grid

ATTEMPTS = ("attempt_1", "attempt_2")
"""The fields of a test in a submission file, in the order of the attempts."""

Attempts = tuple[Grid, Grid]
"""The two grids submitted for one test."""


@dataclass(frozen=True, slots=True)
class Submission:
    """Attempts by task id, for each test in the order of the tests."""

    attempts: Mapping[str, tuple[Attempts, ...]] = field(hash=False)


def read_submission(path: Path | str, tasks: Mapping[str, Task]) -> Submission:
    """Read a submission file ``{id: [{"attempt_1": grid, "attempt_2": grid}, ...]}``.

    Raises BadInput, which names file, task and place, unless the file has valid attempts for
    exactly the tests of `tasks`.
    """
    try:
        document = check_dict(read_json(path))
        submission = Submission({key: _parse_tests(key, value) for key, value in document.items()})
        validate(submission, tasks)
    except BadInput as error:
        raise error.located(file=escape_path(path)) from None
    return submission


def _parse_tests(task_id: str, value: Any) -> tuple[Attempts, ...]:
    check_id(task_id)
    try:
        tests = check_list(value, "", "test")
        return tuple(_parse_attempts(test, f"test[{index}]") for index, test in enumerate(tests))
    except BadInput as error:
        raise error.located(task=task_id) from None


def _parse_attempts(value: Any, place: str) -> Attempts:
    fields = check_dict(value, place)
    if fields.keys() != set(ATTEMPTS):
        expected = " and ".join(ATTEMPTS)
        raise BadInput(f"expected {expected}, found {describe(fields)}", place=place)
    first, second = (parse_grid(fields[attempt], f"{place}.{attempt}") for attempt in ATTEMPTS)
    return first, second


def validate(submission: Submission, tasks: Mapping[str, Task]) -> None:
    """Raise BadInput unless the submission has two valid grids for exactly the tests of `tasks`."""
    _check_ids(submission.attempts, tasks)
    for task_id, task in tasks.items():
        tests = submission.attempts[task_id]
        if len(tests) != len(task.tests):
            problem = f"expected {len(task.tests)} tests, found {len(tests)}"
            raise BadInput(problem, task=task_id)
        for index, attempts in enumerate(tests):
            _check_attempts(attempts, f"test[{index}]", task_id)


def _check_ids(found: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    if missing := [task_id for task_id in expected if task_id not in found]:
        count = f" ({len(missing)} tasks are missing)" if len(missing) > 1 else ""
        raise BadInput(f"expected this task, found no attempts{count}", task=missing[0])
    if extra := [task_id for task_id in found if task_id not in expected]:
        count = f" ({len(extra)} tasks are extra)" if len(extra) > 1 else ""
        raise BadInput(f"expected no such task{count}", task=extra[0])


def _check_attempts(attempts: Attempts, place: str, task_id: str) -> None:
    if len(attempts) != len(ATTEMPTS):
        problem = f"expected {len(ATTEMPTS)} attempts, found {len(attempts)}"
        raise BadInput(problem, task=task_id, place=place)
    for name, grid in zip(ATTEMPTS, attempts, strict=True):
        if max(grid.shape) > MAX_SIDE:
            problem = f"expected at most {MAX_SIDE} cells a side, found shape {grid.shape}"
            raise BadInput(problem, task=task_id, place=f"{place}.{name}")


def write_submission(submission: Submission, path: Path | str, tasks: Mapping[str, Task]) -> None:
    """Write a submission file, whole or not at all; equal submissions give equal bytes.

    Raises BadInput, and leaves an old file alone, unless the submission is valid for `tasks`.
    """
    validate(submission, tasks)
    content = {task_id: _encode_tests(submission.attempts[task_id]) for task_id in sorted(tasks)}
    write_whole(path, (json.dumps(content, separators=(",", ":")) + "\n").encode())


def _encode_tests(tests: Sequence[Attempts]) -> list[dict[str, list[list[int]]]]:
    return [
        {name: grid.rows() for name, grid in zip(ATTEMPTS, attempts, strict=True)}
        for attempts in tests
    ]


def merge(submissions: Sequence[Submission]) -> Submission:
    """Merge submissions for the same tasks, the most trusted submission first.

    For each test, all first attempts come before all second attempts, in the order of the
    submissions. The first two distinct attempts are kept, or one grid twice if all are equal.
    Raises BadInput without submissions, or for submissions of different tasks or tests.
    """
    if not submissions:
        raise BadInput("expected at least one submission to merge, found none")
    first = submissions[0].attempts
    for other in submissions[1:]:
        _check_ids(other.attempts, first)
    return Submission({task_id: _merge_task(task_id, submissions) for task_id in first})


def _merge_task(task_id: str, submissions: Sequence[Submission]) -> tuple[Attempts, ...]:
    columns = [submission.attempts[task_id] for submission in submissions]
    if len({len(tests) for tests in columns}) > 1:
        found = ", ".join(str(len(tests)) for tests in columns)
        raise BadInput(f"expected the same number of tests, found {found}", task=task_id)
    return tuple(_pick_two(attempts) for attempts in zip(*columns, strict=True))


def _pick_two(attempts: Sequence[Attempts]) -> Attempts:
    ranked = [pair[rank] for rank in range(len(ATTEMPTS)) for pair in attempts]
    first, *others = dict.fromkeys(ranked)
    return first, others[0] if others else first
