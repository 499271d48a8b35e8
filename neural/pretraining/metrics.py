"""Metrics of a network: exact grids, shapes, cells, halting steps and likelihood."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from arcsolve.neural.data.batches import Batch
from arcsolve.neural.data.tokens import color_tokens
from arcsolve.neural.losses import IGNORED, cross_entropy
from arcsolve.neural.model import TinyRecursiveModel


@torch.no_grad()
def measure(model: TinyRecursiveModel, batches: Iterable[Batch]) -> dict[str, float]:
    """Means over all examples after all supervision steps; empty if there are no examples.

    `exact`: all cells are right. `shape`: colors stand on exactly the cells of the label's grid.
    `cells`: the share of right cells. `halting_step`: the first supervision step, from 1, after
    which the network believes that all cells are right; the last step if none. `likelihood`: the
    mean log-probability of the right label of a cell, in nats.
    """
    found = [_measure_batch(model, batch) for batch in batches]
    if not found:
        return {}
    means = torch.cat(found).double().mean(0).tolist()
    return dict(zip(("exact", "shape", "cells", "halting_step", "likelihood"), means, strict=True))


def _measure_batch(model: TinyRecursiveModel, batch: Batch) -> Tensor:
    """The metrics of each example, (batch, 5)."""
    state, steps = None, model.config.supervision_steps
    halted = torch.full((len(batch.tasks),), steps, device=batch.labels.device)
    for step in range(1, steps + 1):
        state, logits, halting = model(batch.inputs, batch.tasks, state)
        halted = torch.where(halting > 0, halted.clamp(max=step), halted)
    predicted, labels = logits.argmax(-1), batch.labels
    counted = labels != IGNORED
    right = (predicted == labels) | ~counted
    shaped = (_is_color(predicted, model) == _is_color(labels, model)) | ~counted
    cells = counted.flatten(1).sum(1)
    share = (right & counted).flatten(1).sum(1) / cells
    losses = cross_entropy(logits, labels, model.config.probabilities).flatten(1).sum(1)
    exact, shape = right.flatten(1).all(1), shaped.flatten(1).all(1)
    columns = (exact, shape, share, halted, -losses / cells)
    return torch.stack([column.double() for column in columns], dim=1)


def _is_color(tokens: Tensor, model: TinyRecursiveModel) -> Tensor:
    """True where tokens stand for colors."""
    colors = color_tokens(model.config)
    return (tokens >= colors.start) & (tokens < colors.stop)
