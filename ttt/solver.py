"""Adapted: a network trained from scratch on each task, as a solver."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsl.solver import Budget, Candidate, Stop, StopReason
from dsl.task import Task
from ttt.canvas import Canvas, canvas_of

if TYPE_CHECKING:
    from ttt.adaptation import Run

__all__ = ["Adapted", "work_of"]

FAST_OPERATIONS = 1_500_000
FAST_WORK = 6_900_000  # cell updates; about 10 seconds of one core (LOG.md has the machine)
GROWTH = 0.6  # 20 times the operations are then about 6 times the seconds


def work_of(operations: int) -> int:
    """Cell updates for a budget's operations: layers of the network applied to cells.

    A backward pass counts as two forward passes. The work grows with the power 0.6 of the
    operations, as a network gains less from more work than a search does: 1.5 million operations
    are about 10 core-seconds, 30 million about 60.
    """
    return int(FAST_WORK * (operations / FAST_OPERATIONS) ** GROWTH)


@dataclass(frozen=True, slots=True)
class Adapted:
    """Test-time training from scratch, for tasks whose size of the output the canvas can tell.

    For each of `restarts` a new network is trained on views of the task's pairs (the 8 symmetries;
    permutations of colors that do not occur in every pair) and votes on views of the tests.
    Candidates carry as evidence: `votes` (share of the views that gave this output), `likelihood`
    (mean logarithm of a cell's probability, over the views) and `fit` (share of the pairs that the
    networks get exactly right, mean over the restarts).
    """

    preset: str = "local"
    restarts: int = 1
    cells: int = 1200  # of a training batch
    rate: float = 3e-3  # peak learning rate
    views: int = 64  # at most, of each test and restart
    voting_share: float = 0.15  # of the work for predictions; the rest is for training
    candidates: int = 3  # distinct outputs for each test

    @property
    def name(self) -> str:
        return "neural"

    def solve(self, task: Task, budget: Budget) -> Generator[Candidate, None, Stop]:
        """Candidates of each test in turn, the most votes first."""
        canvas = canvas_of(task)
        if canvas is None:
            return Stop(StopReason.EXHAUSTED, "no canvas: the size of the outputs is not plain")
        from ttt.adaptation import one_thread

        with one_thread():
            runs = [self._run(task, canvas, budget, number) for number in range(self.restarts)]
        lived = [run for run in runs if run.steps]
        for test in range(len(task.tests)):
            yield from self._candidates(test, lived)
        steps = " + ".join(f"{run.steps} steps{run.problem and ': '}{run.problem}" for run in runs)
        wanting = not lived and not any(run.problem for run in runs)
        return Stop(StopReason.OPERATIONS, "too few for a step of training" if wanting else steps)

    def _run(self, task: Task, canvas: Canvas, budget: Budget, number: int) -> Run:
        """One restart, with its share of the work and a seed of its own."""
        from neural.training import Schedule
        from ttt.adaptation import Recipe, run

        work = work_of(budget.operations) // self.restarts
        seed = budget.seed * self.restarts + number
        voting = int(self.voting_share * work)
        recipe = Recipe(self.preset, self.cells, Schedule(rate=self.rate))
        return run(task, canvas, recipe, work - voting, voting, self.views, seed)

    def _candidates(self, test: int, runs: Sequence[Run]) -> Iterator[Candidate]:
        from ttt.voting import count

        cast = [ballot for run in runs for ballot in run.ballots[test]]
        if not cast:
            return
        fit = sum(run.fit for run in runs) / len(runs)
        for vote in count(cast, self.candidates):
            reason = f"{self.preset} network, {round(vote.share * len(cast))} of {len(cast)} views"
            evidence = {"votes": vote.share, "likelihood": vote.likelihood, "fit": fit}
            yield Candidate(test, vote.output, self.name, reason, evidence)
