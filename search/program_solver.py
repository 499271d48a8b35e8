"""The program solver: synthesis in several views of the task and on parts of its grids."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from types import MappingProxyType

import numpy as np

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.solver import Budget, Candidate, Stop, StopReason
from arcsolve.dsl.task import Task
from arcsolve.search.engine.arena import Memory
from arcsolve.search.engine.workspace import Workspace
from arcsolve.search.lifting import LiftedProblem, collect_part_candidates, lift_problem
from arcsolve.search.problem import Problem, build_problem
from arcsolve.search.proposals import Proposal, collect_proposals
from arcsolve.search.reconstruct import reconstruct
from arcsolve.search.stages.backward import Backward
from arcsolve.search.stages.beam import Beam
from arcsolve.search.stages.closure import Closure
from arcsolve.search.stages.cover import Cover
from arcsolve.search.stages.lookup import Complete
from arcsolve.search.stages.stage import Stage
from arcsolve.search.synthesis import synthesize
from arcsolve.search.views import View, view_problems

STAGES: tuple[Stage, ...] = (Closure(), Beam(), Complete(), Cover(), Backward())


@dataclass(frozen=True, slots=True)
class ProgramSolver:
    """A solver that runs the stages in several views of a task, then on the parts of its grids.

    The evidence of a candidate is the description `length` of its program, the share of the pairs
    that it fits (`fit`, less than 1 for a near-miss), its leave-one-out `support` (see
    `arcsolve.search.proposals.support`), and the number of `programs` that give the output.
    """

    stages: tuple[Stage, ...] = STAGES
    views: tuple[str, ...] = ("plain", "background", "color ranks", "transposed")
    plain_share: float = (
        0.5  # share of the operations for the first view; the others share the rest
    )
    near_misses: bool = True
    lifting: float = 0.2  # share of the operations for rules for parts of the grids
    lifted_views: tuple[str, ...] = ("plain", "background")  # of the grids that are taken apart
    decompositions: int = 12  # limit of the ways to take the grids apart
    candidates: int = 8  # limit of distinct outputs for each test in each view

    @property
    def name(self) -> str:
        """The name of the solver in candidates and stores."""
        return "programs"

    def warm_up(self) -> None:
        """Load all kernels into this process before it is forked; compile them the first time."""
        from arcsolve.search.warmup import warm_up

        warm_up()

    def solve(self, task: Task, budget: Budget) -> Generator[Candidate, None, Stop]:
        """Yield the candidates of each view, then those of rules for parts of the grids.

        Return the stop of the last view that met a limit, or `EXHAUSTED` if no view met one. The
        views and the parts share the `budget`.
        """
        stop, memory = Stop(StopReason.EXHAUSTED), Memory()
        for view, workspace in self.search_views(task, budget, memory):
            yield from self.collect_candidates(task, view, workspace)
            if workspace.stop.reason != StopReason.EXHAUSTED:
                stop = workspace.stop
        yield from self.search_parts(task, budget, memory)
        return stop

    def search_views(
        self, task: Task, budget: Budget, memory: Memory
    ) -> Iterator[tuple[View, Workspace]]:
        """Yield each view with its workspace, which the next workspace overwrites in `memory`.

        The views share `budget` with the parts.
        """
        seen = list(view_problems(build_problem(task), self.views))
        for number, (view, problem) in enumerate(seen):
            share = (1 - self.lifting) * self._share(number, len(seen))
            yield view, self._synthesize(problem, budget, share, memory)

    def search_parts(
        self, task: Task, budget: Budget, memory: Memory
    ) -> Generator[Candidate, None, None]:
        """Yield the candidates of rules for parts of the grids.

        The parts share `budget` with the views. The workspaces overwrite `memory`.
        """
        problems = self._lift(build_problem(task)) if self.lifting else []
        for lifted in problems:
            share = self.lifting / len(problems)
            workspace = self._synthesize(lifted.problem, budget, share, memory)
            yield from collect_part_candidates(
                task, lifted, workspace, solver=self.name, near_misses=self.near_misses
            )

    def _lift(self, problem: Problem) -> list[LiftedProblem]:
        """Return the problems of parts, those of each view in turn."""
        lifted = [
            list(lift_problem(seen, view))
            for view, seen in view_problems(problem, self.lifted_views)
        ]
        turns = chain.from_iterable(zip_longest(*lifted))
        return [each for each in turns if each is not None][: self.decompositions]

    def _share(self, number: int, views: int) -> float:
        if views == 1:
            return 1.0
        return self.plain_share if number == 0 else (1 - self.plain_share) / (views - 1)

    def _synthesize(
        self, problem: Problem, budget: Budget, share: float, memory: Memory
    ) -> Workspace:
        part = replace(budget, operations=int(share * budget.operations))
        return synthesize(problem, part, self.stages, memory)

    def collect_candidates(
        self, task: Task, view: View, workspace: Workspace
    ) -> Generator[Candidate, None, None]:
        """Yield for each test the best proposal of each distinct output in the workspace of a view.

        The evidence counts the proposals that agree on the output.
        """
        proposals = collect_proposals(workspace, near_misses=self.near_misses)
        for test in range(workspace.problem.tests):
            groups: dict[tuple[object, ...], list[Proposal]] = {}
            for proposal in proposals:
                output = proposal.outputs[test]
                groups.setdefault((output.shape, output.tobytes()), []).append(proposal)
            for group in list(groups.values())[: self.candidates]:
                try:
                    yield self._candidate(task, test, view, workspace, group)
                except Undefined:
                    continue  # the view cannot restore its result for this test

    def _candidate(
        self, task: Task, test: int, view: View, workspace: Workspace, group: list[Proposal]
    ) -> Candidate:
        best, pairs = group[0], workspace.problem.pairs
        program = reconstruct(workspace, view, best.state)
        evidence = {
            "length": float(program.length),
            "fit": best.matches.bit_count() / pairs,
            "support": best.support,
            "programs": float(len(group)),
        }
        output = view.undo(best.outputs[test], np.array(task.tests[test].cells))
        return Candidate(test, Grid(output), self.name, str(program), MappingProxyType(evidence))
