"""Parts of the network with hand-written gradients: the same numbers in fewer passes over memory.

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

__all__ = [
    "gated_layer",
    "mean_and_maximum",
    "norm_",
    "norm_backward",
    "rms_norm",
    "weight_gradient",
]

NORM_EPSILON = 1e-5


def rms_norm(x: Tensor, update: Tensor) -> Tensor:
    """x + update, scaled to a root mean square of 1 over the last dimension; no learned scale."""
    normed: Tensor = _NormedSum.apply(x, update)
    return normed


def gated_layer(x: Tensor, gate_up: Tensor, down: Tensor) -> Tensor:
    """SwiGLU (arXiv 2002.05202) with its residual and norm: (..., width) -> (..., width).

    The weights are gate_up (2 * units, width), first those of the gate, and down (width, units).
    """
    if torch.is_grad_enabled():
        layered: Tensor = _GatedLayer.apply(x, gate_up, down)
        return layered
    gate, up = functional.linear(x, gate_up).chunk(2, dim=-1)
    total = functional.linear(functional.silu(gate, inplace=True) * up, down).add_(x)
    norm_(total)
    return total


def mean_and_maximum(grid: Tensor, share: Tensor | float, axes: tuple[int, ...]) -> Tensor:
    """Means, the sums times `share`, and maxima or 0 over the axes, side by side as channels.

    Where a maximum is reached more than once its gradient is divided evenly.
    """
    pooled: Tensor = _MeanAndMaximum.apply(grid, share, axes)
    return pooled


def norm_(total: Tensor) -> Tensor:
    """Scale to a root mean square of 1 over the last dimension, in place; the scale (..., 1)."""
    square = torch.linalg.vector_norm(total, dim=-1, keepdim=True).square_()
    scale: Tensor = square.div_(total.shape[-1]).add_(NORM_EPSILON).rsqrt_()
    total.mul_(scale)
    return scale


def norm_backward(gradient: Tensor, normed: Tensor, scale: Tensor) -> Tensor:
    """The gradient of what `norm_` scaled to `normed`, as new memory."""
    along = (gradient * normed).mean(-1, keepdim=True)
    return torch.addcmul(gradient, normed, along, value=-1).mul_(scale)


def weight_gradient(gradient: Tensor, x: Tensor) -> Tensor:
    """The gradient of the weight of x W^T: (..., outputs) and (..., inputs), summed over rows."""
    summed: Tensor = gradient.flatten(0, -2).T @ x.flatten(0, -2)
    return summed


class _NormedSum(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, update: Tensor) -> Tensor:
        normed = x + update
        ctx.save_for_backward(normed, norm_(normed))
        return normed

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor]:
        back = norm_backward(gradient, *ctx.saved_tensors)
        return back, back


class _GatedLayer(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, gate_up: Tensor, down: Tensor) -> Tensor:
        both = functional.linear(x, gate_up)
        gate, up = both.chunk(2, dim=-1)
        opened = functional.silu(gate)
        hidden = opened * up
        normed = functional.linear(hidden, down).add_(x)
        scale = norm_(normed)
        ctx.save_for_backward(x, gate_up, down, both, opened, hidden, normed, scale)
        return normed

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x, gate_up, down, both, opened, hidden, normed, scale = ctx.saved_tensors
        gate, up = both.chunk(2, dim=-1)
        total = norm_backward(gradient, normed, scale)
        to_hidden = total @ down
        to_both = torch.empty_like(both)
        to_gate, to_up = to_both.chunk(2, dim=-1)
        torch.mul(to_hidden, opened, out=to_up)
        torch.ops.aten.silu_backward.grad_input(to_hidden.mul_(up), gate, grad_input=to_gate)
        to_x = (to_both @ gate_up).add_(total)
        return to_x, weight_gradient(to_both, x), weight_gradient(total, hidden)


class _MeanAndMaximum(Function):
    @staticmethod
    def forward(ctx: Any, grid: Tensor, share: Tensor | float, axes: tuple[int, ...]) -> Tensor:
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
