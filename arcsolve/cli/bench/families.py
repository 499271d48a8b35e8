"""Counts the outputs of a stored run that each family of primitives solves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from arcsolve.cli.options import as_json
from arcsolve.cli.output import print_json, print_table

if TYPE_CHECKING:
    from arcsolve.bench.contributions import Contribution


@click.command("families")
@click.argument("store")
@click.argument("split", default="arc-agi-1-training")
@as_json
def command(store: str, split: str, as_json: bool) -> None:
    """Count what each family of primitives solves.

    STORE is a run store of SPLIT, from `arcsolve bench solve --store`. A family is a module of
    primitives. The table counts the chosen programs with the family, and the outputs whose every
    right program in STORE has it. The last line of the output is one JSON document.

    \b
    Example: arcsolve bench families training.run arc-agi-1-training
    """
    from arcsolve.bench.contributions import check_split, count_contributions, stored_programs
    from arcsolve.bench.environment import environment
    from arcsolve.bench.figures import check_countable
    from arcsolve.data.datasets import load
    from arcsolve.run.store import RunStore

    dataset = load(split)
    check_countable(dataset, by_task=True)
    with RunStore(store) as run:
        check_split(dataset, run)
        solved = list(stored_programs(dataset, run))
    families = count_contributions(solved)
    if not as_json:
        show_families(families)
    measured = {"outputs_solved": len(solved), "families": [row._asdict() for row in families]}
    print_json({**measured, "split": split, "store": store, **environment()})


def show_families(families: list[Contribution]) -> None:
    """Print contributions as a table."""
    print_table(("family", "in chosen programs", "in every right program"), families)
