"""A run store keeps whole outcomes through kills, and rejects files that are no run store."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.solver import Budget, Candidate, CurvePoint, Stop, StopReason
from arcsolve.run.sandbox import Outcome
from arcsolve.run.store import RunSettings, RunStore
from tests.fakes import Mirrors, small_task

TASKS = {"a": small_task("a"), "b": small_task("b", tests=2)}
SETTINGS = RunSettings.of(TASKS, [Mirrors()], Budget(10, 10))

candidates = st.builds(
    Candidate,
    st.integers(0, 5),
    st.lists(st.integers(0, 9), min_size=1, max_size=30).map(lambda row: Grid([row])),
    st.text(max_size=5),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.dictionaries(st.text(max_size=8), st.floats(allow_nan=False, allow_infinity=False)),
)
points = st.builds(
    CurvePoint,
    st.integers(0, 5),
    st.just(Grid("12/34")),
    st.floats(0, 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(0, 1),
)
outcomes = st.builds(
    Outcome,
    st.lists(candidates, max_size=4).map(tuple),
    st.builds(Stop, st.sampled_from(StopReason), st.text(max_size=20)),
    st.floats(0, 1e6),
    st.lists(points, max_size=3).map(tuple),
)


@given(outcome=outcomes)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_outcome_comes_back_equal(tmp_path: Path, outcome: Outcome) -> None:
    with RunStore.start(tmp_path / "run", SETTINGS) as store:
        store.add("a", "mirrors", outcome)
    with RunStore(tmp_path / "run") as store:
        assert store.outcomes("a") == {"mirrors": outcome}
        assert store.outcomes("b") == {}
        done = set() if outcome.stop.reason is StopReason.DEADLINE else {("a", "mirrors")}
        assert store.done() == done
        assert store.settings() == SETTINGS


def outcome_of(count: int) -> Outcome:
    candidate = Candidate(0, Grid("1"), "mirrors", "r")
    trace = (CurvePoint(0, Grid("1"), 0.5, 0.1, 0.9),) * count
    return Outcome((candidate,) * count, Stop(StopReason.EXHAUSTED), 1.0, trace)


def test_a_later_outcome_replaces_all_of_an_earlier_one(tmp_path: Path) -> None:
    with RunStore.start(tmp_path / "run", SETTINGS) as store:
        store.add("a", "mirrors", outcome_of(3))
        store.add("a", "mirrors", outcome_of(1))
        assert store.outcomes("a") == {"mirrors": outcome_of(1)}


def test_resume_keeps_what_is_there_and_works_without_a_file(tmp_path: Path) -> None:
    for _ in range(2):
        with RunStore.start(tmp_path / "run", SETTINGS, resume=True) as store:
            store.add(f"task {len(store.done())}", "mirrors", outcome_of(1))
    assert store_names(tmp_path / "run") == {"task 0", "task 1"}


def test_a_new_run_moves_the_old_one_aside(tmp_path: Path) -> None:
    for task in ("old", "new"):
        with RunStore.start(tmp_path / "run", SETTINGS) as store:
            store.add(task, "mirrors", outcome_of(1))
    assert store_names(tmp_path / "run") == {"new"}
    assert store_names(tmp_path / "run.previous") == {"old"}


def test_earlier_runs_are_all_kept_but_for_those_without_outcomes(tmp_path: Path) -> None:
    for task in ("first", "second", "", "third", "last"):
        with RunStore.start(tmp_path / "run", SETTINGS) as store:
            if task:
                store.add(task, "mirrors", outcome_of(1))
    kept = {path.name: store_names(path) for path in tmp_path.iterdir()}
    assert kept == {
        "run": {"last"},
        "run.previous": {"first"},
        "run.previous-2": {"second"},
        "run.previous-3": {"third"},
    }


def test_a_run_with_nothing_but_what_a_deadline_cut_short_is_kept(tmp_path: Path) -> None:
    cut = replace(outcome_of(1), stop=Stop(StopReason.DEADLINE))
    with RunStore.start(tmp_path / "run", SETTINGS) as store:
        store.add("a", "mirrors", cut)
        assert (store.tasks(), store.done()) == ({"a"}, set())
    RunStore.start(tmp_path / "run", SETTINGS).close()
    with RunStore(tmp_path / "run.previous") as store:
        assert store.outcomes("a") == {"mirrors": cut}


def store_names(path: Path) -> set[str]:
    with RunStore(path) as store:
        return {task for task, _ in store.done()}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        (RunSettings.of({"a": TASKS["a"]}, [Mirrors()], Budget(10, 10)), "tasks"),
        (RunSettings.of(TASKS, [Mirrors(copies=2)], Budget(10, 10)), "lineup.*copies=2"),
        (RunSettings.of(TASKS, [Mirrors()], Budget(10, 10, seed=1)), "budget.*seed=1"),
    ],
)
def test_resume_with_other_settings_says_what_differs(
    tmp_path: Path, changed: RunSettings, named: str
) -> None:
    RunStore.start(tmp_path / "run", SETTINGS).close()
    with pytest.raises(BadInput, match=f"run: cannot resume.*other {named}"):
        RunStore.start(tmp_path / "run", changed, resume=True)


def other_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE something (else_ TEXT)")
    connection.close()


@pytest.mark.parametrize("resume", [False, True])
@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_text("a note of mine, not to be lost" * 100),
        lambda path: path.mkdir(),
        other_database,
    ],
)
def test_what_is_no_run_store_is_refused_and_kept(tmp_path: Path, make, resume) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "run"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(BadInput, match="run: "):
        RunStore.start(path, SETTINGS, resume=resume)
    assert (path.read_bytes() if path.is_file() else None) == before


@pytest.mark.parametrize("resume", [False, True])
def test_a_store_of_an_earlier_version_is_refused_and_kept(tmp_path: Path, resume: bool) -> None:
    RunStore.start(tmp_path / "run", SETTINGS).close()
    with closing(sqlite3.connect(tmp_path / "run")) as connection:
        connection.execute("PRAGMA user_version = 1")
    before = (tmp_path / "run").read_bytes()
    with pytest.raises(BadInput, match=r"run: a run store of version 1, .* choose another file"):
        RunStore.start(tmp_path / "run", SETTINGS, resume=resume)
    assert (tmp_path / "run").read_bytes() == before


def test_a_missing_file_or_folder_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such run store"):
        RunStore(tmp_path / "none")
    with pytest.raises(BadInput, match="cannot be written"):
        RunStore.start(tmp_path / "none" / "run", SETTINGS)


def test_a_damaged_store_is_bad_input(tmp_path: Path) -> None:
    with RunStore.start(tmp_path / "run", SETTINGS) as store:
        store.add("a", "mirrors", outcome_of(200))
    content = (tmp_path / "run").read_bytes()
    (tmp_path / "run").write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with (
        pytest.raises(BadInput, match="not a run store that can be used"),
        RunStore(tmp_path / "run") as store,
    ):
        store.outcomes("a")


def test_a_store_that_others_use_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    RunStore.start(tmp_path / "run", SETTINGS).close()
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, timeout=0.0))
    with RunStore(tmp_path / "run") as store, closing(sqlite3.connect(tmp_path / "run")) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(BadInput, match="run: cannot use the run store: database is locked"):
            store.add("a", "mirrors", outcome_of(1))


WRITER = """
import sys
from arcsolve.run.store import RunStore
from tests.arcsolve.run.test_store import SETTINGS, outcome_of
with RunStore.start(sys.argv[1], SETTINGS, resume=True) as store:
    for number in range(10**6):
        store.add(str(number), "mirrors", outcome_of(5))
        if not number:
            print("ready", flush=True)
"""


def test_a_killed_writer_leaves_only_whole_outcomes(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, "-c", WRITER, str(tmp_path / "run")]
    for pause in (0.0, 0.01, 0.1):
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(pause)
            writer.send_signal(signal.SIGKILL)
    with RunStore(tmp_path / "run") as store:
        done = sorted(int(task) for task, _ in store.done())
        assert done == list(range(max(1, len(done))))
        assert all(store.outcomes(str(task))["mirrors"] == outcome_of(5) for task in done)
