"""Runs a solver on many tasks in worker processes, within a deadline."""

from __future__ import annotations

import math
import os
import threading
import time
import warnings
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache

from joblib import Parallel, delayed, effective_n_jobs, parallel_config

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.solver import Budget, Solver, StopReason
from arcsolve.dsl.task import Task
from arcsolve.run.sandbox import (
    Limits,
    Outcome,
    default_start_method,
    preload,
    run_isolated,
    warm_up,
)

FAIR_SHARES = 4.0  # even shares of the time left that one unit may take; most units take less
WATCH_SECONDS = 0.5  # between a worker's checks that its parent process is alive

_Result = tuple[str, Outcome | None]
"""A task and its outcome, or None if the deadline came first."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """One solver on one task, sent to a worker."""

    key: str
    task: Task
    solver: Solver
    budget: Budget
    limits: Limits
    deadline: float  # in seconds since the epoch
    owner: int  # id of the process that started the workers
    share: float = math.inf  # of the time left, in seconds

    @property
    def seconds_left(self) -> float:
        return min(self.share, self.deadline - time.time())


class Pool:
    """Worker processes that run solvers. A pool is the `Execute` of a walk.

    `budget` and `limits` hold for each solver on each task. `jobs` is the number of worker
    processes, or None for one per core. `backend` names a registered joblib backend. `deadline` is
    in seconds since the epoch. Raises BadInput as `start_workers`.
    """

    def __init__(
        self,
        budget: Budget,
        limits: Limits | None = None,
        *,
        jobs: int | None = None,
        backend: str = "loky",
        deadline: float | None = None,
    ) -> None:
        self._terms = budget, limits or Limits(), deadline or math.inf, os.getpid()
        self._run, self._workers = start_workers(jobs, backend)

    def __call__(
        self, solver: Solver, tasks: Mapping[str, Task], later: int = 0
    ) -> Iterator[tuple[str, Outcome]]:
        """Run a solver on tasks, and yield (task, outcome) in the order of arrival.

        `later` is the number of units of later solvers, which share the time left.
        At the deadline, running units yield their candidates so far, and waiting units yield
        nothing. A KeyboardInterrupt ends the workers and passes through.
        """
        if not tasks:
            return
        warm_up(solver)  # before workers start, so that they find compiled kernels
        units = [_Unit(key, task, solver, *self._terms) for key, task in tasks.items()]
        timed = _share_time(units, later, self._workers)
        with _closing(self._run(delayed(_run)(unit) for unit in timed)) as results:
            for key, outcome in results:
                if outcome is not None:
                    yield key, outcome


def start_workers(jobs: int | None, backend: str, *, ordered: bool = False) -> tuple[Parallel, int]:
    """Return joblib's runner, which gives units to idle workers, and the number of workers.

    `jobs` is the number of workers, or None for one per core. `backend` names a joblib backend.
    Results come in the order of arrival, or if `ordered` in the order of the units. Raises
    BadInput for a backend that is unknown, cannot run units one by one, or reaches no workers.
    """
    found = "generator" if ordered else "generator_unordered"
    try:
        with parallel_config(backend, n_jobs=jobs or -1, **_scheduler(backend)):
            run = Parallel(return_as=found, batch_size=1, pre_dispatch="n_jobs")
            return run, effective_n_jobs(jobs or -1)
    except (ImportError, ValueError, OSError) as error:
        raise BadInput(f"the joblib backend {backend!r} cannot be used: {error}") from None


def _scheduler(backend: str) -> dict[str, str]:
    """Return the address of dask's scheduler from the variable that dask itself reads."""
    address = os.environ.get("DASK_SCHEDULER_ADDRESS")
    return {"scheduler_host": address} if backend == "dask" and address else {}


@contextmanager
def _closing(results: Generator[_Result, None, None]) -> Iterator[Iterator[_Result]]:
    """End the workers if the block ends early, and silence joblib's warning about that."""
    try:
        yield results
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            results.close()


def _share_time(units: list[_Unit], later: int, workers: int) -> Iterator[_Unit]:
    """Yield units with their shares of the time left; a quick unit leaves time to later units."""
    for number, unit in enumerate(units):
        waiting = len(units) - number + later
        yield replace(unit, share=FAIR_SHARES * unit.seconds_left * workers / waiting)


def _run(unit: _Unit) -> _Result:
    """Run a unit in a worker; the outcome is None if the unit has no time left."""
    idle = os.getppid() == unit.owner  # true in a process of the pool, which runs nothing else
    if idle:
        _end_with(unit.owner)
        preload(unit.solver)
    warm_up(unit.solver)
    seconds = unit.seconds_left
    if seconds <= 0:
        return unit.key, None
    method, cut = default_start_method(idle=idle), seconds < unit.limits.seconds
    limits = replace(unit.limits, seconds=min(seconds, unit.limits.seconds))
    outcome = run_isolated(unit.solver, unit.task, unit.budget, limits, method)
    if cut and outcome.stop.reason is StopReason.TIME:
        outcome = replace(outcome, stop=replace(outcome.stop, reason=StopReason.DEADLINE))
    return unit.key, outcome


@cache
def _end_with(parent: int) -> None:
    """End this worker when its parent ends, even if the parent is killed."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
