"""The encoder of demonstrations finds an embedding that depends on the pairs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Pair, Task
from arcsolve.neural.config import PRESETS
from arcsolve.neural.data.augment import SYMMETRIES
from arcsolve.neural.data.training_task import TrainingTask, encode_task
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.pretraining.loop import SNAPSHOT, SavedRun
from arcsolve.neural.pretraining.snapshots import save_snapshot
from benchmarks.ablations.encoder import Encoder, fit_encoder, load_embeddings

WIDTH = 8
SMALL = replace(PRESETS["local"], width=16, hidden=16, task_width=WIDTH)


def training_task(number: int, new: int) -> TrainingTask:
    """Build a task that recolors 1 to `new`."""
    draws = np.random.default_rng(number)
    inputs = [draws.choice(np.array([0, 1, 4], np.uint8), (3, 4)) for _ in range(3)]
    pairs = [Pair(Grid(c), Grid(np.where(c == 1, new, c).astype(np.uint8))) for c in inputs]
    made = encode_task(Task(f"{number}", tuple(pairs), (pairs[0].input,)), ())
    assert made is not None
    return made


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    """An encoder fitted to embeddings that are all 1 or all -1, by the new color of the task."""
    tasks = [training_task(number, new=2 + number % 2) for number in range(8)]
    model = TinyRecursiveModel(tasks[0].pairs[0][0].fit_config(SMALL, tasks=1))
    rows = torch.tensor([1.0, -1.0]).repeat(4)[:, None].expand(-1, WIDTH)
    return fit_encoder(model, tasks, rows.repeat_interleave(SYMMETRIES, 0))


def test_the_embedding_of_a_new_task_follows_from_its_pairs(encoder: Encoder) -> None:
    for new, sign in ((2, 1), (3, -1)):
        embedded = encoder(training_task(20, new))
        assert embedded.shape == (SYMMETRIES, WIDTH)
        assert (sign * embedded).mean() > 0.2


def test_encoding_leaves_the_network_as_it_was(encoder: Encoder) -> None:
    before = {name: weight.clone() for name, weight in encoder.model.state_dict().items()}
    first = encoder(training_task(20, 2))
    assert torch.equal(first, encoder(training_task(20, 2)))
    assert all(torch.equal(before[n], w) for n, w in encoder.model.state_dict().items())
    assert all(parameter.grad is None for parameter in encoder.model.parameters())


def saved(folder: Path, names: list[str], method: dict[str, torch.Tensor]) -> Path:
    state = SavedRun({"tasks": names}, 1, method)
    save_snapshot(folder / SNAPSHOT, state._asdict())
    return folder / SNAPSHOT


def test_embeddings_of_a_snapshot_are_found_by_the_names_of_their_tasks(tmp_path: Path) -> None:
    tasks = [training_task(number, new=2) for number in range(3)]
    numbers = torch.arange(4.0).repeat_interleave(SYMMETRIES)[:, None]
    snapshot = saved(tmp_path, ["2", "extra", "0", "1"], {"table": numbers})
    expected = torch.tensor([2.0, 3.0, 0.0]).repeat_interleave(SYMMETRIES)[:, None]
    assert torch.equal(load_embeddings(snapshot, tasks), expected)


@pytest.mark.parametrize(
    ("names", "tables", "problem"),
    [(["0"], ["table"], "of 2 tasks"), (["0", "1", "2"], [], "network train")],
)
def test_a_snapshot_without_embeddings_of_all_tasks_is_bad_input(
    names: list[str], tables: list[str], problem: str, tmp_path: Path
) -> None:
    snapshot = saved(tmp_path, names, dict.fromkeys(tables, torch.zeros(SYMMETRIES, 1)))
    with pytest.raises(BadInput, match=problem):
        load_embeddings(snapshot, [training_task(number, new=2) for number in range(3)])


def test_embeddings_that_never_moved_are_not_fitted() -> None:
    tasks = [training_task(number, new=2) for number in range(2)]
    model = TinyRecursiveModel(tasks[0].pairs[0][0].fit_config(SMALL, tasks=1))
    rows = torch.zeros(2 * SYMMETRIES, WIDTH)
    rows[:SYMMETRIES] = 1.0
    embedded = fit_encoder(model, tasks, rows)(tasks[1])
    torch.testing.assert_close(embedded, torch.ones(SYMMETRIES, WIDTH))
