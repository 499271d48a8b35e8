"""A trained network accepts inputs with other planes, and keeps its trained weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from arcsolve.neural.checkpoints.transfer import Plane, list_planes, shows_features, start_from
from arcsolve.neural.config import PRESETS
from arcsolve.neural.data.features import COLOR_PLANES, NUM_PLANES
from arcsolve.neural.data.inputs import NetworkInput
from arcsolve.neural.model import TinyRecursiveModel

SMALL = replace(PRESETS["local"], width=16, hidden=16, task_width=16)
CELLS = np.random.default_rng(0).integers(0, 10, (3, 4, 5)).astype(np.uint8)


def network_input(inputs: int, features: bool) -> NetworkInput:
    return NetworkInput(CELLS[:inputs], features)


def trained(inputs: int, features: bool) -> TinyRecursiveModel:
    """A network with weights that all differ from the start."""
    model = TinyRecursiveModel(network_input(inputs, features).fit_config(SMALL, tasks=3))
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for weights in model.parameters():
            weights += 0.1 * torch.randn(weights.shape, generator=generator)
    return model


def logits(model: TinyRecursiveModel, seen: NetworkInput, task: int = 0) -> torch.Tensor:
    inputs = torch.from_numpy(seen.original.astype(np.int64))[None]
    with torch.no_grad():
        return model(inputs, torch.tensor([task])).logits


def test_planes_are_named_as_they_lie() -> None:
    config = network_input(2, features=True).fit_config(SMALL, tasks=1)
    named = list_planes(config)
    assert shows_features(config)
    assert len(named) == len(set(named)) == 2 * NUM_PLANES
    assert named[:3] == [Plane("input", 0), Plane("input", 1), Plane("color", 0, 0)]
    assert named[2 * COLOR_PLANES] == Plane("class", 0, 0)
    plain = network_input(2, features=False).fit_config(SMALL, tasks=1)
    assert list_planes(plain) == named[:2]
    assert not shows_features(plain)


def test_new_tasks_start_from_the_mean_embedding() -> None:
    model = trained(1, features=True)
    started = start_from(model, network_input(1, True).fit_config(SMALL, tasks=8))
    torch.testing.assert_close(started.tasks[7], model.tasks.mean(0))
    with torch.no_grad():
        model.tasks[:] = model.tasks.mean(0)
    expected = logits(model, network_input(1, True))
    torch.testing.assert_close(logits(started, network_input(1, True), task=5), expected)


def test_a_second_input_has_no_influence_before_it_is_trained() -> None:
    model = trained(1, features=True)
    with torch.no_grad():
        model.tasks.zero_()
    started = start_from(model, network_input(2, True).fit_config(SMALL, tasks=1))
    torch.testing.assert_close(
        logits(started, network_input(2, True)), logits(model, network_input(1, True))
    )
    assert started.config.pointed == 2 * COLOR_PLANES


def test_a_network_is_shown_no_features_where_there_are_none() -> None:
    started = start_from(
        trained(1, features=True), network_input(3, False).fit_config(SMALL, tasks=1)
    )
    assert started.config.planes == started.config.copied == 3
    assert logits(started, network_input(3, False)).isfinite().all()


def test_features_that_came_later_do_not_move_those_that_were_trained() -> None:
    """The trained network has one color and one class fewer than the new inputs."""
    config = network_input(1, True).fit_config(SMALL, tasks=1)
    fewer = replace(config, planes=config.planes - 2, pointed=config.pointed - 1)
    model = TinyRecursiveModel(fewer)
    started = start_from(model, config)
    places = list_planes(config)
    assert not started.tokens[places.index(Plane("color", 0, COLOR_PLANES - 2))].any()
    assert not started.tokens[-1].any()
    last = list_planes(fewer).index(Plane("class", 0, 0))
    assert torch.equal(started.tokens[COLOR_PLANES], model.tokens[last])
    assert started.pointer is not None
    assert started.pointer.shape[0] == COLOR_PLANES
