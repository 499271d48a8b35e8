"""The command that writes a submission file for a set of tasks."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from arcsolve.cli.options import DURATION, as_json, output_option, work_options, worker_options
from arcsolve.cli.output import print_json
from arcsolve.cli.progress import progress_bar

if TYPE_CHECKING:
    from arcsolve.datasets import Dataset
    from arcsolve.summary import RunSummary
    from submissions.scoring import Score

__all__ = ["submit"]

WRAP_UP = 0.02  # share of the time limit kept for deciding and writing,
MIN_WRAP_UP = 2.0  # seconds at least; a set of 400 tasks takes less than one


@click.command()
@click.argument("challenges")
@output_option
@work_options
@worker_options
@click.option("--time-limit", type=DURATION, help="Stop after this time: 90s, 10m, 9h.")
@click.option("--store", metavar="FILE", help="The run store.  [default: OUTPUT.run]")
@click.option("--resume", is_flag=True, help="Go on with the run in the run store.")
@as_json
def submit(
    challenges: str,
    output: str,
    time_limit: float | None,
    store: str | None,
    resume: bool,
    as_json: bool,
    **plan: Any,
) -> None:
    """Write a submission file for CHALLENGES.

    CHALLENGES is a challenge file, a folder of task files, or the name of an embedded set.
    Results are kept in the run store as they arrive: a run that was stopped goes on with
    --resume. Without --time-limit only work limits bound a run.

    \b
    Example: arcsolve submit challenges.json -o submission.json --time-limit 9h
    """
    from arcsolve.datasets import load
    from arcsolve.running import Plan, finish

    deadline = _deadline(time_limit)
    _check_writable(output)
    dataset = load(challenges)
    store = store or f"{output}.run"
    try:
        with progress_bar() as progress:
            finish(
                Plan(**plan), dataset, store, resume=resume, deadline=deadline, progress=progress
            )
    except KeyboardInterrupt:
        if Path(store).is_file():
            _write(dataset, output, store)
            click.echo(
                f"\nwrote {output} with guesses for what is unfinished; to go on, run the same "
                "command with --resume",
                err=True,
            )
        raise
    counted, summary = _write(dataset, output, store)
    if as_json:
        print_json(_document(dataset, output, counted, summary))
    else:
        _report(dataset, output, counted, summary)


def _check_writable(output: str) -> None:
    """Raise BadInput before hours of work for a file that cannot be written after them."""
    import os

    from dsl.errors import BadInput

    folder = os.path.dirname(output) or "."
    if os.path.isdir(output):
        raise BadInput("expected a file to write, found a folder", file=output)
    if not (os.path.isdir(folder) and os.access(folder, os.W_OK)):
        raise BadInput("cannot be written: there is no such folder to write in", file=output)


def _deadline(time_limit: float | None) -> float | None:
    """In seconds since the epoch, with a part of the limit left for writing the file."""
    if time_limit is None:
        return None
    return time.time() + time_limit - max(WRAP_UP * time_limit, MIN_WRAP_UP)


def _write(dataset: Dataset, output: str, store: str) -> tuple[Score | None, RunSummary]:
    """Write the submission that the store gives; its score, if solutions are known."""
    from arcsolve.running import submission_of
    from arcsolve.store import RunStore
    from arcsolve.summary import summarize
    from submissions.scoring import score
    from submissions.submission import write_submission

    with RunStore(store) as run:
        submission = submission_of(dataset.tasks, run)
        summary = summarize(run, dataset.tasks)
    write_submission(submission, output, dataset.tasks)
    known = dataset.solutions
    return (None if known is None else score(submission, known)), summary


def _report(dataset: Dataset, output: str, counted: Score | None, summary: RunSummary) -> None:
    click.echo(f"wrote {output}: {len(dataset.tasks)} tasks, {dataset.num_outputs} outputs")
    if counted is not None:
        click.echo(f"solved {counted}")
    stops = [f"{reason} {count}" for reason, count in summary.stops.items()]
    stops += [f"not started {summary.unfinished}"] if summary.unfinished else []
    click.echo(f"stopped: {', '.join(stops)}")
    click.echo(f"core-seconds: {summary.core_seconds:.1f}")
    for said, count in summary.crash_counts():
        click.echo(f"crashed {count} times: {said}")


def _document(
    dataset: Dataset, output: str, counted: Score | None, summary: RunSummary
) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "output": output,
        "dataset": dataset.name,
        "tasks": len(dataset.tasks),
        "outputs": dataset.num_outputs,
        "score": None if counted is None else asdict(counted),
        "stops": summary.stops,
        "unfinished": summary.unfinished,
        "core_seconds": round(summary.core_seconds, 2),
        "crashes": dict(summary.crash_counts()),
    }
