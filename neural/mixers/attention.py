"""The attention mixer, with hand-written gradients."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from arcsolve.neural.config import ModelConfig
from arcsolve.neural.layers import Linear
from arcsolve.neural.ops.autograd import apply
from arcsolve.neural.ops.dispatch import select_ops
from arcsolve.neural.ops.matmul import linear, linear_backward, weight_gradient
from arcsolve.neural.ops.precision import matmul_type
from arcsolve.neural.positions import TokenLayout


class Attention(nn.Module):
    """Multi-head attention over all tokens, with residual and norm.

    It is written out because on a CPU the fused kernel of torch is far slower at small head sizes,
    and so is autograd on the single steps.
    """

    def __init__(self, config: ModelConfig, generator: torch.Generator) -> None:
        super().__init__()
        self.heads = config.heads
        self.qkv = Linear(config.width, 3 * config.width, generator)
        self.out = Linear(config.width, config.width, generator)

    def forward(self, x: Tensor, layout: TokenLayout) -> Tensor:
        """Mix the tokens of x, (batch, tokens, width), and keep its shape."""
        outside = None if layout.inside is None else ~layout.inside
        weights = self.qkv.weight, self.out.weight
        return apply(_Attention, x, *weights, self.heads, layout.rotary, outside)


class _Attention(Function):
    """Attention as an autograd function; products run over (batch * heads, tokens, channels)."""

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        qkv: Tensor,
        out: Tensor,
        heads: int,
        rotary: Tensor,
        outside: Tensor | None,
    ) -> Tensor:
        operations, kind = select_ops(x), matmul_type(x)
        factors = x.to(kind), qkv.to(kind), out.to(kind)
        parts = operations.split_rotary(linear(*factors[:2]), rotary, heads)
        query, key, value = parts
        shares = query @ key.transpose(1, 2)
        if outside is not None:
            shares.unflatten(0, (-1, heads)).masked_fill_(outside[:, None, None], -torch.inf)
        operations.softmax_(shares)
        mixed = _merge_heads(shares @ value, heads)
        normed: Tensor
        normed, scale = operations.add_norm(x, linear(mixed, factors[2]))
        ctx.save_for_backward(*factors, rotary, parts, shares, mixed, normed, scale)
        ctx.heads = heads
        return normed

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        x, qkv, out, rotary, parts, shares, mixed, normed, scale = ctx.saved_tensors
        operations, (query, key, value) = select_ops(gradient), parts
        to_x: Tensor = operations.norm_backward(gradient, normed, scale)
        total = to_x.to(x.dtype)
        to_mixed = _split_heads(linear_backward(total, out), ctx.heads)
        to_parts = torch.empty_like(parts)
        torch.bmm(shares.transpose(1, 2), to_mixed, out=to_parts[2])
        to_scores = to_mixed @ value.transpose(1, 2)
        operations.softmax_backward_(to_scores, shares)
        torch.bmm(to_scores, key, out=to_parts[0])
        torch.bmm(to_scores.transpose(1, 2), query, out=to_parts[1])
        to_qkv = operations.join_rotary(to_parts, rotary, ctx.heads)
        kind = gradient.dtype
        to_weights = (
            weight_gradient(to_qkv, x, qkv, kind),
            weight_gradient(total, mixed, out, kind),
        )
        return to_x + linear_backward(to_qkv, qkv), *to_weights, None, None, None


def _split_heads(channels: Tensor, heads: int) -> Tensor:
    """(batch, tokens, width) to (batch * heads, tokens, channels)."""
    by_head: Tensor = channels.unflatten(2, (heads, -1)).transpose(1, 2).flatten(0, 1)
    return by_head


def _merge_heads(by_head: Tensor, heads: int) -> Tensor:
    """(batch * heads, tokens, channels) to (batch, tokens, width): inverse of `_split_heads`."""
    joined: Tensor = by_head.unflatten(0, (-1, heads)).transpose(1, 2).flatten(2)
    return joined
