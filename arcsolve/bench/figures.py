"""What benchmarks count: samples of a split, and the figures of a run against the solutions."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from arcsolve.data.datasets import Dataset
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.solver import Budget, Solver
from arcsolve.lineups import find_limits
from arcsolve.plan import Progress, build_submission, run_lineup
from arcsolve.run.pool import Pool
from arcsolve.run.store import RunSettings, RunStore
from arcsolve.run.summary import summarize
from arcsolve.submissions.scoring import score, solved_outputs
from arcsolve.submissions.submission import Submission
from arcsolve.walk import Decisions

FEWEST_LOCKED = 20  # tasks of a locked set: a count over fewer tells of single ones


class TaskFigures(NamedTuple):
    """What came of one task; `stopped` says why each of its solvers stopped."""

    task: str
    solved: int
    outputs: int
    core_seconds: float
    stopped: str


def sample(
    dataset: Dataset, *, every: int = 1, offset: int = 0, limit: int | None = None
) -> Dataset:
    """Every n-th task with its solutions, from position `offset` on, at most `limit` of them.

    Raises BadInput if that leaves no task.
    """
    stop = None if limit is None else offset + limit * every
    tasks = dict(islice(dataset.tasks.items(), offset, stop, every))
    if not tasks:
        raise BadInput(f"{dataset.name} has only {len(dataset.tasks)} tasks: the sample is empty")
    if dataset.solutions is None:
        return replace(dataset, tasks=tasks)
    solutions = {task: known for task, known in dataset.solutions.items() if task in tasks}
    return replace(dataset, tasks=tasks, solutions=solutions or None)


def check_countable(dataset: Dataset, *, by_task: bool = False) -> None:
    """Raise BadInput if no solutions are known, or if the report would tell of a locked task.

    It would `by_task`, and as counts that hold only a handful of locked tasks.
    """
    if dataset.solutions is None:
        raise BadInput(f"no solutions are known for {dataset.name}: there is nothing to count")
    if dataset.locked and (by_task or len(dataset.locked) < FEWEST_LOCKED):
        raise BadInput(f"{dataset.name} has locked tasks: only counts over many of them are told")


def run_solver(
    solver: Solver,
    dataset: Dataset,
    budget: Budget,
    store: Path,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Run this solver on what the store, a new one or one to go on with, lacks.

    A store does not know of changes to the code: use new ones then. Raises BadInput as
    `RunStore.start`, for example if the store is of another solver, budget or set of tasks.
    """
    settings = RunSettings.of(dataset.tasks, (solver,), budget)
    pool = Pool(budget, find_limits("full"), jobs=jobs)
    with RunStore.start(store, settings, resume=True) as run:
        run_lineup(dataset.tasks, (solver,), run, pool, progress)


def submit_stored(dataset: Dataset, store: RunStore) -> Submission:
    """The submission that the candidates of a stored run give."""
    return build_submission(Decisions(dataset.tasks, store).decide_all())


def find_solved(dataset: Dataset, store: RunStore) -> set[tuple[str, int]]:
    """(task, test) of the outputs solved; raises BadInput as `check_countable` with `by_task`."""
    check_countable(dataset, by_task=True)
    solved = solved_outputs(submit_stored(dataset, store), dataset.solutions or {})
    return {(task, test) for task, row in solved.items() for test, yes in enumerate(row) if yes}


def figures(dataset: Dataset, store: RunStore, submission: Submission) -> dict[str, Any]:
    """Counts of outputs and tasks, core-seconds, stop reasons and crashes; no tasks by name.

    `submission` holds the attempts that the stored run led to. Raises BadInput as
    `check_countable`.
    """
    check_countable(dataset)
    known = dataset.solutions or {}
    both, first = score(submission, known), score(submission, known, attempts=1)
    summary = summarize(store, dataset.tasks)
    return {
        "outputs": both.outputs,
        "outputs_solved": both.outputs_solved,
        "outputs_solved_at_1": first.outputs_solved,
        "tasks": both.tasks,
        "tasks_solved": both.tasks_solved,
        "core_seconds": round(summary.core_seconds, 2),
        "core_seconds_per_output": round(summary.core_seconds / dataset.num_outputs, 3),
        "core_seconds_of_slowest_task": round(summary.most_core_seconds, 2),
        "stops": summary.stops,
        "crashes": dict(summary.crash_counts()),
    }


def figures_by_task(dataset: Dataset, store: RunStore, submission: Submission) -> list[TaskFigures]:
    """The figures of each task; raises BadInput as `check_countable` with `by_task`."""
    check_countable(dataset, by_task=True)
    solved = solved_outputs(submission, dataset.solutions or {})
    return [_task_figures(task, outputs, store) for task, outputs in solved.items()]


def _task_figures(task: str, solved: tuple[bool, ...], store: RunStore) -> TaskFigures:
    outcomes = store.outcomes(task).values()
    seconds = round(sum(outcome.core_seconds for outcome in outcomes), 2)
    stopped = ", ".join(str(outcome.stop.reason) for outcome in outcomes)
    return TaskFigures(task, sum(solved), len(solved), seconds, stopped)
