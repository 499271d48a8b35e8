"""Every unusable file gives a BadInput with the place, the found and the expected value."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Pair, Task
from arcsolve.submissions.challenges import (
    read_challenges,
    read_challenges_and_outputs,
    read_instances,
    read_solutions,
)
from arcsolve.submissions.files import MAX_FILE_BYTES
from arcsolve.submissions.submission import ATTEMPTS, read_submission

GRID = [[1, 2], [3, 4]]
BOTH_SIDES = {"input": GRID, "output": GRID}
BAD_GRIDS = [
    pytest.param([], "", "expected at least one row, found none", id="empty grid"),
    pytest.param([[]], " row 0", "expected at least one cell, found none", id="empty row"),
    pytest.param([[1, 2], [3]], " row 1", "expected 2 cells as in row 0, found 1", id="ragged"),
    pytest.param([[1]] * 31, "", "expected at most 30 rows, found 31", id="31 rows"),
    pytest.param([[1] * 31], " row 0", "expected at most 30 cells, found 31", id="31 columns"),
    pytest.param(7, "", "expected a list of rows, found 7", id="int grid"),
    pytest.param(None, "", "expected a list of rows, found null", id="null grid"),
    pytest.param({}, "", "expected a list of rows, found {}", id="object grid"),
    pytest.param("12", "", "expected a list of rows, found '12'", id="text grid"),
    pytest.param([1, 2], " row 0", "expected a list of cells, found 1", id="flat"),
    pytest.param([[1], 2], " row 1", "expected a list of cells, found 2", id="int row"),
    *[
        pytest.param(
            [[0, 0], [0, cell]],
            " row 1 column 1",
            f"expected a whole number 0 to 9, found {found}",
            id=f"cell {found}",
        )
        for cell, found in [
            (-1, "-1"), (10, "10"), (300, "300"), (256, "256"), (1.7, "1.7"), (1.0, "1.0"),
            ("3", "'3'"), (True, "true"), (False, "false"), (None, "null"),
            (float("nan"), "nan"), (float("inf"), "inf"), ([1], "a list of 1"), ({}, "{}"),
            (10**60, "1" + "0" * 39 + "..."), (-(2**64) + 1, "-18446744073709551615"),
        ]
    ],
]  # fmt: skip
BAD_CHALLENGES = [
    pytest.param([], "", "", "expected an object {...}, found a list of 0", id="list"),
    pytest.param("x", "", "", "expected an object {...}, found 'x'", id="text"),
    pytest.param({}, "", "", "expected at least one task, found none", id="no tasks"),
    pytest.param({"a": []}, "a", "", "expected an object {...}, found a list of 0", id="nesting"),
    pytest.param({"a": {"tests": 1}}, "a", "", "field 'train', found an object", id="no train"),
    pytest.param({"a": {"train": [1]}}, "a", "", "expected a field 'test', found", id="no test"),
    pytest.param({"a": {"train": {}, "test": []}}, "a", "train", "list of pairs", id="train type"),
    pytest.param({"a": {"train": [], "test": []}}, "a", "train", "at least one pair", id="no pair"),
    pytest.param(
        {"a": {"train": [{"input": GRID, "output": GRID}], "test": []}},
        "a", "test", "expected at least one test, found none", id="no tests",
    ),
    pytest.param(
        {"a": {"train": [{"input": GRID}], "test": [{"input": GRID}]}},
        "a", "train[0]", "expected a field 'output', found an object with 'input'", id="no output",
    ),
    pytest.param(
        {"a": {"train": [{"input": GRID, "output": GRID}, 5], "test": [{"input": GRID}]}},
        "a", "train[1]", "expected an object {...}, found 5", id="pair type",
    ),
    pytest.param({"a\n": {}}, "", "", r"printable characters, found 'a\n'", id="control character"),
    pytest.param({"\ud800": {}}, "", "", r"found '\ud800'", id="lone surrogate"),
    pytest.param({"": {}}, "", "", "printable characters, found ''", id="empty id"),
    pytest.param({" a": {}}, "", "", "printable characters, found ' a'", id="id with space"),
    pytest.param({"a" * 101: {}}, "", "", "at most 100 characters, found 101", id="long id"),
]  # fmt: skip
BAD_TEXTS = [
    pytest.param(b"", "the file is empty", id="empty"),
    pytest.param(b" \n\t", "the file is empty", id="blank"),
    pytest.param(b"hello", "line 1 column 1: not JSON: Expecting value", id="not JSON"),
    pytest.param(b'{"a":\n {"train": [[', "line 2 column 14: not JSON", id="truncated"),
    pytest.param(b'{"a": 1} {', "line 1 column 10: not JSON: Extra data", id="extra data"),
    pytest.param(b'{"a": 1, "a": 2}', "expected every key once, found 'a'", id="duplicate ids"),
    pytest.param(b"[" * 100_000, "nested too deep", id="deep lists"),
    pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deep", id="deep objects"),
    pytest.param(b"[" + b"9" * 5000 + b"]", "a number with thousands of digits", id="endless int"),
    pytest.param(b'{"a": "\xff"}', "expected UTF-8 text, found byte 0xff at offset 7", id="latin"),
    pytest.param('{"a": 1}'.encode("utf-16"), "expected UTF-8 text, found byte 0xff", id="utf-16"),
    pytest.param(b"\x1f\x8b", "cannot decompress it", id="no gzip header"),
    pytest.param(b"\x1f\x8b" + b"x" * 20, "cannot decompress it", id="bad gzip header"),
    pytest.param(gzip.compress(b"{}")[:-3], "cannot decompress it", id="truncated gzip"),
    pytest.param(gzip.compress(b"{}", mtime=0)[:-8] + bytes(8), "CRC check failed", id="checksum"),
    pytest.param(gzip.compress(b"{}") + b"more", "cannot decompress it", id="gzip and more"),
    pytest.param(gzip.compress(b" "), "the file is empty", id="gzip of nothing"),
    pytest.param(gzip.compress(b"hello"), "line 1 column 1: not JSON", id="gzip of no JSON"),
]
BAD_INSTANCES = [
    pytest.param([], "", "", "expected an object {...}, found a list of 0", id="list"),
    pytest.param({}, "", "", "expected at least one task, found none", id="no tasks"),
    pytest.param({"a": {}}, "a", "", "expected a list of instances, found {}", id="nesting"),
    pytest.param({"a": []}, "a", "", "expected at least one instance, found none", id="none"),
    pytest.param({"a": [BOTH_SIDES]}, "a", "", "at least 2 instances, found 1", id="too few"),
    pytest.param({"a": [BOTH_SIDES, 5]}, "a", "[1]", "expected an object {...}, found 5", id="int"),
    pytest.param(
        {"a": [BOTH_SIDES, {"input": GRID}]}, "a", "[1]", "expected a field 'output'", id="half"
    ),
    pytest.param({" a": [BOTH_SIDES]}, "", "", "printable characters, found ' a'", id="bad id"),
]


def challenge(grid: Any = GRID) -> dict[str, Any]:
    """Build a challenge document of one task with `grid` as the output of its second pair."""
    good, suspect = {"input": GRID, "output": GRID}, {"input": GRID, "output": grid}
    return {"abc": {"train": [good, suspect], "test": [{"input": GRID}]}}


def one_task(num_tests: int = 1) -> dict[str, Task]:
    return {"abc": Task("abc", (Pair(Grid("1"), Grid("2")),), (Grid("3"),) * num_tests)}


def written(folder: Path, document: Any) -> Path:
    path = folder / "file.json"
    path.write_text(json.dumps(document))
    return path


def error_of(read: Any, *arguments: Any) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read(*arguments)
    return caught.value


@pytest.mark.parametrize(("grid", "place", "problem"), BAD_GRIDS)
def test_a_bad_grid_of_a_challenge_is_named_by_its_place(
    grid: Any, place: str, problem: str, tmp_path: Path
) -> None:
    path = written(tmp_path, challenge(grid))
    error = error_of(read_challenges, path)
    assert (error.file, error.task, error.place) == (str(path), "abc", f"train[1].output{place}")
    assert problem in error.problem


@pytest.mark.parametrize(("grid", "place", "problem"), BAD_GRIDS)
def test_a_bad_attempt_is_named_by_its_place(
    grid: Any, place: str, problem: str, tmp_path: Path
) -> None:
    path = written(tmp_path, {"abc": [dict(zip(ATTEMPTS, (GRID, grid), strict=True))]})
    error = error_of(read_submission, path, one_task())
    assert (error.file, error.task, error.place) == (str(path), "abc", f"test[0].attempt_2{place}")
    assert problem in error.problem


@pytest.mark.parametrize(("grid", "place", "problem"), BAD_GRIDS)
def test_a_bad_solution_is_named_by_its_place(
    grid: Any, place: str, problem: str, tmp_path: Path
) -> None:
    path = written(tmp_path, {"abc": [GRID, grid]})
    error = error_of(read_solutions, path)
    assert (error.file, error.task, error.place) == (str(path), "abc", f"[1]{place}")
    assert problem in error.problem


@pytest.mark.parametrize(("document", "task", "place", "problem"), BAD_CHALLENGES)
def test_a_bad_challenge_is_named_by_its_place(
    document: Any, task: str, place: str, problem: str, tmp_path: Path
) -> None:
    path = written(tmp_path, document)
    error = error_of(read_challenges, path)
    assert (error.file, error.task, error.place) == (str(path), task, place)
    assert problem in error.problem


@pytest.mark.parametrize(("grid", "place", "problem"), BAD_GRIDS)
def test_a_bad_instance_is_named_by_its_place(
    grid: Any, place: str, problem: str, tmp_path: Path
) -> None:
    path = written(tmp_path, {"abc": [BOTH_SIDES, {"input": grid, "output": GRID}]})
    error = error_of(read_instances, path)
    assert (error.file, error.task, error.place) == (str(path), "abc", f"[1].input{place}")
    assert problem in error.problem


@pytest.mark.parametrize(("document", "task", "place", "problem"), BAD_INSTANCES)
def test_a_bad_instance_file_is_named_by_its_place(
    document: Any, task: str, place: str, problem: str, tmp_path: Path
) -> None:
    path = written(tmp_path, document)
    error = error_of(read_instances, path, 2)
    assert (error.file, error.task, error.place) == (str(path), task, place)
    assert problem in error.problem


@pytest.mark.parametrize(
    "read", [read_challenges, read_solutions, read_challenges_and_outputs, read_instances]
)
@pytest.mark.parametrize(("content", "problem"), BAD_TEXTS)
def test_a_file_that_is_not_sound_json_is_refused(
    read: Any, content: bytes, problem: str, tmp_path: Path
) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)
    error = error_of(read, path)
    assert error.file == str(path)
    assert problem in str(error)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "No such file" in str(error_of(read_challenges, tmp_path / "none.json"))


def test_a_path_that_cannot_be_is_refused(tmp_path: Path) -> None:
    assert "cannot read it" in str(error_of(read_challenges, "a\0b.json"))
    assert "cannot read it" in str(error_of(read_challenges, tmp_path / ("a" * 5000)))


def test_a_folder_is_refused_where_a_file_is_expected(tmp_path: Path) -> None:
    assert "found a directory" in str(error_of(read_solutions, tmp_path))


def test_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "expected a file" in str(error_of(read_challenges, tmp_path / "pipe"))


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(500 * 2**20)  # a hole takes no disk space, but much time to read
    expected = f"expected at most {MAX_FILE_BYTES // 2**20} MB, found 500 MB"
    assert expected in str(error_of(read_challenges, path))


def test_a_small_file_with_a_huge_content_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.json.gz"
    path.write_bytes(gzip.compress(b" " * (MAX_FILE_BYTES + 1), compresslevel=1))
    expected = f"expected at most {MAX_FILE_BYTES // 2**20} MB after decompression"
    assert expected in str(error_of(read_instances, path))


def test_a_message_holds_no_control_character_of_a_path(tmp_path: Path) -> None:
    path = tmp_path / "red\x1b[31m.json"
    path.write_text("?")
    assert str(error_of(read_challenges, path)).isprintable()


BOTH = dict.fromkeys(ATTEMPTS, GRID)
BAD_SUBMISSIONS = [
    pytest.param([], "", "", "expected an object {...}, found a list of 0", id="list"),
    pytest.param({}, "abc", "", "expected this task, found no attempts", id="missing id"),
    pytest.param(
        {"abc": [BOTH, BOTH], "new": [BOTH]}, "new", "", "expected no such task", id="extra id"
    ),
    pytest.param({"abc": BOTH}, "abc", "", "list of tests, found an object", id="one object"),
    pytest.param({"abc": []}, "abc", "", "at least one test, found none", id="no tests"),
    pytest.param({"abc": [BOTH]}, "abc", "", "expected 2 tests, found 1", id="missing test"),
    pytest.param({"abc": [BOTH] * 3}, "abc", "", "expected 2 tests, found 3", id="extra test"),
    pytest.param({"abc": [BOTH, GRID]}, "abc", "test[1]", "expected an object", id="bare grid"),
    pytest.param(
        {"abc": [BOTH, {"attempt_1": GRID}]}, "abc", "test[1]",
        "expected attempt_1 and attempt_2, found an object with 'attempt_1'", id="one attempt",
    ),
    pytest.param(
        {"abc": [{**BOTH, "attempt_3": GRID}, BOTH]}, "abc", "test[0]",
        "expected attempt_1 and attempt_2, found", id="three attempts",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("document", "task", "place", "problem"), BAD_SUBMISSIONS)
def test_a_bad_submission_is_named_by_its_place(
    document: Any, task: str, place: str, problem: str, tmp_path: Path
) -> None:
    path = written(tmp_path, document)
    error = error_of(read_submission, path, one_task(num_tests=2))
    assert (error.file, error.task, error.place) == (str(path), task, place)
    assert problem in error.problem


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 300) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@st.composite
def mutated_documents(draw: st.DrawFn) -> Any:
    """Draw a challenge document with one value replaced, dropped or emptied at any depth."""
    document = json.loads(json.dumps(challenge()))  # no grid is shared
    parent: Any = document
    while True:
        key = draw(st.sampled_from(sorted(parent) if isinstance(parent, dict) else range(9)))
        key = key if isinstance(parent, dict) else key % len(parent)
        if not isinstance(parent[key], dict | list) or draw(st.booleans()):
            break
        parent = parent[key]
    match draw(st.sampled_from(["replace", "drop", "empty"])):
        case "replace":
            parent[key] = draw(JSON_VALUES)
        case "drop":
            del parent[key]
        case "empty":
            parent.clear()
    return document


@st.composite
def mutated_bytes(draw: st.DrawFn) -> bytes:
    """Draw the bytes of a challenge file with a few cuts, insertions and changes."""
    content = json.dumps(challenge()).encode()
    if draw(st.booleans()):
        content = gzip.compress(content, mtime=0)
    for _ in range(draw(st.integers(1, 3))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(content))] * 2)))
        end = min(end, start + draw(st.sampled_from([0, 1, 10, 1000])))
        content = content[:start] + draw(st.binary(max_size=4)) + content[end:]
    return content


@given(mutated_bytes() | mutated_documents().map(lambda document: json.dumps(document).encode()))
@example(json.dumps(challenge()).encode())
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_mutated_file_gives_a_clean_result_or_a_clean_error(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)
    tasks = one_task()
    for read in (
        read_solutions,
        read_instances,
        read_challenges_and_outputs,
        tasks_only_when_valid,
    ):
        clean_outcome(read, path)
    clean_outcome(read_submission, path, tasks)


def tasks_only_when_valid(path: Path) -> None:
    for task in read_challenges(path).values():
        grids = [*task.tests, *(grid for pair in task.pairs for grid in (pair.input, pair.output))]
        assert all(max(grid.shape) <= 30 and grid.cells.max() <= 9 for grid in grids)


def clean_outcome(read: Any, path: Path, *arguments: Any) -> None:
    """Assert that a file is read, or that the error names the file and is safe to print."""
    message = f"{path}: "
    try:
        read(path, *arguments)
    except BadInput as error:
        message = str(error)
    assert message.startswith(f"{path}: ")
    assert message.isprintable()
