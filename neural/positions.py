"""Where tokens stand: the canvas of a batch, and rotary positions as tables of turns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from arcsolve.neural.config import ModelConfig

BASE = 10_000.0  # of the wavelengths, as in arXiv 2104.09864


@dataclass(frozen=True, slots=True)
class TokenLayout:
    """Where the tokens stand: the cells in reading order, behind the prefix tokens.

    `inside` (batch, tokens) is true for tokens that may be looked at; None if all may. `turns`
    (2, tokens, width) are those of `rotary_table`, for attention.
    """

    height: int
    width: int
    rotary: Tensor | None = None
    inside: Tensor | None = None

    def grid(self, x: Tensor) -> Tensor:
        """Tokens (batch, height * width, channels) as cells (batch, height, width, channels).

        Those outside are 0.
        """
        return self.mask(x.view(len(x), self.height, self.width, -1))

    def mask(self, grid: Tensor) -> Tensor:
        """A grid with zeros outside."""
        return grid if self.inside is None else grid * self._weights(grid.dtype)

    def mean(self, x: Tensor) -> Tensor:
        """The mean (batch, channels) of tokens (batch, tokens, channels), of those inside."""
        if self.inside is None:
            return x.mean(1)
        inside = self.inside.unsqueeze(-1)
        return (x * inside).sum(1) / inside.sum(1).clamp(min=1)

    def shares(self, dtype: torch.dtype) -> Sequence[Tensor | float]:
        """One over the cells inside each row, each column and the canvas, at most 1.

        For sums over the cells of a grid, kept as dimensions of size 1.
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
    """Turns of queries and keys in float64: (2, prefix + height * width, config.width).

    First the cosines and then the sines, each for the queries of all heads, which are also divided
    by the root of a head's channels, and then for the keys. A turn is for two neighboring channels.
    With rope2d half of a head's pairs turn with the row and half with the column, and prefix tokens
    stand at (0, 0); with rope all turn with the place in the row of all tokens; else none turns.
    """
    channels = config.width // config.heads
    angles = _angles(config, height, width, channels // 2)
    rotary = torch.stack([angles.cos(), angles.sin()]).repeat(1, 1, config.heads)
    return torch.cat([rotary / math.sqrt(channels), rotary], dim=2)


def _angles(config: ModelConfig, height: int, width: int, pairs: int) -> Tensor:
    """Angles in float64 (tokens, pairs) of a head."""
    tokens = config.prefix + height * width
    if config.positions == "rope2d":
        cells = torch.cartesian_prod(torch.arange(height), torch.arange(width)).double()
        places = torch.cat([torch.zeros(config.prefix, 2).double(), cells + 1])
        return torch.cat([_waves(place, pairs // 2) for place in places.unbind(1)], dim=1)
    if config.positions == "rope":
        return _waves(torch.arange(tokens).double(), pairs)
    return torch.zeros(tokens, pairs).double()


def _waves(places: Tensor, pairs: int) -> Tensor:
    """Angles (places, pairs), from one radian a place down to nearly none."""
    wavelengths = BASE ** (torch.arange(pairs).double() / pairs)
    return torch.outer(places, 1 / wavelengths)
