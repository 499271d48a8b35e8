"""The command that writes a submission file for a set of tasks."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import click

from arcsolve.cli.options import DURATION, as_json, output_option, work_options, worker_options
from arcsolve.cli.output import print_json
from arcsolve.cli.progress import progress_bar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arcsolve.arbiter.decide import Decision
    from arcsolve.data.datasets import Dataset
    from arcsolve.run.summary import RunSummary
    from arcsolve.submissions.scoring import Score

WRAP_UP = 0.02  # share of the time limit kept for deciding and writing
MIN_WRAP_UP = 2.0  # seconds; 400 tasks take less than one second


@click.command()
@click.argument("challenges")
@output_option
@work_options
@worker_options
@click.option("--time-limit", type=DURATION, help="Stop after this time: 90s, 10m or 9h.")
@click.option("--store", metavar="FILE", help="Run store to write.  [default: OUTPUT.run]")
@click.option("--resume", is_flag=True, help="Continue the run in the run store.")
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

    CHALLENGES is a challenge file, a folder of task files, or the name of an embedded set. The run
    store keeps each result as it arrives. If a run was stopped, continue it with --resume. Without
    --time-limit, only the work limits of --effort bound a run.

    \b
    Example: arcsolve submit challenges.json -o submission.json --time-limit 9h
    """
    from arcsolve.data.datasets import load
    from arcsolve.plan import Plan, finish, holds_run
    from arcsolve.run.store import RunStore
    from arcsolve.run.summary import summarize

    deadline = _deadline(time_limit)
    store = store or f"{output}.run"
    _check_files(challenges, output, store)
    dataset, run = load(challenges), Plan(**plan)
    try:
        with progress_bar() as progress:
            terms: dict[str, Any] = {"deadline": deadline, "progress": progress}
            unfinished, decisions = finish(run, dataset, store, resume=resume, **terms)
    except KeyboardInterrupt:
        if holds_run(store, run, dataset):
            _write_stored(dataset, output, store)
            click.echo(
                f"\nwrote {output} with guesses for unfinished tasks; to continue, run the same "
                "command with --resume",
                err=True,
            )
        raise
    counted = _write(dataset, output, decisions)
    with RunStore(store) as found:
        summary = summarize(found, dataset.tasks)
    if as_json:
        print_json(_document(dataset, output, counted, summary, unfinished))
    else:
        _report(dataset, output, counted, summary, unfinished)


def _check_files(challenges: str, output: str, store: str) -> None:
    """Raise BadInput before any work if a file is not writable or would overwrite another."""
    from arcsolve.dsl.errors import BadInput
    from arcsolve.submissions.files import check_writable, escape_path

    for path in (output, store):
        check_writable(path)
    target = os.path.realpath(output)
    for role, path in (("run store", store), ("challenge file", challenges)):
        if os.path.realpath(path) == target:
            raise BadInput(
                f"cannot write the submission: it is the {role}", file=escape_path(output)
            )


def _deadline(time_limit: float | None) -> float | None:
    """Return the deadline in seconds since the epoch; it leaves time to write the file."""
    if time_limit is None:
        return None
    return time.time() + time_limit - max(WRAP_UP * time_limit, MIN_WRAP_UP)


def _write_stored(dataset: Dataset, output: str, store: str) -> None:
    """Write the submission from the stored results of an interrupted run."""
    from arcsolve.run.store import RunStore
    from arcsolve.walk import Decisions

    with RunStore(store) as run:
        _write(dataset, output, Decisions(dataset.tasks, run).decide_all())


def _write(
    dataset: Dataset, output: str, decisions: Mapping[str, tuple[Decision, ...]]
) -> Score | None:
    """Write the submission, and return its score if solutions are known."""
    from arcsolve.plan import build_submission
    from arcsolve.submissions.scoring import score
    from arcsolve.submissions.submission import write_submission

    submission = build_submission(decisions)
    write_submission(submission, output, dataset.tasks)
    return None if dataset.solutions is None else score(submission, dataset.solutions)


def _report(
    dataset: Dataset, output: str, counted: Score | None, summary: RunSummary, unfinished: int
) -> None:
    click.echo(f"wrote {output}: {len(dataset.tasks)} tasks, {dataset.num_outputs} outputs")
    if counted is not None:
        click.echo(f"solved {counted}")
    stops = [f"{reason} {count}" for reason, count in summary.stops.items()]
    if stops:
        click.echo(f"stopped: {', '.join(stops)}")
    if unfinished:
        problem = f"unfinished for lack of time: {unfinished}"
        click.echo(f"{problem}; to finish, run the same command with --resume")
    click.echo(f"core-seconds: {summary.core_seconds:.1f}")
    for message, count in summary.crash_counts():
        click.echo(f"crashed {count} times: {message}")


def _document(
    dataset: Dataset, output: str, counted: Score | None, summary: RunSummary, unfinished: int
) -> dict[str, Any]:
    """Build the JSON document; `unfinished` counts pairs of solver and task without time."""
    from dataclasses import asdict

    return {
        "output": output,
        "dataset": dataset.name,
        "tasks": len(dataset.tasks),
        "outputs": dataset.num_outputs,
        "score": None if counted is None else asdict(counted),
        "stops": summary.stops,
        "unfinished": unfinished,
        "core_seconds": round(summary.core_seconds, 2),
        "crashes": dict(summary.crash_counts()),
    }
