"""Adapts a network to one task: trains it on views of the pairs, and predicts the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from dsl.grid import Grid
from dsl.task import Pair, Task
from neural.batches import Batch, Example
from neural.checkpoints import load_checkpoint
from neural.config import PRESETS, ModelConfig
from neural.encoding import color_tokens, encode
from neural.model import TinyRecursiveModel
from neural.planes import shows_features, start_from
from neural.training import Diverged, Schedule, cell_updates, train
from ttt.canvas import Canvas
from ttt.sight import Sight
from ttt.views import SYMMETRIES, View, draw_view, free_colors
from ttt.voting import Ballot, ballots

__all__ = [
    "Adaptation",
    "Glimpse",
    "Recipe",
    "Run",
    "adapt",
    "glimpse",
    "one_thread",
    "predict",
    "run",
    "shows_crops",
]

AS_IT_IS = View(0)
GLIMPSES = (1 / 16, 1 / 4)  # shares of the training after which it is looked at
SMOOTHING = 0.8  # of the loss that is compared with what is enough, for each batch


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is made for a task: its preset, about how many cells a batch has, the rates.

    With `features` it is shown features of the inputs. A `checkpoint` is what it starts from, in
    the place of the preset; it is shown features if it was trained with them. Training ends when
    the loss is below `enough`: to go on would rather harm what it predicts beyond the pairs.
    """

    preset: str
    cells: int
    schedule: Schedule
    features: bool = True
    checkpoint: str = ""
    enough: float = 0.0


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
    """A network on its way to a task: the pairs as it sees them, and what was seen of it so far."""

    task: Task
    canvas: Canvas
    model: TinyRecursiveModel
    pairs: list[tuple[Sight, NDArray[np.uint8]]]
    features: bool
    losses: tuple[float, ...] = ()
    glimpses: tuple[Glimpse, ...] = ()
    spent: float = 1.0  # share of the work that was used


@dataclass(frozen=True, slots=True)
class Run:
    """One adaptation from start to end.

    `ballots` of each test, `glimpses` of the training with one of its end, optimizer `steps`, the
    share of its work that was `spent`, and the `problem` that ended it before it could vote. A run
    without steps has no ballots.
    """

    ballots: tuple[tuple[Ballot, ...], ...] = ()
    glimpses: tuple[Glimpse, ...] = ()
    steps: int = 0
    problem: str = ""
    spent: float = 1.0

    @property
    def fit(self) -> float:
        """The share of the pairs that the trained network gets exactly right."""
        return self.glimpses[-1].fit


def shows_crops(checkpoint: str) -> bool:
    """Whether the network of this checkpoint has a token for cells that an output leaves out."""
    config = load_checkpoint(Path(checkpoint)).config
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
    task: Task, canvas: Canvas, recipe: Recipe, training: int, voting: int, views: int, seed: int
) -> Run:
    """Adapt with `training` cell updates, and vote on the tests with `voting` of them."""
    try:
        adapted = adapt(task, canvas, recipe, training, seed)
    except Diverged as error:
        return Run(problem=f"diverged, {error}")
    if not adapted.losses:
        return Run()
    share = voting // len(task.tests)
    cast = [tuple(predict(adapted, test, share, views, seed)) for test in task.tests]
    last = glimpse(adapted, adapted.spent, adapted.losses[-1])
    return Run(tuple(cast), (*adapted.glimpses, last), len(adapted.losses), spent=adapted.spent)


def adapt(task: Task, canvas: Canvas, recipe: Recipe, work: int, seed: int) -> Adaptation:
    """A network trained on nothing but views of the task's pairs, from the recipe's start.

    `work` is how many cell updates may be used up. Depends on nothing but the arguments: what was
    adapted before leaves no trace. Raises Diverged.
    """
    trained = load_checkpoint(Path(recipe.checkpoint)) if recipe.checkpoint else None
    features = recipe.features if trained is None else shows_features(trained.config)
    pairs = [_shown(canvas, pair, features) for pair in task.pairs]
    model = _started(recipe.preset, trained, pairs[0][0], seed)
    adapted = Adaptation(task, canvas, model, pairs, features)
    draws = np.random.default_rng(seed)
    draw = _drawer(pairs, free_colors(task), recipe.cells, model.config, draws)
    watch = _watcher(adapted, recipe.enough)
    adapted.losses = tuple(train(model, draw, work, recipe.schedule, watch))
    return adapted


def predict(adapted: Adaptation, test: Grid, work: int, most: int, seed: int) -> list[Ballot]:
    """Ballots for a test input: of each symmetry, and then of views at random.

    As many as `work` cell updates allow, `most` at most, and one at least. No ballots if the
    canvas has no planes for the input.
    """
    planes = adapted.canvas.planes(test.cells)
    if planes is None:
        return []
    steps = adapted.model.config.supervision_steps
    affordable = work // (steps * cell_updates(adapted.model, planes[0].size))
    draws, free = np.random.default_rng(seed), free_colors(adapted.task)
    views = [View(symmetry) for symmetry in range(SYMMETRIES)]
    views += [draw_view(free, draws, n % SYMMETRIES) for n in range(most - SYMMETRIES)]
    sight = Sight(planes, adapted.features)
    return ballots(adapted.model, sight, adapted.canvas, views[: max(1, min(affordable, most))])


def glimpse(adapted: Adaptation, share: float, loss: float) -> Glimpse:
    """What the network makes of pairs and tests as they are, at this share of its training."""
    model, canvas = adapted.model, adapted.canvas
    right = []
    for sight, labels in adapted.pairs:
        (ballot,) = ballots(model, sight, canvas, [AS_IT_IS])
        right.append(ballot.labels == labels)
    outputs: list[Grid | None] = []
    for test in adapted.task.tests:
        planes = canvas.planes(test.cells)
        seen = planes is not None and Sight(planes, adapted.features)
        outputs.append(ballots(model, seen, canvas, [AS_IT_IS])[0].output if seen else None)
    accuracy = float(np.mean([part.mean() for part in right]))
    fit = float(np.mean([part.all() for part in right]))
    return Glimpse(share, loss, accuracy, fit, tuple(outputs))


def _watcher(adapted: Adaptation, enough: float) -> Callable[[float, float], bool]:
    """Takes a glimpse at each of `GLIMPSES`, and ends training when the loss is below `enough`."""
    smoothed = 1.0

    def watch(share: float, loss: float) -> bool:
        nonlocal smoothed
        taken, smoothed = len(adapted.glimpses), SMOOTHING * smoothed + (1 - SMOOTHING) * loss
        if taken < len(GLIMPSES) and share >= GLIMPSES[taken]:
            adapted.glimpses += (glimpse(adapted, share, loss),)
        if smoothed < enough:
            adapted.spent = share
        return smoothed < enough

    return watch


def _started(
    preset: str, trained: TinyRecursiveModel | None, sight: Sight, seed: int
) -> TinyRecursiveModel:
    """A network that takes inputs seen as this one: the trained one, or with drawn weights."""
    config = sight.fitted(PRESETS[preset], SYMMETRIES)
    if trained is None:
        return TinyRecursiveModel(config, torch.Generator().manual_seed(seed))
    return start_from(trained, config)


def _shown(canvas: Canvas, pair: Pair, features: bool) -> tuple[Sight, NDArray[np.uint8]]:
    """How a pair is shown to the network, and what the network should say."""
    planes, labels = canvas.planes(pair.input.cells), canvas.labels(pair)
    assert planes is not None, "the canvas was chosen for the pairs"
    assert labels is not None, "the canvas was chosen for the pairs"
    return Sight(planes, features), labels


def _drawer(
    pairs: list[tuple[Sight, NDArray[np.uint8]]],
    free: tuple[int, ...],
    cells: int,
    config: ModelConfig,
    draws: np.random.Generator,
) -> Callable[[], Batch]:
    """Draws batches: views of the pairs in turn, all of them with or all without sides swapped."""
    canvas = int(np.prod(np.max([labels.shape for _, labels in pairs], axis=0)))
    size = int(np.clip(cells // canvas, min(len(pairs), 4), 32))
    upright = [s for s in range(SYMMETRIES) if not View(s).swaps_sides]
    swapped = [s for s in range(SYMMETRIES) if View(s).swaps_sides]

    def draw() -> Batch:
        symmetries = upright if draws.random() < 0.5 else swapped
        order = np.concatenate([draws.permutation(len(pairs)) for _ in range(size)])[:size]
        examples = []
        for place in order:
            view = draw_view(free, draws, int(draws.choice(symmetries)))
            sight, labels = pairs[place]
            examples.append(Example(sight.under(view), view.apply(labels), view.symmetry))
        return encode(examples, config)

    return draw
