"""The rule solver: the cheapest rules over parts, with each background."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Input, Program, Rewrite
from arcsolve.dsl.rules.rule import Rules, find_background
from arcsolve.dsl.solver import Budget, Candidate, Stop, StopReason
from arcsolve.dsl.task import Task
from arcsolve.search.problem import Problem, build_problem
from arcsolve.search.rules.induction import Explanation, Induction
from arcsolve.search.rules.target import build_target

DRAWINGS = 4  # parts on which effects are drawn for each operation of the budget
MOST_LEAD = 4.0  # bits; a longer lead says no more


@dataclass(frozen=True, slots=True)
class RuleSolver:
    """A solver that explains all changes by the cheapest rules over parts.

    The evidence of a candidate is the cost of its rules in `bits`, the number of `rules`, and their
    `lead`: the bits by which the cheapest rules with another output cost more. The lead is negative
    if these are cheaper.
    """

    induction: Induction = Induction()

    @property
    def name(self) -> str:
        """The name of the solver in candidates and stores."""
        return "rules"

    def warm_up(self) -> None:
        """Load all kernels into this process before it is forked; compile them the first time."""
        from arcsolve.search.rules.rule_warmup import warm_up

        warm_up()

    def solve(self, task: Task, budget: Budget) -> Generator[Candidate, None, Stop]:
        """Yield a candidate for each output that rules give for a test, cheap rules first."""
        problem = build_problem(task)
        found: list[Explanation] = []
        work = DRAWINGS * budget.operations
        for background in find_backgrounds(problem.inputs):
            target = build_target(problem.inputs, problem.outputs, background)
            if target is None or found:
                break
            found, work = self.induction.induce(target, work)
        yield from _candidates(self.name, problem, found)
        limit = StopReason.OPERATIONS if work <= 0 else StopReason.EXHAUSTED
        return Stop(limit)


def find_backgrounds(inputs: Sequence[np.ndarray]) -> Iterator[int | None]:
    """Yield the backgrounds to try: one constant color, and each grid's commonest color.

    The constant is the commonest color if that is the same for all inputs, or else 0.
    """
    commonest = {find_background(grid, None) for grid in inputs}
    if len(commonest) == 1:
        yield commonest.pop()
    else:
        yield 0
        yield None


def _candidates(solver: str, problem: Problem, found: list[Explanation]) -> Iterator[Candidate]:
    for test in range(problem.tests):
        cheapest: dict[Grid, Explanation] = {}
        for each in sorted(found, key=lambda each: each.cost):
            output = each.outputs[test]
            if output is not None:
                cheapest.setdefault(Grid(output), each)
        costs = [each.cost for each in cheapest.values()]
        for rank, (output, each) in enumerate(cheapest.items()):
            rival = costs[1] if rank == 0 and len(costs) > 1 else costs[0]
            lead = MOST_LEAD if len(costs) == 1 else rival - each.cost
            evidence = {
                "bits": each.cost,
                "rules": float(len(each.rules.rules)),
                "lead": min(lead, MOST_LEAD),
                "fit": 1.0,
            }
            program = build_program(each.rules)
            yield Candidate(test, output, solver, str(program), MappingProxyType(evidence))


def build_program(rules: Rules) -> Program:
    """Return the program that paints the input by rules over its own parts."""
    return Program((Input(), Rewrite(rules, 0, 0)))
