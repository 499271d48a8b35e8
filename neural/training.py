"""Deep supervision: training a network on batches, one optimizer step a supervision step."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch

from neural.batches import Batch
from neural.losses import supervision_loss
from neural.model import State, TinyRecursiveModel
from neural.optimizers import AdamAtan2, MovingAverage

__all__ = ["BACKWARD", "Diverged", "Schedule", "cell_updates", "train"]

BACKWARD = 2  # forward passes that a backward pass costs
OVERHEAD = 250  # cells; what calling a layer takes by itself: 5 of 11 ms at 288 cells, preset local


class Diverged(Exception):
    """The loss is no longer a finite number."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How the weights move: peak learning rate, its warm-up and decay, and the moving average.

    The rate rises over the share `warm_up` of the work and then falls as a cosine to 0.
    """

    rate: float = 3e-3
    warm_up: float = 0.05
    weight_decay: float = 0.0
    average: float = 0.98  # decay of the moving average, for each optimizer step
    clip: float = 1.0  # largest norm of the gradient

    def rate_at(self, done: float) -> float:
        """The learning rate when this share of the work is done."""
        if done < self.warm_up:
            return self.rate * (done + 0.01) / (self.warm_up + 0.01)
        return self.rate * (1 + math.cos(math.pi * min(done, 1.0))) / 2


def cell_updates(model: TinyRecursiveModel, cells: int) -> int:
    """Work of one supervision step on so many cells, forward: layers applied to cells.

    A call counts as `OVERHEAD` cells more, so that small batches are not undercounted.
    """
    config = model.config
    return (cells + OVERHEAD) * config.layers * config.h_cycles * (config.l_cycles + 1)


def train(
    model: TinyRecursiveModel, draw: Callable[[], Batch], work: int, schedule: Schedule
) -> list[float]:
    """Train until `work` cell updates are used up, and leave the averaged weights in the model.

    Each batch is kept for the configuration's number of supervision steps, each of which starts
    from the detached state of the one before. Returns the loss of every step; raises Diverged.
    """
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = AdamAtan2(trained, schedule.rate, weight_decay=schedule.weight_decay)
    average = MovingAverage(model, schedule.average)
    losses: list[float] = []
    used, state, batch = 0, None, draw()
    while (used := used + _cost(model, batch)) <= work:
        optimizer.param_groups[0]["lr"] = schedule.rate_at(used / work)
        state, loss = supervise(model, batch, state)
        torch.nn.utils.clip_grad_norm_(trained, schedule.clip)
        optimizer.step()
        optimizer.zero_grad()
        average.update(model)
        losses.append(loss)
        if len(losses) % model.config.supervision_steps == 0:
            state, batch = None, draw()
    average.copy_to(model)
    return losses


def supervise(model: TinyRecursiveModel, batch: Batch, state: State | None) -> tuple[State, float]:
    """One supervision step: adds gradients, returns the detached state and the loss."""
    prediction = model(batch.inputs, batch.tasks, state)
    kind = model.config.probabilities
    loss = supervision_loss(prediction.logits, prediction.halting, batch.labels, kind)
    value = loss.item()
    if not math.isfinite(value):
        raise Diverged(f"the loss is {value}")
    loss.backward()
    return prediction.state, value


def _cost(model: TinyRecursiveModel, batch: Batch) -> int:
    """Cell updates of a supervision step with its backward pass, through the last H-cycle."""
    forward = cell_updates(model, batch.cells)
    return forward + BACKWARD * forward // model.config.h_cycles
