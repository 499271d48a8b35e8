"""A whole run: the walk over a data set into a run store, and the submission from its results."""

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
"""Called with the number of finished units of work (a solver on a task), and of all units."""


class Finished(NamedTuple):
    """The units of work that a run left for lack of time, and its decisions by task."""

    unfinished: int
    decisions: Mapping[str, tuple[Decision, ...]]


@dataclass(frozen=True)
class Plan:
    """The solvers and the effort of a run, by name, and how the run is spread over workers.

    `jobs` is the number of worker processes, one a core if None; `backend` is joblib's. The
    properties raise BadInput for unknown names.
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
        """The work limits for one solver on one task."""
        return find_budget(self.effort, self.seed)

    @property
    def limits(self) -> Limits:
        """The hard limits on one solver on one task."""
        return find_limits(self.effort)

    def settings(self, dataset: Dataset) -> RunSettings:
        """Everything that the results of the run on these tasks depend on."""
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
    """Run what the run store lacks, until the `deadline`, in seconds since the epoch.

    Every result is in the store as soon as it arrives, and stays there if the run is interrupted.
    Without a deadline, the results do not depend on the number of jobs or on interruptions.
    Raises BadInput as the properties of the plan, `RunStore.start` and `Pool`.
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
    """Walk over the tasks into an open run store, report the progress, and decide."""
    total, done = len(tasks) * len(lineup), store.done()
    finished = sum((key, solver.name) in done for key in tasks for solver in lineup)
    report = progress or (lambda finished, total: None)
    report(finished, total)
    decisions = Decisions(tasks, store)
    for _, _, outcome in walk(tasks, lineup, store, decisions, pool):
        finished += outcome.stop.reason is not StopReason.DEADLINE
        report(finished, total)
    return Finished(total - finished, decisions.decide_all())


def holds_run(store: str | Path, plan: Plan, dataset: Dataset) -> bool:
    """Whether the run store exists and holds this run."""
    try:
        with RunStore(store) as run:
            return run.settings() == plan.settings(dataset)
    except BadInput:
        return False


def build_submission(decisions: Mapping[str, tuple[Decision, ...]]) -> Submission:
    """The two attempts for every test of every task, as a submission."""
    return Submission(
        {
            task: tuple((d.attempts[0].output, d.attempts[1].output) for d in decided)
            for task, decided in decisions.items()
        }
    )
