"""Adapted: a solver that trains a network on each task by itself."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arcsolve.dsl.solver import Budget, Candidate, CurvePoint, Stop, StopReason
from arcsolve.dsl.task import Task
from arcsolve.neural.data.canvas import Canvas, choose_canvas

if TYPE_CHECKING:
    from arcsolve.neural.model import TinyRecursiveModel
    from arcsolve.ttt.adapt import Recipe, Run
    from arcsolve.ttt.examples import TrainingExamples

FAST_OPERATIONS = 700_000
FAST_WORK = 8_500_000  # cell updates; about 7 seconds of one core (LOG.md has the machine)
GROWTH = 0.735  # exponent: 11 times the operations take about 6 times the seconds
MIN_SHARE = 0.15  # of the training work; with less left, no further network is started
STEP_CELLS = 3600  # of a training step; above this, training networks in parallel gains nothing


def network_work(operations: int) -> int:
    """Convert a budget's operations to cell updates: network layers applied to cells.

    A backward pass counts as two forward passes. The work grows with the power 0.735 of the
    operations, because a network gains less from more work than a search does. 700,000 operations
    take about 7 core-seconds. 8 million take about 30, because most tasks reach the last restart
    before the work is used up.
    """
    return int(FAST_WORK * (operations / FAST_OPERATIONS) ** GROWTH)


@dataclass(frozen=True, slots=True)
class Adapted:
    """Test-time training, for tasks whose outputs a canvas can show.

    Trains networks on augmented pairs of the task. They start from new weights or from a
    `checkpoint`. Training ends when the work is used up or the loss is low enough (see
    `arcsolve.ttt.adapt.Recipe`). The trained networks vote on augmented test inputs.

    The first network may use up all the training work. While work is left, further networks are
    trained, up to `restarts`. On small grids several are trained in parallel, as many as the work
    left is likely to suffice for. With new weights, every other round of networks trains without
    the feature planes. Only the networks with the best leave-one-out score vote. The voting work
    is divided evenly among `restarts` networks. The part of a network that is never trained stays
    unused.

    Candidates carry this evidence: `votes`, the share of the views that gave the output;
    `likelihood`, the mean log-probability of a cell over the views, in nats; `fit`, the share of
    the pairs that the networks predict exactly, averaged over the voters; and `held_out`, the
    share of the symmetries under which a held-out pair was predicted, averaged over the voters and
    given only if a pair was held out.

    Before the voted candidates come the outputs of the first network during training. These
    candidates have no votes. For each of them, and for the candidate with the most votes, the
    solver also yields a point of the training curve.

    In a line-up the solver skips a task if the answers of earlier solvers are right with the
    probability `settled`.
    """

    preset: str = "shallow"
    changes: tuple[tuple[str, Any], ...] = ()  # fields of the preset, and their values
    checkpoint: str = ""  # file of a trained network to start from
    restarts: int = 12  # at most
    together: int = 4  # networks after the first that are trained in parallel, at most
    longest: float = 1.0  # share of the training work that one network may use up
    stop_loss: float = 0.003  # nats per cell; training ends below it
    held_out: float = 0.0  # share of the work during which a pair is held out
    cells: int = 900  # of a training batch
    rate: float = 1e-2  # peak learning rate of a new network
    trained_rate: float = 5e-3  # peak learning rate of a network from a checkpoint
    average: float = 0.98  # decay of the moving average of weights; 0 for the last weights
    muon: bool = True  # whether Muon trains the matrices of the blocks
    features: bool = True  # whether a new network sees feature planes of the input
    hidden: float = 0.3  # share of the feature planes that each training example hides
    augmentations: tuple[str, ...] = (
        "symmetries",
        "colors",
        "translation",
    )  # see `arcsolve.ttt.examples`
    views: int = 64  # at most, of each test input and network
    voting_share: float = 0.15  # of the work; the rest is for training
    candidates: int = 3  # distinct outputs for each test
    device: str = "cpu"  # where networks compute: cpu, or cuda for a GPU
    settled: float = 0.7  # probability of a solved task, see `arcsolve.walk`

    @property
    def name(self) -> str:
        """The name of the solver in line-ups and reports."""
        return "neural"

    @property
    def modules(self) -> tuple[str, ...]:
        """Modules that child processes would need two core-seconds to import."""
        return "arcsolve.neural.checkpoints.native", "arcsolve.ttt.adapt", "torch._dynamo"

    def warm_up(self) -> None:
        """Load the kernels of the network, which needs no torch."""
        from arcsolve.neural.ops.precompile import warm_up

        warm_up()

    def solve(self, task: Task, budget: Budget) -> Generator[Candidate | CurvePoint, None, Stop]:
        """Yield the candidates of each test in turn, with the training curve of that test.

        Outputs during training come first, then the voted outputs, the most votes first.
        """
        from arcsolve.neural.checkpoints.native import load_checkpoint
        from arcsolve.neural.device import keep_freed_memory
        from arcsolve.neural.ops.precision import fast_matmul
        from arcsolve.ttt.adapt import one_thread, shows_crops

        start = load_checkpoint(Path(self.checkpoint)) if self.checkpoint else None
        canvas = choose_canvas(task, crops=start is None or shows_crops(start.config))
        if canvas is None:
            return Stop(StopReason.EXHAUSTED, "no canvas shows the outputs at their sizes")

        keep_freed_memory()
        with one_thread(), fast_matmul(self.device == "cpu"):
            runs = list(self._runs(task, canvas, start, budget))
        trained = [run for run in runs if run.steps]
        for test in range(len(task.tests)):
            yield from self._candidates(test, canvas, trained)
        steps = " + ".join(f"{run.steps} steps{run.problem and ': '}{run.problem}" for run in runs)
        too_few = not trained and not any(run.problem for run in runs)
        return Stop(
            StopReason.OPERATIONS, "too little work for a training step" if too_few else steps
        )

    def _runs(
        self, task: Task, canvas: Canvas, start: TinyRecursiveModel | None, budget: Budget
    ) -> Iterator[Run]:
        """Train networks, each with its own seed, and yield the run of each.

        Ends when the work left would allow no more than a short training.
        """
        from arcsolve.ttt.adapt import run
        from arcsolve.ttt.examples import encode_examples

        encode = cache(lambda features: encode_examples(task, canvas, features, self.augmentations))
        whole = network_work(budget.operations)
        voting = int(self.voting_share * whole)
        training = left = whole - voting
        number, needed = 0, whole  # work that a network of the last round used up
        for round_number in range(self.restarts):
            examples = encode(self._shows_features(start, round_number))
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
            if not any(each.problem for each in runs):  # a diverged run tells nothing about need
                needed = max(1, used // count)
            if left < MIN_SHARE * training or number == self.restarts:
                return

    def _num_parallel(self, examples: TrainingExamples) -> int:
        """The number of networks to train in parallel on these examples."""
        cells = examples.batch_size(self.cells) * examples.area
        return max(1, min(self.together, STEP_CELLS // cells))

    def _shows_features(self, start: TinyRecursiveModel | None, round_number: int) -> bool:
        """True if the networks of this round see feature planes."""
        from arcsolve.neural.checkpoints.transfer import shows_features

        if start is not None:
            return shows_features(start.config)
        return self.features and round_number % 2 == 0

    def _recipe(self, examples: TrainingExamples, start: TinyRecursiveModel | None) -> Recipe:
        from arcsolve.neural.training.supervision import Schedule
        from arcsolve.ttt.adapt import Recipe, config_for

        config = config_for(examples, self.preset, dict(self.changes))
        rate = self.trained_rate if start else self.rate
        schedule = Schedule(rate=rate, average=self.average, muon=self.muon, halting=0.0)
        knobs = self.hidden, self.stop_loss, self.held_out
        return Recipe(config, self.cells, schedule, start, *knobs, device=self.device)

    def _candidates(
        self, test: int, canvas: Canvas, runs: Sequence[Run]
    ) -> Iterator[Candidate | CurvePoint]:
        from arcsolve.ttt.voting import count_votes

        voters = _select_voters(runs)
        predictions = [prediction for run in voters for prediction in run.predictions[test]]
        if not predictions:
            return
        *before, last = runs[0].evaluations
        for evaluation in before:
            output = evaluation.outputs[test]
            if output is not None:
                evidence = {"votes": 0.0, "fit": evaluation.fit}
                yield evaluation.curve_point(test, output)
                yield Candidate(test, output, self.name, self._reason("in training"), evidence)
        shared = _shared_evidence(voters)
        for place, vote in enumerate(count_votes(predictions, canvas, self.candidates)):
            if place == 0:
                yield last.curve_point(test, vote.output)
            count = round(vote.share * len(predictions))
            reason = self._reason(f"{count} of {len(predictions)} views")
            evidence = {"votes": vote.share, "likelihood": vote.likelihood, **shared}
            yield Candidate(test, vote.output, self.name, reason, evidence)

    def _reason(self, how: str) -> str:
        return f"{self.checkpoint or self.preset} network, {how}"


def _select_voters(runs: Sequence[Run]) -> list[Run]:
    """The runs with the best leave-one-out score; all runs if no pair was held out."""
    best = max((run.held_out or 0.0 for run in runs), default=0.0)
    return [run for run in runs if (run.held_out or 0.0) == best]


def _shared_evidence(voters: Sequence[Run]) -> dict[str, float]:
    """The evidence that all outputs of these networks share."""
    fit = sum(run.fit for run in voters) / len(voters)
    tested = [run.held_out for run in voters if run.held_out is not None]
    return {"fit": fit, **({"held_out": sum(tested) / len(tested)} if tested else {})}
