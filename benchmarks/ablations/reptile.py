"""Pretrain a network by Reptile, to compare with the joint training of `arcsolve network train`.

    .venv/bin/python benchmarks/ablations/reptile.py -o runs/reptile [--steps N] [--preset NAME]

Trains on the tasks that `arcsolve network train --held-out 0.2` trains on, and writes the same
files into the folder. A run that was interrupted resumes. `compare_starts.py` measures the
checkpoint.
"""

from __future__ import annotations

import argparse
import copy
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from arcsolve.data.training_tasks import load_training_tasks, split_held_out
from arcsolve.neural.data.augment import SYMMETRIES
from arcsolve.neural.data.training_task import TrainingTask
from arcsolve.neural.device import keep_freed_memory
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.ops.precision import fast_matmul
from arcsolve.neural.pretraining.distributed import ProcessGroup
from arcsolve.neural.pretraining.embeddings import replace_embeddings
from arcsolve.neural.pretraining.evaluation import adapt_to_task
from arcsolve.neural.pretraining.joint import build_network
from arcsolve.neural.pretraining.loop import Method, Pace, Settings, pretrain
from arcsolve.ttt.adapt import one_thread

HELD_OUT = 0.2  # share of the tasks: the default of `network train`
OUTER_RATE = 0.1  # share of the way to the adapted weights that a step moves the weights


class Reptile(Method):
    """First-order meta-learning (arXiv 1803.02999): learns a start from which networks adapt fast.

    Each step adapts a copy of the network to one task, and moves the weights a share of the way to
    the adapted weights. The model must have `SYMMETRIES` task embeddings, which are kept equal.
    """

    def __init__(
        self, model: TinyRecursiveModel, tasks: Sequence[TrainingTask], settings: Settings
    ) -> None:
        self.model, self.settings, self._tasks = model, settings, tasks

    def step(self, number: int, measured: bool) -> dict[str, float]:
        draws = np.random.default_rng([self.settings.seed, 0, number])
        task = self._tasks[int(draws.integers(len(self._tasks)))]
        learner = copy.deepcopy(self.model)
        losses = adapt_to_task(learner, task, self.settings, draws)
        with torch.no_grad():
            for own, goal in zip(self.model.parameters(), learner.parameters(), strict=True):
                own.lerp_(goal, OUTER_RATE)
            self.model.tasks.copy_(self.model.tasks.mean(0, keepdim=True).expand(SYMMETRIES, -1))
        return {"loss": losses[-1], "first_loss": losses[0]} if losses else {}

    def publish(self) -> TinyRecursiveModel:
        model = copy.deepcopy(self.model)
        return replace_embeddings(model, model.tasks.detach()[:1])

    def state(self) -> dict[str, Any]:
        return {"model": self.model.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        self.model.load_state_dict(state["model"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder for all files")
    parser.add_argument("--preset", default="local", help="of the network")
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    tasks, _ = split_held_out(load_training_tasks(["arc-agi-1-training"]), HELD_OUT)
    settings = Settings(seed=chosen.seed)
    chosen.output.mkdir(parents=True, exist_ok=True)
    keep_freed_memory()
    with one_thread(), fast_matmul():
        model = build_network(chosen.preset, tasks, SYMMETRIES, settings)
        names = [task.name for task in tasks]
        description = {**asdict(settings), "preset": chosen.preset, "tasks": names}
        method, pace = Reptile(model, tasks, settings), Pace(chosen.steps)
        pretrain(
            method, description, chosen.output, pace, lambda _: {}, lambda: False, ProcessGroup()
        )


if __name__ == "__main__":
    main()
