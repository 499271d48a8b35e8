"""Compare the cheapest list of rules with a greedy list over the same pool of rules.

    .venv/bin/python benchmarks/ablations/compare_lists.py [SPLIT] [--every N] [--effort EFFORT]

Both methods see the same rules, which paint nothing wrong. The exact method takes the cheapest
single rule, pair or longer list that accounts for all changes. The greedy method adds the rule that
costs least for each new change until all changes are accounted for. It counts the outputs of an
open split that each method gets right and wrong, by the number of rules. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from tqdm import tqdm

from arcsolve.bench.environment import environment
from arcsolve.bench.figures import check_countable, sample
from arcsolve.data.datasets import load
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.rules.rule import Rule, Rules
from arcsolve.dsl.task import Task
from arcsolve.dsl.values import Cells
from arcsolve.lineups import find_budget
from arcsolve.search.problem import build_problem
from arcsolve.search.rules.induction import Explanation, Induction, collect_rules
from arcsolve.search.rules.repair import find_backgrounds
from arcsolve.search.rules.rule_pool import RulePool
from arcsolve.search.rules.rule_solver import DRAWINGS
from arcsolve.search.rules.target import Target, build_target

METHODS = ("exact", "greedy")
MOST_RULES = 5  # of a greedy list, as of an exact one


def list_greedily(target: Target, pool: RulePool) -> Rules | None:
    """Return the greedy list of rules, or None if it needs more than `MOST_RULES`."""
    costs, covers, places = pool.ranked()
    left, chosen = target.full.copy(), list[Rule]()
    while left.any():
        new = np.unpackbits((covers & left).view(np.uint8), axis=1).sum(axis=1)
        if len(chosen) == MOST_RULES or not new.any():
            return None
        best = int(np.argmin(np.where(new > 0, costs / np.maximum(new, 1), np.inf)))
        chosen.append(pool.rule(places[best]))
        left &= ~covers[best]
    return Rules(target.background, tuple(chosen))


def answer(target: Target, work: int) -> Iterator[tuple[str, Explanation]]:
    """Yield the first explanation of each method that has one."""
    pool, _ = collect_rules(target, work)
    induction = Induction()
    if found := induction.conclude(target, pool):
        yield "exact", found[0]
    greedy = list_greedily(target, pool)
    if greedy and (outputs := induction.check(target, greedy)) is not None:
        yield "greedy", Explanation(greedy, greedy.cost, outputs)


def compare(task: Task, solutions: Sequence[Grid], work: int) -> Counter[tuple[str, int, bool]]:
    """Count the right and wrong outputs of each method by the number of its rules."""
    counts: Counter[tuple[str, int, bool]] = Counter()
    problem, seen = build_problem(task), set[str]()
    for background in find_backgrounds(problem.inputs):
        target = build_target(problem.inputs, problem.outputs, background)
        for method, found in answer(target, work) if target else ():
            if method not in seen:
                seen.add(method)
                for output, solution in zip(found.outputs, solutions, strict=True):
                    counts[method, len(found.rules.rules), _equal(output, solution)] += 1
    return counts


def _equal(output: Cells | None, solution: Grid) -> bool:
    return output is not None and np.array_equal(output, solution.cells)


def main() -> None:
    """Parse the options, compare, and print the table and the JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("split", nargs="?", default="arc-agi-1-training")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--effort", default="fast")
    chosen = parser.parse_args()
    dataset = sample(load(chosen.split), every=chosen.every, offset=0, limit=None)
    check_countable(dataset, by_task=True)
    work = DRAWINGS * find_budget(chosen.effort).operations
    counts: Counter[tuple[str, int, bool]] = Counter()
    for name, solutions in tqdm((dataset.solutions or {}).items(), unit="task"):
        counts += compare(dataset.tasks[name], solutions, work)
    rows = {}
    for method in METHODS:
        for size in range(1, MOST_RULES + 1):
            right, wrong = counts[method, size, True], counts[method, size, False]
            rows[f"{method} {size}"] = {"right": right, "wrong": wrong}
            print(f"{method:7} {size} rules  right {right:4}  wrong {wrong:4}")
    print(json.dumps({**rows, **vars(chosen), **environment()}))


if __name__ == "__main__":
    main()
