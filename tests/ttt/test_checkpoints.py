"""Adapted starts from native checkpoints, with features and crops, and from official ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from arcsolve.cli import main
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.solver import Budget
from arcsolve.dsl.task import Pair, Task
from arcsolve.neural.checkpoints.native import save_checkpoint
from arcsolve.neural.config import PRESETS
from arcsolve.neural.data.inputs import NetworkInput
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.ttt import adapt as adaptation
from arcsolve.ttt.adapt import Adaptation, Recipe, adapt
from arcsolve.ttt.examples import TrainingExamples
from arcsolve.ttt.solver import Adapted
from tests.commands import cli_runner

FIXTURE = Path("tests/data/trm_attention_rope")
SMALL = replace(PRESETS["local"], width=16, hidden=16, task_width=16)


def recoloring() -> Task:
    draws = np.random.default_rng(4)
    inputs = [draws.choice(np.array([0, 1, 4], np.uint8), (3, 4)) for _ in range(4)]
    pairs = [Pair(Grid(c), Grid(np.where(c == 1, 2, c).astype(np.uint8))) for c in inputs[:3]]
    return Task("recolor", tuple(pairs), (Grid(inputs[3]),))


def checkpoint(folder: Path, features: bool) -> str:
    network_input = NetworkInput(np.zeros((1, 2, 2), np.uint8), features)
    path = folder / "c.safetensors"
    save_checkpoint(TinyRecursiveModel(network_input.fit_config(SMALL, tasks=1)), path)
    return str(path)


@pytest.mark.parametrize("features", [False, True])
def test_a_network_is_shown_features_if_it_was_trained_with_them(
    features: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Adaptation] = []

    def watched(*arguments: Any) -> list[Adaptation]:
        found = adapt(*arguments)
        seen.extend(found)
        return found

    monkeypatch.setattr(adaptation, "adapt", watched)
    solver = Adapted(checkpoint=checkpoint(tmp_path, features), cells=100, restarts=1)
    assert list(solver.solve(recoloring(), Budget(operations=5_000, states=1)))
    assert seen[0].examples.pairs[0][0].input.has_features == features
    assert seen[0].model.config.width == 16
    assert seen[0].losses


def test_a_trained_network_moves_at_a_rate_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates: list[float] = []

    def watched(examples: TrainingExamples, recipe: Recipe, *arguments: Any) -> list[Adaptation]:
        rates.append(recipe.schedule.rate)
        return adapt(examples, recipe, *arguments)

    monkeypatch.setattr(adaptation, "adapt", watched)
    new = Adapted(cells=100, restarts=1)
    for solver in (new, replace(new, checkpoint=checkpoint(tmp_path, True))):
        assert list(solver.solve(recoloring(), Budget(operations=5_000, states=1)))
    assert rates == [new.rate, new.trained_rate]


def test_a_checkpoint_is_adapted_to_crops(tmp_path: Path) -> None:
    pairs = [Pair(Grid(a), Grid(b)) for a, b in (("0000/0120", "12"), ("0034/0000/0000", "34"))]
    given = Task("t", tuple(pairs), (Grid("000/056"),))
    solver = Adapted(checkpoint=checkpoint(tmp_path, True), cells=100)
    assert list(solver.solve(given, Budget(operations=20_000, states=1)))


def test_an_imported_official_checkpoint_solves_tasks(tmp_path: Path) -> None:
    path = tmp_path / "official.safetensors"
    files = ["--config", f"{FIXTURE}.json", "--weights", f"{FIXTURE}.pt", "-o", str(path)]
    assert cli_runner().invoke(main, ["network", "import", *files]).exit_code == 0
    given = recoloring()
    candidates = list(Adapted(checkpoint=str(path)).solve(given, Budget(20_000, 1)))
    assert {c.output.shape for c in candidates} == {given.tests[0].shape}
    assert "official.safetensors" in candidates[-1].reason
