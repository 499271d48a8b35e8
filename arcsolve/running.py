"""A whole run: the walk over a data set into a run store, and the submission that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from arcsolve.datasets import Dataset
from arcsolve.lineups import budget_of, limits_of, lineup_of
from arcsolve.store import RunSettings, RunStore
from arcsolve.walk import Progress, decisions, walk
from dsl.task import Task
from submissions.submission import Submission

__all__ = ["Plan", "finish", "submission_of"]


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

    Returns how many units of work were not started for lack of time. What is found is in the
    store, also when this is interrupted. Raises BadInput as `lineup_of` and `RunStore.start`.
    """
    lineup, budget = lineup_of(plan.lineup), budget_of(plan.effort, plan.seed)
    settings = RunSettings.of(dataset.tasks, lineup, budget)
    with RunStore.start(store, settings, resume=resume) as run:
        return walk(
            dataset.tasks,
            lineup,
            budget,
            run,
            jobs=plan.jobs,
            limits=limits_of(plan.effort),
            deadline=deadline,
            progress=progress,
            backend=plan.backend,
        )


def submission_of(tasks: Mapping[str, Task], store: RunStore) -> Submission:
    """Two attempts for every test of every task, from what the store holds."""
    return Submission(
        {
            task: tuple((d.attempts[0].output, d.attempts[1].output) for d in decided)
            for task, decided in decisions(tasks, store).items()
        }
    )
