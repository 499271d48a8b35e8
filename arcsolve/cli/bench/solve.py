"""Counts the outputs of a split that are solved within two attempts, and their cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from arcsolve.cli.options import (
    as_json,
    sample_options,
    store_options,
    tasks_option,
    work_options,
    worker_options,
)
from arcsolve.cli.output import print_json, print_table
from arcsolve.cli.progress import progress_bar

if TYPE_CHECKING:
    from arcsolve.arbiter.decide import Decision
    from arcsolve.data.datasets import Dataset
    from arcsolve.plan import Plan
    from arcsolve.run.store import RunStore


@click.command("solve")
@click.argument("split")
@work_options
@worker_options
@sample_options
@tasks_option
@store_options
@as_json
def command(
    split: str,
    every: int,
    offset: int,
    limit: int | None,
    tasks: bool,
    store: str | None,
    resume: bool,
    as_json: bool,
    **plan: Any,
) -> None:
    """Count the solved outputs of SPLIT.

    SPLIT is the name of an embedded set, or tasks with solutions as for submit. Core-seconds are
    those of the solvers' processes. The last line of the output is one JSON document with the
    figures, the commit and the machine.

    \b
    Example: arcsolve bench solve arc-agi-1-training --effort fast
    """
    from arcsolve.bench.figures import sample
    from arcsolve.data.datasets import load
    from arcsolve.plan import Plan

    check_resumable(store, resume=resume)
    chosen: dict[str, Any] = {"every": every, "offset": offset, "limit": limit}
    dataset = sample(load(split), **chosen)
    measured, detail = count_solved(dataset, Plan(**plan), store, resume=resume, tasks=tasks)
    print_figures(measured, detail, {"split": split, **chosen, **plan}, as_json=as_json)


def check_resumable(store: str | None, *, resume: bool) -> None:
    """Raise BadInput if a run shall continue that no run store keeps."""
    from arcsolve.dsl.errors import BadInput

    if resume and store is None:
        raise BadInput("--resume needs a run store to continue: name it with --store")


def count_solved(
    dataset: Dataset, plan: Plan, store: str | None, *, resume: bool, tasks: bool
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Run a plan on a data set, and return its figures and, for `tasks`, those of each task.

    `store` and `resume` are those of `finished_run`. Raises BadInput as `check_countable`.
    """
    from arcsolve.bench.figures import check_countable, figures, figures_by_task
    from arcsolve.plan import build_submission

    check_countable(dataset, by_task=tasks)  # before any work
    with finished_run(dataset, plan, store, resume=resume) as (decisions, run):
        submission = build_submission(decisions)
        measured = figures(dataset, run, submission)
        by_task = figures_by_task(dataset, run, submission) if tasks else []
    return measured, [row._asdict() for row in by_task]


@contextmanager
def finished_run(
    dataset: Dataset, plan: Plan, store: str | None, *, resume: bool
) -> Iterator[tuple[Mapping[str, tuple[Decision, ...]], RunStore]]:
    """Finish the run of a plan with a progress bar, and yield its decisions and its run store.

    `store` is the path of the run store, or None for a temporary one. `resume` continues the run
    in it. Raises BadInput as `arcsolve.plan.finish`.
    """
    from arcsolve.plan import finish
    from arcsolve.run.store import RunStore

    with _store_path(store) as path:
        with progress_bar() as progress:
            finished = finish(plan, dataset, path, resume=resume, progress=progress)
        with RunStore(path) as run:
            yield finished.decisions, run


@contextmanager
def _store_path(store: str | None) -> Iterator[Path]:
    if store is not None:
        yield Path(store)
        return
    with TemporaryDirectory() as folder:
        yield Path(folder) / "bench.run"


def print_figures(
    measured: dict[str, Any],
    by_task: list[dict[str, Any]],
    settings: dict[str, Any],
    *,
    as_json: bool,
) -> None:
    """Print figures as tables and as one JSON document, or as the document alone.

    `by_task` has a row for each task to list. `settings` are the options of the command.
    """
    from arcsolve.bench.environment import environment

    if not as_json:
        rows = [(name.replace("_", " "), value) for name, value in _flatten(measured)]
        print_table(("figure", "value"), rows)
    if not as_json and by_task:
        print_table(tuple(by_task[0]), [tuple(row.values()) for row in by_task])
    detail = {"by_task": by_task} if by_task and as_json else {}
    print_json({**measured, **settings, **environment(), **detail})


def _flatten(measured: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each figure, with a line of its own for each stop reason and each crash."""
    for name, value in measured.items():
        if isinstance(value, dict):
            yield from ((f"{name}: {key}", count) for key, count in value.items())
        else:
            yield name, value
