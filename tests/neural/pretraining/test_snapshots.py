"""A snapshot loads unchanged, and the log stays consistent however often a run is killed."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file

from arcsolve.dsl.errors import BadInput
from arcsolve.neural.checkpoints.native import write_tensors
from arcsolve.neural.pretraining import snapshots
from arcsolve.neural.pretraining.logs import TrainingLog
from arcsolve.neural.pretraining.snapshots import load_snapshot, save_snapshot

numbers = st.integers() | st.floats(allow_nan=False) | st.text() | st.booleans()
tensors = st.lists(st.floats(width=32, allow_nan=False), max_size=4).map(torch.tensor)
states = st.recursive(
    numbers | tensors,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(), inner, max_size=3)
        | st.dictionaries(st.integers(), inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


def plain(value: Any) -> Any:
    """Replace tensors by lists, to compare values."""
    if isinstance(value, torch.Tensor):
        return "tensor", value.dtype, value.tolist()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


@given(states)
def test_a_snapshot_comes_back_as_it_was(state: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        save_snapshot(Path(folder) / "s", state)
        assert plain(load_snapshot(Path(folder) / "s")) == plain(state)
        assert [path.name for path in Path(folder).iterdir()] == ["s"]


def test_other_files_are_no_snapshots(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("snapshot")
    save_file({"a": torch.zeros(1)}, tmp_path / "weights")
    save_snapshot(tmp_path / "damaged", {"a": torch.zeros(1)})
    content = (tmp_path / "damaged").read_bytes()
    (tmp_path / "damaged").write_bytes(
        content.replace(b'\\"tensor\\": \\"0', b'\\"tensor\\": \\"7')
    )
    write_tensors(tmp_path / "deep", {}, {snapshots.FORMAT: "[" * 100_000})
    for name, problem in (
        ("text", "not a"),
        ("weights", "not a"),
        ("damaged", "damaged"),
        ("deep", "damaged"),
    ):
        with pytest.raises(BadInput, match=problem) as caught:
            load_snapshot(tmp_path / name)
        assert caught.value.file == str(tmp_path / name)


def test_lines_after_the_step_from_which_a_run_goes_on_are_dropped(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text('{"step": 1, "loss": 3.0}\n{"step": 2, "loss": 2.0}\n{"step": 1')
    TrainingLog(path, begin=1).write(2, {"loss": 2.5})
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert lines == [{"step": 1, "loss": 3.0}, {"step": 2, "loss": 2.5}]


def test_without_tensorboard_the_error_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(BadInput, match=r"arcsolve\[tensorboard\]"):
        TrainingLog(tmp_path / "log.jsonl", tensorboard=tmp_path / "curves")


@pytest.mark.filterwarnings("ignore")  # of tensorboard's own imports
def test_with_tensorboard_there_are_curves(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    log = TrainingLog(tmp_path / "log.jsonl", tensorboard=tmp_path / "curves")
    log.write(1, {"loss": 2.5})
    log.close()
    (events,) = (tmp_path / "curves").iterdir()
    assert b"loss" in events.read_bytes()
