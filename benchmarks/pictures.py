"""Draw the picture of the README: one task, its answer, and the program that gives it.

    .venv/bin/python benchmarks/pictures.py [TASK] [-o docs/solved-task.png]

The task must be open. Ends with one JSON line.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from arcsolve import solve
from arcsolve.bench.environment import environment
from arcsolve.cli.sources import open_task
from arcsolve.dsl.grid import NUM_COLORS, Grid
from arcsolve.dsl.html import PALETTE

COLORS = ListedColormap(list(PALETTE))
INCHES = 1.7  # side of one grid


def draw_grid(axes: Axes, grid: Grid, title: str) -> None:
    """Draw a grid with lines between its cells."""
    height, width = grid.shape
    axes.imshow(grid.cells, cmap=COLORS, vmin=0, vmax=NUM_COLORS - 1)
    axes.set_xticks([col - 0.5 for col in range(1, width)], [])
    axes.set_yticks([row - 0.5 for row in range(1, height)], [])
    axes.grid(color="#555555", linewidth=0.5)
    axes.tick_params(length=0)
    axes.set_title(title, fontsize=9)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", nargs="?", default="arc-agi-1-training:6e82a1ae")
    parser.add_argument("-o", "--output", type=Path, default=Path("docs/solved-task.png"))
    chosen = parser.parse_args()
    task = open_task(chosen.task).task
    attempt = solve(task).decisions[0].attempts[0]
    columns = [(pair.input, pair.output) for pair in task.pairs]
    columns.append((task.tests[0], attempt.output))
    names = [f"pair {number}" for number in range(1, len(columns))] + ["test"]
    figure = Figure(figsize=(INCHES * len(columns), 2 * INCHES + 0.9), layout="constrained")
    for column, (grids, name) in enumerate(zip(columns, names, strict=True), start=1):
        for row, (grid, part) in enumerate(zip(grids, ("input", "output"), strict=True)):
            label = "answer" if (name, part) == ("test", "output") else part
            axes = figure.add_subplot(2, len(columns), row * len(columns) + column)
            draw_grid(axes, grid, f"{name}: {label}")
    found = f"{attempt.reason}\nright with a probability of {attempt.probability:.0%}"
    figure.supxlabel(found, fontsize=11, family="monospace")
    figure.savefig(chosen.output, dpi=110)
    print(json.dumps({"task": task.name, "program": attempt.reason, **environment()}))


if __name__ == "__main__":
    main()
