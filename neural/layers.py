"""The layers that all variants share: weights drawn from a given generator, norm, gated layer."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["GatedLayer", "Linear", "drawn", "rms_norm"]

NORM_EPSILON = 1e-5


def drawn(*shape: int, deviation: float, generator: torch.Generator) -> nn.Parameter:
    """A parameter from a normal distribution cut off at two standard deviations.

    `deviation` is the standard deviation before the cut.
    """
    weight = torch.empty(shape)
    nn.init.trunc_normal_(
        weight, std=deviation, a=-2 * deviation, b=2 * deviation, generator=generator
    )
    return nn.Parameter(weight)


def rms_norm(x: Tensor) -> Tensor:
    """x scaled to a root mean square of 1 over the last dimension; no learned scale."""
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + NORM_EPSILON)


class Linear(nn.Module):
    """x W^T without a bias: (..., inputs) -> (..., outputs)."""

    def __init__(self, inputs: int, outputs: int, generator: torch.Generator) -> None:
        super().__init__()
        deviation = 1 / math.sqrt(inputs)
        self.weight = drawn(outputs, inputs, deviation=deviation, generator=generator)

    def forward(self, x: Tensor) -> Tensor:
        return functional.linear(x, self.weight)


class GatedLayer(nn.Module):
    """SwiGLU (arXiv 2002.05202) over the last dimension: (..., width) -> (..., width)."""

    def __init__(self, width: int, hidden: int, generator: torch.Generator) -> None:
        super().__init__()
        self.gate_up = Linear(width, 2 * hidden, generator)
        self.down = Linear(hidden, width, generator)

    def forward(self, x: Tensor) -> Tensor:
        gate, up = self.gate_up(x).chunk(2, dim=-1)
        down: Tensor = self.down(functional.silu(gate) * up)
        return down
