"""Batches: examples of several sizes on one canvas, as tensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from arcsolve.neural.losses import IGNORED


@dataclass(frozen=True, slots=True)
class Example:
    """An example: input `planes` (planes, height, width), `labels`, and the number of the task."""

    planes: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    task: int = 0


class Batch(NamedTuple):
    """A batch of examples as tensors.

    `inputs` (batch, planes, height, width), `labels` (batch, height, width), `tasks` (batch).
    """

    inputs: Tensor
    labels: Tensor
    tasks: Tensor

    @property
    def cells(self) -> int:
        """The number of cells of all canvases, padding included."""
        return self.labels.numel()


def collate(examples: Sequence[Example], padding: int, side: int = 0) -> Batch:
    """Put examples on the smallest canvas that holds them all, each in the top left corner.

    With `side` the canvas is a square of at least `side` cells a side. Around an example all planes
    hold the token `padding`, and labels are ignored.
    """
    height = max(side, *(len(example.labels) for example in examples))
    width = max(side, *(len(example.labels[0]) for example in examples))
    planes = len(examples[0].planes)
    inputs = np.full((len(examples), planes, height, width), padding, np.int64)
    labels = np.full((len(examples), height, width), IGNORED, np.int64)
    for place, example in enumerate(examples):
        rows, columns = example.labels.shape
        inputs[place, :, :rows, :columns] = example.planes
        labels[place, :rows, :columns] = example.labels
    tasks = torch.tensor([example.task for example in examples])
    return Batch(torch.from_numpy(inputs), torch.from_numpy(labels), tasks)
