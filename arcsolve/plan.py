"""Plans a run over a data set, executes it into a run store, and builds the submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from arcsolve.arbiter.decide import Decision
from arcsolve.data.datasets import Dataset
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.solver import Budget, Solver, StopReason
from arcsolve.dsl.task import Task
from arcsolve.lineups import find_budget, find_limits, load_lineup
from arcsolve.run.pool import Pool
from arcsolve.run.sandbox import Limits
from arcsolve.run.store import RunSettings, RunStore
from arcsolve.submissions.submission import Submission
from arcsolve.walk import Decisions, walk

Progress = Callable[[int, int], None]
"""A callback for the number of finished units and of all units; a unit is a solver on a task."""


class Finished(NamedTuple):
    """The number of units that a run did not finish in time, and its decisions by task."""

    unfinished: int
    decisions: Mapping[str, tuple[Decision, ...]]


@dataclass(frozen=True)
class Plan:
    """The names of a run's line-up and effort, its seed, and its worker processes.

    `jobs` is the number of worker processes, or None for one per core. `backend` names a joblib
    backend. The properties raise BadInput for unknown names.
    """

    lineup: str = "search"
    effort: str = "fast"
    seed: int = 0
    jobs: int | None = None
    backend: str = "loky"

    @cached_property
    def solvers(self) -> tuple[Solver, ...]:
        """The solvers of the line-up."""
        return load_lineup(self.lineup)

    @cached_property
    def budget(self) -> Budget:
        """The work limits of one solver on one task."""
        return find_budget(self.effort, self.seed)

    @property
    def limits(self) -> Limits:
        """The hard limits of one solver on one task."""
        return find_limits(self.effort)

    def settings(self, dataset: Dataset) -> RunSettings:
        """Return all settings that the results of the run on a data set depend on."""
        return RunSettings.of(dataset.tasks, self.solvers, self.budget)


def finish(
    plan: Plan,
    dataset: Dataset,
    store: str | Path,
    *,
    resume: bool = False,
    deadline: float | None = None,
    progress: Progress | None = None,
) -> Finished:
    """Run every solver on every task that the run store lacks, until the deadline.

    `store` is the path of the run store. `resume` continues the run in it. `deadline` is in
    seconds since the epoch. `progress` is called after each outcome.

    The store receives each outcome as soon as it arrives, and keeps it if the run is interrupted.
    Without a deadline, the results do not depend on the number of jobs or on interruptions.
    Raises BadInput for unknown names, and as `RunStore.start` and `Pool`.
    """
    with RunStore.start(store, plan.settings(dataset), resume=resume) as run:
        pool = Pool(
            plan.budget, plan.limits, jobs=plan.jobs, backend=plan.backend, deadline=deadline
        )
        return run_lineup(dataset.tasks, plan.solvers, run, pool, progress)


def run_lineup(
    tasks: Mapping[str, Task],
    lineup: Sequence[Solver],
    store: RunStore,
    pool: Pool,
    progress: Progress | None = None,
) -> Finished:
    """Walk over the tasks with an open run store, report progress, and decide on every task."""
    total, done = len(tasks) * len(lineup), store.done()
    finished = sum((key, solver.name) in done for key in tasks for solver in lineup)
    report = progress or (lambda finished, total: None)
    report(finished, total)
    decisions = Decisions(tasks, store)
    for _, _, outcome in walk(lineup, decisions, pool):
        finished += outcome.stop.reason is not StopReason.DEADLINE
        report(finished, total)
    return Finished(total - finished, decisions.decide_all())


def holds_run(store: str | Path, plan: Plan, dataset: Dataset) -> bool:
    """Return True if the run store exists and holds the run of this plan."""
    try:
        with RunStore(store) as run:
            return run.settings() == plan.settings(dataset)
    except BadInput:
        return False


def build_submission(decisions: Mapping[str, tuple[Decision, ...]]) -> Submission:
    """Build a submission of the two attempts at every test of every task."""
    return Submission(
        {
            task: tuple((d.attempts[0].output, d.attempts[1].output) for d in decided)
            for task, decided in decisions.items()
        }
    )
