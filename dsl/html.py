"""Grids and tasks as small HTML tables, for notebooks and reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

PALETTE = (
    "#000000", "#1e93ff", "#f93c31", "#4fcc30", "#ffdc00",
    "#999999", "#e53aa3", "#ff851b", "#87d8f1", "#921231",
)  # fmt: skip
"""The colors 0 to 9 as the public ARC editors show them."""

CELL_PIXELS = 14


def grid_html(cells: NDArray[np.uint8]) -> str:
    """Return one table with a colored cell for each cell of a grid."""
    rows = "".join("<tr>" + "".join(map(_cell_html, row)) + "</tr>" for row in cells.tolist())
    return f'<table style="border-collapse:collapse;margin:2px">{rows}</table>'


def _cell_html(color: int) -> str:
    size = f"width:{CELL_PIXELS}px;height:{CELL_PIXELS}px;padding:0"
    return f'<td style="{size};border:1px solid #555;background:{PALETTE[color]}"></td>'


def task_html(name: str, rows: Iterable[tuple[str, Sequence[NDArray[np.uint8]]]]) -> str:
    """Return one table with a caption, and a row for each pair and each test input of a task.

    `name` is the caption. Each of `rows` is a label and the cells of the grids beside the label.
    """
    body = "".join(
        f"<tr><th>{label}</th>" + "".join(f"<td>{grid_html(cells)}</td>" for cells in row) + "</tr>"
        for label, row in rows
    )
    return f"<table><caption>{escape(name)}</caption>{body}</table>"
