"""Functions with hand-written gradients: the same numbers in fewer passes over memory.

On a CPU a training step of a small network is bound by element-wise passes and by calls, not by
products; what autograd records by itself takes two to three times as many of both.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.nn import functional

__all__ = ["gated", "mean_and_maximum", "rms_norm"]

NORM_EPSILON = 1e-5


def rms_norm(x: Tensor, update: Tensor) -> Tensor:
    """x + update, scaled to a root mean square of 1 over the last dimension; no learned scale."""
    normed: Tensor = _NormedSum.apply(x, update)
    return normed


def gated(both: Tensor) -> Tensor:
    """silu(gate) * up, where `both` (..., 2 * units) holds first gate and then up."""
    through: Tensor = _Gated.apply(both)
    return through


def mean_and_maximum(grid: Tensor, share: Tensor, axes: tuple[int, ...]) -> Tensor:
    """Means, the sums times `share`, and maxima or 0 over the axes, side by side as channels.

    Where a maximum is reached more than once its gradient is divided evenly.
    """
    pooled: Tensor = _MeanAndMaximum.apply(grid, share, axes)
    return pooled


class _NormedSum(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, update: Tensor) -> Tensor:
        total = x + update
        square = torch.linalg.vector_norm(total, dim=-1, keepdim=True).square_()
        scale = square.div_(total.shape[-1]).add_(NORM_EPSILON).rsqrt_()
        normed = total.mul_(scale)
        ctx.save_for_backward(normed, scale)
        return normed

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor]:
        normed, scale = ctx.saved_tensors
        along = (gradient * normed).mean(-1, keepdim=True)
        back = torch.addcmul(gradient, normed, along, value=-1).mul_(scale)
        return back, back


class _Gated(Function):
    @staticmethod
    def forward(ctx: Any, both: Tensor) -> Tensor:
        gate, up = both.chunk(2, dim=-1)
        opened = functional.silu(gate)
        ctx.save_for_backward(both, opened)
        return opened * up

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        both, opened = ctx.saved_tensors
        gate, up = both.chunk(2, dim=-1)
        back = torch.empty_like(both)
        to_gate, to_up = back.chunk(2, dim=-1)
        torch.mul(gradient, opened, out=to_up)
        to_gate.copy_(torch.ops.aten.silu_backward(gradient * up, gate))
        return back


class _MeanAndMaximum(Function):
    @staticmethod
    def forward(ctx: Any, grid: Tensor, share: Tensor, axes: tuple[int, ...]) -> Tensor:
        maximum = grid.amax(axes, keepdim=True)
        ctx.save_for_backward(grid, maximum)
        ctx.share, ctx.axes = share, axes
        return torch.cat([grid.sum(axes, keepdim=True) * share, maximum.clamp(min=0)], dim=-1)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        grid, maximum = ctx.saved_tensors
        to_mean, to_maximum = gradient.chunk(2, dim=-1)
        reached = torch.eq(grid, maximum, out=torch.empty_like(grid))
        ties = reached.sum(ctx.axes, keepdim=True)
        each = to_maximum * (maximum > 0) / ties
        return torch.addcmul(to_mean * ctx.share, reached, each), None, None
