"""Reads configurations and weights of the official TRM code (TinyRecursiveModels)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from arcsolve.dsl.errors import BadInput
from arcsolve.neural.checkpoints.native import build_model, read_json, read_tensors
from arcsolve.neural.config import ModelConfig
from arcsolve.neural.model import TinyRecursiveModel

UNITS_STEP = 256  # the official code rounds the units of its gated layers up to a multiple of this

_INTEGERS = (
    "hidden_size", "num_heads", "L_layers", "H_cycles", "L_cycles", "vocab_size", "seq_len",
    "puzzle_emb_ndim", "num_puzzle_identifiers", "halt_max_steps",
)  # fmt: skip

_NAMES = {
    "H_init": "answer_start",
    "L_init": "latent_start",
    "embed_tokens.embedding_weight": "tokens",
    "embed_pos.embedding_weight": "places",
    "puzzle_emb.weights": "tasks",
    "lm_head.weight": "head.weight",
    "q_head.weight": "halting_weight",
    "q_head.bias": "halting_bias",
}

_LAYER_NAMES = {
    "self_attn.qkv_proj": "mixer.qkv",
    "self_attn.o_proj": "mixer.out",
    "mlp_t.gate_up_proj": "mixer.layer.gate_up",
    "mlp_t.down_proj": "mixer.layer.down",
    "mlp.gate_up_proj": "gated.gate_up",
    "mlp.down_proj": "gated.down",
}


def load_official(config: Path, weights: Path) -> TinyRecursiveModel:
    """Load the network of an official checkpoint: its configuration as JSON, and its state dict.

    Raises BadInput that names the file if the configuration or the weights are not official.
    """
    try:
        described = official_config(read_json(config))
    except BadInput as error:
        raise error.located(file=str(config)) from error
    try:
        return build_model(described, official_tensors(read_tensors(weights), described))
    except BadInput as error:
        raise error.located(file=str(weights)) from error


def official_config(values: Mapping[str, Any]) -> ModelConfig:
    """Convert an official configuration to ours.

    Fields for training or numeric formats are ignored. Raises BadInput for missing or unusable
    values.
    """
    size = {name: _integer(values, name) for name in _INTEGERS}
    expansion, width = _number(values, "expansion"), size["hidden_size"]
    task_width = size["puzzle_emb_ndim"]
    fewest = -(-task_width // max(width, 1))
    prefix = (_integer(values, "puzzle_emb_len", 0) or fewest) if task_width else 0
    return ModelConfig(
        vocabulary=size["vocab_size"],
        width=width,
        layers=size["L_layers"],
        heads=size["num_heads"],
        hidden=_units(width, expansion),
        token_hidden=_units(size["seq_len"] + prefix, expansion),
        h_cycles=size["H_cycles"],
        l_cycles=size["L_cycles"],
        supervision_steps=size["halt_max_steps"],
        mixer="mlp" if values.get("mlp_t") else "attention",
        positions=str(values.get("pos_encodings", "rope")),
        tokens=size["seq_len"],
        tasks=size["num_puzzle_identifiers"] if task_width else 0,
        task_width=task_width,
        prefix=prefix,
        padding=None,
    )


def official_tensors(tensors: Mapping[str, Tensor], config: ModelConfig) -> dict[str, Tensor]:
    """Convert official tensors to our names, our shapes and float32.

    The halting head keeps the first of its two rows; the second row, for continuing, is dropped.
    Raises BadInput for a name that the official code does not use.
    """
    ours = {_own_name(name): tensor.float() for name, tensor in tensors.items()}
    if "tokens" in ours:
        ours["tokens"] = ours["tokens"][None]
    for name in ("halting_weight", "halting_bias"):
        if name in ours and ours[name].dim() > 0 and len(ours[name]) > 0:
            ours[name] = ours[name][0]
    if config.positions.startswith("rope"):
        shape = 3 * config.width, config.width
        for name, tensor in ours.items():
            if name.endswith("mixer.qkv.weight") and tensor.shape == shape:
                ours[name] = _pair_channels(tensor, config.heads)
    for name, tensor in _missing_weights(config).items():
        ours.setdefault(name, tensor)
    return ours


def _missing_weights(config: ModelConfig) -> dict[str, Tensor]:
    """Weights that each of our networks has and that an official network may lack."""
    absent = {"copying": torch.zeros(config.planes)}
    if config.positions != "learned":
        absent["places"] = torch.zeros(0, config.width)
    if not config.tasks:
        absent["tasks"] = torch.zeros(0, config.task_width)
    return absent


def _own_name(official: str) -> str:
    """Our name for a tensor; wrappers of compilation, loss and training end with `inner.`."""
    name = official.rpartition("inner.")[2]
    layer = re.fullmatch(r"L_level\.layers\.(\d+)\.([\w.]+)\.weight", name)
    if layer and layer[2] in _LAYER_NAMES:
        return f"blocks.{layer[1]}.{_LAYER_NAMES[layer[2]]}.weight"
    if name not in _NAMES:
        raise BadInput(f"weights: the official code has no tensor {official[:100]!r}")
    return _NAMES[name]


def _pair_channels(qkv: Tensor, heads: int) -> Tensor:
    """Reorder the rows of queries and keys, so that channels that rotate together are neighbors.

    In the official code they are half a head apart.
    """
    query, key, value = qkv.chunk(3)
    reordered = (
        part.unflatten(0, (heads, 2, -1)).transpose(1, 2).flatten(0, 2) for part in (query, key)
    )
    return torch.cat([*reordered, value])


def _units(width: int, expansion: float) -> int:
    """The number of units of an official gated layer."""
    return -(-round(expansion * width * 2 / 3) // UNITS_STEP) * UNITS_STEP


def _integer(values: Mapping[str, Any], name: str, default: int | None = None) -> int:
    value = values.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 31:
        raise BadInput(f"network configuration: {name} is {value!r}, expected a whole number")
    return value


def _number(values: Mapping[str, Any], name: str) -> float:
    value = values.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1000:
        raise BadInput(f"network configuration: {name} is {value!r}, expected a number")
    return float(value)
