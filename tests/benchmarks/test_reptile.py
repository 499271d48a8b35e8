"""Reptile learns weights that are better even before adaptation, and resumes exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Pair, Task
from arcsolve.neural.config import PRESETS
from arcsolve.neural.data.augment import SYMMETRIES
from arcsolve.neural.data.training_task import TrainingTask, encode_task
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.pretraining.loop import Settings
from benchmarks.ablations.reptile import Reptile

SMALL = replace(PRESETS["local"], width=16, hidden=16, task_width=16)
SETTINGS = Settings(cells=60, inner_rate=3e-3, inner_work=20_000)


def recoloring(name: str, shape: tuple[int, int], new: int) -> TrainingTask:
    """Build a task that recolors 1 to `new`."""
    draws = np.random.default_rng(4)
    inputs = [draws.choice(np.array([0, 1, 4], np.uint8), shape) for _ in range(3)]
    pairs = [Pair(Grid(c), Grid(np.where(c == 1, new, c).astype(np.uint8))) for c in inputs]
    encoded = encode_task(Task(name, tuple(pairs), (pairs[0].input,)), ())
    assert encoded is not None
    return encoded


TASKS = [recoloring("recolor", (3, 4), 2), recoloring("other", (5, 2), 7)]


def reptile() -> Reptile:
    config = TASKS[0].pairs[0][0].fit_config(SMALL, SYMMETRIES)
    return Reptile(TinyRecursiveModel(config), TASKS, SETTINGS)


def test_the_start_gets_better_before_any_adaptation() -> None:
    method = reptile()
    losses = [method.step(number, measured=False)["first_loss"] for number in range(40)]
    assert np.mean(losses[-5:]) < 0.8 * np.mean(losses[:5])
    assert method.publish().config.tasks == 1


def test_a_restored_run_continues_exactly() -> None:
    whole, resumed = reptile(), reptile()
    for number in range(3):
        whole.step(number, measured=False)
        if number == 1:
            state = {name: weight.clone() for name, weight in whole.state()["model"].items()}
            resumed.restore({"model": state})
    resumed.step(2, measured=False)
    for own, other in zip(whole.model.parameters(), resumed.model.parameters(), strict=True):
        assert torch.equal(own, other)
