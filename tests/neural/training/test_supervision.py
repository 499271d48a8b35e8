"""Training learns, averages weights, keeps to its work limit and detects divergence."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from arcsolve.neural.config import PRESETS, ModelConfig
from arcsolve.neural.data.batches import Batch, Example, collate
from arcsolve.neural.losses import IGNORED
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.ops.precision import fast_matmul
from arcsolve.neural.training import supervision as training
from arcsolve.neural.training.ensemble import stack_networks
from arcsolve.neural.training.optimizers import (
    AdamAtan2,
    FlatParameters,
    MovingAverage,
    Muon,
    orthogonalize,
)
from arcsolve.neural.training.supervision import (
    OVERHEAD,
    Diverged,
    Schedule,
    Weights,
    cell_updates,
    step_cost,
    supervise,
    train,
)

CONFIG = ModelConfig(
    width=16, layers=1, hidden=16, h_cycles=2, l_cycles=1, supervision_steps=2, mixer="local",
    positions="none", task_width=16, copying=4.0, probabilities="softmax",
)  # fmt: skip


def batch() -> Batch:
    """Two grids of 3 x 3 in which zeros become threes."""
    draws = np.random.default_rng(0)
    grids = draws.integers(0, 3, (2, 3, 3)).astype(np.uint8)
    return collate([Example(g[None], np.where(g == 0, 3, g).astype(np.uint8)) for g in grids], 10)


def test_training_learns_to_recolor() -> None:
    model = TinyRecursiveModel(CONFIG)
    losses = train(model, batch, work=1_000_000, schedule=Schedule(rate=1e-2))
    assert losses[0] > 0.5
    assert losses[-1] < 0.05
    shown = batch()
    with torch.no_grad():
        assert torch.equal(model(shown.inputs, shown.tasks).logits.argmax(-1), shown.labels)


def test_training_keeps_to_its_work_and_draws_a_batch_for_all_supervision_steps() -> None:
    drawn = []

    def draw() -> Batch:
        drawn.append(1)
        return batch()

    model = TinyRecursiveModel(CONFIG)
    forward = cell_updates(model, cells=18)
    assert forward == (18 + OVERHEAD) * 1 * 2 * 2  # cells, layers, H-cycles, updates of a cycle
    step = forward + forward  # a backward pass is two of the one H-cycle that has gradients
    assert len(train(model, draw, work=6 * step - 1, schedule=Schedule())) == 5
    assert len(drawn) == 3


def test_training_without_enough_work_for_a_step_changes_nothing() -> None:
    model, untouched = TinyRecursiveModel(CONFIG), TinyRecursiveModel(CONFIG)
    assert train(model, batch, work=1, schedule=Schedule()) == []
    pairs = zip(model.parameters(), untouched.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_training_that_diverges_says_so() -> None:
    model = TinyRecursiveModel(CONFIG)
    with torch.no_grad():
        model.head.weight[0, 0] = math.nan
    with pytest.raises(Diverged, match="nan"):
        train(model, batch, work=100_000, schedule=Schedule())


def test_training_that_diverges_leaves_the_averaged_weights_and_says_what_it_spent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    work, two, after_two = 400_000, 2 * CONFIG.supervision_steps, TinyRecursiveModel(CONFIG)
    losses: list[float] = []

    def watch(share: float, loss: float) -> bool:
        losses.append(loss)
        return len(losses) == 2

    train(after_two, batch, work, Schedule(), watch)
    calls: list[int] = []

    def diverging(*arguments: Any) -> Any:
        calls.append(1)
        if len(calls) > two:
            raise Diverged("the loss is nan")
        return supervise(*arguments)

    monkeypatch.setattr(training, "supervise", diverging)
    model = TinyRecursiveModel(CONFIG)
    with pytest.raises(Diverged) as caught:
        train(model, batch, work, Schedule())
    assert caught.value.spent == (two + 1) * step_cost(model, cells=18) / work
    weights = zip(model.parameters(), after_two.parameters(), strict=True)
    assert all(torch.equal(left, averaged) for left, averaged in weights)


@pytest.mark.parametrize("networks", [1, 2])
@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_a_gradient_that_is_not_finite_is_noticed_before_a_weight_moves(
    networks: int, wrong: float
) -> None:
    """An infinite loss counts too, and so does one network of several."""
    model = stack_networks([TinyRecursiveModel(CONFIG) for _ in range(networks)])
    weights = Weights(model, Schedule())
    supervise(model, batch(), None)
    before = model.head.weight.detach().clone()
    model.head.weight.grad.view(-1)[-1] = wrong
    with pytest.raises(Diverged, match="gradient"):
        weights.step(rate=0.1)
    assert torch.equal(model.head.weight, before)


def test_the_learning_rate_rises_and_then_falls_to_zero() -> None:
    schedule = Schedule(rate=0.1, warm_up=0.1)
    rates = [schedule.rate_at(done / 100) for done in range(101)]
    peak = rates.index(max(rates))
    assert 8 <= peak <= 12
    assert rates[:peak] == sorted(rates[:peak])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert rates[0] > 0
    assert rates[-1] == pytest.approx(0.0, abs=1e-12)


def test_adam_atan2_takes_the_steps_of_its_formula() -> None:
    weight = torch.tensor([0.5, -2.0], requires_grad=True)
    optimizer = AdamAtan2([weight], lr=0.1, betas=(0.9, 0.95), weight_decay=0.2)
    expected, mean, square = [0.5, -2.0], [0.0, 0.0], [0.0, 0.0]
    for step, gradient in enumerate(([1.0, 0.0], [-3.0, 1e-12], [0.5, 4.0]), 1):
        weight.grad = torch.tensor(gradient)
        optimizer.step()
        for i, g in enumerate(gradient):
            mean[i] = 0.9 * mean[i] + 0.1 * g
            square[i] = 0.95 * square[i] + 0.05 * g * g
            angle = math.atan2(mean[i] / (1 - 0.9**step), math.sqrt(square[i] / (1 - 0.95**step)))
            expected[i] = expected[i] * (1 - 0.1 * 0.2) - 0.1 * angle
        assert weight.tolist() == pytest.approx(expected, abs=1e-6)


def test_orthogonal_updates_have_singular_values_near_one() -> None:
    draws = torch.Generator().manual_seed(1)
    for update in orthogonalize(
        [torch.randn(s, generator=draws) for s in ((4, 9), (9, 4), (4, 4))]
    ):
        values = torch.linalg.svdvals(update)
        assert values.min() > 0.5
        assert values.max() < 1.3


def one_by_one(matrix: torch.Tensor) -> torch.Tensor:
    """The steps as published, on the matrix itself and in float64."""
    x = matrix.double() / (matrix.double().norm() + 1e-7)
    for _ in range(5):
        square = x @ x.T
        x = 3.4445 * x - 4.7750 * square @ x + 2.0315 * square @ square @ x
    return x


@given(
    st.integers(1, 70),
    st.lists(st.integers(0, 60), min_size=1, max_size=4),
    st.sampled_from([0.0, 1e-9, 1.0, 1e6]),
    st.floats(0, 6),
    st.integers(0, 999),
)
def test_steps_on_gram_matrices_are_those_on_the_matrices(
    side: int, longer: list[int], size: float, decay: float, seed: int
) -> None:
    """Singular values may span many orders, and other products may be rounded."""
    draws, matrices = torch.Generator().manual_seed(seed), []
    for number, more in enumerate(longer):
        matrix = torch.randn(side, side + more, generator=draws) * size
        matrix = torch.logspace(0, -decay, side)[:, None] * matrix
        matrices.append(matrix.T if number % 2 else matrix)
    with fast_matmul():
        updates = orthogonalize(matrices)
    for update, matrix in zip(updates, matrices, strict=True):
        torch.testing.assert_close(update.double(), one_by_one(matrix), atol=2e-3, rtol=0)


def test_muon_moves_a_matrix_against_its_gradient_and_a_vector_as_adam_does() -> None:
    matrix, vector, twin = (torch.zeros(s, requires_grad=True) for s in ((2, 2), (2,), (2,)))
    matrix.grad = torch.tensor([[3.0, 0.0], [0.0, -1.0]])
    vector.grad = twin.grad = torch.tensor([1.0, -2.0])
    Muon([matrix, vector], lr=0.1).step()
    AdamAtan2([twin], lr=0.1).step()
    assert torch.equal(matrix.sign(), torch.tensor([[-1.0, 0.0], [0.0, 1.0]]))
    assert torch.equal(vector, twin)


def test_muon_moves_each_of_many_matrices_as_if_it_were_alone() -> None:
    draws = torch.Generator().manual_seed(2)
    starts = [torch.randn(s, generator=draws) for s in ((3, 2), (2, 4), (3, 2))]
    together = [start.clone().requires_grad_() for start in starts]
    alone = [start.clone().requires_grad_() for start in starts]
    optimizers = Muon(together, lr=0.1), *(Muon([matrix], lr=0.1) for matrix in alone)
    for _ in range(2):
        for one, other in zip(together, alone, strict=True):
            one.grad = other.grad = torch.randn(one.shape, generator=draws)
        for optimizer in optimizers:
            optimizer.step()
    for one, other, start in zip(together, alone, starts, strict=True):
        torch.testing.assert_close(one, other)
        assert not torch.allclose(one, start)


def test_parameters_in_one_vector_are_views_of_it_until_they_are_released() -> None:
    model = nn.Linear(2, 2)
    parts = list(model.parameters())
    weights, before = FlatParameters(parts), [part.detach().clone() for part in parts]
    model(torch.ones(1, 2)).sum().backward()
    assert weights.vector.grad is not None
    assert weights.vector.grad.tolist() == [1.0] * 6
    with torch.no_grad():
        weights.vector.add_(1.0)
    assert all(torch.equal(part, old + 1) for part, old in zip(parts, before, strict=True))
    weights.release()
    assert len({part.untyped_storage().data_ptr() for part in parts}) == 2


def test_muon_trains_as_well() -> None:
    model = TinyRecursiveModel(CONFIG)
    losses = train(model, batch, work=500_000, schedule=Schedule(rate=1e-2, muon=True, halting=0.0))
    assert losses[-1] < 0.1


def test_a_watcher_is_told_of_every_batch_and_can_end_the_training() -> None:
    told: list[float] = []

    def watch(share: float, loss: float) -> bool:
        told.append(share)
        return len(told) == 3

    losses = train(TinyRecursiveModel(CONFIG), batch, 400_000, Schedule(), watch)
    assert len(losses) == 3 * CONFIG.supervision_steps
    assert told == sorted(told)


def test_the_moving_average_is_that_of_its_formula_and_can_be_put_in_place() -> None:
    model = nn.Linear(1, 1, bias=False)
    values = [1.0, 5.0, -2.0]
    with torch.no_grad():
        model.weight.fill_(0.0)
        average, expected = MovingAverage(model, decay=0.2), 0.0
        for n, value in enumerate(values, 1):
            model.weight.fill_(value)
            average.update(model)
            kept = min(0.2, (1 + n) / (10 + n))
            expected = kept * expected + (1 - kept) * value
    assert model.weight.item() == values[-1]
    average.copy_to(model)
    assert model.weight.item() == pytest.approx(expected)


def test_a_batch_holds_every_example_in_its_corner() -> None:
    small = Example(np.array([[[1, 2]]], np.uint8), np.array([[3, 4]], np.uint8), task=5)
    large = Example(np.ones((1, 2, 3), np.uint8), np.zeros((2, 3), np.uint8))
    inputs, labels, tasks = collate([small, large], padding=10)
    assert inputs[0, 0].tolist() == [[1, 2, 10], [10, 10, 10]]
    assert labels[0].tolist() == [[3, 4, IGNORED], [IGNORED, IGNORED, IGNORED]]
    assert tasks.tolist() == [5, 0]
    assert (labels[1] == 0).all()


@pytest.mark.parametrize("name", ["local", "tiny-deep"])
def test_one_more_step_of_training_is_the_same_on_every_run(name: str) -> None:
    config = replace(PRESETS[name], width=16, heads=2, hidden=16, task_width=16)
    runs = [TinyRecursiveModel(config) for _ in range(2)]
    losses = [train(model, batch, work=150_000, schedule=Schedule()) for model in runs]
    assert len(losses[0]) > 1
    assert losses[0] == losses[1]
