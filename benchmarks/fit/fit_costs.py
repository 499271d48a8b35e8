"""Fit the search costs of primitives to right programs for open training tasks and to times.

    .venv/bin/arcsolve bench solve arc-agi-1-training --effort full --store training.run
    .venv/bin/python benchmarks/fit/fit_costs.py training.run [-o search/costs.txt] [--fold 0/2]

Every output that a program solves counts once; the shortest right programs share the count. With
``--fold 0/2`` only every second task counts, so that the other tasks can be held out. Sets with
locked tasks are refused. The script prints how many primitives have each cost, and ends with one
JSON line.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np

from arcsolve.bench.environment import environment
from arcsolve.data.datasets import load
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.jit import compiled
from arcsolve.dsl.primitive import primitives
from arcsolve.dsl.program import Apply, Program
from arcsolve.dsl.solver import Budget, Candidate
from arcsolve.dsl.task import Task
from arcsolve.run.store import RunStore
from arcsolve.search.costs import fit_costs, format_costs
from arcsolve.search.engine.apply import try_operator
from arcsolve.search.engine.arena import Arena, States
from arcsolve.search.engine.goals import FlatGrids
from arcsolve.search.engine.intrinsics import borrow
from arcsolve.search.engine.operators import OperatorTable, build_table, operators
from arcsolve.search.problem import build_problem
from arcsolve.search.stages.closure import Closure
from arcsolve.search.synthesis import synthesize

SPLIT = "arc-agi-1-training"
SHORTEST = 3  # right programs that share the count of one output
EVERY = 10  # take every tenth task for timing
APPLICATIONS = 60  # of each primitive on each of the timed tasks
SAMPLE = Budget(operations=100_000, states=300_000)  # limits of the search that finds arguments


def right_programs(candidates: Iterable[Candidate], test: int, solution: Grid) -> list[Program]:
    """Return the shortest programs that fit all pairs and give the solution of this test."""
    right = {
        Program.parse(candidate.reason)
        for candidate in candidates
        if candidate.solver == "search"
        and (candidate.test, candidate.output) == (test, solution)
        and candidate.evidence["fit"] == 1.0
    }
    return sorted(right, key=lambda program: (program.length, str(program)))[:SHORTEST]


def count_uses(store: RunStore, fold: int, folds: int) -> Counter[str]:
    """Return the uses of primitives by name and of terminals by type; each output counts once.

    Only the tasks of part `fold` of `folds` count. Raises BadInput if the split has locked tasks.
    """
    dataset, uses = load(SPLIT), Counter[str]()
    if dataset.locked:
        raise BadInput(f"{SPLIT} has locked tasks")
    for task in list(dataset.tasks)[fold::folds]:
        candidates = [c for o in store.outcomes(task).values() for c in o.candidates]
        for test, solution in enumerate((dataset.solutions or {})[task]):
            programs = right_programs(candidates, test, solution)
            for node in (node for program in programs for node in program.walk()):
                name = node.primitive.name if isinstance(node, Apply) else str(node.type)
                uses[name] += 1 / len(programs)  # type: ignore[assignment]
    return uses


def time_operations(tasks: Iterable[Task]) -> dict[str, float]:
    """Return the mean CPU seconds of one operation of each primitive, on states of a search."""
    seconds, operations = Counter[str](), Counter[str]()
    draw, table = np.random.default_rng(0), build_table(operators())
    for task in tasks:
        run = synthesize(build_problem(task), SAMPLE, (Closure(1.0),))
        apply_all(run.arena, table, run.goals, 0, np.zeros((3, 0), np.int32))  # loads the function
        for number, primitive in enumerate(operators()):
            types = table.argument_types[number]
            pools = [run.arena.members[kind, : run.arena.sizes[kind]] for kind in types]
            if all(map(len, pools)):
                states = np.stack([draw.choice(pool, APPLICATIONS) for pool in pools])
                before, start = run.operations, time.process_time()
                apply_all(run.arena, table, run.goals, number, states)
                seconds[primitive.name] += time.process_time() - start  # type: ignore[assignment]
                operations[primitive.name] += run.operations - before
    return {name: seconds[name] / operations[name] for name in seconds}


@compiled
def apply_all(
    arena: Arena, table: OperatorTable, goals: FlatGrids, operator: int, states: States
) -> None:
    """Apply an operator to each column of `states` (argument, application)."""
    arena, table, goals = borrow(arena), borrow(table), borrow(goals)
    for i in range(states.shape[1]):
        try_operator(arena, table, goals, operator, states[0, i], states[1, i], states[2, i])


def main() -> None:
    """Parse the options, count uses, time operations, and write the table of costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("search/costs.txt"))
    parser.add_argument(
        "--fold", default="0/1", help="the part of the tasks to count, as PART/PARTS"
    )
    chosen = parser.parse_args()
    fold, folds = map(int, chosen.fold.split("/"))
    with RunStore(chosen.store) as store:
        uses = count_uses(store, fold, folds)
    timed = time_operations(list(load(SPLIT).tasks.values())[::EVERY])
    costs = fit_costs(primitives().values(), uses, timed)
    note = f"fitted on {SPLIT}, part {chosen.fold}, {date.today()}, by benchmarks/fit/fit_costs.py"
    chosen.output.write_text(format_costs(costs, note))
    spread = dict(sorted(Counter(costs.values()).items()))
    for cost, count in spread.items():
        print(f"cost {cost:2}: {count:4} primitives")
    print(json.dumps({"primitives_by_cost": spread, "fold": chosen.fold, **environment()}))


if __name__ == "__main__":
    main()
