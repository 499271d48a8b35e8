"""Adapted: a network trained on each task by itself, as a solver."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsl.solver import Budget, Candidate, Stop, StopReason
from dsl.task import Task
from ttt.canvas import Canvas, canvas_of

if TYPE_CHECKING:
    from ttt.adaptation import Glimpse, Run

__all__ = ["Adapted", "work_of"]

FAST_OPERATIONS = 600_000
FAST_WORK = 6_900_000  # cell updates; about 10 seconds of one core (LOG.md has the machine)
LEAST_SHARE = 0.15  # of the work for training, below which no further network is begun
GROWTH = 0.7  # 13 times the operations are then about 6 times the seconds


def work_of(operations: int) -> int:
    """Cell updates for a budget's operations: layers of the network applied to cells.

    A backward pass counts as two forward passes. The work grows with the power 0.7 of the
    operations, as a network gains less from more work than a search does: 600,000 operations
    are about 10 core-seconds, 8 million about 60.
    """
    return int(FAST_WORK * (operations / FAST_OPERATIONS) ** GROWTH)


@dataclass(frozen=True, slots=True)
class Adapted:
    """Test-time training, for tasks whose outputs a canvas can show.

    A network, new or from a `checkpoint`, is trained on views of the task's pairs (the 8
    symmetries; permutations of colors that do not occur in every pair) until the work is used up
    or the loss is low `enough`, and votes on views of the tests. While work is left the next one
    is trained, `restarts` at most; every second new one is shown no features. Candidates carry as
    evidence: `votes` (share of the views that gave this output), `likelihood` (mean logarithm of a
    cell's probability, over the views) and `fit` (share of the pairs that the networks get exactly
    right, mean over the restarts).

    Before them come the outputs that the first network gave on its way, without votes. They and
    the first of the others tell how it learned: `progress` (share of the training done), `loss`
    and `accuracy` (share of the pairs' cells that are right).
    """

    preset: str = "local"
    checkpoint: str = ""  # file of a trained network to start from
    restarts: int = 4  # at most
    enough: float = 0.003  # nats a cell
    cells: int = 900  # of a training batch
    rate: float = 5e-3  # peak learning rate
    muon: bool = True  # whether Muon moves the matrices of the blocks
    features: bool = True  # whether a new network is shown features of the input
    views: int = 64  # at most, of each test and restart
    voting_share: float = 0.15  # of the work for predictions; the rest is for training
    candidates: int = 3  # distinct outputs for each test

    @property
    def name(self) -> str:
        return "neural"

    def solve(self, task: Task, budget: Budget) -> Generator[Candidate, None, Stop]:
        """Candidates of each test in turn, the most votes first."""
        from neural.precision import fast_products
        from ttt.adaptation import one_thread, shows_crops

        crops = not self.checkpoint or shows_crops(self.checkpoint)
        canvas = canvas_of(task, crops=crops)
        if canvas is None:
            return Stop(StopReason.EXHAUSTED, "no canvas: the size of the outputs is not plain")

        with one_thread(), fast_products():
            runs = list(self._runs(task, canvas, budget))
        lived = [run for run in runs if run.steps]
        for test in range(len(task.tests)):
            yield from self._candidates(test, canvas, lived)
        steps = " + ".join(f"{run.steps} steps{run.problem and ': '}{run.problem}" for run in runs)
        wanting = not lived and not any(run.problem for run in runs)
        return Stop(StopReason.OPERATIONS, "too few for a step of training" if wanting else steps)

    def _runs(self, task: Task, canvas: Canvas, budget: Budget) -> Iterator[Run]:
        """One network after the other, as long as there is work for more than a short training."""
        whole = work_of(budget.operations)
        voting = int(self.voting_share * whole)
        training = left = whole - voting
        for number in range(self.restarts):
            run = self._run(task, canvas, number, left, voting // self.restarts, budget.seed)
            yield run
            left -= int(run.spent * left)
            if left < LEAST_SHARE * training:
                return

    def _run(
        self, task: Task, canvas: Canvas, number: int, training: int, voting: int, seed: int
    ) -> Run:
        """One network, with a seed of its own."""
        from neural.training import Schedule
        from ttt.adaptation import Recipe, run

        schedule = Schedule(rate=self.rate, muon=self.muon, halting=0.0)
        features = self.features and number % 2 == 0
        recipe = Recipe(self.preset, self.cells, schedule, features, self.checkpoint, self.enough)
        own = seed * self.restarts + number
        return run(task, canvas, recipe, training, voting, self.views, own)

    def _candidates(self, test: int, canvas: Canvas, runs: Sequence[Run]) -> Iterator[Candidate]:
        from ttt.voting import count

        cast = [ballot for run in runs for ballot in run.ballots[test]]
        if not cast:
            return
        *before, last = runs[0].glimpses
        for glimpse in before:
            output = glimpse.outputs[test]
            if output is not None:
                evidence = {"votes": 0.0, "fit": glimpse.fit, **_progress(glimpse)}
                yield Candidate(test, output, self.name, self._reason("in training"), evidence)
        fit, learned = sum(run.fit for run in runs) / len(runs), _progress(last)
        for vote in count(cast, canvas, self.candidates):
            reason = self._reason(f"{round(vote.share * len(cast))} of {len(cast)} views")
            evidence = {"votes": vote.share, "likelihood": vote.likelihood, "fit": fit, **learned}
            yield Candidate(test, vote.output, self.name, reason, evidence)
            learned = {}

    def _reason(self, how: str) -> str:
        return f"{self.checkpoint or self.preset} network, {how}"


def _progress(glimpse: Glimpse) -> dict[str, float]:
    return {"progress": glimpse.share, "loss": glimpse.loss, "accuracy": glimpse.accuracy}
