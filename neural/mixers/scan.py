"""The scan mixer: sums that decay along rows, columns and diagonals."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from arcsolve.neural.config import ModelConfig
from arcsolve.neural.layers import Linear
from arcsolve.neural.ops.autograd import mean_and_maximum, rms_norm
from arcsolve.neural.ops.matmul import expand_to_examples
from arcsolve.neural.positions import TokenLayout

DIRECTIONS = ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1))
FADING = (0.5, 0.98)  # initial decay, from the first to the last channel of a direction


class ScanMixer(nn.Module):
    """Sums that decay along eight directions, and pooling over the canvas, with residual and norm.

    An eighth of the channels runs in each direction: s(cell) = (1 - f) x(cell) + f s(previous
    cell). The decay f is learned for each channel.
    """

    def __init__(self, config: ModelConfig, generator: torch.Generator) -> None:
        super().__init__()
        width, each = config.width, config.width // len(DIRECTIONS)
        self.seen = Linear(width, width, generator)
        self.out = Linear(width, width, generator)
        self.whole = Linear(2 * width, width, generator)
        fading = torch.linspace(*FADING, each).repeat(len(DIRECTIONS))
        self.fading = nn.Parameter(torch.logit(fading))

    def forward(self, x: Tensor, layout: TokenLayout) -> Tensor:
        """Mix the tokens of x, (batch, tokens, width), and keep its shape."""
        grid, share = layout.grid(x), layout.shares(x.dtype)[-1]
        fading = expand_to_examples(self.fading.sigmoid(), len(x), 1)
        fading = fading.view(-1, 1, 1, fading.shape[-1])
        parts = (self.seen(grid) * (1 - fading)).chunk(len(DIRECTIONS), dim=-1)
        shares = fading.chunk(len(DIRECTIONS), dim=-1)
        scans = [_scan(*each) for each in zip(parts, shares, DIRECTIONS, strict=True)]
        whole = self.whole(mean_and_maximum(grid, share, (1, 2)))
        mixed = self.out(torch.cat(scans, dim=-1)) + whole
        return rms_norm(x, mixed.view_as(x))


def _scan(grid: Tensor, fading: Tensor, step: tuple[int, int]) -> Tensor:
    """Sum all cells behind each cell, weighted by `fading` to the power of their distance.

    Runs by doubling: after n rounds a sum covers 2 ** n cells.
    """
    reach = 1
    while reach < max(grid.shape[1:3]):
        behind = _shift(grid, (reach * step[0], reach * step[1]))
        grid = torch.addcmul(grid, behind, fading**reach)
        reach *= 2
    return grid


def _shift(grid: Tensor, step: tuple[int, int]) -> Tensor:
    """Shift the cells of (batch, height, width, channels) by a step, and fill up with zeros."""
    (down, right), (height, width) = step, grid.shape[1:3]
    if abs(down) >= height or abs(right) >= width:
        return torch.zeros_like(grid)
    kept = grid[:, max(-down, 0) : height - max(down, 0), max(-right, 0) : width - max(right, 0)]
    around = (0, 0, max(right, 0), max(-right, 0), max(down, 0), max(-down, 0))
    return functional.pad(kept, around)
