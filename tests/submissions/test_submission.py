"""Submissions round-trip, are written whole or not at all, merge by trust, and score by output."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Pair, Task
from arcsolve.submissions.files import check_writable
from arcsolve.submissions.scoring import Score, score, solved_outputs
from arcsolve.submissions.submission import (
    Submission,
    merge,
    read_submission,
    validate,
    write_submission,
)

PAIRS = (Pair(Grid("1"), Grid("2")),)
TASKS = {
    "b": Task("b", PAIRS, (Grid("3"),)),
    "a_1": Task("a_1", PAIRS, (Grid("4"), Grid("5"))),
}


def submission(b: str, first: str, second: str) -> Submission:
    """Build attempts for `TASKS`; each text has two grids with a space between them."""

    def attempts(text: str) -> tuple[Grid, Grid]:
        one, two = text.split()
        return Grid(one), Grid(two)

    return Submission({"b": (attempts(b),), "a_1": (attempts(first), attempts(second))})


GOOD = submission("12/34 0", "1 2", "567 777")


def test_a_submission_reads_back_as_written(tmp_path: Path) -> None:
    write_submission(GOOD, tmp_path / "s.json", TASKS)
    assert read_submission(tmp_path / "s.json", TASKS) == GOOD


def test_the_file_is_what_the_competition_expects(tmp_path: Path) -> None:
    write_submission(GOOD, tmp_path / "s.json", TASKS)
    assert json.loads((tmp_path / "s.json").read_text()) == {
        "a_1": [
            {"attempt_1": [[1]], "attempt_2": [[2]]},
            {"attempt_1": [[5, 6, 7]], "attempt_2": [[7, 7, 7]]},
        ],
        "b": [{"attempt_1": [[1, 2], [3, 4]], "attempt_2": [[0]]}],
    }


def test_equal_submissions_are_written_as_equal_bytes(tmp_path: Path) -> None:
    turned = Submission(dict(reversed(list(GOOD.attempts.items()))))
    assert turned == GOOD
    write_submission(GOOD, tmp_path / "one.json", TASKS)
    write_submission(turned, tmp_path / "two.json", dict(reversed(TASKS.items())))
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_an_invalid_submission_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text("old")
    with pytest.raises(BadInput, match="task b: expected this task"):
        write_submission(Submission({"a_1": GOOD.attempts["a_1"]}), path, TASKS)
    assert [file.name for file in tmp_path.iterdir()] == ["s.json"]
    assert path.read_text() == "old"


def test_a_failed_write_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "s.json"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(BadInput, match=r"s\.json: cannot write it: No space left"):
        write_submission(GOOD, path, TASKS)
    assert [file.name for file in tmp_path.iterdir()] == ["s.json"]
    assert path.read_text() == "old"


def test_a_written_file_has_the_usual_permissions(tmp_path: Path) -> None:
    write_submission(GOOD, tmp_path / "s.json", TASKS)
    (tmp_path / "usual").touch()
    assert (tmp_path / "s.json").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.parametrize("place", ["none/s.json", "", "s\0.json", "s" * 300])
def test_a_place_that_cannot_be_written_is_refused(place: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot write it"):
        write_submission(GOOD, f"{tmp_path}/{place}", TASKS)
    assert not list(tmp_path.iterdir())


def test_what_could_not_be_written_is_told_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_writable(tmp_path / "s.json")
    (tmp_path / "s.json").touch()
    check_writable(tmp_path / "s.json")
    for path, problem in ((tmp_path, "not a file"), (tmp_path / "none" / "s.json", "no such")):
        with pytest.raises(BadInput, match=f"cannot write it: .*{problem}"):
            check_writable(path)
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root can write everywhere
    with pytest.raises(BadInput, match="its folder is read-only"):
        check_writable(tmp_path / "s.json")


def test_a_grid_over_30_cells_a_side_is_not_submitted() -> None:
    large = submission("1" * 31 + " 1", "1 1", "1 1")
    with pytest.raises(BadInput, match=r"task b: test\[0\]\.attempt_1: .* found shape \(1, 31\)"):
        validate(large, TASKS)


def test_a_single_attempt_is_not_submitted() -> None:
    single = Submission(dict(GOOD.attempts) | {"b": ((Grid("1"),),)})  # type: ignore[arg-type]
    with pytest.raises(BadInput, match=r"task b: test\[0\]: expected 2 attempts, found 1"):
        validate(single, TASKS)


def test_all_missing_tasks_are_counted() -> None:
    with pytest.raises(BadInput, match="2 tasks are missing"):
        validate(Submission({}), TASKS)


def test_merging_keeps_the_first_two_distinct_attempts_by_rank_and_trust() -> None:
    one = submission("1 2", "1 1", "1 1")
    two = submission("3 4", "1 3", "1 1")
    three = submission("5 6", "2 4", "1 1")
    assert merge([one, two, three]) == submission("1 3", "1 2", "1 1")
    assert merge([three, two, one]) == submission("5 3", "2 1", "1 1")


def test_merging_one_submission_changes_nothing() -> None:
    assert merge([GOOD]) == GOOD


def test_submissions_for_other_tasks_do_not_merge() -> None:
    other = Submission({"b": GOOD.attempts["b"]})
    with pytest.raises(BadInput, match="task a_1: expected this task"):
        merge([GOOD, other])
    with pytest.raises(BadInput, match="task a_1: expected no such task"):
        merge([other, GOOD])


def test_submissions_with_other_tests_do_not_merge() -> None:
    other = Submission(dict(GOOD.attempts) | {"b": GOOD.attempts["a_1"]})
    with pytest.raises(BadInput, match="task b: expected the same number of tests, found 1, 2"):
        merge([GOOD, other])


def test_nothing_does_not_merge() -> None:
    with pytest.raises(BadInput, match="at least one submission"):
        merge([])


SOLUTIONS = {"b": (Grid("0"),), "a_1": (Grid("1"), Grid("765"))}


def test_an_output_counts_when_either_attempt_is_right_and_a_task_when_all_outputs_are() -> None:
    assert score(GOOD, SOLUTIONS) == Score(outputs_solved=2, outputs=3, tasks_solved=1, tasks=2)
    assert solved_outputs(GOOD, SOLUTIONS) == {"b": (True,), "a_1": (True, False)}


def test_a_score_of_first_attempts_ignores_the_second() -> None:
    assert score(GOOD, SOLUTIONS, attempts=1) == Score(1, 3, 0, 2)


def test_a_grid_of_another_shape_is_not_right() -> None:
    tall = {"b": (Grid("1/2/3/4"),)}
    assert score(GOOD, tall) == Score(0, 1, 0, 1)


def test_a_score_counts_the_tasks_with_known_solutions() -> None:
    assert score(GOOD, {"b": SOLUTIONS["b"]}) == Score(1, 1, 1, 1)


def test_a_submission_without_a_solved_task_is_not_scored() -> None:
    with pytest.raises(BadInput, match="task c: expected attempts for 1 tests, found 0"):
        score(GOOD, SOLUTIONS | {"c": (Grid("1"),)})


def test_a_score_reads_as_counts() -> None:
    assert str(score(GOOD, SOLUTIONS)) == "2 of 3 outputs, 1 of 2 tasks"
