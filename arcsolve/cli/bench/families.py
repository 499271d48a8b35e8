"""What each family of primitives contributes to what a stored run solved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from arcsolve.cli.options import as_json
from arcsolve.cli.output import columns, print_json

if TYPE_CHECKING:
    from arcsolve.bench.contributions import Contribution


@click.command("families")
@click.argument("store")
@click.argument("split", default="arc-agi-1-training")
@as_json
def command(store: str, split: str, as_json: bool) -> None:
    """Tell what families of primitives contribute to the outputs of SPLIT that STORE solves.

    STORE is a run store of `arcsolve bench solve --store`. A family is a module of primitives.
    Told is in how many solved outputs' chosen programs it stands, and in how many outputs' every
    right program that the store holds: those are lost without it, unless another program, which
    was not kept, takes its place. Prints a table, and as the last line one JSON document.

    \b
    Example: arcsolve bench families training.run arc-agi-1-training
    """
    from arcsolve.bench.contributions import check_split, contributions, stored_programs
    from arcsolve.bench.environment import environment
    from arcsolve.bench.figures import check_countable
    from arcsolve.data.datasets import load
    from arcsolve.run.store import RunStore

    dataset = load(split)
    check_countable(dataset, by_task=True)
    with RunStore(store) as run:
        check_split(dataset, run)
        solved = list(stored_programs(dataset, run))
    families = contributions(solved)
    if not as_json:
        show_families(families)
    measured = {"outputs_solved": len(solved), "families": [row._asdict() for row in families]}
    print_json({**measured, "split": split, "store": store, **environment()})


def show_families(families: list[Contribution]) -> None:
    """Print the contributions as a table."""
    columns(("family", "in chosen programs", "in every right program"), families)
