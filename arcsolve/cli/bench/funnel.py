"""Counts the outputs of an open split that the search loses at each stage."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from arcsolve.cli.bench.families import show_families
from arcsolve.cli.options import as_json, effort_option, sample_options, worker_options
from arcsolve.cli.output import print_json, print_table
from arcsolve.cli.progress import progress_bar

if TYPE_CHECKING:
    from arcsolve.bench.tracing import Reach, Trace


@click.command("funnel")
@click.argument("split", default="arc-agi-1-training")
@effort_option
@worker_options
@sample_options
@click.option("--tasks", is_flag=True, help="List each output.")
@as_json
def command(
    split: str,
    effort: str,
    jobs: int | None,
    backend: str,
    tasks: bool,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Count where the search for programs loses outputs of SPLIT.

    SPLIT must be open. A second table counts the outputs that each family of primitives solves, as
    in `arcsolve bench families`. The last line of the output is one JSON document. `arcsolve bench
    --funnel` is the same command.

    \b
    Example: arcsolve bench funnel arc-agi-1-training --every 8
    """
    from arcsolve.bench.contributions import count_contributions
    from arcsolve.bench.environment import environment
    from arcsolve.bench.figures import sample
    from arcsolve.bench.tracing import Reach, trace_dataset
    from arcsolve.data.datasets import load
    from arcsolve.lineups import find_budget
    from arcsolve.search.program_solver import ProgramSolver

    dataset = sample(load(split), **chosen)
    terms: dict[str, Any] = {"jobs": jobs, "backend": backend}
    with progress_bar() as bar:
        traces = trace_dataset(dataset, ProgramSolver(), find_budget(effort), **terms, progress=bar)
    solved = [trace.programs for trace in traces if trace.reach is Reach.SOLVED and trace.programs]
    families = count_contributions(solved)
    if not as_json:
        _show(traces, tasks)
        show_families(families)
    measured = {
        "outputs": len(traces),
        "stages": {_key(stage): count for stage, count in _count_stages(traces).items()},
        "misled": _count_misled(traces),
        "families": [row._asdict() for row in families],
    }
    settings = {"split": split, "effort": effort, **chosen, **terms}
    detail = {"by_output": [_document(trace) for trace in traces]} if tasks and as_json else {}
    print_json({**measured, **settings, **environment(), **detail})


def _count_stages(traces: list[Trace]) -> dict[Reach, int]:
    """Count the outputs that end at each stage, for all stages in their order."""
    from arcsolve.bench.tracing import Reach

    counts = Counter(trace.reach for trace in traces)
    return {stage: counts[stage] for stage in Reach}


def _count_misled(traces: list[Trace]) -> int:
    return sum(trace.misled for trace in traces)


def _key(stage: Reach) -> str:
    return stage.name.lower()


def _document(trace: Trace) -> dict[str, Any]:
    task, test, stage, misled = trace.task, trace.test, _key(trace.reach), trace.misled
    return {"task": task, "test": test, "stage": stage, "misled": misled}


def _show(traces: list[Trace], tasks: bool) -> None:
    from arcsolve.bench.tracing import MEANINGS

    rows = [(MEANINGS[stage], count) for stage, count in _count_stages(traces).items()]
    rows.append(("misled: lost, and a program chosen that fits all pairs", _count_misled(traces)))
    print_table(("where outputs end", "outputs"), rows)
    if tasks:
        lines = [(t.task, t.test, MEANINGS[t.reach], "misled" * t.misled) for t in traces]
        print_table(("task", "test", "stage", ""), lines)
