"""Measure library learning: name the expressions that shorten right programs, with Stitch.

    .venv/bin/arcsolve bench solve arc-agi-1-training --effort fast --store training.run
    .venv/bin/python benchmarks/fit/learn_library.py training.run [--size 16] [--fold 0/2]

The corpus holds up to three right programs of each output, the shortest ones. Stitch (Bowers et
al., "Top-Down Synthesis for Library Learning", POPL 2023) learns abstractions from the programs of
one part of the tasks. The script measures how much they shorten the programs of the other part, in
Stitch's own costs. It needs the package ``stitch-core``. It prints the abstractions with their
uses, and ends with one JSON line.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import stitch_core
from fit_costs import SPLIT, right_programs

from arcsolve.bench.environment import environment
from arcsolve.data.datasets import load
from arcsolve.dsl.errors import BadInput
from arcsolve.run.store import RunStore

MAX_ARITY = 3  # arguments that the engine can pass


def read_corpus(store: RunStore, fold: int, folds: int, *, others: bool = False) -> list[str]:
    """Return the right programs of part `fold` of `folds`, or of the `others`, as text.

    Raises BadInput if the split has locked tasks.
    """
    dataset, corpus = load(SPLIT), []
    if dataset.locked:
        raise BadInput(f"{SPLIT} has locked tasks")
    part = set(list(dataset.tasks)[fold::folds])
    for task in (t for t in dataset.tasks if (t in part) != others):
        candidates = [c for o in store.outcomes(task).values() for c in o.candidates]
        for test, solution in enumerate((dataset.solutions or {})[task]):
            corpus += map(str, right_programs(candidates, test, solution))
    return corpus


def measure_ratio(programs: list[str], library: list[stitch_core.Abstraction]) -> float:
    """Return the factor by which the library shortens the programs; 1 without programs."""
    if not programs:
        return 1.0
    return float(stitch_core.rewrite(programs, library).json["compression_ratio"])


def main() -> None:
    """Parse the options, learn a library, and print its abstractions and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("--size", type=int, default=16, help="abstractions at most")
    parser.add_argument("--fold", default="0/2", help="the part of the tasks to learn from")
    chosen = parser.parse_args()
    fold, folds = map(int, chosen.fold.split("/"))
    with RunStore(chosen.store) as store:
        own = read_corpus(store, fold, folds)
        held_out = read_corpus(store, fold, folds, others=True)
    found = stitch_core.compress(own, iterations=chosen.size, max_arity=MAX_ARITY)
    for each in found.json["abstractions"]:
        print(f"{each['num_uses']:5} uses, arity {each['arity']}: {each['body']}")
    figures = {
        "programs": len(own),
        "held_out_programs": len(held_out),
        "abstractions": len(found.abstractions),
        "ratio": round(measure_ratio(own, found.abstractions), 3),
        "held_out_ratio": round(measure_ratio(held_out, found.abstractions), 3),
    }
    print(json.dumps({**figures, "fold": chosen.fold, **environment()}))


if __name__ == "__main__":
    main()
