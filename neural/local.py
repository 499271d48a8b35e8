"""Local mixing: a depthwise convolution, and pooling over rows, columns and the canvas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.nn import functional

from neural.config import ModelConfig
from neural.fused import norm_, norm_backward, weight_gradient
from neural.layers import Linear, drawn
from neural.positions import Canvas

__all__ = ["LocalMixer"]

KERNEL_SIDE = 3  # cells
ROW, COLUMN = 2, 1  # axes of (batch, height, width, channels) that a row, a column runs along


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
        weights = (self.kernel, *(p.weight for p in (self.out, self.row, self.column, self.whole)))
        mixed: Tensor = _LocalMixer.apply(x, *weights, canvas)
        return mixed


class _LocalMixer(Function):
    """The regions of the pooling are in the order of `_REGIONS`, the last made from the first."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, kernel: Tensor, *arguments: Any) -> Tensor:
        out, row, column, whole, canvas = arguments
        grid, shares = canvas.grid(x), canvas.shares(x.dtype)
        near = _convolved(grid, kernel)
        sums, maxima = _reduced(grid, torch.sum), _reduced(grid, torch.amax)
        pooled = [
            torch.cat([total * share, maximum.clamp(min=0)], dim=-1)
            for total, share, maximum in zip(sums, shares, maxima, strict=True)
        ]
        weights = (row, column, whole)
        by_row, by_column, by_canvas = map(functional.linear, pooled, weights)
        mixed = functional.linear(near, out).add_(by_row.add_(by_canvas)).add_(by_column)
        normed = mixed.view_as(x).add_(x)
        scale = norm_(normed)
        ctx.save_for_backward(grid, near, kernel, out, normed, scale, *weights, *maxima, *pooled)
        ctx.canvas, ctx.shares = canvas, shares
        return normed

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        grid, near, kernel, out, normed, scale, *others = ctx.saved_tensors
        weights, maxima, pooled = others[:3], others[3:6], others[6:]
        total = norm_backward(gradient, normed, scale)
        to_mixed = total.view_as(grid)
        to_regions = _reduced(to_mixed, torch.sum)
        to_pooled = list(map(torch.matmul, to_regions, weights))
        to_grid, to_kernel = _convolved_backward(to_mixed @ out, grid, kernel)
        _add_pooled_backward(to_grid, grid, maxima, to_pooled, ctx.shares)
        to_x = ctx.canvas.masked(to_grid).view_as(total).add_(total)
        to_weights = map(weight_gradient, to_regions, pooled)
        return to_x, to_kernel, weight_gradient(to_mixed, near), *to_weights, None


def _reduced(grid: Tensor, reduction: Callable[..., Tensor]) -> list[Tensor]:
    """Over the rows, the columns and the canvas of a grid (batch, height, width, channels)."""
    by_row, by_column = (reduction(grid, axis, keepdim=True) for axis in (ROW, COLUMN))
    return [by_row, by_column, reduction(by_row, COLUMN, keepdim=True)]


def _convolved(grid: Tensor, kernel: Tensor) -> Tensor:
    channels_first = grid.permute(0, 3, 1, 2)
    near = functional.conv2d(channels_first, kernel, padding=1, groups=len(kernel))
    return near.permute(0, 2, 3, 1).contiguous()


def _convolved_backward(gradient: Tensor, grid: Tensor, kernel: Tensor) -> tuple[Tensor, Tensor]:
    """Gradients of the grid and of the kernel."""
    first = (tensor.permute(0, 3, 1, 2) for tensor in (gradient, grid))
    ones, wanted = (1, 1), (True, True, False)
    to_grid, to_kernel, _ = torch.ops.aten.convolution_backward(
        *first, kernel, None, ones, ones, ones, False, (0, 0), len(kernel), wanted
    )
    return to_grid.permute(0, 2, 3, 1).contiguous(), to_kernel


def _add_pooled_backward(
    to_grid: Tensor,
    grid: Tensor,
    maxima: Sequence[Tensor],
    to_pooled: Sequence[Tensor],
    shares: Sequence[Tensor | float],
) -> None:
    """Add to the grid's gradient what comes through means and maxima of all regions.

    Where a maximum is reached more than once its gradient is divided evenly.
    """
    to_means, to_maxima = zip(*(both.chunk(2, dim=-1) for both in to_pooled), strict=True)
    by_row, by_column, by_canvas = map(torch.mul, to_means, shares)
    to_grid.add_(by_row.add_(by_canvas)).add_(by_column)
    reached = [torch.eq(grid, m, out=torch.empty_like(grid)) for m in maxima[:2]]
    ties = [at.sum(axis, keepdim=True) for at, axis in zip(reached, (ROW, COLUMN), strict=True)]
    in_row = maxima[0] == maxima[2]  # the rows that reach the canvas's maximum
    ties.append((ties[0] * in_row).sum(COLUMN, keepdim=True))
    parts = zip(to_maxima, maxima, ties, strict=True)
    row, column, whole = (to * (maximum > 0) / count for to, maximum, count in parts)
    to_grid.addcmul_(reached[0], row.addcmul_(whole, in_row)).addcmul_(reached[1], column)
