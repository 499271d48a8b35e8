"""Commands that show one task, or list the data sets."""

from __future__ import annotations

import click

from arcsolve.cli.options import as_json
from arcsolve.cli.output import console, print_json, print_table


@click.command()
@click.argument("task")
@click.option("--solutions", is_flag=True, help="Show the solutions of the tests, if known.")
@as_json
def show(task: str, solutions: bool, as_json: bool) -> None:
    """Show the grids of TASK.

    TASK is a task file, the id of an open embedded task, or FILE:ID or SET:ID for one task of a
    file or an embedded set.

    \b
    Example: arcsolve show task.json --solutions
    """
    from arcsolve.cli.sources import open_task
    from arcsolve.report.terminal import task_strips

    shown = open_task(task)
    answers = shown.solutions if solutions else ()
    if as_json:
        print_json(
            {
                "task": shown.task.name,
                "pairs": [
                    {"input": pair.input.rows(), "output": pair.output.rows()}
                    for pair in shown.task.pairs
                ],
                "tests": [grid.rows() for grid in shown.task.tests],
                "solutions": [grid.rows() for grid in answers],
            }
        )
        return
    out = console()
    out.print(f"task {shown.task.name}\n", soft_wrap=True)
    for strip in task_strips(shown.task, answers):
        out.print(strip)
        out.print()


@click.command()
@as_json
def datasets(as_json: bool) -> None:
    """List the embedded data sets.

    Each row counts the tasks, the outputs to predict and the open tasks, and gives a fingerprint of
    the content. The other tasks are locked: commands only report counts over all of them.

    \b
    Example: arcsolve datasets
    """
    from arcsolve.data.datasets import load
    from arcsolve.data.embedded import EMBEDDED

    loaded = [load(name) for name in EMBEDDED]
    rows = [
        (d.name, len(d.tasks), d.num_outputs, len(d.tasks) - len(d.locked), d.fingerprint)
        for d in loaded
    ]
    header = ("name", "tasks", "outputs", "open", "fingerprint")
    if as_json:
        print_json([dict(zip(header, row, strict=True)) for row in rows])
    else:
        print_table(header, rows)
