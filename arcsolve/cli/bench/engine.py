"""Measures the search engine: operations per second, states per second, bytes per state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from arcsolve.cli.options import as_json
from arcsolve.cli.output import print_json, print_table

if TYPE_CHECKING:
    from arcsolve.data.datasets import Dataset


@click.command("engine")
@click.argument("split", default="arc-agi-1-training")
@click.option(
    "--operations", type=click.IntRange(min=1), default=500_000, show_default=True,
    help="Budget for each task.",
)  # fmt: skip
@click.option(
    "--every", type=click.IntRange(min=1), default=8, show_default=True,
    help="Take every n-th task of the split.",
)  # fmt: skip
@click.option("--all-stages", is_flag=True, help="Run all stages, as the solver does.")
@as_json
def command(split: str, operations: int, every: int, all_stages: bool, as_json: bool) -> None:
    """Measure the speed of the engine.

    The engine runs on one core, on every n-th task of SPLIT. Compilation does not count. One
    operation is one call of a primitive on the values of one example. By default, only the closure
    runs, as far as whole levels fit the budget. With --all-stages, slow operators run more often.
    The last line of the output is one JSON document.

    \b
    Example: arcsolve bench engine --operations 1000000
    """
    from arcsolve.bench.environment import environment
    from arcsolve.bench.figures import check_countable, sample
    from arcsolve.data.datasets import load

    dataset = sample(load(split), every=every)
    check_countable(dataset)
    measured = _measure(dataset, operations, all_stages)
    if not as_json:
        print_table(("figure", "value"), [(k.replace("_", " "), v) for k, v in measured.items()])
    print_json({**measured, "split": split, "all_stages": all_stages, **environment()})


def _measure(dataset: Dataset, operations: int, all_stages: bool) -> dict[str, Any]:
    """Run the search on every task, and return totals, with CPU seconds of this process."""
    import time

    from arcsolve.dsl.solver import Budget
    from arcsolve.search.engine.arena import Memory
    from arcsolve.search.problem import build_problem
    from arcsolve.search.program_solver import STAGES, ProgramSolver
    from arcsolve.search.stages.closure import Closure
    from arcsolve.search.synthesis import synthesize

    ProgramSolver().warm_up()
    stages = STAGES if all_stages else (Closure(1.0),)
    budget = Budget(operations=operations, states=operations // 4)  # a tenth are new
    done, states, cell_bytes, seconds = 0, 0, 0, 0.0
    memory = Memory()
    for task in dataset.tasks.values():
        start = time.process_time()
        workspace = synthesize(build_problem(task), budget, stages, memory)
        seconds += time.process_time() - start
        done += workspace.operations
        states += workspace.states
        cell_bytes += workspace.cell_bytes
    return {
        "tasks": len(dataset.tasks),
        "operations": done,
        "core_seconds": round(seconds, 2),
        "operations_per_second": round(done / seconds),
        "states_per_second": round(states / seconds),
        "bytes_per_state": round(cell_bytes / states),
    }
