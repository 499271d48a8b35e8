"""Mixers: the ways in which the positions of a canvas see each other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from neural.config import ModelConfig
from neural.layers import GatedLayer, Linear, drawn, rms_norm
from neural.positions import rotate

__all__ = ["Attention", "Canvas", "LocalMixer", "PositionMlp", "mixer_of"]

KERNEL_SIDE = 3  # cells


@dataclass(frozen=True, slots=True)
class Canvas:
    """Where the tokens stand: the cells in reading order, behind the prefix tokens.

    `inside` (batch, tokens) is true for tokens that may be looked at; None if all may.
    """

    height: int
    width: int
    rotary: tuple[Tensor, Tensor] | None = None
    inside: Tensor | None = None


class Attention(nn.Module):
    """Multi-head attention over all tokens, with its residual and norm.

    Written out: on a CPU the fused kernel's backward pass is far slower at small head sizes.
    """

    def __init__(self, config: ModelConfig, generator: torch.Generator) -> None:
        super().__init__()
        self.heads = config.heads
        self.qkv = Linear(config.width, 3 * config.width, generator)
        self.out = Linear(config.width, config.width, generator)

    def forward(self, x: Tensor, canvas: Canvas) -> Tensor:
        batch, tokens, width = x.shape
        parts = self.qkv(x).view(batch, tokens, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        if canvas.rotary is not None:
            query, key = rotate(query, canvas.rotary), rotate(key, canvas.rotary)
        scores = query @ key.transpose(-1, -2) / math.sqrt(width // self.heads)
        if canvas.inside is not None:
            scores = scores.masked_fill(~canvas.inside[:, None, None, :], -torch.inf)
        mixed = scores.softmax(dim=-1) @ value
        return rms_norm(x + self.out(mixed.transpose(1, 2).reshape(batch, tokens, width)))


class PositionMlp(nn.Module):
    """A gated layer over the positions, the same for every channel, with its residual and norm.

    For a fixed canvas; the norm is over the positions, as in the official code.
    """

    def __init__(self, config: ModelConfig, generator: torch.Generator) -> None:
        super().__init__()
        tokens = config.prefix + config.tokens
        self.layer = GatedLayer(tokens, config.token_hidden, generator)

    def forward(self, x: Tensor, canvas: Canvas) -> Tensor:
        x = x.transpose(1, 2)
        return rms_norm(x + self.layer(x)).transpose(1, 2)


class LocalMixer(nn.Module):
    """3x3 depthwise convolution, and mean and maximum over rows, columns and canvas.

    With residual and norm. Cells outside the grid count as nothing, so that a canvas with more
    padding gives the same result.
    """

    def __init__(self, config: ModelConfig, generator: torch.Generator) -> None:
        super().__init__()
        width = config.width
        self.kernel = drawn(
            width, 1, KERNEL_SIDE, KERNEL_SIDE, deviation=1 / KERNEL_SIDE, generator=generator
        )
        self.out = Linear(width, width, generator)
        self.row, self.column, self.whole = (Linear(2 * width, width, generator) for _ in range(3))

    def forward(self, x: Tensor, canvas: Canvas) -> Tensor:
        batch, _, channels = x.shape
        inside = x.new_ones(x.shape[:2]) if canvas.inside is None else canvas.inside.to(x.dtype)
        weights = inside.view(batch, canvas.height, canvas.width, 1)
        grid = x.view(batch, canvas.height, canvas.width, channels) * weights
        mixed = self.out(self._neighbors(grid)) + self._pooled(grid, weights)
        return rms_norm(x + mixed.view_as(x))

    def _neighbors(self, grid: Tensor) -> Tensor:
        channels_first = grid.permute(0, 3, 1, 2)
        groups = grid.shape[-1]
        mixed = functional.conv2d(channels_first, self.kernel, padding="same", groups=groups)
        return mixed.permute(0, 2, 3, 1)

    def _pooled(self, grid: Tensor, weights: Tensor) -> Tensor:
        row = self.row(_pool(grid, weights, (2,)))
        column = self.column(_pool(grid, weights, (1,)))
        pooled: Tensor = row + column + self.whole(_pool(grid, weights, (1, 2)))
        return pooled


def _pool(grid: Tensor, weights: Tensor, axes: tuple[int, ...]) -> Tensor:
    """Mean over the cells inside, and their maximum or 0, as cells outside hold 0."""
    mean = grid.sum(axes, keepdim=True) / weights.sum(axes, keepdim=True).clamp(min=1)
    return torch.cat([mean, grid.amax(axes, keepdim=True).clamp(min=0)], dim=-1)


def mixer_of(config: ModelConfig, generator: torch.Generator) -> nn.Module:
    """The mixer that the configuration names, with weights drawn from the generator."""
    kinds = {"attention": Attention, "mlp": PositionMlp, "local": LocalMixer}
    return kinds[config.mixer](config, generator)
