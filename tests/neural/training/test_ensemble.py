"""Stacked networks compute and learn as each network does alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from arcsolve.neural.config import ModelConfig
from arcsolve.neural.data.batches import Batch, collate
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.training.ensemble import stack_networks, unstack_networks
from arcsolve.neural.training.optimizers import hidden_matrices
from arcsolve.neural.training.supervision import Schedule, supervise, train
from tests.neural.test_model import SMALL, each_mixer, example, model_of

LOCAL = replace(SMALL, mixer="local", positions="none", copied=1, pointed=2, supervision_steps=2)
NETWORKS, EACH = 3, 2


def parts_of(config: ModelConfig) -> list[Batch]:
    """A batch for each network, of two examples with different tasks, on equal canvases."""
    return [
        collate([replace(example(config, seed=2 * n + i), task=i) for i in range(EACH)], padding=0)
        for n in range(NETWORKS)
    ]


def joined(parts: list[Batch]) -> Batch:
    return Batch(*map(torch.cat, zip(*parts, strict=True)))


@each_mixer
def test_every_network_has_the_answers_and_gradients_that_it_has_alone(config: ModelConfig) -> None:
    alone = [model_of(config, seed) for seed in range(NETWORKS)]
    model, parts = stack_networks(alone), parts_of(config)
    state, states = None, [None] * NETWORKS
    for _ in range(2):
        state, loss = supervise(model, joined(parts), state)
        each = [supervise(m, part, s) for m, part, s in zip(alone, parts, states, strict=True)]
        states = [own for own, _ in each]
        assert loss == pytest.approx(sum(own for _, own in each) / NETWORKS)
        for n, own in enumerate(states):
            torch.testing.assert_close(state.answer[n * EACH : (n + 1) * EACH], own.answer)
    for name, together in model.named_parameters():
        for n, own in enumerate(alone):
            expected = own.get_parameter(name).grad
            if expected is not None:
                torch.testing.assert_close(together.grad[n], expected)


def train_ten_batches(model: TinyRecursiveModel, batch: Batch, schedule: Schedule) -> None:
    """Of a training so long that the rate stays constant."""
    told: list[float] = []

    def watch(share: float, loss: float) -> bool:
        told.append(loss)
        return len(told) == 10

    train(model, lambda: batch, 10**12, schedule, watch)
    assert len(told) == 10
    assert told[-1] < told[0]


@pytest.mark.parametrize("muon", [False, True])
def test_every_network_is_trained_as_if_it_were_alone(muon: bool) -> None:
    alone, parts = [model_of(LOCAL, seed) for seed in range(NETWORKS)], parts_of(LOCAL)
    model = stack_networks(alone)
    schedule = Schedule(rate=1e-2, warm_up=0.0, muon=muon, clip=0.5, weight_decay=0.1)
    train_ten_batches(model, joined(parts), schedule)
    for own, part in zip(alone, parts, strict=True):
        train_ten_batches(own, part, schedule)
    for one, other in zip(unstack_networks(model), alone, strict=True):
        for name, weight in one.state_dict().items():
            torch.testing.assert_close(weight, other.state_dict()[name], rtol=1e-4, atol=1e-6)


def test_stacking_is_undone_and_shares_no_memory() -> None:
    models = [TinyRecursiveModel(LOCAL, torch.Generator().manual_seed(n)) for n in range(NETWORKS)]
    model = stack_networks(models)
    assert model.networks == NETWORKS
    again = unstack_networks(model)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    for one, other in zip(models, again, strict=True):
        assert one.config == other.config
        assert other.networks == 1
        for name, weight in one.state_dict().items():
            assert torch.equal(weight, other.state_dict()[name])
        trained = [p.requires_grad for p in one.parameters()]
        assert trained == [p.requires_grad for p in other.parameters()]


def test_a_stack_of_one_is_the_network_itself() -> None:
    model = TinyRecursiveModel(LOCAL)
    assert stack_networks([model]) is model
    assert unstack_networks(model) == [model]


def test_stacks_of_matrices_are_found_for_muon() -> None:
    model = TinyRecursiveModel(LOCAL)
    names = [tuple(matrix.shape) for matrix in hidden_matrices(model)]
    together = hidden_matrices(stack_networks([model, TinyRecursiveModel(LOCAL)]), ndim=3)
    assert [tuple(matrix.shape) for matrix in together] == [(2, *shape) for shape in names]
