"""The layout of tokens on a canvas, and rotary position encodings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from arcsolve.neural.config import ModelConfig

BASE = 10_000.0  # of the rotary wavelengths, as in arXiv 2104.09864


@dataclass(frozen=True, slots=True)
class TokenLayout:
    """The layout of a batch: prefix tokens, then the cells of a canvas in reading order.

    `inside` (batch, tokens) is true for tokens inside the grid, None if all are. `rotary` (2,
    tokens, width) is the `rotary_table` of attention.
    """

    height: int
    width: int
    rotary: Tensor | None = None
    inside: Tensor | None = None

    def grid(self, x: Tensor) -> Tensor:
        """Reshape tokens (batch, height * width, channels) to (batch, height, width, channels).

        Cells outside become 0.
        """
        return self.mask(x.view(len(x), self.height, self.width, -1))

    def mask(self, grid: Tensor) -> Tensor:
        """Set the cells of a grid outside to 0."""
        return grid if self.inside is None else grid * self._weights(grid.dtype)

    def mean(self, x: Tensor) -> Tensor:
        """The mean (batch, channels) of tokens (batch, tokens, channels) over the tokens inside."""
        if self.inside is None:
            return x.mean(1)
        inside = self.inside.unsqueeze(-1)
        return (x * inside).sum(1) / inside.sum(1).clamp(min=1)

    def shares(self, dtype: torch.dtype) -> Sequence[Tensor | float]:
        """The reciprocal number of cells inside each row, each column and the canvas, at most 1.

        Multiplied by these, sums over the cells of a grid become means. Reduced dimensions have
        size 1.
        """
        if self.inside is None:
            return 1 / self.width, 1 / self.height, 1 / (self.width * self.height)
        weights = self._weights(dtype)
        return [1 / weights.sum(axes, keepdim=True).clamp(min=1) for axes in (2, 1, (1, 2))]

    def _weights(self, dtype: torch.dtype) -> Tensor:
        """(batch, height, width, 1): 1 inside, 0 outside."""
        assert self.inside is not None
        return self.inside.to(dtype).view(-1, self.height, self.width, 1)


@lru_cache(maxsize=64)
def rotary_table(config: ModelConfig, height: int, width: int) -> Tensor:
    """The table of rotary position encodings, in float64: (2, tokens, config.width).

    The tokens are those of the prefix and of height * width cells. The first dimension holds
    cosines and sines. The last dimension holds the angles for the queries of all heads and then for
    the keys, one angle for each pair of neighboring channels. The entries for queries are divided
    by the square root of a head's channels. With rope2d half of a head's pairs rotate with the row
    and half with the column, and prefix tokens are at (0, 0). With rope all pairs rotate with the
    token's index. Otherwise no pair rotates.
    """
    channels = config.width // config.heads
    angles = _angles(config, height, width, channels // 2)
    rotary = torch.stack([angles.cos(), angles.sin()]).repeat(1, 1, config.heads)
    return torch.cat([rotary / math.sqrt(channels), rotary], dim=2)


def _angles(config: ModelConfig, height: int, width: int, pairs: int) -> Tensor:
    """The angles of one head, in float64: (tokens, pairs)."""
    tokens = config.prefix + height * width
    if config.positions == "rope2d":
        cells = torch.cartesian_prod(torch.arange(height), torch.arange(width)).double()
        places = torch.cat([torch.zeros(config.prefix, 2).double(), cells + 1])
        return torch.cat([_waves(place, pairs // 2) for place in places.unbind(1)], dim=1)
    if config.positions == "rope":
        return _waves(torch.arange(tokens).double(), pairs)
    return torch.zeros(tokens, pairs).double()


def _waves(places: Tensor, pairs: int) -> Tensor:
    """Angles (places, pairs), from one radian a place in the first pair down to nearly none."""
    wavelengths = BASE ** (torch.arange(pairs).double() / pairs)
    return torch.outer(places, 1 / wavelengths)
