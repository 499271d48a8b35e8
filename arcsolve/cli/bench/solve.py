"""Counts the outputs of a split that are solved within two attempts, and their cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from arcsolve.cli.options import as_json, sample_options, work_options, worker_options
from arcsolve.cli.output import print_json, print_table
from arcsolve.cli.progress import progress_bar

if TYPE_CHECKING:
    from arcsolve.bench.figures import TaskFigures


@click.command("solve")
@click.argument("split")
@work_options
@worker_options
@sample_options
@click.option("--tasks", is_flag=True, help="List each task; only for open splits.")
@click.option("--store", metavar="FILE", help="Keep the run store in this file.")
@click.option("--resume", is_flag=True, help="Continue the run in the run store.")
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
    from arcsolve.bench.environment import environment
    from arcsolve.bench.figures import check_countable, figures, figures_by_task, sample
    from arcsolve.data.datasets import load
    from arcsolve.dsl.errors import BadInput
    from arcsolve.plan import Plan, build_submission, finish
    from arcsolve.run.store import RunStore

    if resume and store is None:
        raise BadInput("--resume needs a run store to continue: name it with --store")
    chosen: dict[str, Any] = {"every": every, "offset": offset, "limit": limit}
    dataset = sample(load(split), **chosen)
    check_countable(dataset, by_task=tasks)  # before any work
    with _store_path(store) as path:
        with progress_bar() as progress:
            run = Plan(**plan)
            finished = finish(run, dataset, path, resume=resume, progress=progress)
        submission = build_submission(finished.decisions)
        with RunStore(path) as found:
            measured = figures(dataset, found, submission)
            by_task = figures_by_task(dataset, found, submission) if tasks else []
    if not as_json:
        _show(measured, by_task)
    detail = {"by_task": [row._asdict() for row in by_task]} if tasks and as_json else {}
    settings = {"split": split, **chosen, **plan}
    print_json({**measured, **settings, **environment(), **detail})


@contextmanager
def _store_path(store: str | None) -> Iterator[Path]:
    if store is not None:
        yield Path(store)
        return
    with TemporaryDirectory() as folder:
        yield Path(folder) / "bench.run"


def _show(measured: dict[str, Any], by_task: list[TaskFigures]) -> None:
    rows = [(name.replace("_", " "), value) for name, value in _flatten(measured)]
    print_table(("figure", "value"), rows)
    if by_task:
        print_table(by_task[0]._fields, by_task)


def _flatten(measured: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each figure, with a line of its own for each stop reason and each crash."""
    for name, value in measured.items():
        if isinstance(value, dict):
            yield from ((f"{name}: {key}", count) for key, count in value.items())
        else:
            yield name, value
