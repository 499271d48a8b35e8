"""Prints the results of commands: text for people, or one JSON document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

PIPE_WIDTH = 10_000  # characters; keeps lines whole for programs that read them


def console() -> Console:
    """Return a console on stdout, which colors and folds lines on a terminal only."""
    from rich.console import Console

    width = None if Console().is_terminal else PIPE_WIDTH
    return Console(highlight=False, markup=False, emoji=False, width=width)


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table with aligned columns; columns of numbers are flush right."""
    from rich.table import Table

    rows = [list(row) for row in rows]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for position, name in enumerate(header):
        numbers = all(isinstance(row[position], int | float) for row in rows)
        table.add_column(name, justify="right" if numbers and rows else "left")
    for row in rows:
        table.add_row(*map(str, row))
    out = console()
    if out.is_terminal:
        out.print(table)
        return
    with out.capture() as captured:  # rich pads lines with blanks, which only a terminal needs
        out.print(table)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def print_json(document: Any) -> None:
    """Print one JSON document on one line of stdout."""
    import json

    click.echo(json.dumps(document, allow_nan=False))
