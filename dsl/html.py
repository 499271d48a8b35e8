"""Grids and tasks as small HTML tables, for notebooks and reports."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arcsolve.dsl.grid import Grid
    from arcsolve.dsl.task import Task

__all__ = ["PALETTE", "grid_html", "task_html"]

PALETTE = (
    "#000000", "#1e93ff", "#f93c31", "#4fcc30", "#ffdc00",
    "#999999", "#e53aa3", "#ff851b", "#87d8f1", "#921231",
)  # fmt: skip
"""The colors 0 to 9 as the public ARC editors show them."""

CELL_PIXELS = 14


def grid_html(grid: Grid) -> str:
    """One table with a colored cell per grid cell."""
    rows = "".join(
        "<tr>" + "".join(_cell_html(color) for color in row) + "</tr>" for row in grid.rows()
    )
    return f'<table style="border-collapse:collapse;margin:2px">{rows}</table>'


def _cell_html(color: int) -> str:
    size = f"width:{CELL_PIXELS}px;height:{CELL_PIXELS}px;padding:0"
    return f'<td style="{size};border:1px solid #555;background:{PALETTE[color]}"></td>'


def task_html(task: Task) -> str:
    """Every pair as input and output side by side, then the test inputs."""
    rows: list[tuple[str, tuple[Grid, ...]]]
    rows = [(f"pair {i + 1}", (p.input, p.output)) for i, p in enumerate(task.pairs)]
    rows += [(f"test {i + 1}", (grid,)) for i, grid in enumerate(task.tests)]
    body = "".join(
        f"<tr><th>{label}</th>" + "".join(f"<td>{grid_html(g)}</td>" for g in grids) + "</tr>"
        for label, grids in rows
    )
    return f"<table><caption>{escape(task.name)}</caption>{body}</table>"
