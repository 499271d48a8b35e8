"""A walk ends with the same two attempts for every test despite faulty solvers and kills."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import joblib.parallel
import pytest
from joblib._parallel_backends import ThreadingBackend

import arcsolve.run.pool
from arcsolve.answer import answer
from arcsolve.arbiter.decide import Decision
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.solver import Budget, Candidate, Solver, Stop, StopReason
from arcsolve.dsl.task import Task
from arcsolve.plan import Progress, run_lineup
from arcsolve.run.pool import Pool
from arcsolve.run.sandbox import Limits, Outcome
from arcsolve.run.store import RunSettings, RunStore
from arcsolve.walk import Decisions
from tests.fakes import MISDEEDS, Fails, Mirrors, small_task

BUDGET = Budget(1000, 1000)
TASKS = {f"task {n}": small_task(f"task {n}", tests=1 + n % 2) for n in range(6)}
LINEUP = (
    Mirrors(copies=3, pause=0.01),
    Mirrors(copies=1, pause=0.02, name="other mirrors"),
)


def walk(
    tasks: dict[str, Task],
    lineup: Sequence[Solver],
    store: RunStore,
    *,
    progress: Progress | None = None,
    limits: Limits | None = None,
    **terms: Any,
) -> int:
    """Walk with a pool of these `terms`, and return the number of unfinished units."""
    return run_lineup(tasks, lineup, store, Pool(BUDGET, limits, **terms), progress).unfinished


def decide_all(tasks: dict[str, Task], store: RunStore) -> dict[str, tuple[Decision, ...]]:
    return Decisions(tasks, store).decide_all()


def attempts(tasks: dict[str, Task], store: RunStore) -> str:
    """Return the attempts to submit, as text."""
    return "\n".join(
        f"{key} {[str(attempt.output) for attempt in each.attempts]}"
        for key, of_task in decide_all(tasks, store).items()
        for each in of_task
    )


def new_store(path: Path, lineup: Sequence[Solver] = LINEUP, resume: bool = False) -> RunStore:
    return RunStore.start(path, RunSettings.of(TASKS, lineup, BUDGET), resume=resume)


def walk_in_process(
    path: Path, jobs: int, resume: bool, lineup: Sequence[Solver], outcomes: int
) -> None:
    """Walk until the store has `outcomes` outcomes, then wait until the process is killed."""
    sys.modules.pop("torch", None)  # other tests load it, which makes solvers spawn slowly

    def stand_still(finished: int, total: int) -> None:
        if finished >= outcomes:
            print("ready", flush=True)
            time.sleep(3600)

    with new_store(path, lineup, resume) as store:
        walk(TASKS, lineup, store, jobs=jobs, progress=stand_still)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    with new_store(tmp_path_factory.mktemp("walk") / "run") as store:
        assert walk(TASKS, LINEUP, store, jobs=1) == 0
        return attempts(TASKS, store)


def test_the_answer_is_right_when_a_solver_is(expected: str) -> None:
    assert expected.startswith("task 0 ['21/43',")
    assert len(expected.splitlines()) == sum(len(task.tests) for task in TASKS.values())


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_two_workers_give_the_same_as_one(tmp_path: Path, expected: str, backend: str) -> None:
    with new_store(tmp_path / "run") as store:
        walk(TASKS, LINEUP, store, jobs=2, backend=backend)
        assert attempts(TASKS, store) == expected


@dataclass(frozen=True, slots=True)
class LooksAround:
    """Proposes each test input; its reason is "there" if its modules were imported before."""

    modules: tuple[str, ...]
    name: str = "looks around"

    def solve(self, task: Task, budget: Budget) -> Generator[Candidate, None, Stop]:
        there = all(module in sys.modules for module in self.modules)
        yield Candidate(0, task.tests[0], self.name, "there" if there else "missing")
        return Stop(StopReason.EXHAUSTED)


@pytest.mark.parametrize(
    ("jobs", "modules", "reason"),
    [(1, ("this",), "missing"), (2, ("this",), "there"), (2, ("not there", "this"), "missing")],
)
def test_workers_but_not_the_callers_process_import_what_solvers_need(
    tmp_path: Path, jobs: int, modules: tuple[str, ...], reason: str
) -> None:
    lineup = (LooksAround(modules),)
    with new_store(tmp_path / "run", lineup) as store:
        walk(TASKS, lineup, store, jobs=jobs)
        found = [c.reason for key in TASKS for c in store.outcomes(key)[lineup[0].name].candidates]
    assert found == [reason] * len(TASKS)
    assert "this" not in sys.modules


@dataclass(frozen=True, slots=True)
class KnowsSome:
    """Proposes a well supported output for some tasks."""

    known: tuple[str, ...]
    name: str = "knows some"

    def solve(self, task: Task, budget: Budget) -> Generator[Candidate, None, Stop]:
        if task.name in self.known:
            evidence = {"fit": 1.0, "support": 1.0, "length": 2.0}
            for test, grid in enumerate(task.tests):
                yield Candidate(test, grid, self.name, "known", evidence)
        return Stop(StopReason.EXHAUSTED)


def test_a_solver_goes_first_to_tasks_that_those_before_it_left_open(tmp_path: Path) -> None:
    first, then = KnowsSome(("task 0", "task 3")), Mirrors()
    with new_store(tmp_path / "run", (first, then)) as store:
        order = []
        add = store.add
        store.add = lambda *unit: (order.append(unit[:2]), add(*unit))  # type: ignore[assignment]
        walk(TASKS, (first, then), store, jobs=1)
    assert [key for key, name in order if name == first.name] == list(TASKS)
    late = [key for key, name in order if name == then.name]
    assert sorted(late) == sorted(TASKS)
    assert set(late[-2:]) == {"task 0", "task 3"}


@dataclass(frozen=True, slots=True)
class DearMirrors(Mirrors):
    """Skips tasks that are probably solved."""

    settled: float = 0.5


@pytest.mark.parametrize(("from_on", "left"), [(0.5, {"task 0", "task 3"}), (1.1, set())])
def test_a_solver_that_defers_leaves_settled_tasks_to_those_before_it(
    tmp_path: Path, from_on: float, left: set[str]
) -> None:
    lineup = KnowsSome(("task 0", "task 3")), DearMirrors(settled=from_on)
    seen: list[tuple[int, int]] = []
    with new_store(tmp_path / "run", lineup) as store:
        assert walk(TASKS, lineup, store, jobs=1, progress=lambda *at: seen.append(at)) == 0
        outcomes = {key: store.outcomes(key)["mirrors"] for key in TASKS}
    spared = {key for key, each in outcomes.items() if each.stop.reason is StopReason.SETTLED}
    assert spared == left == {key for key, each in outcomes.items() if not each.candidates}
    assert all("likely" in outcomes[key].stop.detail for key in left)
    assert seen == [(done, 2 * len(TASKS)) for done in range(2 * len(TASKS) + 1)]
    for key, task in TASKS.items():
        assert answer(task, lineup, BUDGET, Limits()).outcomes["mirrors"].stop == outcomes[key].stop


def test_only_earlier_solvers_settle_a_task(tmp_path: Path) -> None:
    lineup = DearMirrors(), KnowsSome(tuple(TASKS))
    with new_store(tmp_path / "run", lineup) as store:
        walk(TASKS, lineup, store, jobs=1)
        assert all(store.outcomes(key)["mirrors"].candidates for key in TASKS)


def test_the_order_of_the_lineup_does_not_matter(tmp_path: Path, expected: str) -> None:
    with new_store(tmp_path / "run", LINEUP[::-1]) as store:
        walk(TASKS, LINEUP[::-1], store, jobs=1)
        assert attempts(TASKS, store) == expected


def test_a_walk_killed_at_ten_moments_resumes_to_the_same_end(
    tmp_path: Path, expected: str
) -> None:
    """Each walk waits after some outcomes, and is killed there."""
    path, done = tmp_path / "run", []
    for moment in range(10):
        process = multiprocessing.get_context("fork").Process(
            target=walk_in_process, args=(path, 1, True, LINEUP, moment)
        )
        process.start()
        wait_until(lambda count=moment: stored(path) >= count)
        process.kill()
        process.join()
        process.close()
        done.append(stored(path))
    assert done == list(range(10)), "a resumed walk lost what was done"
    with new_store(path, resume=True) as store:
        walk(TASKS, LINEUP, store, jobs=1)
        assert attempts(TASKS, store) == expected


def stored(path: Path) -> int:
    """Count the outcomes in a run store that another process may still create."""
    try:
        with RunStore(path) as store:
            return len(store.done())
    except BadInput:
        return -1


def start(path: Path) -> subprocess.Popen[bytes]:
    """Start a walk with two workers in its own session, and wait for two stored outcomes."""
    root = str(Path(__file__).parents[2])
    start = f"walk_in_process(Path({str(path)!r}), 2, False, LINEUP, 2)"
    code = f"from tests.arcsolve.test_walk import *; {start}"
    process = subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": root},
        start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait as long as it takes: on a busy machine, a limit would fail by chance."""
    while not condition():
        time.sleep(0.02)


def test_a_killed_walk_with_two_workers_leaves_no_process_and_resumes(
    tmp_path: Path, expected: str
) -> None:
    with start(tmp_path / "run") as process:
        process.kill()
    wait_until(lambda: members(process.pid) == [])
    with new_store(tmp_path / "run", resume=True) as store:
        assert len(store.done()) == 2
        walk(TASKS, LINEUP, store, jobs=2)
        assert attempts(TASKS, store) == expected


def test_ctrl_c_keeps_what_is_done_and_ends_all_workers(tmp_path: Path) -> None:
    with start(tmp_path / "run") as process:
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=120)
    assert errors.rstrip().endswith(b"KeyboardInterrupt")
    wait_until(lambda: members(process.pid) == [])
    with RunStore(tmp_path / "run") as store:
        assert len(store.done()) == 2
        assert len(decide_all(TASKS, store)) == len(TASKS)


def members(session: int) -> list[str]:
    """Return the processes of a session that have not ended."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append((entry / "cmdline").read_text())
    return found


def test_every_misdeed_costs_only_its_own_answers(tmp_path: Path) -> None:
    bad = tuple(Fails(misdeed, name=misdeed) for misdeed in MISDEEDS)
    lineup = (Mirrors(), *bad)
    tasks = {"task 0": TASKS["task 0"]}
    with new_store(tmp_path / "run", lineup) as store:
        walk(tasks, lineup[:1], store, jobs=1)  # without a time limit
        limits = Limits(seconds=0.6, memory=100_000_000)
        assert walk(tasks, lineup, store, jobs=1, limits=limits) == 0
        outcomes = store.outcomes("task 0")
        assert set(outcomes) == {solver.name for solver in lineup}
        stops = [outcomes[solver.name].stop for solver in bad]
        reasons = {StopReason.CRASHED, StopReason.TIME, StopReason.MEMORY}
        assert {stop.reason for stop in stops} <= reasons
        assert all(stop.detail for stop in stops)
        assert attempts(tasks, store) == "task 0 ['21/43', '12/34']"


def test_with_no_answers_at_all_every_test_has_two_grids(tmp_path: Path) -> None:
    lineup = (Fails("raises"),)
    with new_store(tmp_path / "run", lineup) as store:
        walk({}, lineup, store)
        for key, of_task in decide_all(TASKS, store).items():
            assert len(of_task) == len(TASKS[key].tests)
            assert all(len({a.output for a in each.attempts}) == 2 for each in of_task)


class Clock:
    """A clock that only solvers advance: by a second, or up to their time limit."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        clock = SimpleNamespace(time=lambda: self.now, sleep=time.sleep)
        monkeypatch.setattr(arcsolve.run.pool, "time", clock)
        monkeypatch.setattr(arcsolve.run.pool, "run_isolated", self.run)

    def run(
        self, solver: Solver, task: Task, budget: Budget, limits: Limits, method: str
    ) -> Outcome:
        found = Candidate(0, task.tests[0], solver.name, "before the end")
        hangs = isinstance(solver, Fails)
        self.now += limits.seconds if hangs else 1.0
        stop = Stop(StopReason.TIME if hangs else StopReason.EXHAUSTED)
        return Outcome((found,), stop, 0.0)


def test_at_the_deadline_no_work_is_started_and_the_count_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, lineup = Clock(monkeypatch), (Mirrors(),)
    with new_store(tmp_path / "run", lineup) as store:
        left = walk(TASKS, lineup, store, jobs=1, deadline=clock.now + 3.0)
        assert left == len(TASKS) - 3
        assert len(store.done()) == 3
        assert len(decide_all(TASKS, store)) == len(TASKS)
        assert walk(TASKS, lineup, store, jobs=1) == 0


def test_a_solver_that_hangs_does_not_take_the_time_of_all_tasks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, lineup = Clock(monkeypatch), (Fails("hangs"),)
    with new_store(tmp_path / "run", lineup) as store:
        left = walk(TASKS, lineup, store, jobs=1, deadline=clock.now + 60.0)
        outcomes = [o for key in TASKS for o in store.outcomes(key).values()]
        assert left == len(TASKS)
        assert len(outcomes) > 1
        assert all(outcome.stop.reason is StopReason.DEADLINE for outcome in outcomes)
        assert walk(TASKS, lineup, store, jobs=1, limits=Limits(0.1)) == 0
        reasons = {o.stop.reason for key in TASKS for o in store.outcomes(key).values()}
        assert reasons == {StopReason.TIME}


def test_what_the_deadline_cut_short_is_kept_and_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks, seen = {"task 0": TASKS["task 0"]}, list[tuple[int, int]]()
    hangs, answers = Fails("hangs", name="x"), Mirrors(name="x")
    terms = {"jobs": 1, "progress": lambda *at: seen.append(at)}
    with new_store(tmp_path / "run") as store:
        with monkeypatch.context() as patch:
            clock = Clock(patch)
            assert walk(tasks, (hangs,), store, deadline=clock.now + 1.0, **terms) == 1
        assert [c.reason for c in store.outcomes("task 0")["x"].candidates] == ["before the end"]
        assert seen[-1] == (0, 1)
        assert walk(tasks, (answers,), store, **terms) == 0
        assert [c.reason for c in store.outcomes("task 0")["x"].candidates] == ["mirror 0"]
        assert seen[-1] == (1, 1)


def test_its_own_answers_that_were_cut_short_settle_no_task_for_a_solver(tmp_path: Path) -> None:
    lineup = KnowsSome(()), DearMirrors()
    evidence = {"fit": 1.0, "support": 1.0, "length": 2.0}
    found = Candidate(0, TASKS["task 0"].tests[0], "mirrors", "so far", evidence)
    with new_store(tmp_path / "run", lineup) as store:
        store.add("task 0", "mirrors", Outcome((found,), Stop(StopReason.DEADLINE), 1.0))
        assert walk(TASKS, lineup, store, jobs=1) == 0
        stops = {store.outcomes(key)["mirrors"].stop.reason for key in TASKS}
    assert stops == {StopReason.EXHAUSTED}


def test_progress_counts_what_was_done_before(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    with new_store(tmp_path / "run") as store:
        walk(TASKS, LINEUP[:1], store, jobs=1)
        walk(TASKS, LINEUP, store, jobs=1, progress=lambda *at: seen.append(at))
    assert seen == [(done, 12) for done in range(6, 13)]


@pytest.mark.parametrize(("address", "given"), [("tcp://far:8786", "tcp://far:8786"), ("", None)])
def test_dask_is_told_where_its_scheduler_is(
    address: str, given: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []

    class Dask(ThreadingBackend):
        def __init__(self, scheduler_host: str | None = None, **terms: int) -> None:
            asked.append(scheduler_host)
            super().__init__(**terms)

    monkeypatch.setitem(joblib.parallel.BACKENDS, "dask", Dask)
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", address)
    with new_store(tmp_path / "run") as store:
        assert walk(TASKS, LINEUP[:1], store, jobs=2, backend="dask") == 0
        walk(TASKS, LINEUP, store, jobs=2, backend="threading")
    assert asked == [given]


def test_names_of_solvers_must_differ_and_the_backend_must_exist(tmp_path: Path) -> None:
    with new_store(tmp_path / "run") as store:
        with pytest.raises(BadInput, match="distinct names"):
            walk(TASKS, (Mirrors(), Mirrors(copies=2)), store)
        with pytest.raises(BadInput, match="backend 'abacus' cannot be used"):
            walk(TASKS, LINEUP, store, backend="abacus", jobs=2)
        with pytest.raises(BadInput, match="backend 'multiprocessing' cannot be used"):
            walk(TASKS, LINEUP, store, backend="multiprocessing", jobs=2)
