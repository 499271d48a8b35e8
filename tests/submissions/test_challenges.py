"""Challenge files, solutions files, folders and task files are read unchanged."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Pair, Task
from arcsolve.submissions.challenges import (
    read_challenges,
    read_challenges_and_outputs,
    read_instances,
    read_solutions,
)

DATA = Path(__file__).parent.parent / "data"
TASK: dict[str, Any] = {
    "train": [{"input": [[1, 2]], "output": [[2, 1]]}],
    "test": [{"input": [[3]], "output": [[4]]}, {"input": [[5, 6]], "output": [[6, 5]]}],
}
EXPECTED = (Pair(Grid("12"), Grid("21")),), (Grid("3"), Grid("56"))


def written(path: Path, document: Any, encoding: str = "utf-8") -> Path:
    path.write_text(json.dumps(document), encoding=encoding)
    return path


def test_a_challenge_file_gives_its_tasks_in_its_order(tmp_path: Path) -> None:
    tasks = read_challenges(written(tmp_path / "c.json", {"b": TASK, "a": TASK}))
    assert list(tasks.items()) == [("b", Task("b", *EXPECTED)), ("a", Task("a", *EXPECTED))]


def test_a_task_file_has_the_id_of_its_name(tmp_path: Path) -> None:
    assert read_challenges(written(tmp_path / "some.json", TASK)) == {
        "some": Task("some", *EXPECTED)
    }


def test_a_folder_gives_its_task_files_in_order_of_name(tmp_path: Path) -> None:
    for name in ("b.json", "a.json", ".hidden.json", "notes.txt"):
        written(tmp_path / name, TASK)
    assert list(read_challenges(tmp_path)) == ["a", "b"]
    assert list(read_challenges_and_outputs(tmp_path)[1]) == ["a", "b"]


def test_an_error_in_a_folder_names_the_file(tmp_path: Path) -> None:
    written(tmp_path / "a.json", TASK)
    written(tmp_path / "b.json", {"c": TASK})
    with pytest.raises(BadInput, match=r"b\.json: task b: expected a field 'train'"):
        read_challenges(tmp_path)


def test_a_folder_without_task_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="expected a folder with task files"):
        read_challenges(tmp_path)


@pytest.mark.parametrize("output", [[[4]], None, "garbage", [[300]]])
def test_test_outputs_are_not_looked_at_when_tasks_are_read(output: Any, tmp_path: Path) -> None:
    document = {"a": TASK | {"test": [{"input": [[3]], "output": output}]}}
    task = read_challenges(written(tmp_path / "c.json", document))["a"]
    assert task == Task("a", EXPECTED[0], (Grid("3"),))


def test_unknown_fields_are_ignored(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", TASK | {"author": "somebody"})
    assert read_challenges(path) == {"a": Task("a", *EXPECTED)}


def test_a_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", TASK, encoding="utf-8-sig")
    assert read_challenges(path) == {"a": Task("a", *EXPECTED)}


def test_outputs_in_task_files_are_read_apart_from_the_tasks(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", TASK)
    assert read_challenges_and_outputs(path)[1] == {"a": (Grid("4"), Grid("65"))}


@pytest.mark.parametrize("test", [{"input": [[3]]}, {"input": [[3]], "output": None}])
def test_a_task_that_lacks_an_output_has_no_solution(test: Any, tmp_path: Path) -> None:
    partial = TASK | {"test": [TASK["test"][0], test]}
    path = written(tmp_path / "c.json", {"a": partial, "b": TASK})
    assert list(read_challenges_and_outputs(path)[1]) == ["b"]


def test_a_bad_test_output_is_named_by_its_place(tmp_path: Path) -> None:
    document = TASK | {"test": [{"input": [[3]], "output": [[10]]}]}
    with pytest.raises(BadInput, match=r"test\[0\]\.output row 0 column 0: .* found 10"):
        read_challenges_and_outputs(written(tmp_path / "a.json", document))


def test_a_solutions_file_gives_the_outputs_in_order(tmp_path: Path) -> None:
    path = written(tmp_path / "s.json", {"a": [[[4]], [[6, 5]]]})
    assert read_solutions(path) == {"a": (Grid("4"), Grid("65"))}


def test_an_instance_file_gives_pairs_in_the_order_of_the_file(tmp_path: Path) -> None:
    content = {"b": [TASK["train"][0], {"input": [[3]], "output": [[4]]}], "a": TASK["train"]}
    pairs = Pair(Grid("12"), Grid("21")), Pair(Grid("3"), Grid("4"))
    read = read_instances(written(tmp_path / "i.json", content))
    assert list(read.items()) == [("b", pairs), ("a", pairs[:1])]


@pytest.mark.parametrize("name", ["c.json", "c.json.gz"])
def test_a_gzipped_file_is_read_as_a_plain_one_under_any_name(name: str, tmp_path: Path) -> None:
    plain = written(tmp_path / "plain.json", {"a": TASK})
    (tmp_path / name).write_bytes(gzip.compress(plain.read_bytes()))
    assert read_challenges(tmp_path / name) == read_challenges(plain)


def test_grids_of_30_by_30_and_of_one_cell_are_accepted(tmp_path: Path) -> None:
    path = written(tmp_path / "s.json", {"a": [[[9] * 30] * 30, [[0]]]})
    assert [grid.shape for grid in read_solutions(path)["a"]] == [(30, 30), (1, 1)]


def test_the_synthetic_files_are_what_their_script_writes() -> None:
    from tests.data.synthetic import CHALLENGES, SOLUTIONS, synthetic_tasks

    challenges, solutions = synthetic_tasks()
    assert json.loads(CHALLENGES.read_text()) == challenges
    assert json.loads(SOLUTIONS.read_text()) == solutions
    tasks = read_challenges(CHALLENGES)
    assert {key: len(outputs) for key, outputs in read_solutions(SOLUTIONS).items()} == {
        key: len(task.tests) for key, task in tasks.items()
    }
