"""The methods of pretraining by name, each with a new network on the device where it computes."""

from __future__ import annotations

import os
from collections.abc import Sequence

import torch

from dsl.errors import BadInput
from neural.config import PRESETS
from neural.corpus import SYMMETRIES, DrawView, Lesson
from neural.joint import ROWS, Joint
from neural.model import TinyRecursiveModel
from neural.pretraining import Method, Settings
from neural.reptile import Reptile
from neural.team import Team

__all__ = ["METHODS", "method_of"]

METHODS = ("joint", "reptile")


def method_of(
    name: str,
    preset: str,
    lessons: Sequence[Lesson],
    draw_view: DrawView,
    settings: Settings,
    team: Team,
    device: str = "cpu",
) -> Method:
    """The method of this name with a new network of this preset.

    Its embeddings and planes are set to what the method and the lessons need. On ``cuda`` each
    process of a team takes a device of its own. Raises BadInput for an unknown preset, for no
    lessons and for a device that is not there.
    """
    if preset not in PRESETS:
        raise BadInput(f"there is no preset {preset!r}, there are {', '.join(PRESETS)}")
    if not lessons:
        raise BadInput("there are no tasks to train on")
    rows = {"joint": ROWS, "reptile": SYMMETRIES}[name]
    config = lessons[0].pairs[0][0].fitted(PRESETS[preset], rows)
    model = TinyRecursiveModel(config, torch.Generator().manual_seed(settings.seed))
    model.to(_device(device))
    if name == "joint":
        return Joint(model, lessons, draw_view, settings, team)
    return Reptile(model, lessons, draw_view, settings, team)


def _device(name: str) -> torch.device:
    if name == "cuda":
        if not torch.cuda.is_available():
            raise BadInput("torch finds no CUDA device here: use --device cpu")
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    return torch.device(name)
