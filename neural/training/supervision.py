"""Deep supervision: training a network on batches, one optimizer step for each supervision step."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from arcsolve.neural.data.batches import Batch
from arcsolve.neural.losses import HALTING_WEIGHT, supervision_loss
from arcsolve.neural.model import State, TinyRecursiveModel
from arcsolve.neural.training.optimizers import (
    AdamAtan2,
    FlatParameters,
    MovingAverage,
    Muon,
    clip_stacked,
    hidden_matrices,
)

BACKWARD = 2  # forward passes; the cost of a backward pass
OVERHEAD = 700  # cells; the fixed cost of a step: 6 of 14 ms at 900 cells, preset shallow


class Diverged(Exception):
    """The loss or the gradient is no longer finite.

    `spent` is the share of the work that the training had done until then.
    """

    spent = 1.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """The schedule of a training: learning rate, moving average, clipping and losses.

    The rate rises to the peak `rate` over the share `warm_up` of the work, and then falls as a
    cosine to 0.
    """

    rate: float = 3e-3
    warm_up: float = 0.05
    weight_decay: float = 0.0
    average: float = 0.98  # decay of the moving average, for each optimizer step
    clip: float = 1.0  # largest norm of the gradient
    halting: float = HALTING_WEIGHT  # weight of the loss of the halting head
    muon: bool = False  # whether Muon moves the matrices of the blocks

    def rate_at(self, done: float) -> float:
        """The learning rate when the share `done` of the work is done."""
        if done < self.warm_up:
            return self.rate * (done + 0.01) / (self.warm_up + 0.01)
        return self.rate * (1 + math.cos(math.pi * min(done, 1.0))) / 2


def cell_updates(model: TinyRecursiveModel, cells: int) -> int:
    """The work of one forward supervision step on so many cells: layers applied to cells.

    A call counts as `OVERHEAD` extra cells, so that the work of small batches is not
    underestimated.
    """
    config = model.config
    return (cells + OVERHEAD) * config.layers * config.updates


def step_cost(model: TinyRecursiveModel, cells: int) -> int:
    """The work of a supervision step with its backward pass through the tracked updates."""
    forward, config = cell_updates(model, cells), model.config
    return forward + BACKWARD * forward * config.tracked // config.updates


def train(
    model: TinyRecursiveModel,
    draw: Callable[[], Batch],
    work: int,
    schedule: Schedule,
    watch: Callable[[float, float], bool] | None = None,
) -> list[float]:
    """Train until `work` cell updates are used up, and leave the averaged weights in the model.

    `draw` draws a batch. Each batch is used for the configuration's number of supervision steps,
    each of which continues from the detached state of the previous step. Returns the loss of every
    step, in nats per cell. Raises Diverged; the model then has the averaged weights of the steps
    before.

    `watch` is called after every batch with the share of the work that is done and the loss.
    Training ends if `watch` returns true. Work that `watch` does with the model does not count.
    """
    weights = Weights(model, schedule)
    losses: list[float] = []
    used, state, batch = 0, None, draw()
    try:
        while (used := used + step_cost(model, batch.cells)) <= work:
            state, loss = supervise(model, batch, state, schedule.halting)
            weights.step(schedule.rate_at(used / work))
            losses.append(loss)
            if len(losses) % model.config.supervision_steps == 0:
                if watch is not None and watch(used / work, loss):
                    break
                state, batch = None, draw()
    except Diverged as error:
        error.spent = used / work
        raise
    finally:
        weights.finish()
    return losses


def supervise(
    model: TinyRecursiveModel,
    batch: Batch,
    state: State | None,
    halting_weight: float = HALTING_WEIGHT,
) -> tuple[State, float]:
    """Run one supervision step: add gradients, and return the detached state and the loss.

    Each of several stacked networks gets the gradients of its own loss; the mean loss is returned.
    Raises Diverged.
    """
    prediction = model(batch.inputs, batch.tasks, state)
    kind = model.config.probabilities
    loss = supervision_loss(
        prediction.logits, prediction.halting, batch.labels, kind, halting_weight
    )
    value = loss.item()
    if not math.isfinite(value):
        raise Diverged(f"the loss is {value}")
    (loss * model.networks).backward()
    return prediction.state, value


def check_finite(norms: Tensor) -> None:
    """Raise Diverged unless these gradient norms are finite."""
    if not norms.isfinite().all():
        raise Diverged("the gradient is not finite")


class Weights:
    """The trained weights of a model, with their optimizers and their moving average.

    With Muon, Muon moves the matrices of the blocks and AdamAtan2 all other weights. The weights of
    each optimizer form one vector until `finish`.
    """

    def __init__(self, model: TinyRecursiveModel, schedule: Schedule) -> None:
        trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
        stack = model.networks > 1
        matrices = hidden_matrices(model, ndim=3 if stack else 2) if schedule.muon else []
        by_muon = {id(matrix) for matrix in matrices}
        others = FlatParameters([part for part in trained if id(part) not in by_muon])
        decay, self._vectors = schedule.weight_decay, [others]
        self._optimizers = [AdamAtan2([others.vector], 0.0, weight_decay=decay)]
        if matrices:
            self._vectors.append(FlatParameters(matrices))
            self._optimizers.append(Muon(matrices, 0.0, weight_decay=decay))
        self._moved = [each.vector for each in self._vectors]
        self._average = MovingAverage(self._moved, schedule.average)
        self._networks, self._trained, self._clip = model.networks, trained, schedule.clip

    def step(self, rate: float) -> None:
        """Move all weights by their gradients at this learning rate, and update the average.

        Raises Diverged before any weight has moved.
        """
        if self._networks > 1:
            norms = clip_stacked(self._trained, self._networks, self._clip)
        else:
            norms = torch.nn.utils.clip_grad_norm_(self._moved, self._clip)
        check_finite(norms)
        for optimizer in self._optimizers:
            optimizer.param_groups[0]["lr"] = rate
            optimizer.step()
        for each in self._vectors:
            each.gradient.zero_()
        self._average.update(self._moved)

    def finish(self) -> None:
        """Leave the averaged weights in the model."""
        self._average.copy_to(self._moved)
        for each in self._vectors:
            each.release()
