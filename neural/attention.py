"""Attention over all tokens, with hand-written gradients."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.nn import functional

from neural.config import ModelConfig
from neural.fused import norm_, norm_backward, weight_gradient
from neural.layers import Linear
from neural.positions import Canvas, turn_

__all__ = ["Attention"]


class Attention(nn.Module):
    """Multi-head attention over all tokens, with its residual and norm.

    Written out: on a CPU the fused kernel is far slower at small head sizes, and so is what
    autograd makes of the single steps.
    """

    def __init__(self, config: ModelConfig, generator: torch.Generator) -> None:
        super().__init__()
        self.heads = config.heads
        self.qkv = Linear(config.width, 3 * config.width, generator)
        self.out = Linear(config.width, config.width, generator)

    def forward(self, x: Tensor, canvas: Canvas) -> Tensor:
        outside = None if canvas.inside is None else ~canvas.inside
        weights = self.qkv.weight, self.out.weight
        mixed: Tensor = _Attention.apply(x, *weights, self.heads, canvas.turns, outside)
        return mixed


class _Attention(Function):
    """Products are batched over examples and heads, (batch * heads, tokens, channels) each."""

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        qkv: Tensor,
        out: Tensor,
        heads: int,
        turns: Tensor,
        outside: Tensor | None,
    ) -> Tensor:
        parts = functional.linear(x, qkv)
        turn_(parts, turns)
        parts = _split(parts, 3, heads)
        query, key, value = parts
        scores = query @ key.transpose(1, 2)
        if outside is not None:
            scores.unflatten(0, (-1, heads)).masked_fill_(outside[:, None, None], -torch.inf)
        shares = scores.softmax(-1)
        mixed = _joined((shares @ value)[None], heads)
        normed = functional.linear(mixed, out).add_(x)
        scale = norm_(normed)
        ctx.save_for_backward(x, qkv, out, turns, parts, shares, mixed, normed, scale)
        ctx.heads = heads
        return normed

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        x, qkv, out, turns, parts, shares, mixed, normed, scale = ctx.saved_tensors
        query, key, value = parts
        total = norm_backward(gradient, normed, scale)
        (to_mixed,) = _split(total @ out, 1, ctx.heads)
        to_parts = torch.empty_like(parts)
        torch.bmm(shares.transpose(1, 2), to_mixed, out=to_parts[2])
        to_shares = to_mixed @ value.transpose(1, 2)
        to_scores = torch._softmax_backward_data(to_shares, shares, -1, shares.dtype)
        torch.bmm(to_scores, key, out=to_parts[0])
        torch.bmm(to_scores.transpose(1, 2), query, out=to_parts[1])
        to_qkv = _joined(to_parts, ctx.heads)
        turn_(to_qkv, turns, back=True)
        to_x = (to_qkv @ qkv).add_(total)
        weights = weight_gradient(to_qkv, x), weight_gradient(total, mixed)
        return to_x, *weights, None, None, None


def _split(channels: Tensor, parts: int, heads: int) -> Tensor:
    """(batch, tokens, parts * heads * channels) to (parts, batch * heads, tokens, channels)."""
    by_head: Tensor = channels.unflatten(2, (parts, heads, -1)).permute(2, 0, 3, 1, 4)
    return by_head.reshape(parts, -1, *by_head.shape[3:])


def _joined(by_head: Tensor, heads: int) -> Tensor:
    """What `_split` makes, undone."""
    joined: Tensor = by_head.unflatten(1, (-1, heads)).permute(1, 3, 0, 2, 4).flatten(2)
    return joined
