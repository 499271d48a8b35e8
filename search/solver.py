"""The search solver: rules over parts, and then programs over whole grids."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from arcsolve.dsl.solver import Budget, Candidate, Stop, StopReason
from arcsolve.dsl.task import Task
from arcsolve.search.program_solver import ProgramSolver
from arcsolve.search.rules.rule_solver import RuleSolver


@dataclass(frozen=True, slots=True)
class SearchSolver:
    """The whole symbolic solver: its candidates are those of `rules` and then of `programs`.

    Each half may do the work of the budget. A candidate names the half that made it.
    """

    rules: RuleSolver = RuleSolver()
    programs: ProgramSolver = ProgramSolver()

    @property
    def name(self) -> str:
        """The name of the solver in stores."""
        return "search"

    def warm_up(self) -> None:
        """Load all kernels into this process before it is forked; compile them the first time."""
        self.rules.warm_up()
        self.programs.warm_up()

    def solve(self, task: Task, budget: Budget) -> Generator[Candidate, None, Stop]:
        """Yield the candidates of both halves; return the first stop that met a limit, if any."""
        first = yield from self.rules.solve(task, budget)
        second = yield from self.programs.solve(task, budget)
        return second if first.reason is StopReason.EXHAUSTED else first
