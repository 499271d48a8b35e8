"""A faulty solver in its own process costs only its own answers, and leaves nothing behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.solver import Budget, Candidate, CurvePoint, Stop, StopReason
from arcsolve.dsl.task import Task
from arcsolve.run.sandbox import Limits, Outcome, default_start_method, run_isolated, warm_up
from tests.fakes import MISDEEDS, Fails, Mirrors, small_task

BUDGET = Budget(operations=1000, states=1000)
FORK = "fork"  # the default is spawn if other tests have loaded torch
LIMITS = Limits(seconds=120.0, memory=100_000_000)

CRASHES = {
    "raises": "RuntimeError: no luck with small (fakes.py:",
    "exits": "exited with code 3",
    "exits politely": "exited with code 4",
    "is killed": "killed by SIGKILL, perhaps for lack of memory",
    "ends by a nameless signal": "killed by signal 40",
    "segfaults": "killed by SIGSEGV",
    "leaves a child": "exited with code 5",
    "recurses": "RecursionError",
    "yields nonsense": "TypeError: expected a Candidate with a Grid, found 'a grid'",
    "yields rows": "TypeError: expected a Candidate with a Grid",
    "yields for no test": "ValueError: there is no test 1",
    "yields a giant": "ValueError: the output has shape (1, 31)",
    "yields nan": "ValueError: evidence must be finite",
    "yields too many votes": "ValueError: votes must be from 0 to 1, found 2.0",
    "yields a novel": "ValueError: candidate 2 of",
    "yields broken text": "UnicodeEncodeError",
    "raises broken text": "OSError: ???",
    "returns nothing": "TypeError: expected a Candidate with a Grid, found None",
    "never ends": "ValueError: candidate 2001",
}
TIMEOUTS = ["hangs", "spins", "ignores signals"]


def run(misdeed: str) -> Outcome:
    limits = Limits(1.5, LIMITS.memory) if misdeed in TIMEOUTS else LIMITS
    return run_isolated(Fails(misdeed), small_task(), BUDGET, limits, FORK)


def test_every_misdeed_has_an_expectation() -> None:
    assert set(MISDEEDS) == {*CRASHES, *TIMEOUTS, "eats memory"}


@pytest.mark.parametrize("misdeed", CRASHES)
def test_a_crash_is_told_and_keeps_earlier_candidates(misdeed: str) -> None:
    outcome = run(misdeed)
    assert outcome.stop.reason is StopReason.CRASHED
    assert outcome.stop.detail.startswith(CRASHES[misdeed])
    assert outcome.candidates[0].reason == "before the end"


@pytest.mark.parametrize("misdeed", TIMEOUTS)
def test_a_hang_ends_at_the_time_limit(misdeed: str) -> None:
    outcome = run(misdeed)
    assert outcome.stop.reason is StopReason.TIME
    assert len(outcome.candidates) == 1


def test_memory_is_limited() -> None:
    outcome = run("eats memory")
    assert outcome.stop == Stop(StopReason.MEMORY, "over 100,000,000 bytes")
    assert len(outcome.candidates) == 1


@pytest.mark.parametrize("start_method", ["fork", "spawn"])
def test_candidates_come_through_whole(start_method: str) -> None:
    task = small_task(tests=2)
    outcome = run_isolated(Mirrors(copies=3), task, BUDGET, Limits(seconds=30.0), start_method)
    assert outcome.stop == Stop(StopReason.EXHAUSTED)
    solver = Mirrors(copies=3).solve(task, BUDGET)
    assert list(outcome.candidates) == list(solver)
    assert outcome.candidates[0].output == Grid("21/43")


@dataclass(frozen=True)
class Traces(Mirrors):
    """Yields a curve point with this test and accuracy, and then candidates."""

    test: int = 0
    accuracy: float = 0.5

    def solve(self, task: Task, budget: Budget) -> Generator[Any, None, Stop]:
        yield CurvePoint(self.test, task.tests[0], 0.25, 2.0, self.accuracy)
        return (yield from super().solve(task, budget))


def test_points_of_a_training_curve_come_apart_from_candidates() -> None:
    task = small_task()
    outcome = run_isolated(Traces(), task, BUDGET, LIMITS, FORK)
    assert outcome.trace == (CurvePoint(0, task.tests[0], 0.25, 2.0, 0.5),)
    assert outcome.candidates == run_isolated(Mirrors(), task, BUDGET, LIMITS, FORK).candidates


@pytest.mark.parametrize(
    ("solver", "problem"),
    [(Traces(test=1), "there is no test 1"), (Traces(accuracy=1.5), "found 0.25, 2.0 and 1.5")],
)
def test_a_point_that_is_none_of_this_task_is_a_crash(solver: Traces, problem: str) -> None:
    outcome = run_isolated(solver, small_task(), BUDGET, LIMITS, FORK)
    assert outcome.stop.reason is StopReason.CRASHED
    assert problem in outcome.stop.detail
    assert outcome.trace == ()


class CountsByNumpy(Mirrors):
    def solve(self, task: Task, budget: Budget) -> Generator[Candidate, None, Stop]:
        for test in np.arange(len(task.tests)):
            yield Candidate(test, task.tests[test], self.name, "r", {"fit": np.float32(0.5)})
        return Stop(StopReason.EXHAUSTED)


def test_numbers_of_numpy_are_taken_for_numbers() -> None:
    outcome = run_isolated(CountsByNumpy(), small_task(tests=2), BUDGET, LIMITS, FORK)
    assert outcome.stop == Stop(StopReason.EXHAUSTED)
    assert [(type(c.test), c.test, c.evidence) for c in outcome.candidates] == [
        (int, 0, {"fit": 0.5}),
        (int, 1, {"fit": 0.5}),
    ]


def test_nothing_is_left_behind() -> None:
    run("raises")
    files, processes = len(os.listdir("/proc/self/fd")), children(os.getpid())
    for misdeed in ("raises", "hangs", "exits", "leaves a child"):
        run(misdeed)
    assert len(os.listdir("/proc/self/fd")) == files
    assert children(os.getpid()) == processes


def test_cpu_time_is_counted_also_when_killed() -> None:
    assert run("spins").core_seconds > 0


def test_a_daemonic_process_is_told_that_it_cannot_run_solvers() -> None:
    pool = multiprocessing.get_context("fork").Pool(1)
    with pool, pytest.raises(BadInput, match="daemonic"):
        pool.apply(run_isolated, (Mirrors(), small_task(), BUDGET))


def test_an_interrupt_kills_the_child() -> None:
    others = set(multiprocessing.active_children())  # idle workers of other tests
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        run_isolated(Fails("ignores signals"), small_task(), BUDGET, LIMITS, FORK)
    timer.join()
    assert set(multiprocessing.active_children()) <= others


def test_a_killed_parent_takes_its_child_along(tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(
        "from tests.fakes import Fails, small_task\n"
        "from arcsolve.run.sandbox import run_isolated\n"
        "from arcsolve.dsl.solver import Budget\n"
        "run_isolated(Fails('hangs'), small_task(), Budget(1, 1))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen([sys.executable, script], env=environment) as parent:
        child = wait_for(lambda: children(parent.pid))
        parent.kill()
    assert wait_for(lambda: not Path(f"/proc/{child[0]}").exists())


def test_a_solver_that_warms_up_is_warmed_up_in_this_process() -> None:
    class Warm(Mirrors):
        calls = 0

        def warm_up(self) -> None:
            Warm.calls += 1

    warm_up(Warm())
    warm_up(Mirrors())
    assert Warm.calls == 1


def test_a_solver_that_cannot_warm_up_spoils_nothing_for_others() -> None:
    class Cold(Mirrors):
        def warm_up(self) -> None:
            raise RuntimeError("too cold")

    warm_up(Cold())
    outcome = run_isolated(Cold(), small_task(), BUDGET, LIMITS, FORK)
    assert outcome.stop == Stop(StopReason.EXHAUSTED)


def test_processes_with_torch_are_forked_only_where_it_is_idle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "torch", ModuleType("torch"))
    assert default_start_method() == "spawn"
    assert default_start_method(idle=True) == "fork"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert default_start_method(idle=True) == "spawn"


def test_a_solvers_prints_stay_out_of_stdout(tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(
        "from tests.fakes import Mirrors, small_task\n"
        "from arcsolve.run.sandbox import run_isolated\n"
        "from arcsolve.dsl.solver import Budget\n"
        "class Prints(Mirrors):\n"
        "    def solve(self, task, budget):\n"
        "        print('noise')\n"
        "        return (yield from Mirrors.solve(self, task, budget))\n"
        "print(run_isolated(Prints(), small_task(), Budget(9, 9)).stop.reason)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(
        [sys.executable, script], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "exhausted\n"
    assert done.stderr == "noise\n"


def children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def wait_for(condition, seconds: float = 10.0):  # type: ignore[no-untyped-def]
    """Wait for the condition, and return its first true value."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.02)
    raise AssertionError("waited in vain")
