"""Measure each part of test-time training: open tasks, with one part changed at a time.

    .venv/bin/python benchmarks/ablations/ablate_network.py [SPLIT] [--every N] [--seeds N]
        [--operations N]
        [--jobs N] [--only NAME ...] [--checkpoint FILE] [--folder F]

Takes every n-th of the tasks that `arcsolve network train --held-out 0.2` never trains on, that a
canvas can show, and whose grids have at most `--area` cells. Prints a table: for each variant of
the solver the solved outputs, the share of cells that the better attempt has right, and
core-seconds per task, each as mean and standard deviation over seeds. Each variant and seed has a
run store in the folder, so that an interrupted run resumes. Choose a new folder after changing the
code. Ends with one JSON line.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

from arcsolve.bench.environment import environment
from arcsolve.bench.figures import check_countable, figures, run_solver, submit_stored
from arcsolve.cli.progress import progress_bar
from arcsolve.data.datasets import Dataset, load
from arcsolve.data.training_tasks import is_held_out
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.solver import Budget
from arcsolve.dsl.task import Task
from arcsolve.neural.data.canvas import choose_canvas
from arcsolve.run.store import RunStore
from arcsolve.ttt.solver import Adapted

ALL = Adapted()
WHOLE = "as it is"
PRETRAINED = "pretrained"
HELD_OUT = 0.2  # share of the tasks: the default of `network train`
FIGURES = ("solved", "cells", "core_seconds")


def change_config(**fields: Any) -> Adapted:
    """The solver with these fields of its network's configuration."""
    return replace(ALL, changes=tuple({**dict(ALL.changes), **fields}.items()))


def _without(kind: str) -> tuple[str, ...]:
    return tuple(each for each in ALL.augmentations if each != kind)


VARIANTS: Mapping[str, Adapted] = {
    WHOLE: ALL,
    "preset local": replace(ALL, preset="local"),
    "preset tiny-deep": replace(ALL, preset="tiny-deep"),
    "mixer scan": change_config(mixer="scan"),
    "mixer attention": change_config(mixer="attention", positions="rope2d"),
    "mixer mlp": change_config(mixer="mlp"),
    "three supervision steps": change_config(supervision_steps=3),
    "symmetric weights": change_config(symmetric=True),
    "symmetric weights, no features": replace(change_config(symmetric=True), features=False),
    "separate networks": change_config(separate=True),
    "three latent updates": change_config(l_cycles=3),
    "one state": change_config(single=True),
    "one state, as deep": change_config(single=True, l_cycles=2),
    **{f"no {kind}": replace(ALL, augmentations=_without(kind)) for kind in ALL.augmentations},
    "no augmentation": replace(ALL, augmentations=()),
    "no moving average": replace(ALL, average=0.0),
    "one network": replace(ALL, restarts=1),
    "one at a time": replace(ALL, together=1),
    "short restarts": replace(ALL, longest=0.25),
    "no end by loss": replace(ALL, stop_loss=0.0),
    "a pair left out": replace(ALL, held_out=0.4),
    "no votes": replace(ALL, views=1),
    "no features": replace(ALL, features=False),
    "no features hidden": replace(ALL, hidden=0.0),
    "no Muon": replace(ALL, muon=False, rate=3e-3),
}
"""The solver of each variant, by name."""


def is_taken(task: Task, area: int) -> bool:
    """True if the task is held out, a canvas shows it, and no grid has more than `area` cells."""
    grids = [grid for pair in task.pairs for grid in (pair.input, pair.output)]
    small = all(grid.cells.size <= area for grid in (*grids, *task.tests))
    return (
        small and is_held_out(task.name, HELD_OUT) and choose_canvas(task, crops=True) is not None
    )


def choose_tasks(dataset: Dataset, area: int, every: int) -> Dataset:
    """Every n-th of the tasks that are taken."""
    names = [name for name, task in dataset.tasks.items() if is_taken(task, area)][::every]
    solutions = dataset.solutions or {}
    return replace(
        dataset,
        tasks={name: dataset.tasks[name] for name in names},
        solutions={name: solutions[name] for name in names},
    )


def summarize_run(dataset: Dataset, store: Path) -> dict[str, float]:
    """The `FIGURES` of a finished run."""
    with RunStore(store) as run:
        submission = submit_stored(dataset, run)
        told = figures(dataset, run, submission)
    known = dataset.solutions or {}
    pairs = [
        both for name in known for both in zip(submission.attempts[name], known[name], strict=True)
    ]
    cells = [max(right_cells(grid, solution) for grid in two) for two, solution in pairs]
    seconds = told["core_seconds"] / len(dataset.tasks)
    return dict(zip(FIGURES, (told["outputs_solved"], fmean(cells), seconds), strict=True))


def right_cells(grid: Grid, solution: Grid) -> float:
    """The share of the solution's cells that a grid has right; 0 if its size is wrong."""
    return float((grid.cells == solution.cells).mean()) if grid.shape == solution.shape else 0.0


def measure_variant(
    variant: str, solver: Adapted, dataset: Dataset, budget: Budget, chosen: argparse.Namespace
) -> list[dict[str, float]]:
    """The figures of a variant for each seed; runs what the stores lack."""
    rows = []
    for seed in range(chosen.seeds):
        store = chosen.folder / f"{re.sub(r'[^a-z0-9]+', '-', variant.lower())}-{seed}.run"
        with progress_bar() as progress:
            own = replace(budget, seed=seed)
            run_solver(solver, dataset, own, store, jobs=chosen.jobs, progress=progress)
        rows.append(summarize_run(dataset, store))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("split", nargs="?", default="arc-agi-1-training")
    parser.add_argument("--every", type=int, default=2, help="take every n-th task")
    parser.add_argument("--area", type=int, default=225, help="cells of the largest grid taken")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--operations", type=int, default=700_000, help="of search; sets the work")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--checkpoint", help="also run the solver from this start")
    parser.add_argument("--folder", type=Path, default=Path("runs/network"), help="of run stores")
    parser.add_argument("--only", nargs="+", choices=[*VARIANTS, PRETRAINED])
    chosen = parser.parse_args()
    variants = dict(VARIANTS)
    if PRETRAINED in (chosen.only or ()) and not chosen.checkpoint:
        parser.error(f"--only {PRETRAINED} needs the --checkpoint to start from")
    if chosen.checkpoint:
        variants[PRETRAINED] = replace(ALL, checkpoint=chosen.checkpoint)
    dataset = choose_tasks(load(chosen.split), chosen.area, chosen.every)
    check_countable(dataset, by_task=True)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    budget = Budget(chosen.operations, states=1)
    print(f"{len(dataset.tasks)} tasks, {dataset.num_outputs} outputs, {chosen.seeds} seeds")
    print("| variant | solved | cells right | core-seconds a task |\n|---|---|---|---|")
    results = {}
    for name in chosen.only or variants:
        rows = measure_variant(name, variants[name], dataset, budget, chosen)
        results[name] = {figure: [row[figure] for row in rows] for figure in FIGURES}
        told = [f"{fmean(v):.3g} ± {pstdev(v):.2g}" for v in results[name].values()]
        print("|", " | ".join([name, *told]), "|", flush=True)
    settings = {**vars(chosen), "folder": str(chosen.folder), "tasks": len(dataset.tasks)}
    print(json.dumps({"variants": results, **settings, **environment()}))


if __name__ == "__main__":
    main()
