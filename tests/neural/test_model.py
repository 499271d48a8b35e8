"""The network agrees with a slow twin, gradients included, and its variants are as documented."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch.func import functional_call

from arcsolve.dsl.errors import BadInput
from arcsolve.neural.config import PRESETS, ModelConfig, parse_config
from arcsolve.neural.data.batches import Example, collate
from arcsolve.neural.losses import IGNORED, cross_entropy, supervision_loss
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.ops.autograd import gated_layer, mean_and_maximum, rms_norm
from arcsolve.neural.ops.precision import fast_matmul, has_fast_matmul
from arcsolve.neural.positions import TokenLayout, rotary_table
from arcsolve.neural.training.optimizers import AdamAtan2, MovingAverage, Muon, hidden_matrices
from arcsolve.neural.training.supervision import supervise
from tests.neural import twin

SMALL = ModelConfig(
    vocabulary=5, planes=2, width=8, layers=2, heads=2, hidden=6, h_cycles=2, l_cycles=2,
    tasks=3, task_width=8, padding=None, copying=1.5,
)  # fmt: skip
VARIANTS = {
    "attention": replace(SMALL, mixer="attention", positions="rope", prefix=2, task_width=12),
    "local": replace(SMALL, mixer="local", positions="none", copied=1, pointed=2),
    "scan": replace(SMALL, mixer="scan", positions="none"),
}
EVERY_MIXER = {
    **VARIANTS,
    "rope2d": replace(SMALL, mixer="attention", positions="rope2d", prefix=1),
    "learned": replace(SMALL, mixer="attention", positions="learned", tokens=6),
    "mlp": replace(SMALL, mixer="mlp", positions="none", tokens=6, token_hidden=7, prefix=1),
    "separate": replace(SMALL, mixer="local", positions="none", separate=True),
    "single": replace(SMALL, mixer="local", positions="none", single=True),
    "hrm": replace(SMALL, mixer="local", positions="none", separate=True, gradients="update"),
    "symmetric": replace(SMALL, mixer="local", positions="none", symmetric=True),
    "looped": replace(SMALL, mixer="local", positions="none", single=True, gradients="all"),
}

NONE = torch.zeros(1, dtype=torch.long)  # the first task

each_variant = pytest.mark.parametrize("config", VARIANTS.values(), ids=VARIANTS)
each_mixer = pytest.mark.parametrize("config", EVERY_MIXER.values(), ids=EVERY_MIXER)


def model_of(config: ModelConfig, seed: int = 3) -> TinyRecursiveModel:
    """A model in float64 without zero weights."""
    draws = torch.Generator().manual_seed(seed)
    model = TinyRecursiveModel(config, draws).double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.3 * torch.randn(parameter.shape, generator=draws, dtype=torch.double)
    return model


def example(config: ModelConfig, shape: tuple[int, int] = (2, 3), seed: int = 0) -> Example:
    draws = np.random.default_rng(seed)
    planes = draws.integers(0, min(config.vocabulary, 10), (config.planes, *shape)).astype(np.uint8)
    return Example(planes, draws.integers(0, 5, shape).astype(np.uint8), task=1)


@each_variant
def test_the_loss_of_two_supervision_steps_is_that_of_the_twin(config: ModelConfig) -> None:
    model, shown = model_of(config), example(config)
    batch = collate([shown], padding=0)
    weights = {name: value.numpy() for name, value in model.state_dict().items()}
    network = twin.network_of(config, weights, (2, 3))
    embedded = twin.embed(config, weights, shown.planes, 1)
    answer, latent = (
        np.tile(weights[n], (len(embedded), 1)) for n in ("answer_start", "latent_start")
    )
    state = None
    for _ in range(2):
        for _ in range(config.l_cycles):
            latent = network(latent + answer + embedded)
        answer = network(answer + latent)
        last = answer, latent
        expected = twin.loss_of(config, weights, shown.planes, 1, shown.labels, last)
        state, found = supervise(model, batch, state)
        assert found == pytest.approx(expected, abs=1e-9)
        for _ in range(config.l_cycles):
            latent = network(latent + answer + embedded)
        answer = network(answer + latent)


@each_variant
def test_gradients_are_those_of_the_twin_with_the_first_cycles_held_fixed(
    config: ModelConfig,
) -> None:
    model, shown = model_of(config), example(config)
    batch = collate([shown], padding=0)
    with torch.no_grad():
        start = model(batch.inputs, batch.tasks).state
        entering = entering_last_cycle(model, batch, start)
    supervise(model, batch, start)
    draws = np.random.default_rng(1)
    weights = {name: value.detach().numpy().copy() for name, value in model.state_dict().items()}
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None or parameter.numel() == 0, name
        for _ in range(4 if parameter.numel() else 0):
            place = tuple(int(draws.integers(size)) for size in parameter.shape)
            slope = slope_of(config, weights, name, place, shown, entering)
            assert float(parameter.grad[place]) == pytest.approx(slope, abs=1e-6), (name, place)


def entering_last_cycle(model: TinyRecursiveModel, batch: Any, start: Any) -> Any:
    """The states before the last H-cycle, from a model with one H-cycle fewer."""
    shorter = TinyRecursiveModel(replace(model.config, h_cycles=model.config.h_cycles - 1)).double()
    shorter.load_state_dict(model.state_dict())
    return [part[0].numpy() for part in shorter(batch.inputs, batch.tasks, start).state]


def slope_of(
    config: ModelConfig, weights: Any, name: str, place: Any, shown: Example, entering: Any
) -> float:
    """The central difference of the twin's loss in one weight."""
    step, losses = 1e-5, []
    for sign in (1, -1):
        moved = dict(weights)
        moved[name] = weights[name].copy()
        moved[name][place] += sign * step
        losses.append(twin.loss_of(config, moved, shown.planes, 1, shown.labels, entering))
    return (losses[0] - losses[1]) / (2 * step)


@each_mixer
def test_every_weight_learns_and_the_state_does_not(config: ModelConfig) -> None:
    model = model_of(config)
    batch = collate([example(config), example(config, seed=1)], padding=0)
    state, _ = supervise(model, batch, None)
    assert not any(part.requires_grad for part in state)
    assert state.answer.shape == (2, config.prefix + 6, 8)
    for name, parameter in model.named_parameters():
        assert parameter.numel() == 0 or parameter.grad.abs().max() > 0, name


@pytest.mark.parametrize("mixer", ["local", "scan", "attention"])
def test_padding_around_a_grid_changes_nothing(mixer: str) -> None:
    config = replace(
        SMALL, mixer=mixer, positions="rope2d", padding=10, vocabulary=11, planes=1, copying=1.0
    )
    model = model_of(config)
    small, large = example(config), example(config, (4, 5), seed=1)
    alone = model(*collate([small], 10)[::2])
    beside = model(*collate([small, large], 10)[::2])
    assert beside.logits.shape[1:3] == (4, 5)
    torch.testing.assert_close(beside.logits[:1, :2, :3], alone.logits)
    torch.testing.assert_close(beside.halting[:1], alone.halting)


@pytest.mark.parametrize("symmetric", [False, True])
def test_symmetric_weights_turn_the_result_with_the_grid(symmetric: bool) -> None:
    model = model_of(replace(SMALL, mixer="local", positions="none", symmetric=symmetric))
    inputs, tasks, axes = torch.from_numpy(example(SMALL).planes[None].astype(int)), NONE, (1, 2)
    logits = model(inputs, tasks).logits
    for turned, back in (
        (inputs.rot90(1, (2, 3)), logits.rot90(1, axes)),
        (inputs.flip(3), logits.flip(2)),
        (inputs.transpose(2, 3), logits.transpose(*axes)),
    ):
        assert torch.allclose(model(turned, tasks).logits, back) == symmetric


@each_mixer
def test_examples_of_a_batch_do_not_see_each_other(config: ModelConfig) -> None:
    model = model_of(config)
    first, second = example(config), example(config, seed=1)
    together = model(*collate([second, first], 0)[::2])
    alone = model(*collate([first], 0)[::2])
    torch.testing.assert_close(together.logits[1:], alone.logits)
    torch.testing.assert_close(together.halting[1:], alone.halting)


def test_a_generator_decides_the_weights_and_global_state_is_left_alone() -> None:
    before = torch.random.get_rng_state()
    one, two, other = (
        TinyRecursiveModel(PRESETS["local"], torch.Generator().manual_seed(s)) for s in (1, 1, 2)
    )
    assert torch.equal(torch.random.get_rng_state(), before)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))
    assert not torch.equal(one.head.weight, other.head.weight)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_runs_and_copies_if_it_says_so(name: str) -> None:
    config = replace(PRESETS[name], planes=1)
    model = TinyRecursiveModel(config)
    shown = replace(example(config, (3, 2)), task=0)
    with torch.no_grad():
        logits = model(*collate([shown], 10)[::2]).logits
    assert logits.shape == (1, 3, 2, config.vocabulary)
    if config.copying:
        assert np.array_equal(logits[0].argmax(-1).numpy(), shown.planes[0])


def test_gradients_reach_back_as_far_as_the_configuration_says() -> None:
    """All updates of a looped network, and the last of each state of an HRM."""
    config = replace(EVERY_MIXER["looped"], layers=1)
    found = {}
    for gradients in ("update", "all"):
        model = model_of(replace(config, gradients=gradients))
        supervise(model, collate([example(config)], 0), None)
        found[gradients] = model.blocks[0].gated.down.weight.grad.clone()
    assert not torch.allclose(found["update"], found["all"])
    assert [replace(SMALL, gradients=g).tracked for g in ("update", "cycle", "all")] == [2, 3, 6]


def test_hand_written_gradients_are_those_of_differences() -> None:
    """Ties among maxima are excluded, because their gradient is not defined."""
    draws = torch.Generator().manual_seed(0)
    x, y = (torch.randn(2, 3, 4, 6, generator=draws).double().requires_grad_() for _ in range(2))
    share = torch.full((2, 3, 1, 1), 0.25).double()
    assert torch.autograd.gradcheck(rms_norm, (x, y))
    assert torch.autograd.gradcheck(lambda grid: mean_and_maximum(grid, share, (2,)), (x,))
    weights = (torch.randn(shape, generator=draws) for shape in ((10, 6), (6, 5)))
    gate_up, down = (weight.double().requires_grad_() for weight in weights)
    assert torch.autograd.gradcheck(gated_layer, (x, gate_up, down))


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("name", ["rope2d", "local"])
def test_gradients_of_mixers_are_those_of_differences(name: str, masked: bool) -> None:
    """Cells of the canvas may be outside. Only zeros there can tie for a maximum."""
    config = replace(EVERY_MIXER[name], layers=1, prefix=0)
    mixer = model_of(config).blocks[0].mixer
    inside = torch.tensor([[1, 1, 0, 1, 1, 0], [1, 1, 1, 1, 1, 1]]).bool() if masked else None
    rotary = rotary_table(config, 2, 3) if config.mixer == "attention" else None
    canvas = TokenLayout(2, 3, rotary, inside)
    x = torch.randn(2, 6, 8, generator=torch.Generator().manual_seed(1)).double().requires_grad_()
    names, weights = zip(*mixer.named_parameters(), strict=True)

    def mixed(x: torch.Tensor, *weights: torch.Tensor) -> torch.Tensor:
        return functional_call(mixer, dict(zip(names, weights, strict=True)), (x, canvas))

    assert torch.autograd.gradcheck(mixed, (x, *weights))


def test_a_layer_computes_the_same_whether_or_not_gradients_are_recorded() -> None:
    draws = torch.Generator().manual_seed(0)
    x, gate_up, down = (torch.randn(s, generator=draws) for s in ((2, 3, 6), (10, 6), (6, 5)))
    before = x.clone()
    recorded = gated_layer(x, gate_up, down)
    with torch.no_grad():
        torch.testing.assert_close(gated_layer(x, gate_up, down), recorded)
    assert torch.equal(x, before)


def test_the_gradient_of_a_maximum_in_a_grid_is_divided_among_equals() -> None:
    """In a grid of equal cells, the gradient is divided evenly in rows, columns and the grid."""
    config = replace(EVERY_MIXER["local"], layers=1)
    mixer = model_of(config).blocks[0].mixer
    with torch.no_grad():
        mixer.kernel.zero_()
    x = torch.ones(1, 6, 8).double().requires_grad_()
    mixed = mixer(x, TokenLayout(2, 3))
    (mixed * torch.arange(8.0)).sum().backward()
    assert x.grad is not None
    torch.testing.assert_close(x.grad, x.grad[:, :1].expand_as(x))
    assert x.grad.abs().max() > 0


@each_mixer
def test_a_step_of_training_makes_all_tensors_on_the_device_of_the_model(
    config: ModelConfig,
) -> None:
    """On the meta device, a tensor from another device would raise."""
    config = replace(config, padding=None)
    model = TinyRecursiveModel(config).to("meta")
    batch = [part.to("meta") for part in collate([example(config)], padding=0)]
    prediction = model(*batch[::2])
    loss = supervision_loss(prediction.logits, prediction.halting, batch[1])
    loss.backward()
    assert loss.device.type == "meta"
    for optimizer in (AdamAtan2(model.parameters(), 0.1), Muon(hidden_matrices(model), 0.1)):
        optimizer.step()
    MovingAverage(model, 0.9).update(model)
    for parameter in model.parameters():
        assert parameter.numel() == 0 or parameter.grad.device.type == "meta"


def test_the_gradient_of_a_maximum_is_divided_among_equals() -> None:
    grid = torch.tensor([2.0, 1.0, 2.0]).view(1, 1, 3, 1).requires_grad_()
    mean_and_maximum(grid, torch.zeros(1, 1, 1, 1), (2,)).sum().backward()
    assert grid.grad is not None
    assert grid.grad.flatten().tolist() == [0.5, 0.0, 0.5]


@pytest.mark.parametrize(("amx", "avx", "fast"), [(1, 0, True), (0, 1, True), (0, 0, False)])
def test_fast_products_need_units_for_bfloat16(
    amx: int, avx: int, fast: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: bool(amx))
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: bool(avx))
    assert has_fast_matmul() is fast


def test_fast_products_round_only_while_they_are_wanted() -> None:
    before = torch.get_float32_matmul_precision()
    with fast_matmul():
        assert torch.get_float32_matmul_precision() == ("medium" if has_fast_matmul() else before)
    with fast_matmul(wanted=False):
        assert torch.get_float32_matmul_precision() == before
    assert torch.get_float32_matmul_precision() == before


def test_stablemax_cross_entropy_is_that_of_the_twin() -> None:
    draws = torch.Generator().manual_seed(0)
    logits = 20 * torch.randn(50, 7, generator=draws)
    labels = torch.randint(0, 7, (50,), generator=draws)
    labels[::5] = IGNORED
    found = cross_entropy(logits, labels, "stablemax")
    for row, label, loss in zip(logits.double().numpy(), labels.tolist(), found, strict=True):
        expected = 0.0 if label == IGNORED else twin.cell_loss(row, label)
        assert float(loss) == pytest.approx(expected, abs=1e-9)


def test_losses_stay_finite_at_huge_logits() -> None:
    logits = torch.tensor([1e30, -1e30, 0.0]).view(1, 1, 1, 3).requires_grad_()
    loss = supervision_loss(logits, torch.zeros(1), torch.tensor([[[1]]]))
    loss.backward()
    assert loss.isfinite()
    assert logits.grad is not None
    assert logits.grad.isfinite().all()


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"mixer": "convolution"}, "mixer must be one of"),
        ({"positions": "sine"}, "positions must be one of"),
        ({"width": 0}, "at least 1"),
        ({"heads": 0}, "at least 1"),
        ({"prefix": -1}, "not be negative"),
        ({"vocabulary": 10**20}, "sizes must be at most 65,536"),
        ({"tasks": 1 << 31}, "tasks must be at most"),
        ({"layers": 10**9}, "layers, planes and cycles must be at most 1,024"),
        ({"padding": 11}, "padding must be a token"),
        ({"prefix": 4, "tasks": 0}, "prefix tokens need embeddings"),
        ({"width": 66}, "multiple of heads"),
        ({"width": 24}, "rotary"),
        ({"mixer": "mlp"}, "fixed number of tokens"),
        ({"mixer": "local", "prefix": 1}, "no place for prefix"),
        ({"mixer": "scan", "width": 12}, "multiple of 8"),
        ({"gradients": "none"}, "gradients must be one of"),
        ({"single": True, "separate": True}, "need a latent state"),
        ({"single": 1}, "single is 1"),
        ({"symmetric": True}, "only the local mixer"),
        ({"pointed": 2}, "copied and pointed"),
        ({"task_width": 65}, "at most 64"),
        ({"depth": 3}, "no field 'depth'"),
        ({"layers": "two"}, "layers is 'two'"),
        ({"layers": True}, "layers is True"),
    ],
)
def test_a_configuration_that_makes_no_sense_is_bad_input(values: Any, problem: str) -> None:
    with pytest.raises(BadInput, match=problem):
        parse_config(values)
