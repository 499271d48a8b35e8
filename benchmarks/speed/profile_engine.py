"""Profile the engine: time by family of operators, and time in kernels.

    .venv/bin/python benchmarks/speed/profile_engine.py [SPLIT] [--operations N] [--every N]
        [--beam]
        [--operators N]

The script reads the processor's time stamp around every application and every kernel, which adds
about 50 ns to an application. Take speeds from `arcsolve bench engine` and shares from here. It
prints a table of families, or with ``--operators 30`` of the 30 operators that take the most time,
and how much the engine writes a second beside how much this machine can copy. The last line is one
JSON document.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import namedtuple
from collections.abc import Iterable
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from arcsolve.bench.environment import environment
from arcsolve.bench.figures import check_countable
from arcsolve.cli.output import print_table
from arcsolve.data.datasets import load
from arcsolve.dsl.jit import inlined
from arcsolve.dsl.solver import Budget
from arcsolve.search.engine import apply
from arcsolve.search.engine.arena import BYTES, OPERATIONS, STATES, UNDEFINED, Arena, Memory
from arcsolve.search.engine.operators import operators
from arcsolve.search.engine.workspace import open_workspace
from arcsolve.search.problem import Problem, build_problem
from arcsolve.search.stages import beam, closure

CALLS, OPERATIONS_DONE, TICKS, KERNEL_TICKS, DUPLICATES, NOWHERE = range(6)  # columns of tallies
Profiled = namedtuple("Profiled", [*Arena._fields, "tallies", "current"])
"""An arena with int64 tallies (operator, column) and the current operator."""


@intrinsic
def ticks(typing_context: Any) -> Any:
    """Return the processor's time stamp."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        kind = ir.FunctionType(ir.IntType(64), ())
        stamp = builder.module.declare_intrinsic("llvm.readcyclecounter", (), kind)
        return builder.call(stamp, ())

    return types.int64(), generate


def time_kernel(call_kernel: Any) -> Any:
    """Return a call of kernels that adds the ticks of each kernel to the tallies."""

    @inlined
    def call(arena: Any, address: int, pattern: int, x: int, y: int, z: int, k: int) -> Any:
        start = ticks()
        result = call_kernel(arena, address, pattern, x, y, z, k)
        arena.tallies[arena.current[0], KERNEL_TICKS] += ticks() - start
        return result

    return call


def tally_operator(try_operator: Any) -> Any:
    """Return an application of operators that adds its calls and ticks to the tallies."""

    @inlined
    def applied(arena: Any, table: Any, goals: Any, operator: int, x: int, y: int, z: int) -> int:
        arena.current[0] = operator
        before, start = arena.counters[OPERATIONS], ticks()
        outcome = try_operator(arena, table, goals, operator, x, y, z)
        tally = arena.tallies[operator]
        tally[TICKS] += ticks() - start
        tally[CALLS] += 1
        tally[OPERATIONS_DONE] += arena.counters[OPERATIONS] - before
        tally[NOWHERE] += outcome == UNDEFINED
        tally[DUPLICATES] += outcome < UNDEFINED
        return outcome

    return applied


def instrument() -> None:
    """Put the timers into the engine for this process, and compile it without a cache."""
    for name in ("_apply_grid", "_apply_layers", "_apply_scalar"):
        setattr(apply, name, time_kernel(getattr(apply, name)))
    closure.try_operator = beam.try_operator = tally_operator(apply.try_operator)
    closure.close = numba.njit(error_model="numpy")(closure.close.py_func)
    beam.expand = numba.njit(error_model="numpy")(beam.expand.py_func)


def profile(problem: Problem, limit: int, deepen: bool, tallies: Any, memory: Memory) -> Arena:
    """Run the closure, or with `deepen` the beam as well, add to the tallies, and return the arena.

    `limit` counts operations, and `memory` holds the cells.
    """
    budget = Budget(operations=limit, states=limit // 4)
    workspace = open_workspace(problem, budget, memory)
    arena = workspace.arena
    profiled: Any = Profiled(*arena, tallies, np.zeros(1, np.int64))
    workspace.arena = profiled
    for stage in (closure.Closure(), beam.Beam()) if deepen else (closure.Closure(1.0),):
        stage.extend(workspace)
    return arena


def build_rows(groups: Iterable[str], tallies: Any, tick: float) -> list[tuple[Any, ...]]:
    """Return a row for each group of operators, the most expensive first; `tick` is in seconds."""
    names = np.array(list(groups))
    sums = {name: tallies[names == name].sum(axis=0) for name in np.unique(names)}
    total = tallies[:, TICKS].sum()
    rows = []
    for name, row in sorted(sums.items(), key=lambda item: -item[1][TICKS]):
        calls, done = max(1, row[CALLS]), max(1, row[OPERATIONS_DONE])
        nanoseconds = [round(1e9 * tick * row[column] / done) for column in (TICKS, KERNEL_TICKS)]
        shares = [round(100 * row[column] / calls) for column in (DUPLICATES, NOWHERE)]
        share = round(100 * row[TICKS] / total, 1)
        rows.append((str(name), int(row[CALLS]), share, *nanoseconds, *shares))
    return rows


def copy_rate() -> float:
    """Return the bytes a second that one core reads and writes in a copy that no cache holds."""
    source = np.ones(1 << 28, np.uint8)
    target = np.zeros_like(source)
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        np.copyto(target, source)
        seconds.append(time.perf_counter() - start)
    return 2 * source.size / min(seconds)


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("split", nargs="?", default="arc-agi-1-training")
    parser.add_argument("--operations", type=int, default=500_000)
    parser.add_argument("--every", type=int, default=8)
    parser.add_argument("--beam", action="store_true")
    parser.add_argument("--operators", type=int, default=0)
    return parser.parse_args()


@numba.njit
def stamp() -> int:
    """Return the processor's time stamp outside of compiled code."""
    return ticks()


def main() -> None:
    """Profile the engine on the tasks of an open split, and print the figures."""
    asked = arguments()
    dataset = load(asked.split)
    check_countable(dataset, by_task=True)  # the figures show single tasks
    instrument()
    tallies = np.zeros((len(operators()), 6), np.int64)
    problems = [build_problem(task) for task in list(dataset.tasks.values())[:: asked.every]]
    profile(problems[0], 3000, asked.beam, tallies, memory := Memory())  # compiles
    tallies[:] = 0
    first, start, written, states = stamp(), time.perf_counter(), 0, 0
    for problem in problems:
        arena = profile(problem, asked.operations, asked.beam, tallies, memory)
        written += int(arena.counters[BYTES])
        states += int(arena.counters[STATES])
    seconds = time.perf_counter() - start
    report(asked, tallies, seconds / (stamp() - first), written, states)


def report(asked: argparse.Namespace, tallies: Any, tick: float, written: int, states: int) -> None:
    """Print the table and the JSON line.

    `tick` is in seconds, `written` in bytes, and `states` are those of all tasks.
    """
    names = [p.name if asked.operators else p.family for p in operators()]
    header = ("operators", "calls", "% time", "ns", "ns in kernel", "% known", "% undefined")
    print_table(header, build_rows(names, tallies, tick)[: asked.operators or None])
    total = tallies.sum(axis=0)
    seconds = float(total[TICKS] * tick)
    figures = {
        "operations": int(total[OPERATIONS_DONE]),
        "operations_per_second": round(total[OPERATIONS_DONE] / seconds),
        "states_per_second": round(states / seconds),
        "kernel_share": round(total[KERNEL_TICKS] / total[TICKS], 3),
        "known_share": round(total[DUPLICATES] / total[CALLS], 3),
        "undefined_share": round(total[NOWHERE] / total[CALLS], 3),
        "kept_gigabytes_per_second": round(written / seconds / 1e9, 3),
        "copied_gigabytes_per_second": round(copy_rate() / 1e9, 2),
    }
    print(json.dumps({**figures, "beam": asked.beam, **environment()}))


if __name__ == "__main__":
    main()
