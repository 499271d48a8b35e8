"""Layers that all variants share: linear and gated layers with seeded random weights."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from arcsolve.neural.ops.autograd import gated_layer
from arcsolve.neural.ops.matmul import linear


def draw_weights(*shape: int, deviation: float, generator: torch.Generator) -> nn.Parameter:
    """Draw a parameter from a normal distribution truncated at two standard deviations.

    `deviation` is the standard deviation before the truncation.
    """
    weight = torch.empty(shape)
    nn.init.trunc_normal_(
        weight, std=deviation, a=-2 * deviation, b=2 * deviation, generator=generator
    )
    return nn.Parameter(weight)


class Linear(nn.Module):
    """A linear map without bias, x W^T: (..., inputs) -> (..., outputs)."""

    def __init__(self, inputs: int, outputs: int, generator: torch.Generator) -> None:
        super().__init__()
        deviation = 1 / math.sqrt(inputs)
        self.weight = draw_weights(outputs, inputs, deviation=deviation, generator=generator)

    def forward(self, x: Tensor) -> Tensor:
        """Map (..., inputs) to (..., outputs)."""
        return linear(x, self.weight)


class GatedLayer(nn.Module):
    """A gated layer over the last dimension, with residual and norm; keeps the shape."""

    def __init__(self, width: int, hidden: int, generator: torch.Generator) -> None:
        super().__init__()
        self.gate_up = Linear(width, 2 * hidden, generator)
        self.down = Linear(hidden, width, generator)

    def forward(self, x: Tensor) -> Tensor:
        """Map (..., width) to the same shape."""
        return gated_layer(x, self.gate_up.weight, self.down.weight)
