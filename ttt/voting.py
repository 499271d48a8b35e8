"""Voting: the outputs that a network gives for many views of an input, undone and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from dsl.grid import NUM_COLORS, Grid
from neural.batches import Example, batch_of
from neural.losses import log_probabilities
from neural.model import State, TinyRecursiveModel
from ttt.views import View

__all__ = ["Ballot", "Vote", "ballots", "count"]

MAX_CELLS = 4_000  # of a batch in prediction; keeps what is computed at once in the cache


@dataclass(frozen=True, slots=True)
class Ballot:
    """One view's output, and the logarithms of its probabilities (colors, height, width)."""

    output: Grid
    scores: NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Vote:
    """A distinct output, the share of the views that gave it, and how likely all views find it.

    `likelihood` is the mean over views and cells of the logarithm of the probability.
    """

    output: Grid
    share: float
    likelihood: float


def count(cast: Sequence[Ballot], most: int) -> list[Vote]:
    """At most so many outputs: the most votes first, equal ones by likelihood.

    After the outputs of views comes the one whose every cell is the likeliest in the mean over
    the views, if no view gave it and there is room.
    """
    scores = np.mean([ballot.scores for ballot in cast], axis=0)
    tally = Counter(ballot.output for ballot in cast)
    tally.setdefault(Grid(scores.argmax(0).astype(np.uint8)), 0)
    votes = [Vote(g, n / len(cast), _likelihood(scores, g)) for g, n in tally.items()]
    votes.sort(key=lambda vote: (-vote.share, -vote.likelihood, str(vote.output)))
    return votes[:most]


def ballots(
    model: TinyRecursiveModel, planes: NDArray[np.uint8], views: Iterable[View]
) -> list[Ballot]:
    """The network's output for the planes of an input under each view, undone."""
    by_shape: dict[bool, list[View]] = {}
    for view in views:
        by_shape.setdefault(view.swaps_sides, []).append(view)
    at_once = max(1, MAX_CELLS // planes[0].size)
    return [
        ballot
        for group in by_shape.values()
        for start in range(0, len(group), at_once)
        for ballot in _predicted(model, planes, group[start : start + at_once])
    ]


def _predicted(
    model: TinyRecursiveModel, planes: NDArray[np.uint8], views: Sequence[View]
) -> list[Ballot]:
    seen = [view.apply(planes) for view in views]
    examples = [Example(s, s[0], v.symmetry) for s, v in zip(seen, views, strict=True)]
    batch = batch_of(examples, model.config.padding or 0)
    state: State | None = None
    with torch.inference_mode():
        for _ in range(model.config.supervision_steps):
            state, logits, _ = model(batch.inputs, batch.tasks, state)
        scores = log_probabilities(logits[..., :NUM_COLORS], model.config.probabilities)
    channels = scores.permute(0, 3, 1, 2).numpy()
    undone = [view.undo_scores(score) for view, score in zip(views, channels, strict=True)]
    return [Ballot(Grid(score.argmax(0).astype(np.uint8)), score) for score in undone]


def _likelihood(scores: NDArray[np.floating], output: Grid) -> float:
    chosen = np.take_along_axis(scores, output.cells[None].astype(np.int64), axis=0)
    return float(chosen.mean())
