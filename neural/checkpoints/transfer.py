"""Which plane is which: networks for inputs of one kind made ready for inputs of another."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import NamedTuple

import torch
from torch import Tensor

from arcsolve.neural.config import ModelConfig
from arcsolve.neural.model import TinyRecursiveModel


class Plane(NamedTuple):
    """Plane `number` of a kind, ``input``, ``color`` or ``class``, of one of the inputs."""

    kind: str
    source: int
    number: int = 0


def shows_features(config: ModelConfig) -> bool:
    """Whether a network of this configuration was made to see features of its inputs."""
    return 0 < config.copied < config.planes


def list_planes(config: ModelConfig) -> list[Plane]:
    """The planes in their order: all inputs, features that are colors, and those that are not.

    Without features every plane is an input. Each input has as many features as every other.
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
    """A trained network with the planes and the number of task embeddings of this configuration.

    Every embedding starts from the mean of the trained ones (arXiv 2511.02886 found that better
    than noise). Planes keep what was trained for them, wherever they lie now; those that the
    trained network did not have start without any influence.
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
    """The row of each origin; zeros for those that have none, or one beyond the rows."""
    none = torch.zeros_like(rows[0])
    return torch.stack([none if n is None or n >= len(rows) else rows[n] for n in origins])
