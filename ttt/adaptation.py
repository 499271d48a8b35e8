"""Adapts a network to one task: trains it on views of the pairs, and predicts the tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from dsl.grid import Grid
from neural.config import PRESETS, ModelConfig
from neural.encoding import color_tokens
from neural.model import TinyRecursiveModel
from neural.planes import start_from
from neural.training import Diverged, Schedule, cell_updates, train
from ttt.sight import Sight
from ttt.study import Study
from ttt.views import SYMMETRIES, View
from ttt.voting import Ballot, ballots

__all__ = [
    "Adaptation",
    "Glimpse",
    "Recipe",
    "Run",
    "adapt",
    "config_for",
    "glimpse",
    "one_thread",
    "predict",
    "run",
    "shows_crops",
]

AS_IT_IS = View(0)
GLIMPSES = (1 / 16, 1 / 4, 1 / 2)  # shares of the training after which it is looked at
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
    """

    config: ModelConfig
    cells: int
    schedule: Schedule
    start: TinyRecursiveModel | None = None
    hidden: float = 0.0
    enough: float = 0.0
    held_out: float = 0.0


@dataclass(frozen=True, slots=True)
class Glimpse:
    """How far a training was: the share done, its loss, cell accuracy and fit on the pairs.

    `outputs` has the output for every test, None where there was none.
    """

    share: float
    loss: float
    accuracy: float
    fit: float
    outputs: tuple[Grid | None, ...]


@dataclass(slots=True)
class Adaptation:
    """A network on its way to a task: what it is shown, and what was seen of it so far."""

    study: Study
    model: TinyRecursiveModel
    left_out: int | None = None  # the pair that it is not trained on yet
    held_out: float | None = None  # share of the symmetries under which that pair was predicted
    losses: tuple[float, ...] = ()
    glimpses: tuple[Glimpse, ...] = ()
    spent: float = 1.0  # share of the work that was used


@dataclass(frozen=True, slots=True)
class Run:
    """One adaptation from start to end.

    `ballots` of each test, `glimpses` of the training with one of its end, optimizer `steps`, the
    share of its work that was `spent`, the share `held_out` of the symmetries under which a pair
    was predicted before it was trained on, None if none was left out, and the `problem` that ended
    it before it could vote. A run without steps has no ballots.
    """

    ballots: tuple[tuple[Ballot, ...], ...] = ()
    glimpses: tuple[Glimpse, ...] = ()
    steps: int = 0
    problem: str = ""
    spent: float = 1.0
    held_out: float | None = None

    @property
    def fit(self) -> float:
        """The share of the pairs that the trained network gets exactly right."""
        return self.glimpses[-1].fit


def config_for(study: Study, preset: str, changes: Mapping[str, Any]) -> ModelConfig:
    """The preset with changed fields, and the study's canvas if it must be of a fixed size."""
    config = PRESETS[preset]
    fixed = changes.get("mixer", config.mixer) == "mlp"
    fixed |= changes.get("positions", config.positions) == "learned"
    return replace(config, **{"tokens": study.side**2 if fixed else 0, **changes})


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


def run(study: Study, recipe: Recipe, training: int, voting: int, views: int, seed: int) -> Run:
    """Adapt with `training` cell updates, and vote on the tests with `voting` of them."""
    try:
        adapted = adapt(study, recipe, training, seed)
    except Diverged as error:
        return Run(problem=f"diverged, {error}")
    if not adapted.losses:
        return Run()
    share, tests = voting // len(study.tests), range(len(study.tests))
    cast = [tuple(predict(adapted, test, share, views, seed)) for test in tests]
    last = glimpse(adapted, adapted.spent, adapted.losses[-1])
    glimpses, steps = (*adapted.glimpses, last), len(adapted.losses)
    return Run(tuple(cast), glimpses, steps, "", adapted.spent, adapted.held_out)


def adapt(study: Study, recipe: Recipe, work: int, seed: int) -> Adaptation:
    """A network trained on nothing but views of the task's pairs, from the recipe's start.

    `work` is how many cell updates may be used up. Depends on nothing but the arguments: what was
    adapted before leaves no trace. Raises Diverged.
    """
    adapted = Adaptation(study, _started(study, recipe, seed))
    places = list(range(len(study.pairs)))
    if recipe.held_out and len(places) >= FEWEST_PAIRS:
        adapted.left_out = places.pop(seed % len(places))
    draws, config = np.random.default_rng(seed), adapted.model.config
    draw = study.drawer(places, recipe.cells, recipe.hidden, config, draws)
    watch = _Watcher(adapted, recipe, places)
    adapted.losses = tuple(train(adapted.model, draw, work, recipe.schedule, watch))
    return adapted


def predict(adapted: Adaptation, test: int, work: int, most: int, seed: int) -> list[Ballot]:
    """Ballots for a test: under each symmetry, and then under views at random.

    As many as `work` cell updates allow, `most` at most, and one at least. No ballots if the
    canvas has no planes for the input.
    """
    study, model = adapted.study, adapted.model
    sight = study.tests[test]
    if sight is None:
        return []
    each = model.config.supervision_steps * cell_updates(model, sight.planes[0].size)
    views = study.views(max(1, min(work // each, most)), np.random.default_rng(seed))
    return ballots(model, sight, study.canvas, views)


def glimpse(adapted: Adaptation, share: float, loss: float) -> Glimpse:
    """What the network makes of pairs and tests as they are, at this share of its training."""
    study = adapted.study

    def seen(sight: Sight) -> Ballot:
        return ballots(adapted.model, sight, study.canvas, [AS_IT_IS])[0]

    right = [seen(pair.sight).labels == pair.labels for pair, *_ in study.pairs]
    accuracy = float(np.mean([part.mean() for part in right]))
    fit = float(np.mean([part.all() for part in right]))
    outputs = tuple(None if sight is None else seen(sight).output for sight in study.tests)
    return Glimpse(share, loss, accuracy, fit, outputs)


@dataclass(slots=True)
class _Watcher:
    """Looks at a training after every batch, and says when it is to end.

    Takes a glimpse at each of `GLIMPSES`. A pair that was left out joins `places`, those that are
    trained on, when it has been tested.
    """

    adapted: Adaptation
    recipe: Recipe
    places: list[int]
    smoothed: float = 1.0

    def __call__(self, share: float, loss: float) -> bool:
        adapted, recipe = self.adapted, self.recipe
        self.smoothed += (1 - SMOOTHING) * (loss - self.smoothed)
        taken = len(adapted.glimpses)
        if taken < len(GLIMPSES) and share >= GLIMPSES[taken]:
            adapted.glimpses += (glimpse(adapted, share, loss),)
        ends = self.smoothed < recipe.enough
        if adapted.left_out is not None and (ends or share >= recipe.held_out):
            ends = self._tested(adapted.left_out) == 1.0
        if ends:
            adapted.spent = share
        return ends

    def _tested(self, place: int) -> float:
        """Test the pair that was left out, and train on it from now on."""
        self.adapted.held_out = _predicted(self.adapted, place)
        self.adapted.left_out, self.smoothed = None, 1.0
        self.places.append(place)
        return self.adapted.held_out


def _predicted(adapted: Adaptation, place: int) -> float:
    """The share of the symmetries under which a pair is predicted exactly."""
    study, pair = adapted.study, adapted.study.pairs[place][0]
    cast = ballots(adapted.model, pair.sight, study.canvas, [View(s) for s in study.symmetries])
    return float(np.mean([(ballot.labels == pair.labels).all() for ballot in cast]))


def _started(study: Study, recipe: Recipe, seed: int) -> TinyRecursiveModel:
    """A network that takes the study's inputs: the trained one, or with drawn weights."""
    config = study.pairs[0][0].sight.fitted(recipe.config, SYMMETRIES)
    if recipe.start is not None:
        return start_from(recipe.start, config)
    return TinyRecursiveModel(config, torch.Generator().manual_seed(seed))
