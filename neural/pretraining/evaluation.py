"""Evaluation of a pretrained network: scores on the tests of tasks that copies are adapted to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress

import numpy as np
from torch import Tensor

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import MAX_SIDE
from arcsolve.neural.data.augment import SYMMETRIES
from arcsolve.neural.data.batches import Batch, Example
from arcsolve.neural.data.tokens import encode_for
from arcsolve.neural.data.training_task import TrainingTask
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.pretraining.corpus import Corpus
from arcsolve.neural.pretraining.embeddings import replace_embeddings
from arcsolve.neural.pretraining.loop import Settings
from arcsolve.neural.pretraining.metrics import measure
from arcsolve.neural.training.supervision import Diverged, Schedule, step_cost, train


def score_adapted(
    model: TinyRecursiveModel,
    tasks: Sequence[TrainingTask],
    settings: Settings,
    embed: Callable[[TrainingTask], Tensor] | None = None,
) -> dict[str, float]:
    """Score a copy of the network on the tests of each task after adapting it to the pairs.

    Returns the means over the tasks of the scores of `measure`. The task embeddings of a copy
    start from `embed(task)`, shape (`SYMMETRIES`, task_width), or by default all from the one
    embedding of the model. A copy that diverges is scored with the weights it then has. Raises
    BadInput if the inner work allows no step.
    """
    check_inner_work(model, settings)
    totals: Counter[str] = Counter()
    for number, task in enumerate(tasks):
        start = embed(task) if embed else model.tasks.detach().expand(SYMMETRIES, -1)
        learner = replace_embeddings(model, start)
        draws = np.random.default_rng([settings.seed, number])
        with suppress(Diverged):
            adapt_to_task(learner, task, settings, draws)
        batches = [encode_for(learner, [Example(s.original, c)]) for s, c in task.tests]
        totals.update(measure(learner, batches))
    return {name: total / len(tasks) for name, total in totals.items()}


def adapt_to_task(
    model: TinyRecursiveModel,
    task: TrainingTask,
    settings: Settings,
    draws: np.random.Generator,
) -> list[float]:
    """Train the model on augmented pairs of one task for the inner work of the settings.

    Returns the loss of every step, in nats per cell. Raises Diverged.
    """
    corpus = Corpus([task], settings.cells, hidden=settings.hidden)

    def draw() -> Batch:
        return encode_for(model, corpus.draw(draws))

    schedule = Schedule(settings.inner_rate, muon=settings.muon, halting=settings.halting)
    return train(model, draw, settings.inner_work, schedule)


def check_inner_work(model: TinyRecursiveModel, settings: Settings) -> None:
    """Raise BadInput unless the inner work allows one step on a batch of any grids."""
    needed = step_cost(model, max(settings.cells, MAX_SIDE**2))
    if settings.inner_work < needed:
        problem = f"{settings.inner_work:,} cell updates of inner work allow no training step"
        raise BadInput(f"{problem} of this network on a batch: take {needed:,} or more")
