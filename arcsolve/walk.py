"""The walk: every solver on every task, in worker processes, into the run store; then decisions.

tasks -> solvers -> candidates (run store) -> arbiter -> two attempts for every test

One solver after the other goes through the tasks, each first to those that the solvers before it
have left open; some leave out those that are settled (`arcsolve.run.early_stop`).
"""

from __future__ import annotations

import math
import os
import threading
import time
import warnings
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from joblib import Parallel, delayed, effective_n_jobs, parallel_config

from arcsolve.arbiter.decide import Decision, decide
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.solver import Budget, Solver, StopReason
from arcsolve.dsl.task import Task
from arcsolve.run.early_stop import settled, solved_probability
from arcsolve.run.sandbox import (
    Limits,
    Outcome,
    default_start_method,
    preload,
    run_isolated,
    warm_up,
)
from arcsolve.run.store import RunStore

FAIR_SHARES = 4.0  # even shares of the time left that one unit of work may take; most take less
WATCH_SECONDS = 0.5  # between a worker's looks whether the walk still lives

_Result = tuple[str, str, Outcome | None]
"""Task, solver and outcome; None if the deadline came first."""

Progress = Callable[[int, int], None]
"""Called with the number of finished units of work, and of all of them."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """One solver on one task, as sent to a worker."""

    key: str
    task: Task
    solver: Solver
    budget: Budget
    limits: Limits
    deadline: float  # in seconds since the epoch
    walker: int  # process id of the walk
    share: float = math.inf  # seconds that it may take of the time that is left

    @property
    def seconds_left(self) -> float:
        return min(self.share, self.deadline - time.time())


def walk(
    tasks: Mapping[str, Task],
    lineup: Sequence[Solver],
    budget: Budget,
    store: RunStore,
    *,
    jobs: int | None = None,
    limits: Limits | None = None,
    deadline: float | None = None,
    progress: Progress | None = None,
    backend: str = "loky",
) -> int:
    """Run every solver on every task that the store lacks, and store outcomes as they arrive.

    Returns how many of these units of work the deadline, given in seconds since the epoch, left
    unfinished: not started, or cut short, with what they had found in the store. Without one the
    outcomes do not depend on the number of jobs, on the order of arrival or on interruptions.
    `jobs` and `backend` are as in `workers_of`; `limits` hold for each unit.
    KeyboardInterrupt passes through: what is finished is in the store, and workers have ended.
    """
    done, total, report = store.done(), len(tasks) * len(lineup), progress or _ignore
    left = [(s, [key for key in tasks if (key, s.name) not in done]) for s in _distinct(lineup)]
    waiting = sum(len(keys) for _, keys in left)
    finished = total - waiting
    report(finished, total)
    for solver in lineup if waiting else ():
        warm_up(solver)  # before there are workers: what is compiled now they find compiled
    run, workers = workers_of(jobs, backend)
    terms = budget, limits or Limits(), deadline or math.inf, os.getpid()
    before: set[str] = set()
    for solver, keys in left:
        waiting -= len(keys)
        likely = _solved_probabilities({key: tasks[key] for key in keys}, store, before)
        spared = [(key, solver.name, settled(solver, likely[key])) for key in keys]
        # the least likely first: if time runs out, it should be for tasks that are solved already
        ordered = sorted((key for key, _, outcome in spared if not outcome), key=likely.__getitem__)
        units = [_Unit(key, tasks[key], solver, *terms) for key in ordered]
        with _closed(run(delayed(_run)(u) for u in _timed(units, waiting, workers))) as results:
            for key, name, outcome in chain(spared, results):
                if outcome is not None:
                    store.add(key, name, outcome)
                    finished += outcome.stop.reason is not StopReason.DEADLINE
                    report(finished, total)
        before.add(solver.name)
    return total - finished


def _solved_probabilities(
    tasks: Mapping[str, Task], store: RunStore, solvers: Collection[str]
) -> dict[str, float]:
    """For each task the probability that the answers that these solvers gave solve it.

    Another's answers may be there as well if a run is resumed that its deadline had cut short.
    """
    likely = dict.fromkeys(tasks, 0.0)
    for key, task in tasks.items() if solvers else ():
        outcomes = store.outcomes(key).items()
        candidates = [c for name, o in outcomes if name in solvers for c in o.candidates]
        if candidates:
            likely[key] = solved_probability(decide(task, candidates))
    return likely


def workers_of(jobs: int | None, backend: str, *, ordered: bool = False) -> tuple[Parallel, int]:
    """joblib's runner, which gives each worker one unit at a time, and the number of workers.

    `jobs` are worker processes, None for one a core; `backend` is the name of any registered
    joblib backend. Results come as they arrive, or if `ordered` in the order of the units. Raises
    BadInput for a backend that is not there, cannot do that, or has no workers to be reached.
    """
    found = "generator" if ordered else "generator_unordered"
    try:
        with parallel_config(backend, n_jobs=jobs or -1, **_place_of(backend)):
            run = Parallel(return_as=found, batch_size=1, pre_dispatch="n_jobs")
            return run, effective_n_jobs(jobs or -1)
    except (ImportError, ValueError, OSError) as error:
        raise BadInput(f"the joblib backend {backend!r} cannot be used: {error}") from None


def _place_of(backend: str) -> dict[str, str]:
    """Where dask's scheduler is, by the variable that dask itself reads, if it is told."""
    address = os.environ.get("DASK_SCHEDULER_ADDRESS")
    return {"scheduler_host": address} if backend == "dask" and address else {}


@contextmanager
def _closed(results: Generator[_Result, None, None]) -> Iterator[Iterator[_Result]]:
    """Ends the workers if what is inside ends early, without joblib's warning that it did."""
    try:
        yield results
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            results.close()


def decisions(tasks: Mapping[str, Task], store: RunStore) -> dict[str, tuple[Decision, ...]]:
    """For every task, in the order given, two attempts for each of its tests; whatever the store
    lacks is made up for by the fallback."""
    return {
        key: decide(task, [c for o in store.outcomes(key).values() for c in o.candidates])
        for key, task in tasks.items()
    }


def _distinct(lineup: Sequence[Solver]) -> Sequence[Solver]:
    """The same; raises BadInput if two solvers share a name, by which outcomes are stored."""
    names = [solver.name for solver in lineup]
    if len(set(names)) < len(names):
        raise BadInput(f"the solvers of a line-up need distinct names, found {', '.join(names)}")
    return lineup


def _timed(units: Sequence[_Unit], later: int, workers: int) -> Iterator[_Unit]:
    """The units with their part of the time left: what quick ones leave over goes to the others.

    `later` is how many come after them.
    """
    for number, unit in enumerate(units):
        waiting = len(units) - number + later
        yield replace(unit, share=FAIR_SHARES * unit.seconds_left * workers / waiting)


def _run(unit: _Unit) -> _Result:
    """In a worker: the unit's outcome, None if its time has passed before it starts."""
    idle = os.getppid() == unit.walker  # a process of the walk's own: nothing else runs in it
    if idle:
        _end_with(unit.walker)
        preload(unit.solver)
    warm_up(unit.solver)
    seconds = unit.seconds_left
    if seconds <= 0:
        return unit.key, unit.solver.name, None
    method, cut = default_start_method(idle=idle), seconds < unit.limits.seconds
    limits = replace(unit.limits, seconds=min(seconds, unit.limits.seconds))
    outcome = run_isolated(unit.solver, unit.task, unit.budget, limits, method)
    if cut and outcome.stop.reason is StopReason.TIME:
        outcome = replace(outcome, stop=replace(outcome.stop, reason=StopReason.DEADLINE))
    return unit.key, unit.solver.name, outcome


@cache
def _end_with(parent: int) -> None:
    """Have this worker end when its parent does, also if that is killed: joblib's would live on."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _ignore(finished: int, total: int) -> None:
    """Reports no progress."""
