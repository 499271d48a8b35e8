"""Rotary positions: tables of cosines and sines for tokens in a row or on a canvas."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor

__all__ = ["rotary_table", "rotate"]

BASE = 10_000.0  # of the wavelengths, as in arXiv 2104.09864


@lru_cache(maxsize=64)
def rotary_table(
    height: int, width: int, prefix: int, channels: int, both_axes: bool
) -> tuple[Tensor, Tensor]:
    """Cosines and sines in float64, of shape (prefix + height * width, channels).

    With `both_axes` half of the angles turn with the row and half with the column, and prefix
    tokens stand at (0, 0); otherwise all turn with the place in the row of all tokens.
    """
    if both_axes:
        cells = torch.cartesian_prod(torch.arange(height), torch.arange(width)).double()
        places = torch.cat([torch.zeros(prefix, 2).double(), cells + 1])
        angles = torch.cat([_angles(place, channels // 2) for place in places.unbind(1)], dim=1)
    else:
        angles = _angles(torch.arange(prefix + height * width).double(), channels)
    doubled = torch.cat([angles, angles], dim=1)
    return doubled.cos(), doubled.sin()


def rotate(x: Tensor, table: tuple[Tensor, Tensor]) -> Tensor:
    """Turn pairs of channels, half the channels apart, of x (..., tokens, channels)."""
    cos, sin = (part.to(x.device, x.dtype) for part in table)
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat([-second, first], dim=-1) * sin


def _angles(places: Tensor, channels: int) -> Tensor:
    """Angles (places, channels / 2), from one radian a place down to nearly none."""
    wavelengths = BASE ** (torch.arange(0, channels, 2).double() / channels)
    return torch.outer(places, 1 / wavelengths)
