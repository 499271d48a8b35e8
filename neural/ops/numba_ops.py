"""The operations between matrix products, for float32 on a CPU, by numba kernels.

The functions are those of `arcsolve.neural.ops.torch_ops`, where they are documented.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from arcsolve.neural.ops import kernels, local_kernels
from arcsolve.neural.ops.kernels import Array


def _array(tensor: Tensor, *shape: int) -> Array:
    """The memory of a tensor as an array, in this shape if one is given; bfloat16 as its bits.

    The array is a copy if the tensor is not contiguous. A kernel must only write to contiguous
    tensors.
    """
    tensor = tensor.detach().contiguous()
    cells = tensor.view(torch.uint16) if tensor.dtype == torch.bfloat16 else tensor
    array: Array = cells.numpy()
    return array.reshape(shape) if shape else array


def _rows(tensor: Tensor) -> Array:
    return _array(tensor, -1, tensor.shape[-1])


def add_norm(x: Tensor, update: Tensor) -> tuple[Tensor, Tensor]:
    normed, scale = x.new_empty(x.shape), x.new_empty(*x.shape[:-1], 1)
    kernels.add_norm(_rows(x), _rows(update), _rows(normed), _array(scale, -1))
    return normed, scale


def norm_backward(gradient: Tensor, normed: Tensor, scale: Tensor) -> Tensor:
    out = normed.new_empty(normed.shape)
    kernels.norm_backward(_rows(gradient), _rows(normed), _array(scale, -1), _rows(out))
    return out


def swish_product(both: Tensor) -> Tensor:
    hidden = both.new_empty(*both.shape[:-1], both.shape[-1] // 2)
    kernels.swish_product(_rows(both), _rows(hidden))
    return hidden


def swish_product_backward(gradient: Tensor, both: Tensor) -> Tensor:
    to_both = both.new_empty(both.shape)
    kernels.swish_product_backward(_rows(gradient), _rows(both), _rows(to_both))
    return to_both


def softmax_(scores: Tensor) -> None:
    kernels.softmax(_rows(scores))


def softmax_backward_(gradient: Tensor, shares: Tensor) -> None:
    kernels.softmax_backward(_rows(gradient), _rows(shares))


def split_rotary(qkv: Tensor, rotary: Tensor, heads: int) -> Tensor:
    batch, tokens, channels = qkv.shape
    parts = qkv.new_empty(3, batch, heads, tokens, channels // 3 // heads)
    kernels.split_rotary(_array(qkv), _array(rotary), _array(parts))
    return parts.flatten(1, 2)


def join_rotary(parts: Tensor, rotary: Tensor, heads: int) -> Tensor:
    _, each_head, tokens, each = parts.shape
    by_head = _array(parts, 3, -1, heads, tokens, each)
    qkv = parts.new_empty(each_head // heads, tokens, 3 * heads * each)
    kernels.join_rotary(by_head, _array(rotary), _array(qkv))
    return qkv


def embed(inputs: Tensor, table: Tensor) -> Tensor:
    places, vocabulary = _array(inputs.flatten(2)), table.shape[-2]
    if places.size and not 0 <= places.min() <= places.max() < vocabulary:  # kernels do not check
        raise IndexError(f"tokens must be from 0 to {vocabulary - 1}")
    embedded = table.new_empty(len(places), places.shape[2], table.shape[-1])
    kernels.embed(places, _array(table, -1, *table.shape[-3:]), _array(embedded))
    return embedded


def embed_backward(gradient: Tensor, inputs: Tensor, table: Tensor) -> Tensor:
    to_table = torch.zeros_like(table)
    to_tables = _array(to_table, -1, *table.shape[-3:])
    kernels.embed_backward(_array(gradient), _array(inputs.flatten(2)), to_tables)
    return to_table


def convolve(grid: Tensor, weights: Tensor, kind: torch.dtype) -> Tensor:
    near = grid.new_empty(grid.shape, dtype=kind)
    local_kernels.convolve(_array(grid), _spread(weights), _array(near))
    return near


def convolve_backward(gradient: Tensor, grid: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    to_grid, spread = grid.new_empty(grid.shape), _spread(weights)
    to_weights = np.zeros_like(spread)
    arrays = _array(gradient), _array(grid), spread, _array(to_grid), to_weights
    local_kernels.convolve_backward(*arrays)
    return to_grid, torch.from_numpy(to_weights).permute(0, 3, 1, 2).reshape(weights.shape)


def _spread(weights: Tensor) -> Array:
    """Weights ([networks,] c, 1, 3, 3) as (networks, 3, 3, c)."""
    side, channels = weights.shape[-1], weights.shape[-4]
    return _array(weights.reshape(-1, channels, side, side).permute(0, 2, 3, 1))


def pool(
    grid: Tensor, shares: Sequence[Tensor | float], kind: torch.dtype
) -> tuple[list[Tensor], list[Tensor]]:
    pooled, tops = [], []
    for view, share in zip(_views(grid), shares, strict=True):
        n, _, m, c = view.shape
        pooled.append(grid.new_empty(n, m, 2 * c, dtype=kind))
        tops.append(grid.new_empty(n, m, c))
        local_kernels.pool(view, _shares(share, n, m), _array(pooled[-1]), _array(tops[-1]))
    return pooled, tops


def pool_backward(
    gradients: Sequence[Tensor],
    grid: Tensor,
    shares: Sequence[Tensor | float],
    tops: Sequence[Tensor],
    to_grid: Tensor,
) -> None:
    parts = zip(gradients, _views(grid), shares, tops, _views(to_grid), strict=True)
    for gradient, view, share, top, to_view in parts:
        n, m = top.shape[:2]
        arrays = _array(gradient), view, _shares(share, n, m), _array(top), to_view
        local_kernels.pool_backward(*arrays)


def region_sums(grid: Tensor, kind: torch.dtype) -> list[Tensor]:
    sums = []
    for view in _views(grid):
        n, _, m, c = view.shape
        sums.append(grid.new_empty(n, m, c, dtype=kind))
        local_kernels.region_sums(view, _array(sums[-1]))
    return sums


def _views(grid: Tensor) -> list[Array]:
    """Views of the grid for pooling over rows, columns and all cells, each over the second axis."""
    batch, height, width, c = grid.shape
    shapes = (batch * height, width, 1), (batch, height, width), (batch, height * width, 1)
    return [_array(grid, *shape, c) for shape in shapes]


def _shares(share: Tensor | float, n: int, m: int) -> Array:
    if isinstance(share, Tensor):
        return _array(share, n, m)
    return np.full((n, m), share, np.float32)


def regions_norm(x: Tensor, near: Tensor, regions: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    batch, height, width, c = x.shape
    normed, scale = x.new_empty(x.shape), x.new_empty(batch, height, width, 1)
    rows, columns, whole = regions
    local_kernels.regions_norm(
        _array(x),
        _array(near),
        _array(rows, batch, height, c),
        _array(columns, batch, width, c),
        _array(whole, batch, c),
        _array(normed),
        _array(scale, batch, height, width),
    )
    return normed, scale
