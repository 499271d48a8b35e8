"""Layers with hand-written gradients: the same numbers in fewer passes over memory.

On a CPU, element-wise passes and kernel launches dominate a training step of a small network. The
graph that autograd records by itself needs two to three times as many of both.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from arcsolve.neural.ops.dispatch import select_ops
from arcsolve.neural.ops.matmul import linear, linear_backward, weight_gradient
from arcsolve.neural.ops.precision import matmul_type


def apply(function: type[Function], *arguments: Any) -> Tensor:
    """Apply an autograd function that returns one tensor."""
    result: Tensor = function.apply(*arguments)
    return result


def token_sums(inputs: Tensor, table: Tensor) -> Tensor:
    """Sum the table rows of the tokens of all planes of each cell.

    `inputs` (batch, planes, height, width) give sums (batch, cells, c). `table` is (planes,
    vocabulary, c), or a stack of the tables of several networks.
    """
    return apply(_TokenSums, inputs, table)


def rms_norm(x: Tensor, update: Tensor) -> Tensor:
    """X + update, scaled to a root mean square of 1 over the last dimension; no learned scale."""
    return apply(_NormedSum, x, update)


def gated_layer(x: Tensor, gate_up: Tensor, down: Tensor) -> Tensor:
    """SwiGLU (arXiv 2002.05202) with residual and norm: (..., width) -> (..., width).

    `gate_up` (2 * units, width) holds the weights of the gate and then of the values. `down` is
    (width, units).
    """
    return apply(_GatedLayer, x, gate_up, down)


def mean_and_maximum(grid: Tensor, share: Tensor | float, axes: tuple[int, ...]) -> Tensor:
    """Pool a grid over axes: sums times `share`, and maxima of at least 0, as channels.

    The gradient of a maximum that several cells reach is divided evenly among them.
    """
    return apply(_MeanAndMaximum, grid, share, axes)


class _TokenSums(Function):
    @staticmethod
    def forward(ctx: Any, inputs: Tensor, table: Tensor) -> Tensor:
        ctx.save_for_backward(inputs, table)
        sums: Tensor = select_ops(table).embed(inputs, table)
        return sums

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[None, Tensor]:
        inputs, table = ctx.saved_tensors
        to_table: Tensor = select_ops(table).embed_backward(gradient, inputs, table)
        return None, to_table


class _NormedSum(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, update: Tensor) -> Tensor:
        normed: Tensor
        normed, scale = select_ops(x).add_norm(x, update)
        ctx.save_for_backward(normed, scale)
        return normed

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor]:
        back: Tensor = select_ops(gradient).norm_backward(gradient, *ctx.saved_tensors)
        return back, back


class _GatedLayer(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, gate_up: Tensor, down: Tensor) -> Tensor:
        operations, kind = select_ops(x), matmul_type(x)
        factors = x.to(kind), gate_up.to(kind), down.to(kind)
        both = linear(factors[0], factors[1])
        hidden = operations.swish_product(both)
        normed: Tensor
        normed, scale = operations.add_norm(x, linear(hidden, factors[2]))
        ctx.save_for_backward(*factors, both, hidden, normed, scale)
        return normed

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x, gate_up, down, both, hidden, normed, scale = ctx.saved_tensors
        operations, kind = select_ops(gradient), gradient.dtype
        to_x: Tensor = operations.norm_backward(gradient, normed, scale)
        total = to_x.to(x.dtype)
        to_both = operations.swish_product_backward(linear_backward(total, down), both)
        to_gate_up = weight_gradient(to_both, x, gate_up, kind)
        to_down = weight_gradient(total, hidden, down, kind)
        return to_x + linear_backward(to_both, gate_up), to_gate_up, to_down


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
