"""A whole run: the walk over a data set into a run store, and the submission that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from arcsolve.data.datasets import Dataset
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.task import Task
from arcsolve.lineups import budget_of, limits_of, lineup_of
from arcsolve.run.store import RunSettings, RunStore
from arcsolve.submissions.submission import Submission
from arcsolve.walk import Progress, decisions, walk


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run, by the names of line-up and effort, and how it is spread over workers.

    `jobs` is the number of worker processes, one a core if None; `backend` is joblib's.
    """

    lineup: str = "search"
    effort: str = "fast"
    seed: int = 0
    jobs: int | None = None
    backend: str = "loky"


def finish(
    plan: Plan,
    dataset: Dataset,
    store: str | Path,
    *,
    resume: bool = False,
    deadline: float | None = None,
    progress: Progress | None = None,
) -> int:
    """Run what the store lacks; `deadline` is in seconds since the epoch.

    Returns how many units of work are unfinished for lack of time. What is found is in the
    store, also when this is interrupted. Raises BadInput as `lineup_of` and `RunStore.start`.
    """
    with RunStore.start(store, _settings_of(plan, dataset), resume=resume) as run:
        return walk(
            dataset.tasks,
            lineup_of(plan.lineup),
            budget_of(plan.effort, plan.seed),
            run,
            jobs=plan.jobs,
            limits=limits_of(plan.effort),
            deadline=deadline,
            progress=progress,
            backend=plan.backend,
        )


def holds_run(store: str | Path, plan: Plan, dataset: Dataset) -> bool:
    """Whether the run store is there and of this run: it is not if the run was not yet begun."""
    try:
        with RunStore(store) as run:
            return run.settings() == _settings_of(plan, dataset)
    except BadInput:
        return False


def _settings_of(plan: Plan, dataset: Dataset) -> RunSettings:
    lineup, budget = lineup_of(plan.lineup), budget_of(plan.effort, plan.seed)
    return RunSettings.of(dataset.tasks, lineup, budget)


def submission_of(tasks: Mapping[str, Task], store: RunStore) -> Submission:
    """Two attempts for every test of every task, from what the store holds."""
    return Submission(
        {
            task: tuple((d.attempts[0].output, d.attempts[1].output) for d in decided)
            for task, decided in decisions(tasks, store).items()
        }
    )
