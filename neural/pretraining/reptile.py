"""Reptile: learns a start from which a network adapts fast, by adapting copies to single tasks."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import torch
from torch import Tensor

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import MAX_SIDE
from arcsolve.neural.data.augment import SYMMETRIES
from arcsolve.neural.data.batches import Batch, Example
from arcsolve.neural.data.tokens import encode_on
from arcsolve.neural.data.training_task import TrainingTask
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.pretraining.corpus import Corpus
from arcsolve.neural.pretraining.distributed import Team
from arcsolve.neural.pretraining.embeddings import with_tasks
from arcsolve.neural.pretraining.loop import Method, Settings
from arcsolve.neural.pretraining.metrics import measure
from arcsolve.neural.training.supervision import Diverged, Schedule, step_cost, train

__all__ = ["Reptile", "adapt", "adapted_scores", "check_inner_work"]


class Reptile(Method):
    """First-order meta-learning (arXiv 1803.02999): each step adapts a copy of the network to a
    lesson, and moves the weights some of the way to where that led.

    The model must have `SYMMETRIES` embeddings of tasks, which are kept equal.
    """

    def __init__(
        self,
        model: TinyRecursiveModel,
        lessons: Sequence[TrainingTask],
        settings: Settings,
        team: Team,
    ) -> None:
        self.model, self.settings, self.team = model, settings, team
        self._lessons = lessons

    def step(self, number: int, measured: bool) -> dict[str, float]:
        draws = np.random.default_rng([self.settings.seed, self.team.rank, number])
        lesson = self._lessons[int(draws.integers(len(self._lessons)))]
        learner = copy.deepcopy(self.model)
        losses = adapt(learner, lesson, self.settings, draws)
        with torch.no_grad():
            goals = [parameter.detach() for parameter in learner.parameters()]
            self.team.average(goals)
            for own, goal in zip(self.model.parameters(), goals, strict=True):
                own.lerp_(goal, self.settings.outer_rate)
            self.model.tasks.copy_(self.model.tasks.mean(0, keepdim=True).expand(SYMMETRIES, -1))
        return {"loss": losses[-1], "first_loss": losses[0]} if losses else {}

    def published(self) -> TinyRecursiveModel:
        model = copy.deepcopy(self.model)
        return with_tasks(model, model.tasks.detach()[:1])

    def state(self) -> dict[str, Any]:
        return {"model": self.model.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        self.model.load_state_dict(state["model"])


def adapt(
    model: TinyRecursiveModel,
    lesson: TrainingTask,
    settings: Settings,
    draws: np.random.Generator,
) -> list[float]:
    """Train a model on views of one lesson; the loss of every step. Raises Diverged."""
    corpus = Corpus([lesson], settings.cells, hidden=settings.hidden)

    def draw() -> Batch:
        return encode_on(model, corpus.draw(draws))

    schedule = Schedule(settings.inner_rate, muon=settings.muon, halting=settings.halting)
    return train(model, draw, settings.inner_work, schedule)


def check_inner_work(model: TinyRecursiveModel, settings: Settings) -> None:
    """Raise BadInput unless `inner_work` allows a step on a batch of `cells`, and on any grid."""
    needed = step_cost(model, max(settings.cells, MAX_SIDE**2))
    if settings.inner_work < needed:
        found = f"{settings.inner_work:,} cell updates of inner work"
        raise BadInput(f"{found} allow no step of this network on a batch: take {needed:,} or more")


def adapted_scores(
    model: TinyRecursiveModel,
    lessons: Sequence[TrainingTask],
    settings: Settings,
    embedded: Callable[[TrainingTask], Tensor] | None = None,
) -> dict[str, float]:
    """Means over lessons of the scores on their tests, after a copy was adapted to each.

    The embeddings of a lesson's symmetries start from those that `embedded` gives, (`SYMMETRIES`,
    task_width), or else all from the one that the model has. A copy that diverges is scored as it
    was before. Raises BadInput if there is no inner work for a step.
    """
    check_inner_work(model, settings)
    totals: Counter[str] = Counter()
    for number, lesson in enumerate(lessons):
        start = embedded(lesson) if embedded else model.tasks.detach().expand(SYMMETRIES, -1)
        learner = with_tasks(model, start)
        draws = np.random.default_rng([settings.seed, number])
        with suppress(Diverged):
            adapt(learner, lesson, settings, draws)
        batches = [encode_on(learner, [Example(s.as_it_is, c)]) for s, c in lesson.tests]
        totals.update(measure(learner, batches))
    return {name: total / len(lessons) for name, total in totals.items()}
