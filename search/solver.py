"""SearchSolver: program synthesis as a solver, over several views of the task."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.solver import Budget, Candidate, Stop, StopReason
from arcsolve.dsl.task import Task
from arcsolve.search.lifting import lifted_candidates, lifted_problems
from arcsolve.search.problem import Problem, problem_of
from arcsolve.search.proposals import Proposal, proposals_of, support
from arcsolve.search.reconstruct import program_of
from arcsolve.search.stages.similarity import ASPECTS
from arcsolve.search.synthesis import Synthesis, synthesize
from arcsolve.search.views import View, seen_problems

__all__ = ["SearchSolver"]


@dataclass(frozen=True, slots=True)
class SearchSolver:
    """Closure, beam, lookup and cover stacking, in several views of the task and on its parts.

    Candidates carry as evidence: `length` (description length of the program), `fit` (share of
    the pairs that it reproduces; less than 1 for near-misses), `support` (leave-one-out, see
    `arcsolve.search.proposals.support`) and `programs` (how many programs give this output).
    """

    views: tuple[str, ...] = ("plain", "background", "color ranks", "transposed")
    plain_share: float = 0.5  # of the operations for the first view; the others share the rest
    closure: float = 0.8  # of a view's operations for whole levels; the rest is the beam's
    width: int = 24  # states a round of the beam
    aspects: tuple[str, ...] = ASPECTS  # in which it looks for states like the outputs
    lookup: bool = True
    library: bool = True  # learned abstractions are operators, too
    cover: bool = True
    inverse: bool = True
    shared: bool = False  # grids that all outputs suggest are leaves, too
    near_misses: bool = True
    lifting: float = 0.2  # of the operations, for rules for parts of the grids
    lenses: int = 12  # at most so many ways to take the grids apart
    candidates: int = 8  # distinct outputs kept for each test, of each view

    @property
    def name(self) -> str:
        return "search"

    def warm_up(self) -> None:
        """Load all kernels into this process (compiled, the first time), before it is forked."""
        from arcsolve.search.warmup import warm_up

        warm_up()

    def solve(self, task: Task, budget: Budget) -> Generator[Candidate, None, Stop]:
        """Candidates of each view in turn, then those of rules for parts of the grids.

        Stops as the last view did that came to a limit; exhausted if none did.
        """
        stop = Stop(StopReason.EXHAUSTED)
        synthesis: Synthesis | None = None
        for view, synthesis in self.searches(task, budget):
            yield from self.candidates_of(task, view, synthesis)
            if synthesis.stop.reason != StopReason.EXHAUSTED:
                stop = synthesis.stop
        yield from self.lifted(task, budget, synthesis)
        return stop

    def searches(self, task: Task, budget: Budget) -> Iterator[tuple[View, Synthesis]]:
        """The states of each view in turn; those of one are gone when the next is asked for."""
        seen = list(seen_problems(problem_of(task), self.views))
        synthesis: Synthesis | None = None
        for number, (view, problem) in enumerate(seen):
            share = (1 - self.lifting) * self._share(number, len(seen))
            synthesis = self._synthesize(problem, budget, share, synthesis)
            yield view, synthesis

    def lifted(
        self, task: Task, budget: Budget, before: Synthesis | None
    ) -> Generator[Candidate, None, None]:
        """Candidates of rules for parts of the grids; the memory of `before` is used again."""
        problems = list(lifted_problems(problem_of(task)))[: self.lenses] if self.lifting else []
        for lifted in problems:
            share = self.lifting / len(problems)
            before = self._synthesize(lifted.problem, budget, share, before)
            yield from lifted_candidates(
                task, lifted, before, solver=self.name, near_misses=self.near_misses
            )

    def _share(self, number: int, views: int) -> float:
        if views == 1:
            return 1.0
        return self.plain_share if number == 0 else (1 - self.plain_share) / (views - 1)

    def _synthesize(
        self, problem: Problem, budget: Budget, share: float, before: Synthesis | None
    ) -> Synthesis:
        part = replace(budget, operations=int(share * budget.operations))
        return synthesize(
            problem,
            part,
            closure=self.closure,
            width=self.width,
            aspects=self.aspects,
            lookup=self.lookup,
            cover=self.cover,
            inverse=self.inverse,
            library=self.library,
            shared=self.shared,
            before=before,
        )

    def candidates_of(
        self, task: Task, view: View, synthesis: Synthesis
    ) -> Generator[Candidate, None, None]:
        """The best proposal for each distinct output, with how many proposals agree on it."""
        proposals, rivals = proposals_of(synthesis, near_misses=self.near_misses)
        proposals.sort(key=lambda p: (-p.matches.bit_count(), p.length, p.state))
        for test in range(synthesis.problem.tests):
            groups: dict[tuple[object, ...], list[Proposal]] = {}
            for proposal in proposals:
                output = proposal.outputs[test]
                groups.setdefault((output.shape, output.tobytes()), []).append(proposal)
            for group in list(groups.values())[: self.candidates]:
                try:
                    yield self._candidate(task, test, view, synthesis, group, rivals)
                except Undefined:
                    continue  # the view's result cannot be mapped back for this test

    def _candidate(
        self,
        task: Task,
        test: int,
        view: View,
        synthesis: Synthesis,
        group: list[Proposal],
        rivals: list[float],
    ) -> Candidate:
        best, pairs = group[0], synthesis.problem.pairs
        program = program_of(synthesis, view, best.state)
        evidence = {
            "length": float(program.length),
            "fit": best.matches.bit_count() / pairs,
            "support": support(best.length, rivals),
            "programs": float(len(group)),
        }
        output = view.restored(best.outputs[test], np.array(task.tests[test].cells))
        return Candidate(test, Grid(output), self.name, str(program), MappingProxyType(evidence))
