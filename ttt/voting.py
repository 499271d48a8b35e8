"""Voting: predictions for augmented inputs, with the augmentation undone, and vote counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from arcsolve.dsl.grid import Grid
from arcsolve.neural.data.augment import Augmentation
from arcsolve.neural.data.batches import Example
from arcsolve.neural.data.canvas import Canvas
from arcsolve.neural.data.inputs import NetworkInput
from arcsolve.neural.data.tokens import color_tokens, encode_for
from arcsolve.neural.losses import log_probabilities
from arcsolve.neural.model import State, TinyRecursiveModel

MAX_CELLS = 4_000  # of a prediction batch; keeps the intermediate results in the cache


@dataclass(frozen=True, slots=True)
class Prediction:
    """The network's prediction under one augmentation, with the augmentation undone.

    `scores` (labels, height, width) are log-probabilities. `output` is the grid that the likeliest
    labels stand for, None if they stand for none.
    """

    output: Grid | None
    scores: NDArray[np.floating]

    @property
    def labels(self) -> NDArray[np.uint8]:
        """The likeliest label of each cell, (height, width)."""
        labels: NDArray[np.uint8] = self.scores.argmax(0).astype(np.uint8)
        return labels


@dataclass(frozen=True, slots=True)
class Vote:
    """A distinct output, the share of the predictions for it, and its likelihood.

    `likelihood` is the mean log-probability of a cell over all predictions, in nats.
    """

    output: Grid
    share: float
    likelihood: float


def count_votes(predictions: Sequence[Prediction], canvas: Canvas, most: int) -> list[Vote]:
    """Count predictions by output: at most `most` votes, by falling share, then likelihood.

    After the predicted outputs comes the output with the likeliest label in every cell, by the
    mean score over all predictions, if no prediction gave that output and there is room.
    """
    mean = np.mean([prediction.scores for prediction in predictions], axis=0)
    counts = Counter(each.output for each in predictions if each.output is not None)
    labels = {prediction.output: prediction.labels for prediction in reversed(predictions)}
    likeliest = mean.argmax(0).astype(np.uint8)
    if (output := canvas.output(likeliest)) is not None:
        counts.setdefault(output, 0)
        labels.setdefault(output, likeliest)
    total = len(predictions)
    votes = [Vote(g, n / total, _likelihood(mean, labels[g])) for g, n in counts.items()]
    votes.sort(key=lambda vote: (-vote.share, -vote.likelihood, str(vote.output)))
    return votes[:most]


def predict_augmented(
    model: TinyRecursiveModel,
    network_input: NetworkInput,
    canvas: Canvas,
    augmentations: Iterable[Augmentation],
) -> list[Prediction]:
    """Predict the output for an input under each augmentation, and undo the augmentation.

    Predictions that keep the sides and predictions that swap them form two groups, each in the
    order of its augmentations.
    """
    by_shape: dict[bool, list[Augmentation]] = {}
    for augmentation in augmentations:
        by_shape.setdefault(augmentation.swaps_sides, []).append(augmentation)
    batch_size = max(1, MAX_CELLS // network_input.planes[0].size)
    return [
        prediction
        for group in by_shape.values()
        for start in range(0, len(group), batch_size)
        for prediction in _predict_batch(
            model, network_input, canvas, group[start : start + batch_size]
        )
    ]


def _predict_batch(
    model: TinyRecursiveModel,
    network_input: NetworkInput,
    canvas: Canvas,
    augmentations: Sequence[Augmentation],
) -> list[Prediction]:
    """Predict under augmentations that all swap height and width, or all keep them."""
    inputs = [network_input.augment(augmentation) for augmentation in augmentations]
    pairs = zip(inputs, augmentations, strict=True)
    batch = encode_for(model, [Example(planes, planes[0], a.symmetry) for planes, a in pairs])
    labels = _label_tokens(model, canvas)
    height, width = inputs[0].shape[1:]
    state: State | None = None
    with torch.inference_mode():
        for _ in range(model.config.supervision_steps):
            state, logits, _ = model(batch.inputs, batch.tasks, state)
        logits = logits[:, :height, :width, labels.start : labels.stop]
        scores = log_probabilities(logits, model.config.probabilities)
    channels = scores.permute(0, 3, 1, 2).cpu().numpy()
    undone = [a.undo_scores(score) for a, score in zip(augmentations, channels, strict=True)]
    return [Prediction(canvas.output(score.argmax(0).astype(np.uint8)), score) for score in undone]


def _label_tokens(model: TinyRecursiveModel, canvas: Canvas) -> range:
    """The tokens of the canvas's labels: the colors, then the token for outside if there is one."""
    colors = color_tokens(model.config)
    return range(colors.start, colors.start + canvas.classes)


def _likelihood(scores: NDArray[np.floating], labels: NDArray[np.uint8]) -> float:
    chosen = np.take_along_axis(scores, labels[None].astype(np.int64), axis=0)
    return float(np.minimum(0.0, chosen.mean()))  # stablemax may round to slightly above 0
