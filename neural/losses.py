"""Losses: cross-entropy over cells, and binary cross-entropy for the halting head."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

IGNORED = -100  # the label of a cell that no loss counts
HALTING_WEIGHT = 0.5  # of the halting head's loss, as in the official code


def log_stablemax(logits: Tensor) -> Tensor:
    """Log-probabilities over the last dimension by stablemax (arXiv 2501.04697), in float64.

    Stablemax is softmax with another function in place of the exponential: x + 1 for x >= 0, and 1
    / (1 - x) for x < 0.
    """
    x = logits.double()
    scaled = torch.where(x < 0, 1 / (1 - x.clamp(max=0)), x + 1)
    return torch.log(scaled / scaled.sum(-1, keepdim=True))


def log_probabilities(logits: Tensor, kind: str) -> Tensor:
    """Log-probabilities over the last dimension; `kind` is ``stablemax`` or ``softmax``."""
    return log_stablemax(logits) if kind == "stablemax" else logits.log_softmax(-1)


def cross_entropy(logits: Tensor, labels: Tensor, kind: str) -> Tensor:
    """The cross-entropy of each cell in nats, 0 for cells with the label `IGNORED`.

    `logits` (..., vocabulary) and `labels` (...) give losses (...). `kind` is as in
    `log_probabilities`.
    """
    counted = labels != IGNORED
    chosen = torch.where(counted, labels, 0).unsqueeze(-1)
    losses = -log_probabilities(logits, kind).gather(-1, chosen).squeeze(-1)
    return torch.where(counted, losses, 0.0)


def supervision_loss(
    logits: Tensor,
    halting: Tensor,
    labels: Tensor,
    kind: str = "stablemax",
    halting_weight: float = HALTING_WEIGHT,
) -> Tensor:
    """The loss of one supervision step: cross-entropy of cells plus the loss of the halting head.

    The halting head learns whether all cells are right. `logits` (batch, height, width,
    vocabulary), `halting` (batch), `labels` (batch, height, width). Each example has equal weight,
    whatever its size. Returns the mean over the batch.
    """
    counted = labels != IGNORED
    cells = cross_entropy(logits, labels, kind).flatten(1).sum(1)
    cells = cells / counted.flatten(1).sum(1).clamp(min=1)
    if not halting_weight:
        return cells.mean()
    right = ((logits.argmax(-1) == labels) | ~counted).flatten(1).all(1)
    halts = functional.binary_cross_entropy_with_logits(halting, right.to(halting.dtype))
    return cells.mean() + halting_weight * halts
