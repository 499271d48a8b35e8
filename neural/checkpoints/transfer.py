"""Transfer: a network for inputs of one kind is made to accept inputs of another kind."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import NamedTuple

import torch
from torch import Tensor

from arcsolve.neural.config import ModelConfig
from arcsolve.neural.model import TinyRecursiveModel


class Plane(NamedTuple):
    """The identity of a plane: number `number` of a kind, for one of the inputs.

    `kind` is ``input``, ``color`` or ``class``, and `source` is the number of the input.
    """

    kind: str
    source: int
    number: int = 0


def shows_features(config: ModelConfig) -> bool:
    """True if inputs of a network of this configuration have feature planes."""
    return 0 < config.copied < config.planes


def list_planes(config: ModelConfig) -> list[Plane]:
    """List the planes in order: all inputs, features that are colors, features that are classes.

    Without features every plane is an input. All inputs have equally many features.
    """
    if not shows_features(config):
        return [Plane("input", source) for source in range(config.planes)]
    inputs, colored = range(config.copied), config.pointed or config.copied
    colors = range(colored // config.copied - 1)
    classes = range((config.planes - colored) // config.copied)
    features = (("color", colors), ("class", classes))
    named = [Plane(kind, *each) for kind, numbers in features for each in product(inputs, numbers)]
    return [*(Plane("input", source) for source in inputs), *named]


def start_from(trained: TinyRecursiveModel, wanted: ModelConfig) -> TinyRecursiveModel:
    """Copy a trained network, with the planes and task embeddings that a configuration asks for.

    Every embedding starts from the mean of the trained ones, which arXiv 2511.02886 found better
    than noise. Planes keep their trained weights wherever they move. Planes that the trained
    network did not have start without influence.
    """
    had = trained.config
    config = replace(
        had,
        planes=wanted.planes,
        copied=wanted.copied if had.copied else 0,
        pointed=(wanted.pointed or wanted.copied) if had.pointed else 0,
        tasks=wanted.tasks if had.tasks else 0,
    )
    places = {plane: place for place, plane in enumerate(list_planes(had))}
    origins = [places.get(plane) for plane in list_planes(wanted)]
    weights = trained.state_dict()
    weights["tasks"] = weights["tasks"].mean(0, keepdim=True).repeat(config.tasks, 1)
    counts = {"tokens": config.planes, "copying": config.planes, "pointer": config.pointed}
    for name in counts.keys() & weights.keys():
        weights[name] = _rearrange(weights[name], origins[: counts[name]])
    model = TinyRecursiveModel(config)
    model.load_state_dict(weights)
    return model.to(trained.head.weight.device)


def _rearrange(rows: Tensor, origins: list[int | None]) -> Tensor:
    """The row of each origin; zeros for no origin, and for an origin beyond the rows."""
    none = torch.zeros_like(rows[0])
    return torch.stack([none if n is None or n >= len(rows) else rows[n] for n in origins])
