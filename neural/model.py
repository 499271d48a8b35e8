"""TinyRecursiveModel: one small network, applied repeatedly to a latent state and an answer.

After "Less is More: Recursive Reasoning with Tiny Networks" (arXiv 2510.04871).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from arcsolve.neural.config import ModelConfig
from arcsolve.neural.layers import GatedLayer, Linear, draw_weights
from arcsolve.neural.mixers.factory import build_mixer
from arcsolve.neural.ops.autograd import token_sums
from arcsolve.neural.ops.matmul import expand_to_examples, linear
from arcsolve.neural.positions import TokenLayout, rotary_table

HALTING_BIAS = -5.0  # with it an untrained network hardly ever halts


class State(NamedTuple):
    """The state passed between supervision steps, detached: (batch, tokens, width) each.

    The paper calls `answer` z_H and `latent` z_L.
    """

    answer: Tensor
    latent: Tensor


class StepOutput(NamedTuple):
    """The output of one supervision step.

    `logits` (batch, height, width, vocabulary) are the cells'. `halting` (batch) is the logit of
    the network's belief that all cells are right.
    """

    state: State
    logits: Tensor
    halting: Tensor


class TinyRecursiveModel(nn.Module):
    """The network of a configuration, with weights drawn from `generator`.

    Equal generator states give equal weights. Global random state is neither used nor changed.
    """

    pointer: nn.Parameter | None
    answer_start: Tensor
    latent_start: Tensor

    def __init__(self, config: ModelConfig, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.config = config
        generator = generator or torch.Generator().manual_seed(0)
        width, planes = config.width, config.planes
        small = 1 / math.sqrt(width)
        self.tokens = draw_weights(
            planes, config.vocabulary, width, deviation=small, generator=generator
        )
        input_planes = config.copied or planes
        with torch.no_grad():  # all feature planes together weigh as much as one input plane
            self.tokens[input_planes:] /= math.sqrt(max(planes - input_planes, 1))
        self.tasks = nn.Parameter(torch.zeros(config.tasks, config.task_width))
        learned = config.prefix + config.tokens if config.positions == "learned" else 0
        self.places = draw_weights(learned, width, deviation=small, generator=generator)
        self.blocks = nn.ModuleList(_Block(config, generator) for _ in range(config.layers))
        self.answer_blocks = (
            nn.ModuleList(_Block(config, generator) for _ in range(config.layers))
            if config.separate
            else None
        )
        self.head = Linear(width, config.vocabulary, generator)
        self.halting_weight = nn.Parameter(torch.zeros(width))
        self.halting_bias = nn.Parameter(torch.tensor(HALTING_BIAS))
        copying = torch.zeros(planes)
        copying[:input_planes] = config.copying / input_planes
        self.copying = nn.Parameter(copying, requires_grad=config.copying > 0)
        pointer = nn.Parameter(torch.zeros(config.pointed, width)) if config.pointed else None
        self.register_parameter("pointer", pointer)
        for name in ("answer_start", "latent_start"):
            self.register_buffer(
                name, draw_weights(width, deviation=1.0, generator=generator).detach()
            )

    @property
    def networks(self) -> int:
        """The number of networks stacked in this model, see `arcsolve.neural.training.ensemble`."""
        return len(self.answer_start) if self.answer_start.ndim > 1 else 1

    def forward(self, inputs: Tensor, tasks: Tensor, state: State | None = None) -> StepOutput:
        """Run one supervision step on inputs (batch, planes, height, width) and tasks (batch).

        Continues from `state`, or from the initial state. Gradients flow through as many of the
        last updates as the configuration says.
        """
        layout = self._layout(inputs)
        embedded = self._embed(inputs, tasks)
        answer, latent = self._refine(embedded, state or self._initial_state(embedded), layout)
        logits = self._logits(answer, inputs)
        halting = self._halting(answer, layout)
        return StepOutput(State(answer.detach(), latent.detach()), logits, halting)

    def _refine(self, embedded: Tensor, state: State, layout: TokenLayout) -> State:
        """Run all updates of a supervision step.

        Each update of the answer follows `l_cycles` updates of the latent state. Without a latent
        state every update is one of the answer.
        """
        config, gradients = self.config, torch.is_grad_enabled()
        answer, latent = state
        for number in range(config.updates):
            with torch.set_grad_enabled(gradients and number >= config.updates - config.tracked):
                if config.single:
                    answer = _apply_blocks(self.blocks, answer + embedded, layout)
                elif (number + 1) % (config.l_cycles + 1):
                    latent = _apply_blocks(self.blocks, latent + (answer + embedded), layout)
                else:
                    answer = _apply_blocks(
                        self.answer_blocks or self.blocks, answer + latent, layout
                    )
        return State(answer, latent)

    def _layout(self, inputs: Tensor) -> TokenLayout:
        config, (height, width) = self.config, inputs.shape[-2:]
        rotary = inside = None
        if config.mixer == "attention":
            rotary = rotary_table(config, height, width)
            rotary = rotary.to(inputs.device, self.tokens.dtype)
        if config.padding is not None:
            inside = (inputs[:, 0] != config.padding).flatten(1)
            inside = (
                None if inside.all() else functional.pad(inside, (config.prefix, 0), value=True)
            )
        return TokenLayout(height, width, rotary, inside)

    def _embed(self, inputs: Tensor, tasks: Tensor) -> Tensor:
        """Embed tokens, task and positions: (batch, prefix + height * width, width)."""
        config = self.config
        embedded = token_sums(inputs, self.tokens)
        if config.tasks:
            embedded = self._add_task(embedded, self._task_embeddings(tasks))
        if config.positions == "learned":
            embedded = (embedded + expand_to_examples(self.places, len(embedded), 2)) / math.sqrt(2)
        return math.sqrt(config.width) * embedded

    def _task_embeddings(self, tasks: Tensor) -> Tensor:
        """The embeddings of these tasks (batch, task_width), from the network of each example."""
        if self.networks == 1:
            return self.tasks[tasks]
        examples = torch.arange(len(tasks), device=tasks.device)
        return self.tasks[examples * self.networks // len(tasks), tasks]

    def _add_task(self, embedded: Tensor, task: Tensor) -> Tensor:
        prefix, width = self.config.prefix, self.config.width
        spread = functional.pad(task, (0, max(prefix, 1) * width - task.shape[-1]))
        if prefix == 0:
            return embedded + spread[:, None]
        return torch.cat([spread.view(-1, prefix, width), embedded], dim=1)

    def _initial_state(self, embedded: Tensor) -> State:
        starts = self.answer_start, self.latent_start
        each = (expand_to_examples(start, len(embedded), 1).unsqueeze(-2) for start in starts)
        return State(*(start.expand_as(embedded) for start in each))

    def _logits(self, answer: Tensor, inputs: Tensor) -> Tensor:
        config = self.config
        logits: Tensor = self.head(answer[:, config.prefix :])
        if config.copying or config.pointed:
            shares = expand_to_examples(self.copying, len(logits), 1).unsqueeze(-2)
            shares = shares.expand(*logits.shape[:2], -1)
            if self.pointer is not None:
                pointed = linear(answer[:, config.prefix :], self.pointer)
                shares = shares + functional.pad(pointed, (0, config.planes - config.pointed))
            logits = logits.scatter_add(2, inputs.flatten(2).transpose(1, 2), shares)
        height, width = inputs.shape[-2:]
        return logits.view(-1, height, width, config.vocabulary)

    def _halting(self, answer: Tensor, layout: TokenLayout) -> Tensor:
        """Halting logits, from the first prefix token or else from the mean over all cells inside.

        There is one logit for each example, (batch).
        """
        pooled = answer[:, 0] if self.config.prefix else layout.mean(answer)
        weight = expand_to_examples(self.halting_weight, len(pooled), 1)
        return (pooled * weight).sum(-1) + expand_to_examples(self.halting_bias, len(pooled), 0)


class _Block(nn.Module):
    """A mixer over positions, followed by a gated layer over channels."""

    def __init__(self, config: ModelConfig, generator: torch.Generator) -> None:
        super().__init__()
        self.mixer = build_mixer(config, generator)
        self.gated = GatedLayer(config.width, config.hidden, generator)

    def forward(self, x: Tensor, layout: TokenLayout) -> Tensor:
        layered: Tensor = self.gated(self.mixer(x, layout))
        return layered


def _apply_blocks(blocks: Iterable[nn.Module], x: Tensor, layout: TokenLayout) -> Tensor:
    for block in blocks:
        x = block(x, layout)
    return x
