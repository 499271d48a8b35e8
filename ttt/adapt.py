"""Adapts a network to one task: trains it on views of the pairs, and predicts the tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

from arcsolve.dsl.grid import Grid
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

AS_IT_IS = Augmentation(0)
EVALUATION_SHARES = (1 / 16, 1 / 4, 1 / 2)  # shares of the training after which it is looked at
SMOOTHING = 0.8  # of the loss that is compared with what is enough, for each batch
FEWEST_PAIRS = 3  # of which one may be left out


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is made for a task: its configuration, cells of a batch (about), the rates.

    It starts with new weights, or from those of `start`, whose configuration then counts. In
    training the share `hidden` of the features is hidden from each example, so that it relies on
    none of them alone. Training ends when the loss is below `enough`: to go on would rather harm
    what it predicts beyond the pairs. For the share `held_out` of the work, or until the loss is
    low enough, one pair is left out; if it is then predicted under all symmetries, training ends.
    It computes on `device`, see `arcsolve.neural.device`.
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
    """How far a training was: the share done, its loss, cell accuracy and fit on the pairs.

    `outputs` has the output for every test, None where there was none.
    """

    share: float
    loss: float
    accuracy: float
    fit: float
    outputs: tuple[Grid | None, ...]


@dataclass(frozen=True, slots=True)
class Adaptation:
    """A network that was adapted to a task: what it was shown, and what was seen of it meanwhile.

    `losses` of every step, `glimpses`, the share of the work that was `spent`, and the share
    `held_out` of the symmetries under which a pair left out was predicted, None if none was.
    """

    examples: TrainingExamples
    model: TinyRecursiveModel
    losses: tuple[float, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    spent: float = 1.0
    held_out: float | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One adaptation from start to end.

    `ballots` of each test, `glimpses` of the training with one of its end, optimizer `steps`, the
    share `spent` of the work for it and those beside it, the share `held_out` of the symmetries
    under which a pair was predicted before it was trained on, None if none was left out, and the
    `problem` that ended it before it could vote. A run without steps has no ballots.
    """

    predictions: tuple[tuple[Prediction, ...], ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    steps: int = 0
    problem: str = ""
    spent: float = 1.0
    held_out: float | None = None

    @property
    def fit(self) -> float:
        """The share of the pairs that the trained network gets exactly right."""
        return self.evaluations[-1].fit


def config_for(examples: TrainingExamples, preset: str, changes: Mapping[str, Any]) -> ModelConfig:
    """The preset with changed fields, and the study's canvas if it must be of a fixed size."""
    config = PRESETS[preset]
    fixed = changes.get("mixer", config.mixer) == "mlp"
    fixed |= changes.get("positions", config.positions) == "learned"
    return replace(config, **{"tokens": examples.side**2 if fixed else 0, **changes})


def shows_crops(config: ModelConfig) -> bool:
    """Whether such a network has a token for cells that an output leaves out."""
    return color_tokens(config).stop < config.vocabulary


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute with one thread of torch: workers do not fight, and sums are in one order."""
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
    """Adapt a network for each seed, and let each vote on the tests.

    `training` are the cell updates of all networks together, `voting` those of each. If one of
    several diverges, each is trained anew by itself, with its part of the updates. One that then
    diverges has spent what it used of them.
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
    cast = [tuple(predict(adapted, test, voting // len(tests), views, seed)) for test in tests]
    last = evaluate(adapted.examples, adapted.model, adapted.spent, adapted.losses[-1])
    evaluations, steps = (*adapted.evaluations, last), len(adapted.losses)
    return Run(tuple(cast), evaluations, steps, "", adapted.spent, adapted.held_out)


def adapt(
    examples: TrainingExamples, recipe: Recipe, work: int, seeds: Sequence[int]
) -> list[Adaptation]:
    """Networks trained on nothing but views of the task's pairs, from the recipe's start.

    One for each seed; they are trained side by side, on views of their own, and end together.
    `work` is how many cell updates they may use up. Depends on nothing but the arguments: what was
    adapted before leaves no trace. Raises Diverged, for all of them.
    """
    model = stack_networks([_build_start(examples, recipe, seed) for seed in seeds])
    places = list(range(len(examples.pairs)))
    watch = _Watcher(examples, model, recipe, places)
    if recipe.held_out and len(places) >= FEWEST_PAIRS:
        watch.left_out = places.pop(seeds[0] % len(places))
    draws, size = np.random.default_rng(seeds[0]), len(seeds) * examples.batch_size(recipe.cells)
    draw = examples.batch_sampler(places, size, recipe.hidden, model, draws)
    losses = tuple(train(model, draw, work, recipe.schedule, watch))
    seen = [watch.evaluations, *[()] * (len(seeds) - 1)]
    return [
        Adaptation(examples, each, losses, evaluations, watch.spent, held_out)
        for each, evaluations, held_out in zip(
            unstack_networks(model), seen, watch.held_out, strict=True
        )
    ]


def predict(adapted: Adaptation, test: int, work: int, most: int, seed: int) -> list[Prediction]:
    """Ballots for a test: under each symmetry, and then under views at random.

    As many as `work` cell updates allow, `most` at most, and one at least. No ballots if the
    canvas has no planes for the input.
    """
    examples, model = adapted.examples, adapted.model
    network_input = examples.tests[test]
    if network_input is None:
        return []
    each = model.config.supervision_steps * cell_updates(model, network_input.planes[0].size)
    views = examples.views(max(1, min(work // each, most)), np.random.default_rng(seed))
    return predict_augmented(model, network_input, examples.canvas, views)


def evaluate(
    examples: TrainingExamples, model: TinyRecursiveModel, share: float, loss: float
) -> Evaluation:
    """What a network makes of pairs and tests as they are, at this share of its training."""

    def seen(network_input: NetworkInput) -> Prediction:
        return predict_augmented(model, network_input, examples.canvas, [AS_IT_IS])[0]

    right = [seen(pair.network_input).labels == pair.labels for pair, *_ in examples.pairs]
    accuracy = float(np.mean([part.mean() for part in right]))
    fit = float(np.mean([part.all() for part in right]))
    outputs = tuple(
        None if network_input is None else seen(network_input).output
        for network_input in examples.tests
    )
    return Evaluation(share, loss, accuracy, fit, outputs)


@dataclass(slots=True)
class _Watcher:
    """Looks at a training after every batch, and says when it is to end.

    Takes a glimpse of the first network at each of `GLIMPSES`. The pair that is `left_out` joins
    `places`, those that are trained on, when it has been tested.
    """

    examples: TrainingExamples
    model: TinyRecursiveModel
    recipe: Recipe
    places: list[int]
    left_out: int | None = None
    smoothed: float = 1.0
    spent: float = 1.0
    evaluations: tuple[Evaluation, ...] = ()
    held_out: Sequence[float | None] = field(init=False)

    def __post_init__(self) -> None:
        self.held_out = [None] * self.model.networks

    def __call__(self, share: float, loss: float) -> bool:
        self.smoothed += (1 - SMOOTHING) * (loss - self.smoothed)
        taken = len(self.evaluations)
        if taken < len(EVALUATION_SHARES) and share >= EVALUATION_SHARES[taken]:
            first = unstack_networks(self.model)[0]
            self.evaluations += (evaluate(self.examples, first, share, loss),)
        ends = self.smoothed < self.recipe.stop_loss
        if self.left_out is not None and (ends or share >= self.recipe.held_out):
            ends = self._test_left_out(self.left_out) == 1.0
        if ends:
            self.spent = share
        return ends

    def _test_left_out(self, place: int) -> float:
        """Test the pair that was left out, and train on it from now on; the lowest share."""
        shares = [
            _predicted_share(self.examples, each, place) for each in unstack_networks(self.model)
        ]
        self.left_out, self.smoothed, self.held_out = None, 1.0, shares
        self.places.append(place)
        return min(shares)


def _predicted_share(examples: TrainingExamples, model: TinyRecursiveModel, place: int) -> float:
    """The share of the symmetries under which a pair is predicted exactly."""
    pair = examples.pairs[place][0]
    cast = predict_augmented(
        model, pair.network_input, examples.canvas, [Augmentation(s) for s in examples.symmetries]
    )
    return float(np.mean([(prediction.labels == pair.labels).all() for prediction in cast]))


def _build_start(examples: TrainingExamples, recipe: Recipe, seed: int) -> TinyRecursiveModel:
    """A network that takes the study's inputs: the trained one, or with drawn weights.

    They are drawn on the CPU, whatever the device: a seed means the same weights everywhere.
    """
    config = examples.pairs[0][0].network_input.fit_config(recipe.config, SYMMETRIES)
    if recipe.start is not None:
        model = start_from(recipe.start, config)
    else:
        model = TinyRecursiveModel(config, torch.Generator().manual_seed(seed))
    return model.to(find_device(recipe.device))
