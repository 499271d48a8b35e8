"""Mixers: the ways in which the positions of a canvas see each other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from neural.config import ModelConfig
from neural.fused import mean_and_maximum, rms_norm
from neural.layers import GatedLayer, Linear, drawn
from neural.positions import rotate

__all__ = ["Attention", "Canvas", "LocalMixer", "PositionMlp", "ScanMixer", "mixer_of"]

KERNEL_SIDE = 3  # cells
DIRECTIONS = ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1))
FADING = (0.5, 0.98)  # of the untrained scan mixer, from the first to the last channel


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
        return rms_norm(x, self.out(mixed.transpose(1, 2).reshape(batch, tokens, width)))


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
        return rms_norm(x, self.layer(x)).transpose(1, 2)


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
        grid, weights = _inside(x, canvas)
        mixed = self.out(self._neighbors(grid))
        for axes, linear in (((2,), self.row), ((1,), self.column), ((1, 2), self.whole)):
            share = 1 / weights.sum(axes, keepdim=True).clamp(min=1)
            mixed = mixed + linear(mean_and_maximum(grid, share, axes))
        return rms_norm(x, mixed.view_as(x))

    def _neighbors(self, grid: Tensor) -> Tensor:
        channels_first = grid.permute(0, 3, 1, 2)
        groups = grid.shape[-1]
        mixed = functional.conv2d(channels_first, self.kernel, padding="same", groups=groups)
        return mixed.permute(0, 2, 3, 1)


def _inside(x: Tensor, canvas: Canvas) -> tuple[Tensor, Tensor]:
    """x as (batch, height, width, channels) with zeros outside, and 1 inside, 0 outside.

    The second has one channel, and no examples of its own if all cells of all are inside.
    """
    grid = x.view(len(x), canvas.height, canvas.width, -1)
    if canvas.inside is None:
        return grid, x.new_ones(1, canvas.height, canvas.width, 1)
    weights = canvas.inside.to(x.dtype).view(len(x), canvas.height, canvas.width, 1)
    return grid * weights, weights


class ScanMixer(nn.Module):
    """Sums that fade along the eight directions, and a view of the whole; with residual and norm.

    An eighth of the channels runs in each direction: s(cell) = (1 - f) x(cell) + f s(cell before),
    with a share f that is learned for each channel.
    """

    def __init__(self, config: ModelConfig, generator: torch.Generator) -> None:
        super().__init__()
        width, each = config.width, config.width // len(DIRECTIONS)
        self.seen = Linear(width, width, generator)
        self.out = Linear(width, width, generator)
        self.whole = Linear(2 * width, width, generator)
        fading = torch.linspace(*FADING, each).repeat(len(DIRECTIONS))
        self.fading = nn.Parameter(torch.logit(fading))

    def forward(self, x: Tensor, canvas: Canvas) -> Tensor:
        batch, _, channels = x.shape
        grid, weights = _inside(x, canvas)
        share = 1 / weights.sum((1, 2), keepdim=True).clamp(min=1)
        fading = self.fading.sigmoid()
        parts = (self.seen(grid) * (1 - fading)).chunk(len(DIRECTIONS), dim=-1)
        shares = fading.chunk(len(DIRECTIONS))
        scans = [_scanned(*each) for each in zip(parts, shares, DIRECTIONS, strict=True)]
        whole = self.whole(mean_and_maximum(grid, share, (1, 2)))
        mixed = self.out(torch.cat(scans, dim=-1)) + whole
        return rms_norm(x, mixed.view(batch, -1, channels))


def _scanned(grid: Tensor, fading: Tensor, step: tuple[int, int]) -> Tensor:
    """Sums over all cells behind each cell, a share `fading` less for every step away.

    By doubling: after n rounds a sum covers 2 ** n cells.
    """
    reach = 1
    while reach < max(grid.shape[1:3]):
        behind = _moved(grid, (reach * step[0], reach * step[1]))
        grid = torch.addcmul(grid, behind, fading**reach)
        reach *= 2
    return grid


def _moved(grid: Tensor, step: tuple[int, int]) -> Tensor:
    """Every cell of (batch, height, width, channels) moved by a step; zeros come in."""
    (down, right), (height, width) = step, grid.shape[1:3]
    if abs(down) >= height or abs(right) >= width:
        return torch.zeros_like(grid)
    kept = grid[:, max(-down, 0) : height - max(down, 0), max(-right, 0) : width - max(right, 0)]
    around = (0, 0, max(right, 0), max(-right, 0), max(down, 0), max(-down, 0))
    return functional.pad(kept, around)


def mixer_of(config: ModelConfig, generator: torch.Generator) -> nn.Module:
    """The mixer that the configuration names, with weights drawn from the generator."""
    kinds = {"attention": Attention, "mlp": PositionMlp, "local": LocalMixer, "scan": ScanMixer}
    return kinds[config.mixer](config, generator)
