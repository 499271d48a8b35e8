"""How fast the search engine is: grid operations and distinct states a second, bytes a state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from arcsolve.cli.options import as_json
from arcsolve.cli.output import columns, print_json

if TYPE_CHECKING:
    from arcsolve.data.datasets import Dataset

__all__ = ["command"]


@click.command("engine")
@click.argument("split", default="arc-agi-1-training")
@click.option(
    "--operations",
    type=click.IntRange(min=1),
    default=500_000,
    show_default=True,
    help="Budget for each task.",
)
@click.option(
    "--every",
    type=click.IntRange(min=1),
    default=8,
    show_default=True,
    help="Take every n-th task of the split.",
)
@click.option("--beam", is_flag=True, help="The closure and the beam as a solver runs them.")
@as_json
def command(split: str, operations: int, every: int, beam: bool, as_json: bool) -> None:
    """Measure the engine on one core, on every n-th task of SPLIT; compiling is not counted.

    One operation is one call of a primitive on one example's values. Only the closure is run, as
    far as whole levels fit the budget, or with --beam the beam as well, which applies slower
    operators more often. Prints a table, and as the last line one JSON document.

    \b
    Example: arcsolve bench engine --operations 1000000
    """
    from arcsolve.bench.environment import environment
    from arcsolve.bench.figures import check_countable, sample
    from arcsolve.data.datasets import load

    dataset = sample(load(split), every=every)
    check_countable(dataset)
    measured = _measure(dataset, operations, beam)
    if not as_json:
        columns(("figure", "value"), [(k.replace("_", " "), v) for k, v in measured.items()])
    print_json({**measured, "split": split, "beam": beam, **environment()})


def _measure(dataset: Dataset, operations: int, beam: bool) -> dict[str, Any]:
    """Totals over the tasks, in CPU seconds of this process."""
    import time

    from arcsolve.dsl.solver import Budget
    from arcsolve.search.problem import problem_of
    from arcsolve.search.solver import SearchSolver
    from arcsolve.search.synthesis import Synthesis, synthesize

    solver = SearchSolver()
    solver.warm_up()
    budget = Budget(operations=operations, states=operations // 4)  # a tenth of them are new
    done, states, cell_bytes, seconds = 0, 0, 0, 0.0
    synthesis: Synthesis | None = None
    for task in dataset.tasks.values():
        start = time.process_time()
        closure, width = (solver.closure, solver.width) if beam else (1.0, 0)
        synthesis = synthesize(
            problem_of(task),
            budget,
            closure=closure,
            width=width,
            lookup=beam,
            cover=beam,
            inverse=beam,
            before=synthesis,
        )
        seconds += time.process_time() - start
        done += synthesis.operations
        states += synthesis.states
        cell_bytes += synthesis.cell_bytes
    return {
        "tasks": len(dataset.tasks),
        "operations": done,
        "core_seconds": round(seconds, 2),
        "operations_per_second": round(done / seconds),
        "states_per_second": round(states / seconds),
        "bytes_per_state": round(cell_bytes / states),
    }
