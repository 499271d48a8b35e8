"""Measure how often the inferred output sizes are right on an open split, and their time.

    .venv/bin/python benchmarks/output_sizes.py [SPLIT]

The script prints how many test outputs have the size of the first rule, of the second, or of a
later one, and ends with one JSON line. Splits with locked tasks are refused.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter

import numpy as np

from arcsolve.bench.environment import environment
from arcsolve.data.datasets import load
from arcsolve.dsl.errors import BadInput
from arcsolve.search.output_size.rules import rank_sizes

RANKS = ("first", "second")


def name_rank(size: tuple[int, int], ranked: list[tuple[int, int]]) -> str:
    """Return the name of the place of the right size among the sizes of the rules."""
    if size not in ranked:
        return "wrong" if ranked else "no rule"
    place = ranked.index(size)
    return RANKS[place] if place < len(RANKS) else "later"


def main() -> None:
    """Rank the sizes of every task of the split, and print the figures."""
    split = sys.argv[1] if len(sys.argv) > 1 else "arc-agi-1-training"
    dataset, seconds, ranks = load(split), [], Counter[str]()
    if dataset.locked:
        raise BadInput(f"{split} has locked tasks")
    for name, task in dataset.tasks.items():
        start = time.process_time()
        votes = rank_sizes(task)
        seconds.append(time.process_time() - start)
        for test, solution in enumerate((dataset.solutions or {})[name]):
            sizes = list(dict.fromkeys(vote.sizes[test] for vote in votes))
            ranks[name_rank(solution.shape, sizes)] += 1
    figures = {
        "outputs": dataset.num_outputs,
        **dict(ranks.most_common()),
        "median_milliseconds": round(1e3 * float(np.median(seconds)), 2),
        "total_seconds": round(sum(seconds), 2),
    }
    for name, value in figures.items():
        print(f"{name:20} {value}")
    print(json.dumps({**figures, "split": split, **environment()}))


if __name__ == "__main__":
    main()
