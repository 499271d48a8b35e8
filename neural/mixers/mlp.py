"""The mlp mixer: a gated layer over the positions of a canvas of fixed size."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from arcsolve.neural.config import ModelConfig
from arcsolve.neural.layers import GatedLayer
from arcsolve.neural.positions import TokenLayout


class PositionMlp(nn.Module):
    """A gated layer over the positions, shared by all channels, with residual and norm.

    It needs a canvas of fixed size. The norm runs over the positions, as in the official code.
    """

    def __init__(self, config: ModelConfig, generator: torch.Generator) -> None:
        super().__init__()
        tokens = config.prefix + config.tokens
        self.layer = GatedLayer(tokens, config.token_hidden, generator)

    def forward(self, x: Tensor, layout: TokenLayout) -> Tensor:
        """Mix the tokens of x, (batch, tokens, width), and keep its shape."""
        mixed: Tensor = self.layer(x.transpose(1, 2).contiguous())
        return mixed.transpose(1, 2).contiguous()
