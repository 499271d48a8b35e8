"""The benchmarks on fresh instances print figures, write labels, and refuse bad files."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from arcsolve.cli import main
from arcsolve.data.datasets import load
from tests.commands import IN_PROCESS, cli_runner, document, invoke

COLS, ROWS = "67a3c6ac", "68b16354"  # open tasks that mirror left and right, and top and bottom
FLIP_COLS, FLIP_ROWS = "(flip_cols input)", "(flip_rows input)"
FAKE = ("--lineup", "replayable", *IN_PROCESS)  # prefers FLIP_COLS, then FLIP_ROWS


def instances(axis: int, count: int = 25) -> list[dict[str, Any]]:
    """Return instances of a rule that flips an axis of a grid."""
    draws = np.random.default_rng(axis)
    grids = [draws.integers(0, 9, (4, 5)) for _ in range(count)]
    return [{"input": g.tolist(), "output": np.flip(g, axis).tolist()} for g in grids]


def written(folder: Path, content: Any) -> Path:
    path = folder / "instances.json.gz"
    path.write_bytes(gzip.compress(json.dumps(content).encode()))
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the path of an instance file of two tasks."""
    return written(tmp_path, {COLS: instances(1), ROWS: instances(0)})


def error(*arguments: object) -> str:
    """Return the one line on stderr of a command that fails."""
    result = cli_runner().invoke(main, [str(argument) for argument in arguments])
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    return result.stderr


@pytest.mark.usefixtures("fakes")
def test_fresh_counts_the_fifth_instance(file: Path):
    told = json.loads(invoke("bench", "fresh", file, *FAKE).stdout.splitlines()[-1])
    counts = ("outputs", "outputs_solved", "outputs_solved_at_1", "tasks", "tasks_solved")
    assert [told[name] for name in counts] == [2, 2, 1, 2, 2]
    assert told["file"] == str(file)
    assert {"core_seconds", "stops", "commit", "command", "effort"} <= told.keys()


@pytest.mark.usefixtures("fakes")
@pytest.mark.parametrize("pairs", ["fresh", "original"])
def test_transfer_counts_tasks_whose_first_program_is_general(file: Path, pairs: str):
    told = document("bench", "transfer", file, "--pairs", pairs, "--json", *FAKE)
    counts = ("tasks_solved", "tasks_solved_at_1", "tasks_transferred", "solved_tasks_transferred")
    assert [told[name] for name in counts] == [2, 1, 1, 1]
    assert told["pairs"] == pairs


def test_transfer_replays_the_programs_of_the_search(file: Path):
    told = document("bench", "transfer", file, "--limit", 1, "--tasks", "--json", *IN_PROCESS)
    (row,) = told["by_task"]
    assert row == {
        "task": COLS,
        "solved": True,
        "solved_at_1": True,
        "right": 20,
        "transfers": True,
        "reason": FLIP_COLS,
    }


@pytest.mark.usefixtures("fakes")
def test_a_plain_file_counts_as_a_gzipped_one(file: Path, tmp_path: Path):
    plain = tmp_path / "plain.json"
    plain.write_bytes(gzip.decompress(file.read_bytes()))
    told, same = (
        document("bench", "transfer", each, "--json", "--tasks", *FAKE)["by_task"]
        for each in (file, plain)
    )
    assert told == same


@pytest.mark.usefixtures("fakes")
def test_tasks_are_listed_only_when_asked(file: Path):
    for command in ("fresh", "transfer"):
        assert COLS not in invoke("bench", command, file, *FAKE).stdout
        lines = invoke("bench", command, file, "--tasks", *FAKE).stdout.splitlines()
        assert [line.split()[0] for line in lines[-3:-1]] == [COLS, ROWS]


@pytest.mark.usefixtures("fakes")
def test_a_run_on_instances_is_sampled_kept_and_resumed(file: Path, tmp_path: Path):
    for command in ("fresh", "transfer"):
        store = tmp_path / f"{command}.run"
        arguments = ("bench", command, file, "--offset", 1, "--json", "--store", store, *FAKE)
        first, again = document(*arguments), document(*arguments, "--resume")
        assert first["tasks"] == 1
        assert again["core_seconds"] == first["core_seconds"]


@pytest.mark.usefixtures("fakes")
def test_labels_tell_how_each_program_transfers(file: Path, tmp_path: Path):
    path = tmp_path / "labels.json"
    invoke("bench", "transfer", file, "--labels", path, *FAKE)
    labels = json.loads(path.read_text())
    assert labels["tasks"] == {
        COLS: {"solved": True, "programs": {FLIP_COLS: 1.0, FLIP_ROWS: 0.0}},
        ROWS: {"solved": True, "programs": {FLIP_COLS: 0.0, FLIP_ROWS: 1.0}},
    }
    assert {"file", "pairs", "effort", "commit"} <= labels.keys()


def test_labels_that_cannot_be_written_are_named_before_any_work(file: Path, tmp_path: Path):
    path = tmp_path / "none" / "labels.json"
    assert f"{path}: cannot write it" in error("bench", "transfer", file, "--labels", path)


@pytest.mark.parametrize(
    ("command", "count", "needed"), [("fresh", 4, 5), ("transfer", 24, 25)]
)  # fmt: skip
def test_too_few_instances_are_named(command: str, count: int, needed: int, tmp_path: Path):
    path = written(tmp_path, {COLS: instances(1), ROWS: instances(0, count)})
    said = error("bench", command, path)
    assert f"{path}: task {ROWS}: expected at least {needed} instances, found {count}" in said


@pytest.mark.parametrize("command", ["fresh", "transfer"])
def test_a_bad_cell_is_named_by_file_task_and_place(command: str, tmp_path: Path):
    bad = instances(1)
    bad[7]["output"][2][1] = 10
    path = written(tmp_path, {COLS: bad})
    place = f"{path}: task {COLS}: [7].output row 2 column 1"
    assert f"{place}: expected a whole number 0 to 9, found 10" in error("bench", command, path)


def test_a_task_without_an_original_is_named(tmp_path: Path):
    path = written(tmp_path, {"new": instances(1)})
    said = error("bench", "transfer", path, "--pairs", "original")
    assert f"{path}: task new: arc-agi-1-training has no such task" in said


@pytest.mark.parametrize("options", [("fresh", "--tasks"), ("transfer", "--labels", "labels.json")])
def test_locked_tasks_are_listed_and_labeled_nowhere(
    options: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    ids = list(load("arc-agi-2-evaluation").tasks)[:30]
    path = written(tmp_path, dict.fromkeys(ids, instances(1)))
    command, *rest = options
    assert "has locked tasks" in error("bench", command, path, *rest)
    assert not (tmp_path / "labels.json").exists()
