"""Adapted: a network trained on each task by itself, as a solver."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arcsolve.dsl.solver import Budget, Candidate, Stop, StopReason
from arcsolve.dsl.task import Task
from arcsolve.neural.data.canvas import Canvas, choose_canvas

if TYPE_CHECKING:
    from arcsolve.neural.model import TinyRecursiveModel
    from arcsolve.ttt.adapt import Evaluation, Recipe, Run
    from arcsolve.ttt.examples import TrainingExamples

FAST_OPERATIONS = 700_000
FAST_WORK = 8_500_000  # cell updates; about 7 seconds of one core (LOG.md has the machine)
LEAST_SHARE = 0.15  # of the work for training, below which no further network is begun
STEP_CELLS = 3600  # of a training step; with more, nothing is gained by networks side by side
GROWTH = 0.735  # 11 times the operations are then about 6 times the seconds


def network_work(operations: int) -> int:
    """Cell updates for a budget's operations: layers of the network applied to cells.

    A backward pass counts as two forward passes. The work grows with the power 0.735 of the
    operations, as a network gains less from more work than a search does: 700,000 operations
    are about 7 core-seconds, 8 million about 30: most tasks come to the last restart before.
    """
    return int(FAST_WORK * (operations / FAST_OPERATIONS) ** GROWTH)


@dataclass(frozen=True, slots=True)
class Adapted:
    """Test-time training, for tasks whose outputs a canvas can show.

    Networks, new or from a `checkpoint`, are trained on views of the task's pairs until the work
    is used up or they have learned enough, see `arcsolve.ttt.adapt.Recipe`, and vote on views of
    the tests. The first may use up all the work. While some is left the next are trained,
    `restarts` at most: where grids are small, side by side as many as would be done with what is
    left. Every second time new ones are shown no features. Only those that predicted pairs left out
    best have a vote. The work for predictions is divided evenly among `restarts` networks, whether
    or not so many are trained: the part of a network that is not trained stays unused.

    Candidates carry as evidence: `votes` (share of the views that gave this output), `likelihood`
    (mean logarithm of a cell's probability, over the views), `fit` (share of the pairs that the
    networks get exactly right, mean over the restarts) and `held_out` (share of the symmetries
    under which a pair that was left out was predicted, mean over the voters; only if one was).

    Before them come the outputs that the first network gave on its way, without votes. They and
    the first of the others tell how it learned: `progress` (share of the training done), `loss`
    and `accuracy` (share of the pairs' cells that are right).

    In a line-up it leaves a task to the solvers before it if their answers are `settled`.
    """

    preset: str = "shallow"
    changes: tuple[tuple[str, Any], ...] = ()  # fields of the preset, and their values
    checkpoint: str = ""  # file of a trained network to start from
    restarts: int = 12  # at most
    together: int = 4  # of them after the first are trained side by side, at most
    longest: float = 1.0  # share of the work for training that one network may use up
    stop_loss: float = 0.003  # nats a cell
    held_out: float = 0.0  # share of the work in which a pair is left out
    cells: int = 900  # of a training batch
    rate: float = 1e-2  # peak learning rate of a new network
    trained_rate: float = 5e-3  # of one that starts from a checkpoint
    average: float = 0.98  # decay of the moving average of weights; 0 for the last weights
    muon: bool = True  # whether Muon moves the matrices of the blocks
    features: bool = True  # whether a new network is shown features of the input
    hidden: float = 0.3  # share of the features that are hidden from an example in training
    augmentations: tuple[str, ...] = (
        "symmetries",
        "colors",
        "translation",
    )  # see `arcsolve.ttt.examples`
    views: int = 64  # at most, of each test and restart
    voting_share: float = 0.15  # of the work for predictions; the rest is for training
    candidates: int = 3  # distinct outputs for each test
    device: str = "cpu"  # where networks are computed: cpu, or cuda for a GPU
    settled: float = 0.7  # probability of a solved task, see `arcsolve.run.early_stop`

    @property
    def name(self) -> str:
        return "neural"

    @property
    def modules(self) -> tuple[str, ...]:
        """What would take children two core-seconds: torch, and what its optimizers import."""
        return "arcsolve.neural.checkpoints.native", "arcsolve.ttt.adapt", "torch._dynamo"

    def warm_up(self) -> None:
        """Load the kernels of the network, which needs no torch."""
        from arcsolve.neural.ops.precompile import warm_up

        warm_up()

    def solve(self, task: Task, budget: Budget) -> Generator[Candidate, None, Stop]:
        """Candidates of each test in turn, the most votes first."""
        from arcsolve.neural.checkpoints.native import load_checkpoint
        from arcsolve.neural.device import keep_freed_memory
        from arcsolve.neural.ops.precision import fast_matmul
        from arcsolve.ttt.adapt import one_thread, shows_crops

        start = load_checkpoint(Path(self.checkpoint)) if self.checkpoint else None
        canvas = choose_canvas(task, crops=start is None or shows_crops(start.config))
        if canvas is None:
            return Stop(StopReason.EXHAUSTED, "no canvas: the size of the outputs is not plain")

        keep_freed_memory()
        with one_thread(), fast_matmul(self.device == "cpu"):
            runs = list(self._runs(task, canvas, start, budget))
        lived = [run for run in runs if run.steps]
        for test in range(len(task.tests)):
            yield from self._candidates(test, canvas, lived)
        steps = " + ".join(f"{run.steps} steps{run.problem and ': '}{run.problem}" for run in runs)
        wanting = not lived and not any(run.problem for run in runs)
        return Stop(StopReason.OPERATIONS, "too few for a step of training" if wanting else steps)

    def _runs(
        self, task: Task, canvas: Canvas, start: TinyRecursiveModel | None, budget: Budget
    ) -> Iterator[Run]:
        """Network after network, as long as there is work for more than a short training.

        Each has a seed of its own.
        """
        from arcsolve.ttt.adapt import run
        from arcsolve.ttt.examples import encode_examples

        shown = cache(
            lambda has_features: encode_examples(task, canvas, has_features, self.augmentations)
        )
        whole = network_work(budget.operations)
        voting = int(self.voting_share * whole)
        training = left = whole - voting
        number, needed = 0, whole  # work that a network of the last turn used up
        for turn in range(self.restarts):
            examples = shown(self._shows_features(start, turn))
            count = min(
                self._num_parallel(examples), max(1, left // needed), self.restarts - number
            )
            first = budget.seed * self.restarts + number
            given = min(left, int(count * self.longest * training))
            recipe, share = self._recipe(examples, start), voting // self.restarts
            runs = run(examples, recipe, given, share, self.views, range(first, first + count))
            yield from runs
            used = int(sum(each.spent for each in runs) * given)
            number, left = number + count, left - used
            if not any(each.problem for each in runs):  # these do not tell what is needed
                needed = max(1, used // count)
            if left < LEAST_SHARE * training or number == self.restarts:
                return

    def _num_parallel(self, examples: TrainingExamples) -> int:
        """How many networks are trained side by side on what this study shows."""
        cells = examples.batch_size(self.cells) * examples.area
        return max(1, min(self.together, STEP_CELLS // cells))

    def _shows_features(self, start: TinyRecursiveModel | None, turn: int) -> bool:
        """Whether the networks of this turn are shown features."""
        from arcsolve.neural.checkpoints.transfer import shows_features

        if start is not None:
            return shows_features(start.config)
        return self.features and turn % 2 == 0

    def _recipe(self, examples: TrainingExamples, start: TinyRecursiveModel | None) -> Recipe:
        from arcsolve.neural.training.supervision import Schedule
        from arcsolve.ttt.adapt import Recipe, config_for

        config = config_for(examples, self.preset, dict(self.changes))
        rate = self.trained_rate if start else self.rate
        schedule = Schedule(rate=rate, average=self.average, muon=self.muon, halting=0.0)
        kept = self.hidden, self.stop_loss, self.held_out
        return Recipe(config, self.cells, schedule, start, *kept, device=self.device)

    def _candidates(self, test: int, canvas: Canvas, runs: Sequence[Run]) -> Iterator[Candidate]:
        from arcsolve.ttt.voting import count_votes

        voters = _select_voters(runs)
        cast = [prediction for run in voters for prediction in run.predictions[test]]
        if not cast:
            return
        *before, last = runs[0].evaluations
        for evaluate in before:
            output = evaluate.outputs[test]
            if output is not None:
                evidence = {"votes": 0.0, "fit": evaluate.fit, **_progress(evaluate)}
                yield Candidate(test, output, self.name, self._reason("in training"), evidence)
        trust, learned = _shared_evidence(voters), _progress(last)
        for vote in count_votes(cast, canvas, self.candidates):
            reason = self._reason(f"{round(vote.share * len(cast))} of {len(cast)} views")
            evidence = {"votes": vote.share, "likelihood": vote.likelihood, **trust, **learned}
            yield Candidate(test, vote.output, self.name, reason, evidence)
            learned = {}

    def _reason(self, how: str) -> str:
        return f"{self.checkpoint or self.preset} network, {how}"


def _progress(evaluate: Evaluation) -> dict[str, float]:
    return {"progress": evaluate.share, "loss": evaluate.loss, "accuracy": evaluate.accuracy}


def _select_voters(runs: Sequence[Run]) -> list[Run]:
    """Those that predicted left out pairs best; all, if none were left out."""
    best = max((run.held_out or 0.0 for run in runs), default=0.0)
    return [run for run in runs if (run.held_out or 0.0) == best]


def _shared_evidence(voters: Sequence[Run]) -> dict[str, float]:
    """Evidence that all outputs of these networks share."""
    fit = sum(run.fit for run in voters) / len(voters)
    tested = [run.held_out for run in voters if run.held_out is not None]
    return {"fit": fit, **({"held_out": sum(tested) / len(tested)} if tested else {})}
