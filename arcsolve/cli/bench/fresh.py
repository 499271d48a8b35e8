"""Counts the fresh outputs that are solved from fresh pairs of known tasks."""

from __future__ import annotations

from typing import Any

import click

from arcsolve.cli.bench.solve import check_resumable, count_solved, print_figures
from arcsolve.cli.options import (
    as_json,
    sample_options,
    store_options,
    tasks_option,
    work_options,
    worker_options,
)


@click.command("fresh")
@click.argument("file")
@work_options
@worker_options
@sample_options
@tasks_option
@store_options
@as_json
def command(
    file: str,
    every: int,
    offset: int,
    limit: int | None,
    tasks: bool,
    store: str | None,
    resume: bool,
    as_json: bool,
    **plan: Any,
) -> None:
    """Count the solved outputs of tasks made of fresh instances.

    FILE is an instance file {id: [{"input": grid, "output": grid}, ...]}, gzipped or plain. The
    first four instances of a task are its pairs, and the fifth is its test. The last line of the
    output is one JSON document, as in `arcsolve bench solve`.

    \b
    Example: arcsolve bench fresh instances.json.gz --every 8
    """
    from arcsolve.bench.figures import sample
    from arcsolve.bench.fresh_tasks import NUM_USED, build_fresh
    from arcsolve.plan import Plan
    from arcsolve.submissions.challenges import read_instances

    check_resumable(store, resume=resume)
    chosen: dict[str, Any] = {"every": every, "offset": offset, "limit": limit}
    dataset = sample(build_fresh(read_instances(file, NUM_USED), file), **chosen)
    measured, detail = count_solved(dataset, Plan(**plan), store, resume=resume, tasks=tasks)
    print_figures(measured, detail, {"file": file, **chosen, **plan}, as_json=as_json)
