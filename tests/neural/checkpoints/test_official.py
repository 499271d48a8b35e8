"""Official weights give the official results; files without weights are refused."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from arcsolve.cli import main
from arcsolve.dsl.errors import BadInput
from arcsolve.neural.checkpoints import native as checkpoints
from arcsolve.neural.checkpoints.native import load_checkpoint, read_tensors, save_checkpoint
from arcsolve.neural.checkpoints.official import load_official, official_config
from arcsolve.neural.checkpoints.parity import BATCH, COMPARED, largest_errors, read_reference
from arcsolve.neural.config import ModelConfig
from arcsolve.neural.losses import IGNORED
from arcsolve.neural.model import TinyRecursiveModel
from tests.commands import cli_runner

DATA = Path(__file__).parents[2] / "data"
CONFIG, WEIGHTS, REFERENCE = (DATA / f"trm_attention_rope.{end}" for end in ("json", "pt", "npz"))
TOLERANCE = 1e-4
QKV = "model.inner.L_level.layers.0.self_attn.qkv_proj.weight"


def verify(*more: str, **files: Path) -> Any:
    given = {"config": CONFIG, "weights": WEIGHTS, "reference": REFERENCE, **files}
    options = [text for name, path in given.items() for text in (f"--{name}", str(path))]
    return cli_runner().invoke(main, ["network", "verify", *options, *more])


def test_verify_finds_errors_of_rounding_only() -> None:
    result = verify("--json")
    assert result.exit_code == 0, result.output
    errors = json.loads(result.output.splitlines()[-1])
    assert list(errors) == ["logits", "q_halt_logits", "stablemax_cross_entropy"]
    assert 0 < max(errors.values()) < TOLERANCE


def test_verify_prints_a_table_for_people() -> None:
    assert "q_halt_logits" in verify().output


def test_a_weight_that_is_off_shows_in_every_error(tmp_path: Path) -> None:
    tensors = torch.load(WEIGHTS, weights_only=True)
    name = next(name for name in tensors if name.endswith("layers.1.mlp.down_proj.weight"))
    tensors[name][0, 0] += 0.1
    torch.save(tensors, tmp_path / "off.pt")
    errors = json.loads(verify("--json", weights=tmp_path / "off.pt").output)
    assert min(errors.values()) > TOLERANCE


def test_weights_in_safetensors_and_without_wrappers_are_the_same(tmp_path: Path) -> None:
    tensors = torch.load(WEIGHTS, weights_only=True)
    short = {name.rpartition("inner.")[2]: tensor for name, tensor in tensors.items()}
    save_file(short, tmp_path / "w.safetensors")
    model = load_official(CONFIG, tmp_path / "w.safetensors")
    assert max(largest_errors(model, read_reference(REFERENCE)).values()) < TOLERANCE


def test_an_official_mlp_network_with_learned_places_fits_our_names(tmp_path: Path) -> None:
    values = json.loads(CONFIG.read_text()) | {"mlp_t": True, "pos_encodings": "learned"}
    draws = torch.Generator().manual_seed(0)
    tensors = {
        name: tensor
        for name, tensor in torch.load(WEIGHTS, weights_only=True).items()
        if "self_attn" not in name
    }
    for layer in range(2):
        start = f"model.inner.L_level.layers.{layer}.mlp_t"
        tensors[f"{start}.gate_up_proj.weight"] = torch.randn(512, 52, generator=draws)
        tensors[f"{start}.down_proj.weight"] = torch.randn(52, 256, generator=draws)
    tensors["model.inner.embed_pos.embedding_weight"] = torch.randn(52, 64, generator=draws)
    torch.save(tensors, tmp_path / "w.pt")
    (tmp_path / "c.json").write_text(json.dumps(values))
    model = load_official(tmp_path / "c.json", tmp_path / "w.pt")
    assert torch.equal(model.places, tensors["model.inner.embed_pos.embedding_weight"])
    batch = torch.zeros(2, 1, 1, 36, dtype=torch.int64)
    assert model(batch, torch.tensor([0, 1])).logits.shape == (2, 1, 36, 12)


def test_gated_layers_have_the_official_number_of_units() -> None:
    paper = {"hidden_size": 512, "num_heads": 8, "seq_len": 900, "mlp_t": True}
    config = official_config(json.loads(CONFIG.read_text()) | paper | {"puzzle_emb_ndim": 512})
    assert (config.hidden, config.token_hidden, config.prefix) == (1536, 2560, 16)


def test_a_checkpoint_of_ours_comes_back_exactly(tmp_path: Path) -> None:
    model = load_official(CONFIG, WEIGHTS)
    save_checkpoint(model, tmp_path / "ours.safetensors")
    again = load_checkpoint(tmp_path / "ours.safetensors")
    assert again.config == model.config
    assert again.state_dict().keys() == model.state_dict().keys()
    assert all(torch.equal(a, model.state_dict()[n]) for n, a in again.state_dict().items())
    save_checkpoint(again, tmp_path / "twice.safetensors")
    assert (tmp_path / "twice.safetensors").read_bytes() == (
        tmp_path / "ours.safetensors"
    ).read_bytes()


def imported(output: Path, weights: Path) -> Any:
    files = ["--config", str(CONFIG), "--weights", str(weights), "-o", str(output)]
    return cli_runner().invoke(main, ["network", "import", *files])


def test_import_makes_a_checkpoint_with_the_same_numbers(tmp_path: Path) -> None:
    result = imported(tmp_path / "ours.safetensors", WEIGHTS)
    assert result.exit_code == 0, result.output
    model = load_checkpoint(tmp_path / "ours.safetensors")
    expected = load_official(CONFIG, WEIGHTS).state_dict()
    assert all(torch.equal(a, expected[n]) for n, a in model.state_dict().items())
    assert max(largest_errors(model, read_reference(REFERENCE)).values()) < TOLERANCE


class Bomb:
    def __reduce__(self) -> Any:
        return os.mkdir, ("exploded",)


def hostile(kind: str) -> Any:
    tensors = torch.load(WEIGHTS, weights_only=True)
    name = next(iter(tensors))
    return {
        "code": {"a": Bomb()},
        "list": [torch.zeros(2)],
        "numbers": {"a": 3},
        "unknown": tensors | {"model.inner.extra": torch.zeros(2)},
        "missing": {n: t for n, t in tensors.items() if n != name},
        "shape": tensors | {name: torch.zeros(3)},
        "rows": tensors | {"model.inner.q_head.bias": torch.zeros(0)},
        "axes": tensors | {QKV: torch.tensor(1.0)},
        "sparse": tensors | {name: torch.eye(3).to_sparse()},
        "without memory": tensors | {name: torch.zeros(3, device="meta")},
        "repeated": tensors | {name: torch.zeros(1).expand(10**12)},
        "complex": tensors | {name: torch.zeros(3, dtype=torch.complex64)},
        "integers": tensors | {name: torch.zeros(3, dtype=torch.int64)},
    }[kind]


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        ("code", "not a file of weights"),
        ("list", "expected names and tensors"),
        ("numbers", "expected names and tensors"),
        ("unknown", "the official code has no tensor"),
        ("missing", "missing tensor 'answer_start'"),
        ("shape", "answer_start has shape"),
        ("rows", r"halting_bias has shape \(0,\)"),
        ("axes", r"qkv.weight has shape \(\)"),
        ("sparse", "expected dense tensors"),
        ("without memory", "expected dense tensors"),
        ("repeated", "expected dense tensors"),
        ("complex", "real floating-point numbers"),
        ("integers", "real floating-point numbers"),
    ],
)
def test_hostile_weights_are_refused_and_nothing_runs(
    kind: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save(hostile(kind), tmp_path / "w.pt")
    with pytest.raises(BadInput, match=problem) as caught:
        load_official(CONFIG, tmp_path / "w.pt")
    assert caught.value.file == str(tmp_path / "w.pt")
    result = imported(tmp_path / "ours.safetensors", tmp_path / "w.pt")
    assert (result.exit_code, "w.pt" in result.output) == (2, True)
    assert not (tmp_path / "ours.safetensors").exists()
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 broken", b"\x80\x02}q\x00.", b"text", b"\x80"]
)
@pytest.mark.parametrize("name", ["w.pt", "w.safetensors"])
def test_broken_files_of_weights_are_bad_input(content: bytes, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=r"not a|weights"):
        load_official(CONFIG, tmp_path / name)


@pytest.mark.parametrize("kind", ["missing", "folder"])
def test_import_of_weights_that_are_no_file_ends_with_a_message(kind: str, tmp_path: Path) -> None:
    weights = tmp_path / "w.safetensors"
    if kind == "folder":
        weights.mkdir()
    result = imported(tmp_path / "ours.safetensors", weights)
    assert (result.exit_code, "w.safetensors" in result.output) == (2, True), result.output


def test_safetensors_of_integers_are_bad_input(tmp_path: Path) -> None:
    save_file({"a": torch.zeros(2, dtype=torch.int64)}, tmp_path / "w.safetensors")
    with pytest.raises(BadInput, match="real floating-point numbers"):
        read_tensors(tmp_path / "w.safetensors")


def test_truncated_weights_are_bad_input(tmp_path: Path) -> None:
    content = WEIGHTS.read_bytes()
    for share in (0.01, 0.5, 0.99):
        (tmp_path / "w.pt").write_bytes(content[: int(share * len(content))])
        with pytest.raises(BadInput, match="not a file of weights"):
            read_tensors(tmp_path / "w.pt")


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"hidden_size": 64}', "[" * 100_000, '{"hidden_size": "x"}']
)
def test_a_configuration_that_is_none_ends_verify_with_a_message(text: str, tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text(text)
    result = verify(config=tmp_path / "c.json")
    assert result.exit_code == 2
    assert "c.json" in result.output


@pytest.mark.parametrize(
    "values", [{"vocab_size": 2**31 - 1}, {"hidden_size": 1 << 20}, {"num_heads": 0}], ids=str
)
def test_official_sizes_beyond_any_network_end_verify_with_a_message(
    values: dict[str, int], tmp_path: Path
) -> None:
    (tmp_path / "c.json").write_text(json.dumps(json.loads(CONFIG.read_text()) | values))
    result = verify(config=tmp_path / "c.json")
    assert (result.exit_code, "c.json" in result.output) == (2, True), result.output


CHANGES = [
    "missing", "shape", "steps", "range", "nan", "text", "no steps", "no examples", "scalar",
    "ignored inputs", "ignored tasks",
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_reference_that_does_not_match_ends_verify_with_a_message(
    change: str, tmp_path: Path
) -> None:
    arrays: dict[str, Any] = dict(np.load(REFERENCE))
    if change == "missing":
        del arrays["labels"]
    changed = {
        "shape": {"logits": arrays["logits"][..., :-1]},
        "steps": {"logits": arrays["logits"][:-1]},
        "range": {"inputs": arrays["inputs"] + 100},
        "nan": {"logits": arrays["logits"] * np.nan},
        "text": {"inputs": np.array([["a"]])},
        "no steps": {name: arrays[name][:0] for name in COMPARED},
        "no examples": {n: a[:, :0] if n in COMPARED else a[:0] for n, a in arrays.items()},
        "scalar": {"logits": np.float32(1.0)},
        "ignored inputs": {"inputs": np.full_like(arrays["inputs"], IGNORED)},
        "ignored tasks": {BATCH[2]: np.full_like(arrays[BATCH[2]], IGNORED)},
    }
    np.savez(tmp_path / "r.npz", **(arrays | changed.get(change, {})))
    result = verify(reference=tmp_path / "r.npz")
    assert result.exit_code == 2, result.output
    assert "r.npz" in result.output


def test_a_damaged_reference_is_bad_input_or_is_read(tmp_path: Path) -> None:
    """Damage may be in the archive, in compressed data, or in the header of an array."""
    np.savez_compressed(tmp_path / "whole.npz", **dict(np.load(REFERENCE)))
    content = (tmp_path / "whole.npz").read_bytes()
    for place in range(0, len(content), max(1, len(content) // 99)):
        damaged = bytes([*content[:place], content[place] ^ 0xFF, *content[place + 1 :]])
        (tmp_path / "r.npz").write_bytes(damaged)
        with suppress(BadInput):
            read_reference(tmp_path / "r.npz")


def test_a_file_that_is_not_there_ends_verify_with_a_message(tmp_path: Path) -> None:
    for option in ("config", "weights", "reference"):
        result = verify(**{option: tmp_path / "nowhere"})
        assert result.exit_code == 2
        assert "nowhere" in result.output


def test_a_checkpoint_of_another_format_is_bad_input(tmp_path: Path) -> None:
    save_file({"a": torch.zeros(1)}, tmp_path / "w.safetensors")
    with pytest.raises(BadInput, match="not a checkpoint"):
        load_checkpoint(tmp_path / "w.safetensors")
    save_checkpoint(TinyRecursiveModel(ModelConfig(width=8, heads=2, task_width=8)), tmp_path / "m")
    (tmp_path / "m").write_bytes(
        (tmp_path / "m").read_bytes().replace(b'width\\": 8', b'width\\": 9')
    )
    with pytest.raises(BadInput, match="width"):
        load_checkpoint(tmp_path / "m")


@pytest.mark.parametrize(
    ("values", "problem"),
    [({"vocabulary": 10**13}, "at most 65,536"), ({"tasks": 1 << 24, "prefix": 9}, "missing")],
)
def test_a_checkpoint_takes_no_memory_before_its_shapes_are_compared(
    values: dict[str, int], problem: str, tmp_path: Path
) -> None:
    """These networks would need terabytes."""
    config = json.dumps({"task_width": 1 << 16, "width": 1 << 16, **values})
    save_file({"head.weight": torch.zeros(1)}, tmp_path / "c", {checkpoints.FORMAT: config})
    with pytest.raises(BadInput, match=problem):
        load_checkpoint(tmp_path / "c")
