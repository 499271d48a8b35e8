"""The search solver: rules over parts, and then programs over whole grids."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

from arcsolve.dsl.solver import Budget, Candidate, Stop, StopReason
from arcsolve.dsl.task import Task
from arcsolve.search.engine.arena import Memory
from arcsolve.search.problem import build_problem
from arcsolve.search.program_solver import ProgramSolver
from arcsolve.search.rules.induction import Induction as Induction
from arcsolve.search.rules.repair import Draft, find_drafts
from arcsolve.search.rules.rule_solver import RuleSolver, list_candidates
from arcsolve.search.stages.backward import Backward as Backward
from arcsolve.search.stages.beam import Beam as Beam
from arcsolve.search.stages.closure import Closure as Closure
from arcsolve.search.stages.cover import Cover as Cover
from arcsolve.search.stages.lookup import Complete as Complete
from arcsolve.search.views import PLAIN

# The settings of both halves stand in the repr of a solver, and `eval` looks them up here.
RULES, PROGRAMS = RuleSolver(), ProgramSolver()


@dataclass(frozen=True, slots=True)
class SearchSolver:
    """The whole symbolic solver: its candidates are those of `rules` and then of `programs`.

    Each half may do the work of the budget. All candidates carry the name of this solver, and those
    of rules have `bits` as evidence.
    """

    rules: RuleSolver = RULES
    programs: ProgramSolver = PROGRAMS
    canvases: int = 2  # states that rules may repair

    @property
    def name(self) -> str:
        """The name of the solver in stores."""
        return "search"

    def warm_up(self) -> None:
        """Load all kernels into this process before it is forked; compile them the first time."""
        self.rules.warm_up()
        self.programs.warm_up()

    def solve(self, task: Task, budget: Budget) -> Generator[Candidate, None, Stop]:
        """Yield the candidates of both halves; return the first stop that met a limit, if any.

        If no rules explain the task, the states of the programs that come closest to the outputs
        become canvases for rules.
        """
        found = self._search(task, budget)
        while True:
            try:
                yield replace(next(found), solver=self.name)
            except StopIteration as end:
                stop: Stop = end.value
                return stop

    def _search(self, task: Task, budget: Budget) -> Generator[Candidate, None, Stop]:
        problem = build_problem(task)
        seen, answers, first = self.rules.explain(problem, budget)
        yield from list_candidates(self.rules.name, problem, answers)
        canvases: list[Draft] = []
        stop, memory = Stop(StopReason.EXHAUSTED), Memory()
        for view, workspace in self.programs.search_views(task, budget, memory):
            yield from self.programs.collect_candidates(task, view, workspace)
            if workspace.stop.reason is not StopReason.EXHAUSTED:
                stop = workspace.stop
            if view is PLAIN and not answers:
                canvases += find_drafts(workspace, self.canvases)
        yield from self.programs.search_parts(task, budget, memory)
        repaired = list(self.rules.repair(problem, seen, canvases, budget))
        yield from list_candidates(self.rules.name, problem, repaired)
        return stop if first.reason is StopReason.EXHAUSTED else first
