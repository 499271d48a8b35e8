"""Cost curves: outputs solved against core-seconds an output, for growing budgets.

    .venv/bin/python benchmarks/cost_curve.py arc-agi-1-training arc-agi-2-training-open \\
        --operations 125000,250000,500000,1000000 [--every N] [--plot F.png] [--table F.md]

The script writes a plot with a line for each split (log scale) and a table in Markdown, and ends
with one JSON line. Locked splits give only counts. Each point has a run store in the folder, so
that an interrupted run resumes; take a new folder when the code has changed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from arcsolve.bench.environment import environment
from arcsolve.bench.figures import check_countable, figures, run_solver, sample, submit_stored
from arcsolve.cli.progress import progress_bar
from arcsolve.data.datasets import Dataset, load
from arcsolve.lineups import scale_budget
from arcsolve.run.store import RunStore
from arcsolve.search.solver import SearchSolver

REFERENCE = "the 2020 C++ searcher"
REFERENCE_POINTS = {
    "arc-agi-1-training": ((240 / 416, 182 / 416),),
    "arc-agi-1-evaluation": ((379 / 419, 120 / 419), (21.0, 166 / 419)),
}
"""(core-seconds an output, share solved) of the strongest open CPU searcher, on one core of a
similar machine. The last point is an estimate from a sample."""


class Point(NamedTuple):
    """The figures of a split at one budget."""

    split: str
    operations: int
    outputs: int
    solved: int
    seconds: float  # core-seconds an output

    @property
    def share(self) -> float:
        """The share of the outputs that are solved."""
        return self.solved / self.outputs


def run_point(split: str, dataset: Dataset, operations: int, folder: Path, jobs: int) -> Point:
    """Run the tasks that the run store of this point lacks; return the figures at one budget."""
    store = folder / f"{split}-{operations}.run"
    with progress_bar() as progress:
        terms = {"jobs": jobs, "progress": progress}
        run_solver(SearchSolver(), dataset, scale_budget(operations), store, **terms)
    with RunStore(store) as run:
        measured = figures(dataset, run, submit_stored(dataset, run))
    solved, seconds = measured["outputs_solved"], measured["core_seconds_per_output"]
    return Point(split, operations, measured["outputs"], solved, seconds)


def format_table(points: Iterable[Point]) -> str:
    """Return the points as a table in Markdown."""
    lines = [
        "| split | operations | solved | of | core-seconds an output |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {p.split} | {p.operations:,} | {p.solved} | {p.outputs} | {p.seconds} |" for p in points
    ]
    return "\n".join(lines) + "\n"


def plot(points: Sequence[Point], file: Path) -> None:
    """Plot a line for each split, with the known points of the reference in the same color."""
    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.subplots()
    for split, along in groupby(points, lambda point: point.split):
        line = list(along)
        (drawn,) = axes.plot(
            [p.seconds for p in line], [100 * p.share for p in line], marker="o", label=split
        )
        known = np.array(REFERENCE_POINTS.get(split, ())).reshape(-1, 2)
        if known.size:
            label, color = f"{split}: {REFERENCE}", drawn.get_color()
            axes.plot(known[:, 0], 100 * known[:, 1], "x", color=color, label=label)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set(xlabel="core-seconds an output", ylabel="outputs solved within two attempts, %")
    axes.grid(alpha=0.3, which="both")
    axes.legend()
    figure.savefig(file, dpi=150)


def main() -> None:
    """Parse the options, run all points, and write the plot and the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("splits", nargs="+", metavar="SPLIT")
    parser.add_argument("--operations", default="125000,250000,500000,1000000,2000000")
    parser.add_argument("--every", type=int, default=1, help="take every n-th task")
    parser.add_argument(
        "--folder", type=Path, default=Path("runs/curve"), help="the folder of run stores"
    )
    parser.add_argument("--plot", type=Path, help="default: curve.png in the folder")
    parser.add_argument("--table", type=Path, help="default: curve.md in the folder")
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args()
    datasets = {split: sample(load(split), every=chosen.every) for split in chosen.splits}
    for dataset in datasets.values():
        check_countable(dataset)
    picture = chosen.plot or chosen.folder / "curve.png"
    table = chosen.table or chosen.folder / "curve.md"
    for folder in (chosen.folder, picture.parent, table.parent):
        folder.mkdir(parents=True, exist_ok=True)
    points = [
        run_point(split, dataset, int(operations), chosen.folder, chosen.jobs)
        for split, dataset in datasets.items()
        for operations in chosen.operations.split(",")
    ]
    print(format_table(points), end="")
    table.write_text(format_table(points))
    plot(points, picture)
    measured = [point._asdict() for point in points]
    print(json.dumps({"points": measured, "every": chosen.every, **environment()}))


if __name__ == "__main__":
    main()
