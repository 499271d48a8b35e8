"""Samples a split, runs a solver on it, and counts solved outputs and their cost."""

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

FEWEST_LOCKED = 20  # tasks of a locked set; a count over fewer tasks would reveal single tasks


class TaskFigures(NamedTuple):
    """The figures of one task; `stopped` lists the stop reason of each solver."""

    task: str
    solved: int
    outputs: int
    core_seconds: float
    stopped: str


def sample(
    dataset: Dataset, *, every: int = 1, offset: int = 0, limit: int | None = None
) -> Dataset:
    """Return every n-th task from position `offset` on, at most `limit` tasks, with solutions.

    Raises BadInput for an empty sample.
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
    """Raise BadInput if no solutions are known, or if a report would reveal single locked tasks.

    A report `by_task` reveals locked tasks. So do counts over fewer than `FEWEST_LOCKED` of them.
    """
    if dataset.solutions is None:
        raise BadInput(f"no solutions are known for {dataset.name}: there is nothing to count")
    if dataset.locked and (by_task or len(dataset.locked) < FEWEST_LOCKED):
        raise BadInput(f"{dataset.name} has locked tasks: only counts over many tasks are reported")


def run_solver(
    solver: Solver,
    dataset: Dataset,
    budget: Budget,
    store: Path,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Run a solver on the tasks that the run store at a path lacks.

    Use a new store after changes to the code, which a store does not notice. `jobs` is the number
    of worker processes, or None for one per core. Raises BadInput as `RunStore.start`, for example
    for a store of another solver, budget or set of tasks.
    """
    settings = RunSettings.of(dataset.tasks, (solver,), budget)
    pool = Pool(budget, find_limits("full"), jobs=jobs)
    with RunStore.start(store, settings, resume=True) as run:
        run_lineup(dataset.tasks, (solver,), run, pool, progress)


def submit_stored(dataset: Dataset, store: RunStore) -> Submission:
    """Build the submission from the candidates of a stored run."""
    return build_submission(Decisions(dataset.tasks, store).decide_all())


def find_solved(dataset: Dataset, store: RunStore) -> set[tuple[str, int]]:
    """Return the (task, test) of each solved output. Raises BadInput for locked tasks."""
    check_countable(dataset, by_task=True)
    solved = solved_outputs(submit_stored(dataset, store), dataset.solutions or {})
    return {(task, test) for task, row in solved.items() for test, yes in enumerate(row) if yes}


def figures(dataset: Dataset, store: RunStore, submission: Submission) -> dict[str, Any]:
    """Count outputs, tasks, core-seconds, stop reasons and crashes of a run, without task names.

    `submission` has the attempts from the stored run. Raises BadInput as `check_countable`.
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
    """Return the figures of each task. Raises BadInput for locked tasks."""
    check_countable(dataset, by_task=True)
    solved = solved_outputs(submission, dataset.solutions or {})
    return [_task_figures(task, outputs, store) for task, outputs in solved.items()]


def _task_figures(task: str, solved: tuple[bool, ...], store: RunStore) -> TaskFigures:
    outcomes = store.outcomes(task).values()
    seconds = round(sum(outcome.core_seconds for outcome in outcomes), 2)
    stopped = ", ".join(str(outcome.stop.reason) for outcome in outcomes)
    return TaskFigures(task, sum(solved), len(solved), seconds, stopped)
