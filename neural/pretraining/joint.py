"""Joint training: all weights on batches of many tasks, with embeddings for each task."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from arcsolve.dsl.errors import BadInput
from arcsolve.neural.config import PRESETS
from arcsolve.neural.data.augment import SYMMETRIES
from arcsolve.neural.data.batches import Batch
from arcsolve.neural.data.tokens import encode_for
from arcsolve.neural.data.training_task import TrainingTask
from arcsolve.neural.device import find_device
from arcsolve.neural.model import State, TinyRecursiveModel
from arcsolve.neural.pretraining.corpus import Corpus
from arcsolve.neural.pretraining.distributed import ProcessGroup
from arcsolve.neural.pretraining.embeddings import TaskTable, replace_embeddings
from arcsolve.neural.pretraining.evaluation import check_inner_work
from arcsolve.neural.pretraining.loop import Method, Settings
from arcsolve.neural.pretraining.metrics import measure
from arcsolve.neural.training.optimizers import AdamAtan2, MovingAverage, Muon, hidden_matrices
from arcsolve.neural.training.supervision import check_finite, supervise

ROWS = 512  # task embeddings of the network, at least as many as a step has examples


def start_joint(
    preset: str,
    tasks: Sequence[TrainingTask],
    settings: Settings,
    group: ProcessGroup,
    device: str = "cpu",
) -> Joint:
    """Start joint training of a new network of this preset.

    `device` is where the network computes. Raises BadInput as `build_network`, and if the group has
    more processes than there are tasks.
    """
    if group.world_size > max(1, len(tasks)):
        problem = f"{group.world_size} processes cannot share {len(tasks)} tasks"
        raise BadInput(f"{problem}: start fewer processes")
    return Joint(build_network(preset, tasks, ROWS, settings, device), tasks, settings, group)


def build_network(
    preset: str,
    tasks: Sequence[TrainingTask],
    rows: int,
    settings: Settings,
    device: str = "cpu",
) -> TinyRecursiveModel:
    """Build a network of this preset for the inputs of these tasks, with `rows` task embeddings.

    Raises BadInput for an unknown preset, for no tasks, for inner work that allows no training
    step, and for a device that is not available.
    """
    if preset not in PRESETS:
        raise BadInput(f"there is no preset {preset!r}, there are {', '.join(PRESETS)}")
    if not tasks:
        raise BadInput("there are no tasks to train on")
    config = tasks[0].pairs[0][0].fit_config(PRESETS[preset], rows)
    model = TinyRecursiveModel(config, torch.Generator().manual_seed(settings.seed))
    check_inner_work(model, settings)
    return model.to(find_device(device))


class Joint(Method):
    """Deep supervision as in arXiv 2510.04871, with a moving average of the weights.

    The model must have `ROWS` task embeddings.
    """

    def __init__(
        self,
        model: TinyRecursiveModel,
        tasks: Sequence[TrainingTask],
        settings: Settings,
        group: ProcessGroup,
    ) -> None:
        self.model, self.settings, self.group = model, settings, group
        part = group.rank, group.world_size
        self.corpus = Corpus(tasks, settings.cells, part, settings.hidden)
        self.table = TaskTable(len(tasks) * SYMMETRIES, model.config.task_width)
        self._trained = [
            parameter
            for name, parameter in model.named_parameters()
            if parameter.requires_grad and name != "tasks"
        ]
        self._optimizers = self._build_optimizers()
        self._average = MovingAverage(model, settings.average)

    def _build_optimizers(self) -> list[torch.optim.Optimizer]:
        """AdamAtan2, and Muon for the matrices of the blocks if the settings ask for it."""
        matrices = hidden_matrices(self.model) if self.settings.muon else []
        by_muon = {id(matrix) for matrix in matrices}
        others = [part for part in self._trained if id(part) not in by_muon]
        rate, decay = self.settings.rate, self.settings.weight_decay
        adam = AdamAtan2(others, rate, weight_decay=decay)
        return [adam, Muon(matrices, rate, weight_decay=decay)] if matrices else [adam]

    def step(self, number: int, measured: bool) -> dict[str, float]:
        """Train one step, as `Method.step`."""
        draws = np.random.default_rng([self.settings.seed, self.group.rank, number])
        count = self.settings.accumulate
        batches = [encode_for(self.model, self.corpus.draw(draws)) for _ in range(count)]
        with self.table.lend(self.model, batches) as lend:
            losses = self._supervise(lend, number)
            scores = measure(self.model, lend[:1]) if measured else {}
        return {"loss": losses[-1], **scores}

    def _supervise(self, batches: Sequence[Batch], number: int) -> list[float]:
        """Make an optimizer step for every supervision step; returns the mean loss after each."""
        states: list[State | None] = [None] * len(batches)
        means = []
        for _ in range(self.model.config.supervision_steps):
            losses = 0.0
            for place, batch in enumerate(batches):
                states[place], loss = supervise(
                    self.model, batch, states[place], self.settings.halting
                )
                losses += loss
            means.append(losses / len(batches))
            self._move_weights(number, len(batches))
        return means

    def _move_weights(self, number: int, batches: int) -> None:
        rate = self.settings.rate * min(1.0, (number + 1) / self.settings.warm_up)
        self.table.step(self.model, self.settings.task_rate)
        gradients = [p.grad for p in self._trained if p.grad is not None]
        for gradient in gradients:
            gradient /= batches
        self.group.all_reduce_mean(gradients)
        check_finite(torch.nn.utils.clip_grad_norm_(self._trained, self.settings.clip))
        for optimizer in self._optimizers:
            optimizer.param_groups[0]["lr"] = rate
            optimizer.step()
            optimizer.zero_grad()
        self._average.update(self.model)

    def publish(self) -> TinyRecursiveModel:
        """The network with averaged weights and one embedding."""
        model = copy.deepcopy(self.model)
        self._average.copy_to(model)
        return replace_embeddings(model, self.table.mean())

    def state(self) -> dict[str, Any]:
        """The weights, optimizers, averages and embeddings."""
        self.table.synchronize(self.group, SYMMETRIES)
        return {
            "model": self.model.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self._optimizers],
            "average": [self._average.updates, *self._average.weights],
            "table": self.table.rows,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Continue from a state that `state` returned."""
        self.model.load_state_dict(state["model"])
        for optimizer, saved in zip(self._optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        self._average.updates, *weights = state["average"]
        for own, saved in zip(self._average.weights, weights, strict=True):
            own.copy_(saved)
        self.table.rows.copy_(state["table"])
