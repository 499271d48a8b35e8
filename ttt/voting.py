"""Voting: the outputs that a network gives for many views of an input, undone and counted."""

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

MAX_CELLS = 4_000  # of a batch in prediction; keeps what is computed at once in the cache


@dataclass(frozen=True, slots=True)
class Prediction:
    """One view's labels of the canvas, and the logarithms of their probabilities.

    `scores` (labels, height, width); `output` is what the labels stand for, if anything.
    """

    output: Grid | None
    scores: NDArray[np.floating]

    @property
    def labels(self) -> NDArray[np.uint8]:
        labels: NDArray[np.uint8] = self.scores.argmax(0).astype(np.uint8)
        return labels


@dataclass(frozen=True, slots=True)
class Vote:
    """A distinct output, the share of the views that gave it, and how likely all views find it.

    `likelihood` is the mean over views and cells of the logarithm of the probability.
    """

    output: Grid
    share: float
    likelihood: float


def count_votes(cast: Sequence[Prediction], canvas: Canvas, most: int) -> list[Vote]:
    """At most so many outputs: the most votes first, equal ones by likelihood.

    After the outputs of views comes the one whose every cell is the likeliest in the mean over
    the views, if no view gave it and there is room.
    """
    mean = np.mean([prediction.scores for prediction in cast], axis=0)
    tally = Counter(prediction.output for prediction in cast if prediction.output is not None)
    labels = {prediction.output: prediction.labels for prediction in reversed(cast)}
    likeliest = mean.argmax(0).astype(np.uint8)
    if (output := canvas.output(likeliest)) is not None:
        tally.setdefault(output, 0)
        labels.setdefault(output, likeliest)
    votes = [Vote(g, n / len(cast), _likelihood(mean, labels[g])) for g, n in tally.items()]
    votes.sort(key=lambda vote: (-vote.share, -vote.likelihood, str(vote.output)))
    return votes[:most]


def predict_augmented(
    model: TinyRecursiveModel,
    network_input: NetworkInput,
    canvas: Canvas,
    views: Iterable[Augmentation],
) -> list[Prediction]:
    """The network's output for an input under each view, undone."""
    by_shape: dict[bool, list[Augmentation]] = {}
    for augmentation in views:
        by_shape.setdefault(augmentation.swaps_sides, []).append(augmentation)
    at_once = max(1, MAX_CELLS // network_input.planes[0].size)
    return [
        prediction
        for group in by_shape.values()
        for start in range(0, len(group), at_once)
        for prediction in _predicted(model, network_input, canvas, group[start : start + at_once])
    ]


def _predicted(
    model: TinyRecursiveModel,
    network_input: NetworkInput,
    canvas: Canvas,
    views: Sequence[Augmentation],
) -> list[Prediction]:
    seen = [network_input.augment(augmentation) for augmentation in views]
    examples = [Example(s, s[0], v.symmetry) for s, v in zip(seen, views, strict=True)]
    batch, labels = encode_for(model, examples), _labels(model, canvas)
    height, width = seen[0].shape[1:]
    state: State | None = None
    with torch.inference_mode():
        for _ in range(model.config.supervision_steps):
            state, logits, _ = model(batch.inputs, batch.tasks, state)
        shown = logits[:, :height, :width, labels.start : labels.stop]
        scores = log_probabilities(shown, model.config.probabilities)
    channels = scores.permute(0, 3, 1, 2).cpu().numpy()
    undone = [
        augmentation.undo_scores(score) for augmentation, score in zip(views, channels, strict=True)
    ]
    return [Prediction(canvas.output(score.argmax(0).astype(np.uint8)), score) for score in undone]


def _labels(model: TinyRecursiveModel, canvas: Canvas) -> range:
    """The tokens of the canvas's labels: the colors, and what stands for outside next to them."""
    colors = color_tokens(model.config)
    return range(colors.start, colors.start + canvas.classes)


def _likelihood(scores: NDArray[np.floating], labels: NDArray[np.uint8]) -> float:
    chosen = np.take_along_axis(scores, labels[None].astype(np.int64), axis=0)
    return float(np.minimum(0.0, chosen.mean()))  # stablemax may round to a little more
