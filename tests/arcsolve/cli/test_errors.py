"""A user's mistake gives one message, exit code 2, and no traceback."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import Result

import arcsolve
from arcsolve.cli import main
from tests.commands import cli_runner

ROWS = [[1, 2], [3, 4]]
PAIR = {"input": ROWS, "output": ROWS}
TASK = {"train": [PAIR], "test": [{"input": ROWS}]}
ATTEMPTS = {"attempt_1": ROWS, "attempt_2": ROWS}


def invoke(*arguments: object) -> Result:
    return cli_runner().invoke(main, [str(argument) for argument in arguments])


def message(result: Result) -> str:
    """Return the error message of a command, and assert that the command failed properly."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("arcsolve: error: ")
    assert "Traceback" not in result.stderr
    return result.stderr


def with_output(cells: object) -> str:
    """Return the text of a challenge file with `cells` as the output of the first pair."""
    return json.dumps({"odd": {"train": [{"input": ROWS, "output": cells}], "test": [PAIR]}})


def with_cell(value: object) -> str:
    return with_output([[1, 2], [3, value]])


CELL = ("task odd", "train[0].output row 1 column 1", "expected a whole number 0 to 9")

BAD_CHALLENGES = {
    "empty file": ("", ["empty"]),
    "not JSON": ("grid", ["not JSON", "line 1 column 1"]),
    "truncated": (with_cell(4)[:-20], ["not JSON", "line 1 column"]),
    "wrong nesting": (json.dumps([TASK]), ["expected an object"]),
    "task that is a list": (json.dumps({"odd": [1]}), ["task odd", "expected an object"]),
    "no pairs": (json.dumps({"odd": {**TASK, "train": []}}), ["task odd", "train", "pair"]),
    "no tests": (json.dumps({"odd": {**TASK, "test": []}}), ["task odd", "test", "none"]),
    "no train": (json.dumps({"odd": {"test": [PAIR]}}), ["task odd", "'train'"]),
    "ragged rows": (with_output([[1, 2], [3]]), ["task odd", "train[0].output row 1", "2 cells"]),
    "empty grid": (with_output([]), ["task odd", "train[0].output", "at least one row"]),
    "empty row": (with_output([[]]), ["task odd", "train[0].output row 0"]),
    "31 rows": (with_output([[1]] * 31), ["task odd", "train[0].output", "at most 30", "31"]),
    "31 columns": (with_output([[1] * 31]), ["task odd", "train[0].output row 0", "at most 30"]),
    "-1": (with_cell(-1), [*CELL, "-1"]),
    "10": (with_cell(10), [*CELL, "10"]),
    "1.7": (with_cell(1.7), [*CELL, "1.7"]),
    "text": (with_cell("3"), [*CELL, "'3'"]),
    "true": (with_cell(True), [*CELL, "true"]),
    "null": (with_cell(None), [*CELL, "null"]),
    "NaN": (with_cell(float("nan")), [*CELL, "nan"]),
    "300": (with_cell(300), [*CELL, "300"]),
    "duplicate ids": ('{"odd": 1, "odd": 2}', ["'odd'"]),
    "deep nesting": ("[" * 100_000, ["nested"]),
}


@pytest.mark.parametrize("case", BAD_CHALLENGES)
def test_a_bad_challenge_file_is_named_with_the_task_and_the_place(case: str, tmp_path: Path):
    text, named = BAD_CHALLENGES[case]
    file = tmp_path / "challenges.json"
    file.write_text(text)
    said = message(invoke("show", file))
    assert [part for part in (str(file), *named) if part not in said] == []


BAD_SUBMISSIONS = {
    "missing id": ({}, ["task one"]),
    "extra id": ({"one": [ATTEMPTS], "two": [ATTEMPTS]}, ["task two"]),
    "one attempt": ({"one": [{"attempt_1": ROWS}]}, ["task one", "test[0]", "attempt_2"]),
    "two tests": ({"one": [ATTEMPTS] * 2}, ["task one", "expected 1 tests, found 2"]),
    "not a grid": (
        {"one": [{**ATTEMPTS, "attempt_2": 3}]},
        ["task one", "test[0].attempt_2", "expected a list of rows"],
    ),
    "flat list": (
        {"one": [{**ATTEMPTS, "attempt_1": [1, 2]}]},
        ["task one", "test[0].attempt_1 row 0", "expected a list of cells"],
    ),
    "text": (
        {"one": [{**ATTEMPTS, "attempt_1": [["1"]]}]},
        ["task one", "test[0].attempt_1 row 0 column 0", "'1'"],
    ),
}


@pytest.mark.parametrize("command", ["validate", "score"])
@pytest.mark.parametrize("case", BAD_SUBMISSIONS)
def test_a_bad_submission_is_named_with_the_task_and_the_place(
    case: str, command: str, tmp_path: Path
):
    content, named = BAD_SUBMISSIONS[case]
    challenges, file = tmp_path / "challenges.json", tmp_path / "submission.json"
    challenges.write_text(json.dumps({"one": TASK}))
    file.write_text(json.dumps(content))
    said = message(invoke(command, file, challenges))
    assert [part for part in (str(file), *named) if part not in said] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "{missing}"),
        ("solve", "{missing}"),
        ("run", "input", "{missing}"),
        ("submit", "{missing}", "-o", "out.json"),
        ("score", "{missing}", "arc-agi-1-training"),
        ("validate", "{missing}", "arc-agi-1-training"),
        ("merge", "{missing}", "arc-agi-1-training", "-o", "out.json"),
        ("bench", "fresh", "{missing}"),
        ("bench", "transfer", "{missing}"),
    ],
    ids=lambda arguments: "-".join(arguments[:2]),
)
def test_a_missing_file_is_named(arguments: tuple[str, ...], tmp_path: Path):
    missing = str(tmp_path / "missing.json")
    assert missing in message(invoke(*(a.format(missing=missing) for a in arguments)))


@pytest.mark.parametrize("command", ["show", "solve"])
def test_a_huge_file_is_refused_unread(command: str, tmp_path: Path):
    file = tmp_path / "huge.json"
    file.touch()
    os.truncate(file, 500 * 2**20)
    said = message(invoke(command, file))
    assert str(file) in said
    assert "500 MB" in said


@pytest.mark.parametrize(
    ("program", "named"),
    [
        ("(flip_rows input", ["too early", "character 16"]),
        ("(flip_rowz input)", ["flip_rowz", "did you mean flip_rows", "character 1"]),
        ("(flip_rows input input)", ["too many arguments", "flip_rows(grid) -> grid"]),
        ("(flip_rows 3)", ["expected a grid", "'3'"]),
        ("(flip_rows " * 5_000, ["nested deeper than"]),
        ("flip_rows", ["neither the text of a program nor a file"]),
        ("a" * 5_000, ["neither the text of a program nor a file"]),
    ],
)
def test_a_bad_program_is_shown_with_the_place(program: str, named: list[str], tmp_path: Path):
    task = tmp_path / "one.json"
    task.write_text(json.dumps(TASK))
    said = message(invoke("run", program, task))
    assert [part for part in named if part not in said] == []


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"(flip_rows " * 100_000, "longer than"),
        (b"(" * 90_000, "character 1"),
        (b"", "empty"),
        (b"\xff(", "UTF-8"),
    ],
)
def test_a_bad_program_file_is_named(content: bytes, named: str, tmp_path: Path):
    task, file = tmp_path / "one.json", tmp_path / "program.txt"
    task.write_text(json.dumps(TASK))
    file.write_bytes(content)
    said = message(invoke("run", file, task))
    assert str(file) in said
    assert named in said


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("show", "arc-agi-1-trainin"), "did you mean arc-agi-1-training"),
        (("show", "arc-agi-1-training"), "expected one task, found 400"),
        (("primitives", "flip_rowz"), "did you mean flip_rows"),
        (("primitives", "--family", "magic"), "no family is named 'magic'"),
        (("primitives", "--type", "magic"), "no type is named 'magic'"),
        (("solve", "{task}", "--lineup", "magic"), "magic"),
        (("solve", "{task}", "--effort", "magic"), "magic"),
        (("bench", "solve", "arc-agi-1-evaluation", "--tasks"), "locked"),
    ],
)
def test_an_unknown_name_is_answered_with_the_known_ones(
    arguments: tuple[str, ...], named: str, tmp_path: Path
):
    task = tmp_path / "one.json"
    task.write_text(json.dumps(TASK))
    assert named in message(invoke(*(a.format(task=task) for a in arguments)))


@pytest.mark.parametrize("time", ["9", "h", "-1m", "0s", "1e9h", "nan s", ""])
def test_a_bad_time_limit_is_a_usage_error(time: str):
    result = invoke("submit", "arc-agi-1-training", "-o", "x.json", "--time-limit", time)
    assert result.exit_code == 2
    assert "write 90s, 10m or 9h" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("bench", "engine", "--every", 0), "--every"),
        (("bench", "engine", "--operations", 0), "--operations"),
        (("bench", "funnel", "--limit", 0), "--limit"),
        (("bench", "solve", "arc-agi-1-training", "--jobs", 0), "--jobs"),
    ],
)
def test_a_number_that_means_nothing_is_a_usage_error(arguments: tuple[object, ...], named: str):
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert f"Invalid value for '{named}'" in result.stderr


@pytest.mark.parametrize("command", ["solve", "fresh", "transfer"])
def test_bench_cannot_resume_what_it_does_not_keep(command: str):
    assert "--store" in message(invoke("bench", command, "arc-agi-1-training", "--resume"))


def test_a_picture_that_cannot_be_written_is_named_before_the_task_is_solved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def solve(*task: object, **terms: object) -> None:
        raise AssertionError("solved in vain")

    monkeypatch.setattr(arcsolve, "solve", solve)
    task, picture = tmp_path / "one.json", tmp_path / "none" / "p.svg"
    task.write_text(json.dumps(TASK))
    assert f"{picture}: cannot write it" in message(invoke("solve", task, "--picture", picture))


def test_a_locked_task_is_not_shown():
    from arcsolve.data.datasets import load

    locked = next(iter(load("arc-agi-1-evaluation").tasks))
    for arguments in (("show", locked), ("run", "input", locked)):
        said = message(invoke(*arguments))
        assert "locked" in said
        assert locked not in said


@pytest.mark.parametrize("output", ["no/such/folder.json", "."])
def test_an_output_file_that_cannot_be_written_is_named(output: str, tmp_path: Path):
    challenges, file = tmp_path / "challenges.json", tmp_path / "submission.json"
    challenges.write_text(json.dumps({"one": TASK}))
    file.write_text(json.dumps({"one": [ATTEMPTS]}))
    output = str(tmp_path / output)
    assert output in message(invoke("merge", file, challenges, "-o", output))
    store = tmp_path / "run"
    assert output in message(invoke("submit", challenges, "-o", output, "--store", store))
    assert not store.exists()
