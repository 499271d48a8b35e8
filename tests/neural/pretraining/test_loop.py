"""Pretraining learns, resumes exactly after a kill, and runs in several processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from click.testing import Result

from arcsolve.cli import main
from arcsolve.data.training_tasks import load_training_tasks, split_held_out
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Pair, Task
from arcsolve.neural.checkpoints.native import load_checkpoint
from arcsolve.neural.config import PRESETS
from arcsolve.neural.data.augment import SYMMETRIES, Augmentation
from arcsolve.neural.data.batches import Batch, Example, collate
from arcsolve.neural.data.training_task import TrainingTask, encode_task
from arcsolve.neural.device import find_device
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.ops import precision as precision_module
from arcsolve.neural.pretraining import distributed, evaluation, joint
from arcsolve.neural.pretraining import loop as pretraining
from arcsolve.neural.pretraining.corpus import Corpus
from arcsolve.neural.pretraining.distributed import ProcessGroup
from arcsolve.neural.pretraining.embeddings import TaskTable
from arcsolve.neural.pretraining.evaluation import score_adapted
from arcsolve.neural.pretraining.joint import start_joint
from arcsolve.neural.pretraining.loop import CHECKPOINT, LOG, SNAPSHOT, Pace, Settings, pretrain
from arcsolve.neural.pretraining.snapshots import save_snapshot
from arcsolve.neural.training.supervision import Diverged
from tests.commands import cli_runner

DATA = "tests/data/synthetic_challenges.json"
SMALL = replace(PRESETS["local"], width=16, hidden=16, task_width=16)
SETTINGS = Settings(cells=60, rate=3e-3, warm_up=2, inner_rate=3e-3, inner_work=20_000)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joint, "PRESETS", {"local": SMALL})


def training_task(
    name: str = "recolor", shape: tuple[int, int] = (3, 4), new: int = 2
) -> TrainingTask:
    draws = np.random.default_rng(4)
    inputs = [draws.choice(np.array([0, 1, 4], np.uint8), shape) for _ in range(4)]
    grids = [Grid(cells) for cells in inputs]
    solutions = [Grid(np.where(cells == 1, new, cells).astype(np.uint8)) for cells in inputs]
    pairs = tuple(Pair(*both) for both in zip(grids[:3], solutions[:3], strict=True))
    made = encode_task(Task(name, pairs, (grids[3],)), solutions[3:])
    assert made is not None
    return made


TASKS = [training_task(), training_task("other", (5, 2), new=7)]


def run(
    folder: Path,
    steps: int,
    stopping: Callable[[], bool] = lambda: False,
    description: Any = "same",
) -> TinyRecursiveModel:
    folder.mkdir(exist_ok=True)
    method = start_joint("local", TASKS, SETTINGS, ProcessGroup())
    pace = Pace(steps, report_every=1, save_every=100)
    pretrain(
        method, {"d": description}, folder, pace, lambda m: {"exact": 0.5}, stopping, ProcessGroup()
    )
    return load_checkpoint(folder / CHECKPOINT)


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    run(tmp_path / "whole", 5)
    calls: list[int] = []
    run(tmp_path / "halves", 5, lambda: len(calls) == 3 or bool(calls.append(1)))
    assert len((tmp_path / "halves" / LOG).read_text().splitlines()) == 3
    with (tmp_path / "halves" / LOG).open("a") as log:  # what a kill leaves behind
        log.write('{"step": 4, "loss": 9}\n{"st')
    run(tmp_path / "halves", 5)
    for file in (CHECKPOINT, SNAPSHOT, LOG):
        whole, halves = ((tmp_path / name / file).read_bytes() for name in ("whole", "halves"))
        assert whole == halves, file


def test_a_report_has_the_mean_of_what_was_since_the_one_before() -> None:
    reports = [{"loss": 1.0}, {}, {"loss": 3.0, "cells": 0.5}]
    assert pretraining._means(reports) == {"loss": 2.0, "cells": 0.5}


def test_joint_training_fits_its_tasks(tmp_path: Path) -> None:
    lines = reports(tmp_path / "run", 40)
    cells = [line["cells"] for line in lines if "cells" in line]
    assert np.mean(cells[-5:]) > 0.95 > np.mean(cells[:5])


def reports(folder: Path, steps: int) -> list[dict[str, float]]:
    run(folder, steps)
    return [json.loads(line) for line in (folder / LOG).read_text().splitlines()]


def test_scores_after_adapting_leave_the_network_as_it_was() -> None:
    model = TinyRecursiveModel(TASKS[0].pairs[0][0].fit_config(SMALL, tasks=1))
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    first, again = (score_adapted(model, TASKS, SETTINGS) for _ in range(2))
    assert first == again
    assert list(first) == ["exact", "shape", "cells", "halting_step", "likelihood"]
    assert all(torch.equal(before[name], weight) for name, weight in model.state_dict().items())


def test_a_copy_that_diverges_is_scored_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    model = TinyRecursiveModel(TASKS[0].pairs[0][0].fit_config(SMALL, tasks=1))

    def diverges(*_: Any) -> None:
        raise Diverged("the loss is nan")

    monkeypatch.setattr(evaluation, "train", lambda *_: [])
    untrained = score_adapted(model, TASKS, SETTINGS)
    monkeypatch.setattr(evaluation, "train", diverges)
    assert score_adapted(model, TASKS, SETTINGS) == untrained


def test_a_run_with_other_settings_is_not_resumed(tmp_path: Path) -> None:
    run(tmp_path / "run", 1)
    with pytest.raises(BadInput, match="other settings"):
        run(tmp_path / "run", 2, description="other")


@pytest.mark.parametrize(
    "state",
    [[], {}, {"description": {"d": "same"}, "step": 1, "method": {}}],
    ids=["a list", "nothing", "no network"],
)
def test_a_snapshot_that_is_not_of_a_training_is_not_resumed(state: Any, tmp_path: Path) -> None:
    save_snapshot(tmp_path / SNAPSHOT, state)
    with pytest.raises(BadInput, match="snapshot") as caught:
        run(tmp_path, 2)
    assert caught.value.file == str(tmp_path / SNAPSHOT)


def test_joint_training_needs_a_task_for_every_process() -> None:
    group = ProcessGroup(rank=0, world_size=len(TASKS) + 1)
    with pytest.raises(BadInput, match="3 processes"):
        start_joint("local", TASKS, SETTINGS, group)


def test_inner_work_for_no_step_is_bad_input() -> None:
    settings = replace(SETTINGS, inner_work=10_000)
    with pytest.raises(BadInput, match="10,000 cell updates"):
        start_joint("local", TASKS, settings, ProcessGroup())
    model = TinyRecursiveModel(TASKS[0].pairs[0][0].fit_config(SMALL, tasks=1))
    with pytest.raises(BadInput, match="10,000 cell updates"):
        score_adapted(model, TASKS, settings)


def test_a_gradient_that_is_no_number_ends_joint_training_before_a_weight_moves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    method: Any = start_joint("local", TASKS, SETTINGS, ProcessGroup())
    true_supervise = joint.supervise

    def supervised(model: TinyRecursiveModel, *arguments: Any) -> Any:
        found = true_supervise(model, *arguments)
        assert model.head.weight.grad is not None
        model.head.weight.grad[0, 0] = torch.nan
        return found

    monkeypatch.setattr(joint, "supervise", supervised)
    with pytest.raises(Diverged, match="gradient"):
        method.step(0, measured=False)
    assert all(weight.isfinite().all() for weight in method.model.state_dict().values())


def test_two_batches_accumulated_are_one_mean_gradient() -> None:
    """An optimizer step on two equal batches equals the step on one batch."""
    weights = []
    for accumulate in (1, 2):
        settings = replace(SETTINGS, accumulate=accumulate)
        method: Any = start_joint("local", TASKS[:1], settings, ProcessGroup())
        examples = method.corpus.draw(np.random.default_rng(0))
        method.corpus.draw = lambda draws, examples=examples: examples
        method.step(0, measured=False)
        weights.append(method.model.head.weight.detach().clone())
    torch.testing.assert_close(weights[0], weights[1])


def test_a_batch_shows_tasks_under_the_symmetries_that_its_numbers_name() -> None:
    corpus, draws = Corpus(TASKS, cells=100), np.random.default_rng(0)
    seen = set()
    for _ in range(40):
        examples = corpus.draw(draws)
        assert sum(e.labels.size for e in examples) <= 100
        assert len({e.labels.shape[0] > e.labels.shape[1] for e in examples}) == 1
        for example in examples:
            number, symmetry = divmod(example.task, SYMMETRIES)
            shown = {labels.shape for _, labels in TASKS[number].pairs}
            assert Augmentation(symmetry).undo(example.labels).shape in shown
            seen.add(example.task)
    assert seen == set(range(2 * SYMMETRIES))


def test_the_processes_of_a_group_draw_from_different_tasks() -> None:
    draws = np.random.default_rng(0)
    parts = [Corpus(TASKS, 100, (rank, 2)) for rank in range(2)]
    seen = [{e.task // SYMMETRIES for _ in range(9) for e in part.draw(draws)} for part in parts]
    assert seen == [{0}, {1}]


def batch(*tasks: int) -> Batch:
    cells = np.ones((2, 2), np.uint8)
    return collate([Example(cells[None], cells, task) for task in tasks], 10)


def test_embeddings_of_a_batch_move_by_the_sign_of_their_gradient_and_others_stay() -> None:
    model, table = TinyRecursiveModel(replace(SMALL, tasks=4)), TaskTable(30, 16)
    table.rows += 1.0
    with table.lend(model, [batch(20, 3), batch(3)]) as lend:
        assert [b.tasks.tolist() for b in lend] == [[1, 0], [0]]
        model.tasks.grad = torch.zeros_like(model.tasks)
        model.tasks.grad[1] = torch.linspace(-1, 1, 16)
        table.step(model, rate=0.5)
    expected = torch.ones(30, 16)
    expected[20] -= 0.5 * torch.linspace(-1, 1, 16).sign()
    assert torch.equal(table.rows, expected)
    assert model.tasks.grad is None


def test_tasks_keep_their_tests_apart_only_if_they_are_held_out() -> None:
    several = [training_task(f"t{number}") for number in range(60)]
    training, held_out = split_held_out(several, 0.3)
    assert {each.name for each in training}.isdisjoint(each.name for each in held_out)
    assert 8 <= len(held_out) <= 28
    assert {(len(each.pairs), len(each.tests)) for each in training} == {(4, 0)}
    assert {(len(each.pairs), len(each.tests)) for each in held_out} == {(3, 1)}
    assert split_held_out(several[::-1], 0.3)[1] == held_out[::-1]


def test_locked_tasks_are_not_for_training() -> None:
    with pytest.raises(BadInput, match="locked"):
        list(load_training_tasks(["arc-agi-1-evaluation"]))


def command(output: Path, *more: str) -> Result:
    options = ["--data", DATA, "--report-every", "1", "--cells", "60", "-o", str(output), *more]
    return cli_runner().invoke(main, ["network", "train", *options])


def test_the_command_trains_logs_and_resumes(tmp_path: Path) -> None:
    first = command(tmp_path / "run", "--steps", "2", "--extra", DATA)
    assert first.exit_code == 0, first.output
    assert "2 of 2 steps" in first.output
    again = command(tmp_path / "run", "--steps", "3", "--extra", DATA)
    assert again.exit_code == 2
    assert "--resume" in again.output
    resumed = command(tmp_path / "run", "--steps", "3", "--extra", DATA, "--resume")
    assert resumed.exit_code == 0, resumed.output
    lines = [json.loads(line) for line in (tmp_path / "run" / LOG).read_text().splitlines()]
    assert [line["step"] for line in lines] == [1, 2, 2, 3, 3]
    assert {"held_out_exact", "held_out_shape", "held_out_cells"} < lines[-1].keys()


@pytest.mark.parametrize(
    ("option", "problem"),
    [
        (("--preset", "huge"), "no preset 'huge'"),
        (("--device", "cuda"), "no CUDA device"),
        (("--data", "arc-agi-2-evaluation"), "locked"),
        (("--seed", "-1"), "--seed"),
        (("--inner-work", "1"), "1 cell updates"),
    ],
)
def test_what_cannot_be_trained_ends_with_a_message(
    option: tuple[str, str], problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    result = command(tmp_path / "run", *option)
    assert (result.exit_code, problem in result.output) == (2, True), result.output


def gpus(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let torch find this many GPUs."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: count > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: count)


@pytest.mark.parametrize(
    ("count", "problem"), [(0, "no CUDA device"), (2, "a GPU of its own: there are 2")]
)
def test_a_process_without_a_gpu_says_so_before_others_wait_for_it(
    count: int, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gpus(count, monkeypatch)
    monkeypatch.setenv("LOCAL_RANK", "2")
    monkeypatch.setattr(
        distributed, "join_process_group", lambda device: pytest.fail("it joined the group")
    )
    result = command(tmp_path / "run", "--device", "cuda")
    assert (result.exit_code, problem in result.output) == (2, True), result.output


def test_every_process_has_the_gpu_of_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    gpus(2, monkeypatch)
    assert find_device("cuda") == torch.device("cuda", 0)
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert find_device("cuda") == torch.device("cuda", 1)


@pytest.mark.parametrize(("device", "precision"), [("cpu", "medium"), ("cuda", "highest")])
def test_what_this_processor_has_decides_on_products_on_a_cpu_alone(
    device: str, precision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def start(*_: Any) -> Any:
        seen.append(torch.get_float32_matmul_precision())
        raise BadInput("stop_loss")

    gpus(1, monkeypatch)
    monkeypatch.setattr(precision_module, "has_fast_matmul", lambda: True)
    monkeypatch.setattr(joint, "start_joint", start)
    assert command(tmp_path / "run", "--device", device).exit_code == 2
    assert seen == [precision]


def test_an_interrupt_saves_and_ends_with_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true_step = joint.Joint.step

    def step(self: joint.Joint, number: int, measured: bool) -> dict[str, float]:
        if number == 1:
            os.kill(os.getpid(), signal.SIGINT)
        return true_step(self, number, measured)

    monkeypatch.setattr(joint.Joint, "step", step)
    result = command(tmp_path / "run", "--steps", "9")
    assert result.exit_code == 130
    assert len((tmp_path / "run" / LOG).read_text().splitlines()) == 2
    assert (tmp_path / "run" / CHECKPOINT).is_file()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_loss_that_is_no_number_ends_with_a_message_and_keeps_the_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command(tmp_path / "run", "--steps", "1").exit_code == 0
    before = (tmp_path / "run" / SNAPSHOT).read_bytes()

    def diverges(*_: Any) -> None:
        raise Diverged("the loss is nan")

    monkeypatch.setattr(joint, "supervise", diverges)
    result = command(tmp_path / "run", "--steps", "2", "--resume")
    assert (result.exit_code, "the loss is nan: take a lower --rate" in result.output) == (2, True)
    assert (tmp_path / "run" / SNAPSHOT).read_bytes() == before


def two_processes(folders: Sequence[Path], *more: str) -> list[tuple[int, str]]:
    """The exit codes and errors of a training with two processes, started as by torchrun."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    options = ["--data", DATA, "--held-out", "0", "--cells", "40", "--report-every", "1", *more]
    line = [sys.executable, "-m", "arcsolve", "network", "train", *options]
    group = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
    with ExitStack() as open_processes:
        processes = [
            open_processes.enter_context(
                subprocess.Popen(
                    [*line, "-o", str(folder)],
                    env=os.environ | group | {"RANK": str(rank)},
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            for rank, folder in enumerate(folders)
        ]
        errors = [process.communicate()[1] for process in processes]
    return [(each.returncode, error) for each, error in zip(processes, errors, strict=True)]


def test_two_processes_are_one_training_that_goes_on_where_both_find_it(tmp_path: Path) -> None:
    """Only the main process writes; a process in another folder would train another network."""
    shared, apart = tmp_path / "run", tmp_path / "apart"
    ends = two_processes([shared, shared], "--steps", "2")
    assert [code for code, _ in ends] == [0, 0], ends
    lines = (shared / LOG).read_text().splitlines()
    assert [json.loads(line)["step"] for line in lines] == [1, 2]
    model = load_checkpoint(shared / CHECKPOINT)
    assert model.config.tasks == 1
    assert all(weight.isfinite().all() for weight in model.state_dict().values())
    ends = two_processes([shared, apart], "--steps", "3", "--resume")
    assert [(code, "one shared folder" in error) for code, error in ends] == [(2, True)] * 2, ends
