"""Ensembles: the weights of several networks of one configuration, stacked into one model.

Kernel launches, not matrix products, dominate a step of a small network. Stacked networks share the
launches. Each network sees its own part of a batch, and nothing of the other networks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from arcsolve.neural.model import TinyRecursiveModel


def stack_networks(models: Sequence[TinyRecursiveModel]) -> TinyRecursiveModel:
    """Stack networks into one model that computes all of them.

    The weights of the model are copies, (networks, ...) each. Batches are divided evenly among the
    networks: the first examples belong to the first network.
    """
    if len(models) == 1:
        return models[0]
    states = [model.state_dict() for model in models]
    return _with(models[0], {name: torch.stack([s[name] for s in states]) for name in states[0]})


def unstack_networks(model: TinyRecursiveModel) -> list[TinyRecursiveModel]:
    """Each of the stacked networks, with copies of its current weights."""
    if model.networks == 1:
        return [model]
    state = model.state_dict()
    return [
        _with(model, {name: weight[number].clone() for name, weight in state.items()})
        for number in range(model.networks)
    ]


def _with(like: TinyRecursiveModel, state: Mapping[str, Tensor]) -> TinyRecursiveModel:
    """A model of the same configuration with these weights, which may have any shapes."""
    model = TinyRecursiveModel(like.config)
    trained = {name: parameter.requires_grad for name, parameter in like.named_parameters()}
    for name, weight in state.items():
        owner, _, own_name = name.rpartition(".")
        module = model.get_submodule(owner)
        weight = nn.Parameter(weight, trained[name]) if name in trained else weight
        setattr(module, own_name, weight)
    return model
