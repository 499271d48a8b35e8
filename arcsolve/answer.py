"""Solves one task in one call and explains its attempts."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from arcsolve.arbiter.decide import Decision
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.html import grid_html
from arcsolve.dsl.solver import Budget, Solver
from arcsolve.dsl.task import Task
from arcsolve.run.sandbox import Limits, Outcome, run_isolated, warm_up
from arcsolve.walk import Decisions, walk


@dataclass(frozen=True, slots=True)
class Answer:
    """The decisions on the tests of a task, and the outcome of each solver by its name."""

    task: Task
    decisions: tuple[Decision, ...]
    outcomes: Mapping[str, Outcome]

    @property
    def attempts(self) -> tuple[tuple[Grid, Grid], ...]:
        """The two grids for each test, the likelier grid first."""
        pairs = (decision.attempts for decision in self.decisions)
        return tuple((first.output, second.output) for first, second in pairs)

    def __str__(self) -> str:
        return "\n".join(
            f"test {decision.test + 1}, attempt {number}: {attempt.output}  {attempt.reason}"
            for decision in self.decisions
            for number, attempt in enumerate(decision.attempts, 1)
        )

    def _repr_html_(self) -> str:
        """Return each test input with its two attempts as HTML, for a notebook."""
        return "".join(_row(self.task.tests[each.test], each) for each in self.decisions)


class Memo:
    """The outcomes of a walk over a few tasks, kept in memory."""

    def __init__(self) -> None:
        self._outcomes: dict[str, dict[str, Outcome]] = {}

    def done(self) -> set[tuple[str, str]]:
        """Return the (task, solver) of each outcome."""
        return {(task, name) for task, outcomes in self._outcomes.items() for name in outcomes}

    def outcomes(self, task: str) -> Mapping[str, Outcome]:
        """Return the outcomes of a task by solver."""
        return self._outcomes.get(task, {})

    def add(self, task: str, solver: str, outcome: Outcome) -> None:
        """Keep the outcome of a solver on a task."""
        self._outcomes.setdefault(task, {})[solver] = outcome


def answer(task: Task, lineup: Sequence[Solver], budget: Budget, limits: Limits) -> Answer:
    """Run each solver on the task in its own process, one after the other, and decide.

    `budget` and `limits` hold for each solver. A run over a file that holds the task gives the
    same attempts. Raises BadInput for two solvers of one name.
    """

    def execute(
        solver: Solver, tasks: Mapping[str, Task], later: int
    ) -> Iterator[tuple[str, Outcome]]:
        for key, each in tasks.items():
            warm_up(solver)
            yield key, run_isolated(solver, each, budget, limits)

    memo = Memo()
    decisions = Decisions({task.name: task}, memo)
    deque(walk(lineup, decisions, execute), maxlen=0)
    return Answer(task, decisions.decide(task.name), memo.outcomes(task.name))


def _row(test: Grid, decision: Decision) -> str:
    cells = [("test", test)] + [(attempt.reason, attempt.output) for attempt in decision.attempts]
    columns = (
        f"<td>{grid_html(grid.cells)}<small>{escape(text)}</small></td>" for text, grid in cells
    )
    return f"<table><tr>{''.join(columns)}</tr></table>"
