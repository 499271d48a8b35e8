"""Solving one task in one call: the attempts, why these, and why each solver stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from arcsolve.arbiter.decide import Decision, decide
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.html import grid_html
from arcsolve.dsl.solver import Budget, Solver
from arcsolve.dsl.task import Task
from arcsolve.run.early_stop import settled, solved_probability
from arcsolve.run.sandbox import Limits, Outcome, run_isolated, warm_up

__all__ = ["Answer", "answer"]


@dataclass(frozen=True, slots=True)
class Answer:
    """Two attempts for each test of a task, and what each solver did, by its name."""

    task: Task
    decisions: tuple[Decision, ...]
    outcomes: Mapping[str, Outcome]

    @property
    def attempts(self) -> tuple[tuple[Grid, Grid], ...]:
        """The two grids for each test, the likelier first."""
        pairs = (decision.attempts for decision in self.decisions)
        return tuple((first.output, second.output) for first, second in pairs)

    def __str__(self) -> str:
        return "\n".join(
            f"test {decision.test + 1}, attempt {number}: {attempt.output}  {attempt.reason}"
            for decision in self.decisions
            for number, attempt in enumerate(decision.attempts, 1)
        )

    def _repr_html_(self) -> str:
        """Every test input with its two attempts, for a notebook."""
        return "".join(_row(self.task.tests[each.test], each) for each in self.decisions)


def answer(task: Task, lineup: Sequence[Solver], budget: Budget, limits: Limits) -> Answer:
    """Run the solvers on the task, one after the other, each in a process of its own, and decide.

    The same attempts as those of a walk over a file that holds the task.
    """
    outcomes: dict[str, Outcome] = {}
    decided = decide(task, ())
    for solver in lineup:
        outcome = settled(solver, solved_probability(decided))
        outcomes[solver.name] = outcome or _run(solver, task, budget, limits)
        decided = decide(task, [c for each in outcomes.values() for c in each.candidates])
    return Answer(task, decided, outcomes)


def _run(solver: Solver, task: Task, budget: Budget, limits: Limits) -> Outcome:
    warm_up(solver)
    return run_isolated(solver, task, budget, limits)


def _row(test: Grid, decision: Decision) -> str:
    cells = [("test", test)] + [(attempt.reason, attempt.output) for attempt in decision.attempts]
    columns = (
        f"<td>{grid_html(grid.cells)}<small>{escape(text)}</small></td>" for text, grid in cells
    )
    return f"<table><tr>{''.join(columns)}</tr></table>"
