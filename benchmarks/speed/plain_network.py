"""A plain tiny recursive network, with which `network_speed.py` compares ours.

Written for reading, after arXiv 2510.04871 and the habits of its public code: one module for each
part, `scaled_dot_product_attention`, rotary positions and norms written out in float32, weights
cast to the type of the states at every use, and AdamW. It learns, but nothing in the package uses
it.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from arcsolve.neural.config import ModelConfig
from arcsolve.neural.losses import HALTING_WEIGHT, IGNORED, log_stablemax

States = tuple[Tensor, Tensor]


class PlainNetwork(nn.Module):
    """The attention network of a configuration, with one-dimensional rotary positions.

    `states` is the type of all activations: float32 or bfloat16.
    """

    def __init__(self, config: ModelConfig, cells: int, states: torch.dtype) -> None:
        super().__init__()
        self.config, self.states = config, states
        width = config.width
        self.tokens = nn.Embedding(config.vocabulary, width)
        self.tasks = nn.Embedding(config.tasks, config.prefix * width)
        self.blocks = nn.ModuleList(PlainBlock(config) for _ in range(config.layers))
        self.head = CastLinear(width, config.vocabulary)
        self.halting = CastLinear(width, 2)
        for name in ("answer_start", "latent_start"):
            self.register_buffer(name, torch.randn(width))
        place = torch.arange(config.prefix + cells)[:, None, None]
        channels = width // config.heads
        wavelengths = 10_000.0 ** (torch.arange(0, channels, 2) / channels)
        angles = (place / wavelengths).repeat(1, 1, 2)
        self.register_buffer("cos", angles.cos())
        self.register_buffer("sin", angles.sin())

    def forward(self, inputs: Tensor, tasks: Tensor, state: States | None) -> tuple[States, Tensor]:
        """Returns states (batch, prefix + cells, width) and logits (batch, cells + 1, vocabulary).

        The first two logits of the last row are those for halting and for continuing.
        """
        config = self.config
        prefix = self.tasks(tasks).view(len(tasks), config.prefix, config.width)
        embedded = math.sqrt(config.width) * torch.cat([prefix, self.tokens(inputs)], dim=1)
        embedded = embedded.to(self.states)
        if state is None:
            starts = (self.answer_start, self.latent_start)
            state = tuple(start.to(self.states).expand_as(embedded) for start in starts)
        answer, latent = state
        with torch.no_grad():
            for _ in range(config.h_cycles - 1):
                answer, latent = self._cycle(answer, latent, embedded)
        answer, latent = self._cycle(answer, latent, embedded)
        halting = functional.pad(self.halting(answer[:, :1]), (0, config.vocabulary - 2))
        logits = torch.cat([self.head(answer[:, config.prefix :]), halting], dim=1)
        return (answer.detach(), latent.detach()), logits.float()

    def _cycle(self, answer: Tensor, latent: Tensor, embedded: Tensor) -> States:
        for _ in range(self.config.l_cycles):
            latent = self._apply_blocks(latent + (answer + embedded))
        return self._apply_blocks(answer + latent), latent

    def _apply_blocks(self, x: Tensor) -> Tensor:
        for block in self.blocks:
            x = block(x, self.cos, self.sin)
        return x


class CastLinear(nn.Module):
    """A linear layer without bias; its float32 weight is cast to the type of the input."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / math.sqrt(inputs))

    def forward(self, x: Tensor) -> Tensor:
        return functional.linear(x, self.weight.to(x.dtype))


class PlainBlock(nn.Module):
    """Attention and a SwiGLU layer, each followed by its residual and a norm."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        width = config.width
        self.heads = config.heads
        self.qkv, self.out = CastLinear(width, 3 * width), CastLinear(width, width)
        self.gate_up = CastLinear(width, 2 * config.hidden)
        self.down = CastLinear(config.hidden, width)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        x = normalize(x + self._attend(x, cos, sin))
        gate, up = self.gate_up(x).chunk(2, dim=-1)
        return normalize(x + self.down(functional.silu(gate) * up))

    def _attend(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        heads = self.qkv(x).view(*x.shape[:2], 3 * self.heads, -1)
        query, key, value = heads.chunk(3, dim=2)
        query, key = rotate(query, cos, sin), rotate(key, cos, sin)
        query, key, value = (part.transpose(1, 2) for part in (query, key, value))
        mixed = functional.scaled_dot_product_attention(query, key, value)
        return self.out(mixed.transpose(1, 2).reshape(x.shape))


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    first, second = x.float().chunk(2, dim=-1)
    return (x * cos + torch.cat([-second, first], dim=-1) * sin).to(x.dtype)


def normalize(x: Tensor) -> Tensor:
    y = x.float()
    return (y * torch.rsqrt(y.square().mean(-1, keepdim=True) + 1e-5)).to(x.dtype)


class PlainTrainer:
    """Supervision steps with AdamW, on inputs and labels (batch, cells) and tasks (batch)."""

    def __init__(self, network: PlainNetwork) -> None:
        self.network, self.state = network, None
        self.optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4, weight_decay=0.1)

    def step(self, inputs: Tensor, labels: Tensor, tasks: Tensor) -> float:
        """Train one step from the state of the previous one; returns the loss."""
        self.state, logits = self.network(inputs, tasks, self.state)
        cells, halting = logits[:, :-1], logits[:, -1, 0]
        counted = labels != IGNORED
        chosen = log_stablemax(cells).gather(-1, labels.clamp(min=0)[..., None]).squeeze(-1)
        loss = -(chosen * counted / counted.sum(1, keepdim=True)).sum(1).mean()
        right = ((cells.argmax(-1) == labels) | ~counted).all(1).float()
        halts = functional.binary_cross_entropy_with_logits(halting, right)
        loss = loss + HALTING_WEIGHT * halts
        loss.backward()
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss.item()
