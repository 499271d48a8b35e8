"""Adapts a network to one task: trains it on augmented pairs, and predicts the tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.solver import CurvePoint
from arcsolve.neural.checkpoints.transfer import start_from
from arcsolve.neural.config import PRESETS, ModelConfig
from arcsolve.neural.data.augment import SYMMETRIES, Augmentation
from arcsolve.neural.data.inputs import NetworkInput
from arcsolve.neural.data.tokens import color_tokens
from arcsolve.neural.device import find_device
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.training.ensemble import stack_networks, unstack_networks
from arcsolve.neural.training.supervision import Diverged, Schedule, cell_updates, train
from arcsolve.ttt.examples import TrainingExamples
from arcsolve.ttt.voting import Prediction, predict_augmented

IDENTITY = Augmentation(0)
EVALUATION_SHARES = (1 / 16, 1 / 4, 1 / 2)  # shares of the training work before an evaluation
SMOOTHING = 0.8  # per batch, of the loss that is compared with the stop loss
MIN_PAIRS = 3  # of a task, for one pair to be held out


@dataclass(frozen=True, slots=True)
class Recipe:
    """The training of a network for a task.

    The network has new weights and the configuration `config`, or it starts from `start`, whose
    own configuration then counts. A batch has about `cells` cells. Each training example hides the
    share `hidden` of the feature planes, so that the network relies on no single feature.

    Training ends when the smoothed loss, in nats per cell, falls below `stop_loss`: further
    training would harm the predictions beyond the pairs. One pair is held out for the share
    `held_out` of the work, or until the loss is low enough. If the network then predicts that pair
    under all symmetries, training ends. The network computes on `device`, see
    `arcsolve.neural.device`.
    """

    config: ModelConfig
    cells: int
    schedule: Schedule
    start: TinyRecursiveModel | None = None
    hidden: float = 0.0
    stop_loss: float = 0.0
    held_out: float = 0.0
    device: str = "cpu"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An evaluation of a network during training, on the pairs and tests without augmentation.

    `progress` is the share of the training that is done and `loss` the loss of the last batch in
    nats per cell. `accuracy` is the share of the pairs' cells that the network predicts correctly
    and `fit` the share of the pairs that it predicts exactly. `outputs` holds the output for every
    test, None where there is none.
    """

    progress: float
    loss: float
    accuracy: float
    fit: float
    outputs: tuple[Grid | None, ...]

    def curve_point(self, test: int, output: Grid) -> CurvePoint:
        """The point of the training curve that shows an output for a test."""
        return CurvePoint(test, output, self.progress, self.loss, self.accuracy)


@dataclass(frozen=True, slots=True)
class Adaptation:
    """A network that was adapted to a task, with the examples that it was trained on.

    `losses` holds the loss of every step and `evaluations` those during training. `spent` is the
    share of the work that was used up. `held_out` is the share of the symmetries under which the
    held-out pair was predicted, None if no pair was held out.
    """

    examples: TrainingExamples
    model: TinyRecursiveModel
    losses: tuple[float, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    spent: float = 1.0
    held_out: float | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """The result of adapting one network and predicting the tests with it.

    `predictions` are by test. `evaluations` are those during training and one at its end. `steps`
    counts optimizer steps. `spent` is the share of the work that this network used up, of the work
    for all networks that were trained in parallel. `held_out` is the share of the symmetries under
    which the held-out pair was predicted before it was trained on, None if no pair was held out.
    `problem` says why the network could not vote. A run without steps has no predictions.
    """

    predictions: tuple[tuple[Prediction, ...], ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    steps: int = 0
    problem: str = ""
    spent: float = 1.0
    held_out: float | None = None

    @property
    def fit(self) -> float:
        """The share of the pairs that the trained network predicts exactly."""
        return self.evaluations[-1].fit


def config_for(examples: TrainingExamples, preset: str, changes: Mapping[str, Any]) -> ModelConfig:
    """The configuration of this preset with changed fields, for these examples.

    `changes` maps fields of the preset to values. If the network needs a canvas of fixed size, the
    canvas is a square that holds every grid of the examples.
    """
    config = PRESETS[preset]
    fixed = changes.get("mixer", config.mixer) == "mlp"
    fixed |= changes.get("positions", config.positions) == "learned"
    return replace(config, **{"tokens": examples.side**2 if fixed else 0, **changes})


def shows_crops(config: ModelConfig) -> bool:
    """True if a network of this configuration has a token for cells outside a cropped output."""
    return color_tokens(config).stop < config.vocabulary


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute with one thread of torch: workers do not compete, and sums keep one order."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def run(
    examples: TrainingExamples,
    recipe: Recipe,
    training: int,
    voting: int,
    views: int,
    seeds: Sequence[int],
) -> list[Run]:
    """Adapt a network for each seed, and predict the tests with each network.

    `training` are the cell updates of all networks together and `voting` those of each network.
    Each network predicts each test under at most `views` augmentations. If one of several networks
    diverges, each is trained anew by itself, with its part of the training work. A network that
    diverges by itself has spent the work that it used until then.
    """
    count = len(seeds)
    try:
        adapted = adapt(examples, recipe, training, seeds)
    except Diverged as error:
        if count == 1:
            return [Run(problem=f"diverged, {error}", spent=error.spent)]
        runs = [run(examples, recipe, training // count, voting, views, [s])[0] for s in seeds]
    else:
        pairs = zip(adapted, seeds, strict=True)
        runs = [_vote(each, voting, views, seed) if each.losses else Run() for each, seed in pairs]
    return [replace(each, spent=each.spent / count) for each in runs]


def _vote(adapted: Adaptation, voting: int, views: int, seed: int) -> Run:
    tests = range(len(adapted.examples.tests))
    work = voting // len(tests)
    predictions = [tuple(predict(adapted, test, work, views, seed)) for test in tests]
    last = evaluate(adapted.examples, adapted.model, adapted.spent, adapted.losses[-1])
    evaluations, steps = (*adapted.evaluations, last), len(adapted.losses)
    return Run(tuple(predictions), evaluations, steps, "", adapted.spent, adapted.held_out)


def adapt(
    examples: TrainingExamples, recipe: Recipe, work: int, seeds: Sequence[int]
) -> list[Adaptation]:
    """Train a network for each seed on nothing but augmented pairs of the task.

    The networks are trained in parallel, each on augmentations of its own, and end together.
    `work` is the number of cell updates that they may use up in all. The result depends on nothing
    but the arguments: earlier adaptations leave no trace. Raises Diverged for all networks.
    """
    model = stack_networks([_build_start(examples, recipe, seed) for seed in seeds])
    places = list(range(len(examples.pairs)))
    monitor = _Monitor(examples, model, recipe, places)
    if recipe.held_out and len(places) >= MIN_PAIRS:
        monitor.held_out_place = places.pop(seeds[0] % len(places))
    draws = np.random.default_rng(seeds[0])
    size = len(seeds) * examples.batch_size(recipe.cells)
    draw = examples.batch_sampler(places, size, recipe.hidden, model, draws)
    losses = tuple(train(model, draw, work, recipe.schedule, monitor))
    evaluations = [monitor.evaluations, *[()] * (len(seeds) - 1)]
    parts = zip(unstack_networks(model), evaluations, monitor.held_out, strict=True)
    return [
        Adaptation(examples, network, losses, own, monitor.spent, held_out)
        for network, own, held_out in parts
    ]


def predict(adapted: Adaptation, test: int, work: int, most: int, seed: int) -> list[Prediction]:
    """Predict a test under each symmetry, and then under augmentations drawn with the seed.

    Makes as many predictions as `work` cell updates allow, at most `most` and at least one. There
    are none if the canvas has no planes for the test input.
    """
    examples, model = adapted.examples, adapted.model
    network_input = examples.tests[test]
    if network_input is None:
        return []
    each = model.config.supervision_steps * cell_updates(model, network_input.planes[0].size)
    count = max(1, min(work // each, most))
    augmentations = examples.draw_augmentations(count, np.random.default_rng(seed))
    return predict_augmented(model, network_input, examples.canvas, augmentations)


def evaluate(
    examples: TrainingExamples, model: TinyRecursiveModel, progress: float, loss: float
) -> Evaluation:
    """Evaluate a network on pairs and tests without augmentation, at this point of its training."""

    def predict_plain(network_input: NetworkInput) -> Prediction:
        return predict_augmented(model, network_input, examples.canvas, [IDENTITY])[0]

    right = [predict_plain(pair.input).labels == pair.labels for pair, *_ in examples.pairs]
    accuracy = float(np.mean([part.mean() for part in right]))
    fit = float(np.mean([part.all() for part in right]))
    outputs = tuple(None if test is None else predict_plain(test).output for test in examples.tests)
    return Evaluation(progress, loss, accuracy, fit, outputs)


@dataclass(slots=True)
class _Monitor:
    """Monitors a training after every batch, and decides when it ends.

    Evaluates the first network at each of `EVALUATION_SHARES`. The pair at `held_out_place` joins
    `places`, the pairs that are trained on, once it has been tested.
    """

    examples: TrainingExamples
    model: TinyRecursiveModel
    recipe: Recipe
    places: list[int]
    held_out_place: int | None = None
    smoothed: float = 1.0
    spent: float = 1.0
    evaluations: tuple[Evaluation, ...] = ()
    held_out: Sequence[float | None] = field(init=False)

    def __post_init__(self) -> None:
        self.held_out = [None] * self.model.networks

    def __call__(self, progress: float, loss: float) -> bool:
        self.smoothed += (1 - SMOOTHING) * (loss - self.smoothed)
        count = len(self.evaluations)
        if count < len(EVALUATION_SHARES) and progress >= EVALUATION_SHARES[count]:
            first = unstack_networks(self.model)[0]
            self.evaluations += (evaluate(self.examples, first, progress, loss),)
        ends = self.smoothed < self.recipe.stop_loss
        if self.held_out_place is not None and (ends or progress >= self.recipe.held_out):
            ends = self._test_held_out(self.held_out_place) == 1.0
        if ends:
            self.spent = progress
        return ends

    def _test_held_out(self, place: int) -> float:
        """Test the held-out pair, and train on it from now on; the lowest share of all networks."""
        networks = unstack_networks(self.model)
        shares = [_predicted_share(self.examples, each, place) for each in networks]
        self.held_out_place, self.smoothed, self.held_out = None, 1.0, shares
        self.places.append(place)
        return min(shares)


def _predicted_share(examples: TrainingExamples, model: TinyRecursiveModel, place: int) -> float:
    """The share of the symmetries under which the network predicts a pair exactly."""
    pair = examples.pairs[place][0]
    symmetries = [Augmentation(symmetry) for symmetry in examples.symmetries]
    predictions = predict_augmented(model, pair.input, examples.canvas, symmetries)
    return float(np.mean([(each.labels == pair.labels).all() for each in predictions]))


def _build_start(examples: TrainingExamples, recipe: Recipe, seed: int) -> TinyRecursiveModel:
    """A network for the inputs of these examples: from the recipe's start, or with new weights.

    New weights are drawn on the CPU for every device, so that a seed means the same weights
    everywhere.
    """
    config = examples.pairs[0][0].input.fit_config(recipe.config, SYMMETRIES)
    if recipe.start is not None:
        model = start_from(recipe.start, config)
    else:
        model = TinyRecursiveModel(config, torch.Generator().manual_seed(seed))
    return model.to(find_device(recipe.device))
