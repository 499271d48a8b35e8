"""The rule solver: the cheapest rules over parts, with each background and canvas."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Input, Program, Rewrite, Summarize
from arcsolve.dsl.rules.backgrounds import Background
from arcsolve.dsl.rules.summaries import PaintedSummary
from arcsolve.dsl.solver import Budget, Candidate, Stop, StopReason
from arcsolve.dsl.task import Task
from arcsolve.dsl.values import Cells
from arcsolve.search.problem import Problem, build_problem
from arcsolve.search.rules.induction import Explanation, Induction
from arcsolve.search.rules.repair import Draft, build_repair, find_backgrounds
from arcsolve.search.rules.summaries.summarizing import summarize
from arcsolve.search.rules.target import Target, build_target

DRAWINGS = 4  # parts on which effects are drawn for each operation of the budget
REPAIR_SHARE = 0.15  # of the drawings, for each canvas
INDUCTION = Induction()
MOST_LEAD = 4.0  # bits; a longer lead says no more


class RuleAnswer(NamedTuple):
    """The program of some rules, with their evidence and their outputs for the tests."""

    program: Program
    bits: float
    rules: int
    canvas: int  # length of the program of the canvas, 0 for the input
    outputs: tuple[Cells | None, ...]  # of the tests; None where no rule applies
    proven: bool | None = None  # of a longer list: whether z3 showed that no list is cheaper


@dataclass(frozen=True, slots=True)
class RuleSolver:
    """A solver that explains all changes by the cheapest rules over parts.

    The evidence of a candidate is the cost of its rules in `bits`, the number of `rules`, and their
    `lead`: the bits by which the cheapest rules with another output cost more. The lead is negative
    if these are cheaper. `canvas` is the length of the program that makes the painted canvas.
    Lists of three or more rules have `proven`, which is 1 if z3 showed that no list of the found
    rules is cheaper, and 0 if z3 was cut off.
    """

    induction: Induction = INDUCTION

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
        _, answers, stop = self.explain(problem, budget)
        yield from list_candidates(self.name, problem, answers)
        return stop

    def explain(
        self, problem: Problem, budget: Budget
    ) -> tuple[Target | None, list[RuleAnswer], Stop]:
        """Return the first target, the answers of rules that paint the inputs, and a stop.

        The target is None if the outputs have other shapes than the inputs.
        """
        work, answers, first = DRAWINGS * budget.operations, list[RuleAnswer](), None
        for background in find_backgrounds(problem.inputs):
            target = build_target(problem.inputs, problem.outputs, background)
            if target is None:
                answers += _summarize(problem, background)
                continue
            first = first or target
            found, work = self.induction.induce(target, work)
            for each in found:
                answers.append(_answer(Program((Input(), Rewrite(each.rules, 0, 0))), 0, each))
            if answers:
                break
        return first, answers, Stop(StopReason.OPERATIONS if work <= 0 else StopReason.EXHAUSTED)

    def repair(
        self, problem: Problem, seen: Target | None, canvases: Iterable[Draft], budget: Budget
    ) -> Iterator[RuleAnswer]:
        """Yield the answers of rules that paint canvases; `seen` is the target of the inputs."""
        work = int(REPAIR_SHARE * DRAWINGS * budget.operations)
        for canvas in canvases:
            target = build_repair(problem, canvas, seen)
            if target is None:
                continue
            found, _ = self.induction.induce(target, work)
            for each in found:
                program, length = canvas.build_program(target, each), canvas.program.length
                yield _answer(program, length, each)


def _answer(program: Program, canvas: int, found: Explanation) -> RuleAnswer:
    """Return the answer of rules in a program whose canvas has this length."""
    rules = len(found.rules.rules)
    return RuleAnswer(program, found.cost, rules, canvas, found.outputs, found.proven)


def _summarize(problem: Problem, background: Background) -> Iterator[RuleAnswer]:
    """Yield the answers of summaries of the inputs."""
    for each in summarize(problem.inputs, problem.outputs, background):
        program = Program((Input(), Summarize(each.summary, 0)))
        rules = len(each.summary.rules.rules) if isinstance(each.summary, PaintedSummary) else 0
        yield RuleAnswer(program, each.cost, 1 + rules, 0, each.outputs)


def list_candidates(
    solver: str, problem: Problem, answers: Sequence[RuleAnswer]
) -> Iterator[Candidate]:
    """Yield a candidate for each test and distinct output, the cheapest answer first."""
    for test in range(problem.tests):
        cheapest: dict[Grid, RuleAnswer] = {}
        for each in sorted(answers, key=lambda each: each.bits):
            if (cells := each.outputs[test]) is not None:
                cheapest.setdefault(Grid(cells), each)
        costs = [each.bits for each in cheapest.values()]
        for rank, (output, each) in enumerate(cheapest.items()):
            rival = costs[1 if rank == 0 else 0] if len(costs) > 1 else each.bits + MOST_LEAD
            proven = {} if each.proven is None else {"proven": float(each.proven)}
            evidence = {
                **proven,
                "bits": each.bits,
                "rules": float(each.rules),
                "lead": min(rival - each.bits, MOST_LEAD),
                "canvas": float(each.canvas),
                "fit": 1.0,
            }
            yield Candidate(test, output, solver, str(each.program), MappingProxyType(evidence))
