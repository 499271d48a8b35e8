"""The local mixer: a depthwise convolution, and pooling over rows, columns and the canvas."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from arcsolve.neural.config import ModelConfig
from arcsolve.neural.layers import Linear, draw_weights
from arcsolve.neural.ops.autograd import apply
from arcsolve.neural.ops.dispatch import select_ops
from arcsolve.neural.ops.matmul import linear, linear_backward, weight_gradient
from arcsolve.neural.ops.precision import matmul_type
from arcsolve.neural.positions import TokenLayout

KERNEL_SIDE = 3  # cells


class LocalMixer(nn.Module):
    """3x3 depthwise convolution, plus mean and maximum over rows, columns and the canvas.

    With residual and norm. Cells outside the grid contribute nothing, so that more padding does not
    change the result. A symmetric mixer commutes with the symmetries of the square: its kernel is
    averaged over them, and rows and columns share their weights.
    """

    def __init__(self, config: ModelConfig, generator: torch.Generator) -> None:
        super().__init__()
        width = config.width
        self.kernel = draw_weights(
            width, 1, KERNEL_SIDE, KERNEL_SIDE, deviation=1 / KERNEL_SIDE, generator=generator
        )
        self.out = Linear(width, width, generator)
        self.row = Linear(2 * width, width, generator)
        self.column = None if config.symmetric else Linear(2 * width, width, generator)
        self.whole = Linear(2 * width, width, generator)

    def forward(self, x: Tensor, layout: TokenLayout) -> Tensor:
        """Mix the tokens of x, (batch, tokens, width), and keep its shape."""
        kernel: Tensor = self.kernel
        column = self.column
        if column is None:
            kernel, column = _average_symmetries(kernel), self.row
        weights = (part.weight for part in (self.out, self.row, column, self.whole))
        return apply(_LocalMixer, x, kernel, *weights, layout)


def _average_symmetries(kernel: Tensor) -> Tensor:
    """The mean of kernels (..., 3, 3) over the symmetries of the square."""
    rotated = [kernel.rot90(quarters, (-2, -1)) for quarters in range(4)]
    return torch.stack([*rotated, *(each.flip(-1) for each in rotated)]).mean(0)


class _LocalMixer(Function):
    """The local mixer as an autograd function; pooling regions are rows, columns and the canvas."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, kernel: Tensor, *arguments: Any) -> Tensor:
        *weights, layout = arguments
        operations, kind = select_ops(x), matmul_type(x)
        out, *wide = (weight.to(kind) for weight in weights)
        grid, shares = layout.grid(x), layout.shares(x.dtype)
        near = operations.convolve(grid, kernel, kind)
        pooled, tops = operations.pool(grid, shares, kind)
        regions = list(map(linear, pooled, wide))
        spread = linear(near, out), regions
        normed: Tensor
        normed, scale = operations.regions_norm(x.view_as(grid), *spread)
        ctx.save_for_backward(grid, near, kernel, out, normed, scale, *wide, *tops, *pooled)
        ctx.layout, ctx.shares = layout, shares
        return normed.view_as(x)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        grid, near, kernel, out, normed, scale, *others = ctx.saved_tensors
        wide, tops, pooled = others[:3], others[3:6], others[6:]
        operations = select_ops(grid)
        to_x: Tensor = operations.norm_backward(gradient.view_as(grid), normed, scale)
        total, to_regions = to_x.to(near.dtype), operations.region_sums(to_x, near.dtype)
        to_grid, to_kernel = operations.convolve_backward(linear_backward(total, out), grid, kernel)
        to_pooled = list(map(linear_backward, to_regions, wide))
        operations.pool_backward(to_pooled, grid, ctx.shares, tops, to_grid)
        parts = zip((total, *to_regions), (near, *pooled), (out, *wide), strict=True)
        to_weights = (weight_gradient(*each, grid.dtype) for each in parts)
        to_x = (to_x + ctx.layout.mask(to_grid)).view_as(gradient)
        return to_x, to_kernel, *to_weights, None
