"""Adapts a network to one task: trains it on views of the pairs, and predicts the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from dsl.grid import Grid
from dsl.task import Pair, Task
from neural.batches import Batch, Example, batch_of
from neural.config import PRESETS
from neural.model import TinyRecursiveModel
from neural.training import Diverged, Schedule, cell_updates, train
from ttt.canvas import Canvas
from ttt.views import SYMMETRIES, View, draw_view, free_colors
from ttt.voting import Ballot, ballots

__all__ = ["Adaptation", "Recipe", "Run", "adapt", "fit", "one_thread", "predict", "run"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is made for a task: its preset, about how many cells a batch has, the rates."""

    preset: str
    cells: int
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Adaptation:
    """A network trained on a task, and the loss of every optimizer step."""

    task: Task
    canvas: Canvas
    model: TinyRecursiveModel
    losses: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One adaptation from start to end.

    `ballots` of each test, `fit` to the pairs, optimizer `steps`, and the `problem` that ended it
    before it could vote. A run without steps has no ballots.
    """

    ballots: tuple[tuple[Ballot, ...], ...] = ()
    fit: float = 0.0
    steps: int = 0
    problem: str = ""


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
    return Run(tuple(cast), fit(adapted), len(adapted.losses))


def adapt(task: Task, canvas: Canvas, recipe: Recipe, work: int, seed: int) -> Adaptation:
    """A new network, trained on nothing but views of the task's pairs.

    `work` is how many cell updates may be used up. Depends on nothing but the arguments: what was
    adapted before leaves no trace. Raises Diverged.
    """
    pairs = [(_planes(canvas, pair), pair.output.cells) for pair in task.pairs]
    config = replace(PRESETS[recipe.preset], planes=len(pairs[0][0]), tasks=SYMMETRIES)
    model = TinyRecursiveModel(config, torch.Generator().manual_seed(seed))
    draws = np.random.default_rng(seed)
    draw = _drawer(pairs, free_colors(task), recipe.cells, config.padding or 0, draws)
    return Adaptation(task, canvas, model, tuple(train(model, draw, work, recipe.schedule)))


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
    return ballots(adapted.model, planes, views[: max(1, min(affordable, most))])


def fit(adapted: Adaptation) -> float:
    """The share of the pairs that the network gets exactly right, seen as they are."""
    right = 0
    for pair in adapted.task.pairs:
        (ballot,) = ballots(adapted.model, _planes(adapted.canvas, pair), [View(0)])
        right += ballot.output == pair.output
    return right / len(adapted.task.pairs)


def _planes(canvas: Canvas, pair: Pair) -> NDArray[np.uint8]:
    planes = canvas.planes(pair.input.cells)
    assert planes is not None, "the canvas was chosen for the pairs"
    return planes


def _drawer(
    pairs: list[tuple[NDArray[np.uint8], NDArray[np.uint8]]],
    free: tuple[int, ...],
    cells: int,
    padding: int,
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
            planes, labels = (view.apply(part) for part in pairs[place])
            examples.append(Example(planes, labels, view.symmetry))
        return batch_of(examples, padding)

    return draw
