"""The funnel of rules: the class of each output of open tasks, and the words of the first rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from joblib import delayed

from arcsolve.bench.figures import check_countable
from arcsolve.data.datasets import Dataset
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program, Rewrite, Summarize
from arcsolve.dsl.rules.partitions import partitions
from arcsolve.dsl.rules.terms import terms
from arcsolve.dsl.solver import Budget
from arcsolve.dsl.task import Task
from arcsolve.plan import Progress
from arcsolve.run.pool import start_workers
from arcsolve.run.sandbox import warm_up
from arcsolve.search.problem import build_problem
from arcsolve.search.rules.induction import collect_rules
from arcsolve.search.rules.rule_solver import DRAWINGS, RuleAnswer, RuleSolver
from arcsolve.search.rules.target import Target

_WORD = re.compile(r"[a-z][a-z_0-9]*")


class RuleClass(IntEnum):
    """The fate of an output, in the order of the stages of the search for rules."""

    NO_EFFECT = 0
    NO_LIST = 1
    WRONG = 2
    NOT_FIRST = 3
    RIGHT = 4


MEANINGS: Mapping[RuleClass, str] = MappingProxyType(
    {
        RuleClass.NO_EFFECT: "changes that no rule of the language accounts for",
        RuleClass.NO_LIST: "rules for each change, but no short list of them",
        RuleClass.WRONG: "explained, but no explanation is right",
        RuleClass.NOT_FIRST: "a right explanation, but not among the first two outputs",
        RuleClass.RIGHT: "right within the first two outputs",
    }
)


class Fate(NamedTuple):
    """The class of an output, with the cheapest explanation: its cost in bits, and its words."""

    task: str
    test: int
    fate: RuleClass
    first_right: bool
    bits: float
    rules: int
    words: frozenset[str]


def classify_dataset(
    dataset: Dataset,
    solver: RuleSolver,
    budget: Budget,
    *,
    jobs: int | None = None,
    backend: str = "loky",
    progress: Progress | None = None,
) -> list[Fate]:
    """Classify each output of a data set, task by task.

    `jobs` and `backend` are those of `start_workers`. `progress` is called after each task. Raises
    BadInput as `start_workers`, and for locked tasks.
    """
    check_countable(dataset, by_task=True)
    warm_up(solver)
    known = dataset.solutions or {}
    fates: list[Fate] = []
    run, _ = start_workers(jobs, backend, ordered=True)
    units = ((solver, dataset.tasks[name], budget, known[name]) for name in known)
    for done, found in enumerate(run(delayed(classify_outputs)(*unit) for unit in units), 1):
        fates += found
        if progress:
            progress(done, len(known))
    return fates


def classify_outputs(
    solver: RuleSolver, task: Task, budget: Budget, solutions: Sequence[Grid]
) -> list[Fate]:
    """Explain the task as the solver does, and classify the output of each test."""
    problem = build_problem(task)
    target, answers, _ = solver.explain(problem, budget)
    accounted = not answers and _accounts(target, budget)
    return [
        _classify(task.name, test, solution, answers, accounted)
        for test, solution in enumerate(solutions)
    ]


def _classify(
    name: str, test: int, solution: Grid, answers: Sequence[RuleAnswer], accounted: bool
) -> Fate:
    cheapest: dict[Grid, RuleAnswer] = {}
    for each in sorted(answers, key=lambda each: each.bits):
        if (cells := each.outputs[test]) is not None:
            cheapest.setdefault(Grid(cells), each)
    if not cheapest:
        fate = RuleClass.NO_LIST if accounted else RuleClass.NO_EFFECT
        return Fate(name, test, fate, False, 0.0, 0, frozenset())
    outputs, first = list(cheapest), next(iter(cheapest.values()))
    fate = RuleClass.WRONG
    if solution in outputs:
        fate = RuleClass.RIGHT if outputs.index(solution) < 2 else RuleClass.NOT_FIRST
    words = find_words(first.program)
    return Fate(name, test, fate, outputs[0] == solution, first.bits, first.rules, words)


def _accounts(target: Target | None, budget: Budget) -> bool:
    """Return whether each change of the target is one that some rule accounts for."""
    if target is None:
        return False  # outputs of another size
    pool, _ = collect_rules(target, DRAWINGS * budget.operations)
    _, covers, _ = pool.ranked()
    return bool((np.bitwise_or.reduce(covers, axis=0) == target.full).all())


def find_words(program: Program) -> frozenset[str]:
    """Return the words of the language of rules in the rules and summaries of a program."""
    known = {each.name for each in terms()} | {each.name for each in partitions()}
    bodies = (
        str(node.rules if isinstance(node, Rewrite) else node.summary)
        for node in program.nodes
        if isinstance(node, Rewrite | Summarize)
    )
    return frozenset(_WORD.findall(" ".join(bodies))) & known


def count_words(fates: Iterable[Fate]) -> dict[str, tuple[int, int]]:
    """Count for each word the (right, wrong) tasks whose first explanation uses it."""
    counts: dict[str, tuple[set[str], set[str]]] = {}
    for each in fates:
        for word in each.words:
            right, wrong = counts.setdefault(word, (set(), set()))
            (right if each.first_right else wrong).add(each.task)
    return {word: (len(right), len(wrong)) for word, (right, wrong) in counts.items()}
