"""The embeddings of all training tasks; the network holds only those of a batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import torch
from torch import Tensor

from arcsolve.neural.data.batches import Batch
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.pretraining.distributed import ProcessGroup


class TaskTable:
    """Rows (tasks, task_width), moved by the sign of their gradient as in the official code.

    Signs need no optimizer state. Rows of tasks outside a batch stay as they are and cost nothing.
    """

    def __init__(self, tasks: int, width: int) -> None:
        self.rows = torch.zeros(tasks, width)

    @contextmanager
    def lend(self, model: TinyRecursiveModel, batches: Sequence[Batch]) -> Iterator[list[Batch]]:
        """Lend the rows of these batches to the model, which trains them within the context.

        Yields the batches with tasks numbered by their rows in the model.
        """
        ids, places = torch.cat([batch.tasks for batch in batches]).unique(return_inverse=True)
        held = model.tasks.data[: len(ids)]
        held.copy_(self.rows[ids.cpu()])
        parts = places.split([len(batch.tasks) for batch in batches])
        yield [batch._replace(tasks=part) for batch, part in zip(batches, parts, strict=True)]
        self.rows[ids.cpu()] = held.cpu()

    def step(self, model: TinyRecursiveModel, rate: float) -> None:
        """Move the model's rows against the sign of their gradient, and drop the gradient."""
        if model.tasks.grad is not None:
            model.tasks.data.sub_(model.tasks.grad.sign(), alpha=rate)
            model.tasks.grad = None

    def synchronize(self, group: ProcessGroup, together: int) -> None:
        """Collect the rows of all processes, each of which trained every n-th group of rows.

        A group has `together` rows.
        """
        lots = torch.arange(len(self.rows)) // together
        self.rows[lots % group.world_size != group.rank] = 0
        group.all_reduce_mean([self.rows])
        self.rows *= group.world_size

    def mean(self) -> Tensor:
        """The mean (1, task_width) of the rows that have moved; 0 if none has."""
        moved = self.rows[self.rows.any(1)]
        return moved.mean(0, keepdim=True) if len(moved) else self.rows[:1]


def replace_embeddings(model: TinyRecursiveModel, rows: Tensor) -> TinyRecursiveModel:
    """Copy the network with these task embeddings (tasks, task_width) in place of its own."""
    copied = TinyRecursiveModel(replace(model.config, tasks=len(rows)))
    copied.load_state_dict({**model.state_dict(), "tasks": rows})
    return copied.to(model.head.weight.device)
