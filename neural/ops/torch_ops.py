"""The operations between matrix products, for any device and type, in plain torch.

`c` is the number of channels and `kind` the type of matrix products.
`arcsolve.neural.ops.numba_ops` has the same functions for a CPU.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from arcsolve.neural.ops.kernels import NORM_EPSILON
from arcsolve.neural.ops.matmul import linear, weight_gradient

REGIONS = ((2,), (1,), (1, 2))  # axes that rows, columns and the whole grid extend along


def add_norm(x: Tensor, update: Tensor) -> tuple[Tensor, Tensor]:
    """X + update (..., c), scaled to a root mean square of 1 over the channels.

    Returns the result in the type of x, and the scale (..., 1).
    """
    total = x + update
    square = torch.linalg.vector_norm(total, dim=-1, keepdim=True).square_()
    scale = square.div_(total.shape[-1]).add_(NORM_EPSILON).rsqrt_()
    return total.mul_(scale), scale


def norm_backward(gradient: Tensor, normed: Tensor, scale: Tensor) -> Tensor:
    """The gradient of the sum that `add_norm` scaled to `normed`, in new memory."""
    along = (gradient * normed).mean(-1, keepdim=True)
    return torch.addcmul(gradient, normed, along, value=-1).mul_(scale)


def swish_product(both: Tensor) -> Tensor:
    """swish(gate) * up: (..., 2 * units), which holds the gates first, to (..., units)."""
    gate, up = both.chunk(2, dim=-1)
    return functional.silu(gate) * up


def swish_product_backward(gradient: Tensor, both: Tensor) -> Tensor:
    """The gradient of `both` from the gradient of the product."""
    gate, up = both.chunk(2, dim=-1)
    to_gate = torch.ops.aten.silu_backward(gradient * up, gate)
    return torch.cat([to_gate, gradient * functional.silu(gate)], dim=-1)


def softmax_(scores: Tensor) -> None:
    """Softmax over the last axis, in place."""
    scores.copy_(scores.softmax(-1))


def softmax_backward_(gradient: Tensor, shares: Tensor) -> None:
    """The gradient of the scores, stored over the gradient of the attention weights `shares`."""
    gradient.copy_(torch._softmax_backward_data(gradient, shares, -1, shares.dtype))


def split_rotary(qkv: Tensor, rotary: Tensor, heads: int) -> Tensor:
    """(batch, tokens, 3 * width) to queries, keys and values (3, batch * heads, tokens, c).

    Neighboring channels of queries and keys are rotated by `rotary` (2, tokens, width), which holds
    the cosines and sines of their pairs.
    """
    batch, tokens, channels = qkv.shape
    rotated = _rotate(qkv, rotary[0], rotary[1])
    by_head = rotated.view(batch, tokens, 3, heads, channels // 3 // heads).permute(2, 0, 3, 1, 4)
    return by_head.flatten(1, 2)


def join_rotary(parts: Tensor, rotary: Tensor, heads: int) -> Tensor:
    """The gradient of qkv from the gradient of its parts."""
    by_head = parts.unflatten(1, (-1, heads)).permute(1, 3, 0, 2, 4)
    return _rotate(by_head.flatten(2), rotary[0], -rotary[1])


def _rotate(qkv: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    turning = 2 * cos.shape[-1]
    real, imaginary = qkv[..., :turning].unflatten(-1, (-1, 2)).unbind(-1)
    rotated = [real * cos - imaginary * sin, real * sin + imaginary * cos]
    both = torch.stack(rotated, dim=-1).flatten(-2).to(qkv.dtype)
    return torch.cat([both, qkv[..., turning:]], dim=-1)


def embed(inputs: Tensor, table: Tensor) -> Tensor:
    """Sum the table rows of the tokens of all planes of each cell.

    `inputs` (batch, planes, height, width) give sums (batch, cells, c). The table is ([networks,]
    planes, vocabulary, c).
    """
    return linear(_one_hot(inputs, table), _rows(table).mT)


def embed_backward(gradient: Tensor, inputs: Tensor, table: Tensor) -> Tensor:
    """The gradient of the table."""
    rows, one_hot = _rows(table), _one_hot(inputs, table)
    return weight_gradient(one_hot, gradient, rows, table.dtype).view_as(table)


def _rows(table: Tensor) -> Tensor:
    """The table as ([networks,] planes * vocabulary, c)."""
    return table.flatten(-3, -2)


def _one_hot(inputs: Tensor, table: Tensor) -> Tensor:
    """One-hot tokens (batch, cells, planes * vocabulary): 1 at the token of each plane."""
    planes, vocabulary, _ = table.shape[-3:]
    first = vocabulary * torch.arange(planes, device=inputs.device)[:, None]
    places = (inputs.flatten(2) + first).transpose(1, 2)
    return table.new_zeros(*places.shape[:2], planes * vocabulary).scatter_(2, places, 1)


def convolve(grid: Tensor, weights: Tensor, kind: torch.dtype) -> Tensor:
    """Depthwise convolution of (batch, height, width, c) with weights ([networks,] c, 1, 3, 3)."""
    first, each = grid.permute(0, 3, 1, 2), _by_network(weights)
    parts = zip(first.chunk(len(each)), each, strict=True)
    near = torch.cat([functional.conv2d(x, w, padding=1, groups=len(w)) for x, w in parts])
    return near.permute(0, 2, 3, 1).contiguous().to(kind)


def convolve_backward(gradient: Tensor, grid: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """The gradients of the grid and of the weights."""
    each, ones, wanted = _by_network(weights), (1, 1), (True, True, False)
    first = (tensor.to(grid.dtype).permute(0, 3, 1, 2) for tensor in (gradient, grid))
    parts = zip(*(tensor.chunk(len(each)) for tensor in first), each, strict=True)
    options = None, ones, ones, ones, False, (0, 0), weights.shape[-4], wanted
    back = [torch.ops.aten.convolution_backward(*part, *options) for part in parts]
    to_grid, to_weights = (torch.cat(tensors) for tensors in list(zip(*back, strict=True))[:2])
    return to_grid.permute(0, 2, 3, 1).contiguous(), to_weights.view_as(weights)


def _by_network(weights: Tensor) -> Tensor:
    """Weights of a convolution as (networks, c, 1, 3, 3)."""
    return weights.view(-1, *weights.shape[-4:])


def pool(
    grid: Tensor, shares: Sequence[Tensor | float], kind: torch.dtype
) -> tuple[list[Tensor], list[Tensor]]:
    """Pool over rows, columns and the grid: sums times shares, and maxima of at least 0.

    Returns both as channels, and the plain maxima, each for rows (batch * height, 1, ...), columns
    (batch, width, ...) and the grid (batch, 1, ...). A share is a number, or a tensor with one
    number for each region and size 1 in reduced dimensions.
    """
    pooled, tops = [], []
    for axes, share in zip(REGIONS, shares, strict=True):
        top = grid.amax(axes, keepdim=True)
        both = torch.cat([grid.sum(axes, keepdim=True) * share, top.clamp(min=0)], dim=-1)
        pooled.append(_region(both, axes).to(kind))
        tops.append(_region(top, axes))
    return pooled, tops


def pool_backward(
    gradients: Sequence[Tensor],
    grid: Tensor,
    shares: Sequence[Tensor | float],
    tops: Sequence[Tensor],
    to_grid: Tensor,
) -> None:
    """Add to the gradient of the grid; the gradient of a tied maximum is divided evenly."""
    for gradient, axes, share, top in zip(gradients, REGIONS, shares, tops, strict=True):
        back = [1 if axis in axes else size for axis, size in enumerate(grid.shape[:-1])]
        to_mean, to_top = gradient.to(grid.dtype).view(*back, -1).chunk(2, dim=-1)
        maximum = top.view(*back, -1)
        reached = (grid == maximum).to(grid.dtype)
        each = to_top * (maximum > 0) / reached.sum(axes, keepdim=True)
        to_grid.add_(to_mean * share).addcmul_(reached, each)


def region_sums(grid: Tensor, kind: torch.dtype) -> list[Tensor]:
    """The sums over the rows, the columns and the grid, in the shapes of `pool`."""
    return [_region(grid.sum(axes, keepdim=True), axes).to(kind) for axes in REGIONS]


def _region(reduced: Tensor, axes: Sequence[int]) -> Tensor:
    """Reshape (batch, height, width, c) that was reduced along these axes to (n, m, c)."""
    batch, height, _, c = reduced.shape
    return reduced.view(batch * height, 1, c) if axes == REGIONS[0] else reduced.view(batch, -1, c)


def regions_norm(x: Tensor, near: Tensor, regions: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """The sum of x, `near` and the regions' values at each cell, scaled as in `add_norm`."""
    batch, height, width, c = x.shape
    rows, columns, whole = regions
    wide = rows.view(batch, height, 1, c) + columns.view(batch, 1, width, c)
    return add_norm(x, near + (wide + whole.view(batch, 1, 1, c)))
