"""Counts the tasks whose programs solve fresh instances of the same rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from arcsolve.cli.bench.solve import check_resumable, finished_run, print_figures
from arcsolve.cli.options import (
    as_json,
    sample_options,
    store_options,
    tasks_option,
    work_options,
    worker_options,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arcsolve.bench.replays import Labels


@click.command("transfer")
@click.argument("file")
@click.option(
    "--pairs", type=click.Choice(["fresh", "original"]), default="fresh", show_default=True,
    help="Learn from four fresh pairs, or from the original task of arc-agi-1-training.",
)  # fmt: skip
@work_options
@worker_options
@sample_options
@tasks_option
@click.option("--labels", metavar="JSON", help="Write how each proposed program transfers.")
@store_options
@as_json
def command(
    file: str,
    pairs: str,
    every: int,
    offset: int,
    limit: int | None,
    tasks: bool,
    labels: str | None,
    store: str | None,
    resume: bool,
    as_json: bool,
    **plan: Any,
) -> None:
    """Count the tasks whose programs solve fresh instances.

    FILE is an instance file, as in `arcsolve bench fresh`, with 25 instances a task. The program of
    attempt 1 at the first test runs on the inputs 6 to 25. A task transfers if at least 18 of these
    20 outputs are right. The last line of the output is one JSON document.

    --labels writes the share of right outputs for every program among the candidates.

    \b
    Example: arcsolve bench transfer instances.json.gz --pairs original
    """
    from arcsolve.bench import fresh_tasks
    from arcsolve.bench.figures import check_countable, figures, sample
    from arcsolve.bench.replays import label_programs, replay_attempts, transfer_figures
    from arcsolve.plan import Plan, build_submission
    from arcsolve.submissions.challenges import read_instances
    from arcsolve.submissions.files import check_writable

    check_resumable(store, resume=resume)
    if labels is not None:
        check_writable(labels)
    chosen: dict[str, Any] = {"every": every, "offset": offset, "limit": limit}
    instances = read_instances(file, fresh_tasks.NUM_USED + fresh_tasks.NUM_REPLAYED)
    build = fresh_tasks.build_fresh if pairs == "fresh" else fresh_tasks.build_original
    dataset = sample(build(instances, file), **chosen)
    check_countable(dataset, by_task=tasks or labels is not None)  # before any work
    replayed = fresh_tasks.select_replayed(instances)
    with finished_run(dataset, Plan(**plan), store, resume=resume) as (decisions, run):
        replays = replay_attempts(dataset, decisions, replayed)
        measured = figures(dataset, run, build_submission(decisions)) | transfer_figures(replays)
        labeled = label_programs(replays, run, replayed) if labels is not None else {}
    settings = {"file": file, "pairs": pairs, **chosen, **plan}
    if labels is not None:
        _write_labels(labels, labeled, settings)
    detail = [each._asdict() for each in replays] if tasks else []
    print_figures(measured, detail, settings, as_json=as_json)


def _write_labels(path: str, labeled: Mapping[str, Labels], settings: dict[str, Any]) -> None:
    """Write labels with the settings, the commit and the machine as one JSON document."""
    import json

    from arcsolve.bench.environment import environment
    from arcsolve.submissions.files import write_whole

    tasks = {task: each._asdict() for task, each in labeled.items()}
    document = {**settings, **environment(), "tasks": tasks}
    write_whole(path, (json.dumps(document, indent=1) + "\n").encode())
