"""The methods of pretraining by name, each with a new network on the device where it computes."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from arcsolve.dsl.errors import BadInput
from arcsolve.neural.config import PRESETS
from arcsolve.neural.data.augment import SYMMETRIES
from arcsolve.neural.data.training_task import TrainingTask
from arcsolve.neural.device import device_of
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.pretraining.distributed import Team
from arcsolve.neural.pretraining.joint import ROWS, Joint
from arcsolve.neural.pretraining.loop import Method, Settings
from arcsolve.neural.pretraining.reptile import Reptile, check_inner_work

__all__ = ["method_of"]


def method_of(
    name: str,
    preset: str,
    lessons: Sequence[TrainingTask],
    settings: Settings,
    team: Team,
    device: str = "cpu",
) -> Method:
    """The method of this name with a new network of this preset.

    Its embeddings and planes are set to what the method and the lessons need. Raises BadInput for
    an unknown preset, for no lessons or fewer than processes that divide them, for inner work that
    allows no step, and for a device that is not there.
    """
    if preset not in PRESETS:
        raise BadInput(f"there is no preset {preset!r}, there are {', '.join(PRESETS)}")
    if not lessons:
        raise BadInput("there are no tasks to train on")
    if name == "joint" and team.size > len(lessons):
        problem = f"{team.size} processes cannot share {len(lessons)} tasks out among each other"
        raise BadInput(f"{problem}: start fewer, or take the method reptile")
    rows = {"joint": ROWS, "reptile": SYMMETRIES}[name]
    config = lessons[0].pairs[0][0].fitted(PRESETS[preset], rows)
    model = TinyRecursiveModel(config, torch.Generator().manual_seed(settings.seed))
    check_inner_work(model, settings)
    model.to(device_of(device))
    if name == "joint":
        return Joint(model, lessons, settings, team)
    return Reptile(model, lessons, settings, team)
