"""An encoder of demonstrations: infers the embeddings of a task from its pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from arcsolve.dsl.errors import BadInput
from arcsolve.neural.data.augment import SYMMETRIES, Augmentation
from arcsolve.neural.data.batches import Batch, Example
from arcsolve.neural.data.tokens import encode_for
from arcsolve.neural.data.training_task import TrainingTask
from arcsolve.neural.losses import IGNORED
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.pretraining.embeddings import replace_embeddings
from arcsolve.neural.pretraining.loop import load_run
from arcsolve.neural.training.supervision import supervise

RIDGE = 0.1  # weight of the penalty, times the number of fitted embeddings


@dataclass(frozen=True, slots=True)
class Encoder:
    """A linear map from features of a task's pairs to the task's embedding.

    The features come from the trained network. `weights` (1 + features, task_width) apply to
    features less `center`, divided by `scale`.
    """

    model: TinyRecursiveModel
    center: Tensor
    scale: Tensor
    weights: Tensor

    def __call__(self, task: TrainingTask) -> Tensor:
        """The embeddings (`SYMMETRIES`, task_width) of a task, from its pairs alone."""
        seen = [_task_features(self.model, task, s) for s in range(SYMMETRIES)]
        return _standardize(torch.stack(seen), self.center, self.scale) @ self.weights


def fit_encoder(model: TinyRecursiveModel, tasks: Sequence[TrainingTask], rows: Tensor) -> Encoder:
    """Fit an encoder to trained embeddings by ridge regression.

    `rows` (tasks * `SYMMETRIES`, task_width) were trained with the model. Rows that never moved are
    left out.
    """
    moved = [int(n) for n in torch.nonzero(rows.any(1)).flatten()]
    places = [divmod(number, SYMMETRIES) for number in moved]
    seen = torch.stack([_task_features(model, tasks[n], s) for n, s in places])
    center, scale = seen.mean(0), seen.std(0).clamp(min=1e-6)
    inputs = _standardize(seen, center, scale)
    penalty = RIDGE * len(inputs) * torch.eye(inputs.shape[1])
    penalty[0, 0] = 0  # the intercept is not penalized
    weights = torch.linalg.solve(inputs.T @ inputs + penalty, inputs.T @ rows[moved])
    return Encoder(model, center, scale, weights)


def load_embeddings(snapshot: Path, tasks: Sequence[TrainingTask]) -> Tensor:
    """The trained embeddings of these tasks, shape (tasks * `SYMMETRIES`, task_width).

    The snapshot of the training names its tasks. Raises BadInput if it holds no embeddings, or not
    those of all these tasks.
    """
    run = load_run(snapshot)
    if "table" not in run.method:
        problem = "no task embeddings: train by `arcsolve network train`"
        raise BadInput(problem, file=str(snapshot))
    places = {name: place for place, name in enumerate(run.description["tasks"])}
    missing = [task.name for task in tasks if task.name not in places]
    if missing:
        problem = f"no embeddings of {len(missing)} tasks: train on all of them"
        raise BadInput(problem, file=str(snapshot))
    table = run.method["table"].unflatten(0, (-1, SYMMETRIES))
    return table[[places[task.name] for task in tasks]].flatten(0, 1)


def _task_features(model: TinyRecursiveModel, task: TrainingTask, symmetry: int) -> Tensor:
    """The features of a task under a symmetry: the mean over its pairs."""
    augmentation = Augmentation(symmetry)
    pairs = [
        Example(seen.augment(augmentation), augmentation.apply(labels))
        for seen, labels in task.pairs
    ]
    return _example_features(model, encode_for(model, pairs)).mean(0)


def _example_features(model: TinyRecursiveModel, batch: Batch) -> Tensor:
    """The mean answer over cells, and the direction in which the embedding should move.

    Shape (batch, width + task_width). The direction is the gradient of the loss of all supervision
    steps, as a vector of length 1.
    """
    count = len(batch.tasks)
    learner = replace_embeddings(
        model, model.tasks.detach().mean(0, keepdim=True).expand(count, -1)
    )
    own, state = batch._replace(tasks=torch.arange(count, device=batch.tasks.device)), None
    for _ in range(model.config.supervision_steps):
        state, _ = supervise(learner, own, state, halting_weight=0.0)
    assert state is not None, "there is at least one supervision step"
    assert learner.tasks.grad is not None, "the embedding is trained"
    inside = (batch.labels != IGNORED).flatten(1).unsqueeze(-1)
    answers = (state.answer[:, -inside.shape[1] :] * inside).sum(1) / inside.sum(1)
    return torch.cat([answers, functional.normalize(learner.tasks.grad)], dim=1).cpu()


def _standardize(seen: Tensor, center: Tensor, scale: Tensor) -> Tensor:
    """(rows, 1 + features), with a column of ones first."""
    return torch.cat([torch.ones(len(seen), 1), (seen - center) / scale], dim=1)
