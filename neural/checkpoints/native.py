"""Native checkpoints in safetensors, and safe reading of tensors from untrusted files.

Nothing that is read is ever executed: safetensors holds only data, and torch's own format is opened
with its `weights_only` reader.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from arcsolve.dsl.errors import BadInput
from arcsolve.neural.config import ModelConfig, parse_config
from arcsolve.neural.model import TinyRecursiveModel

FORMAT = "arcsolve-network-2"  # format 1 ordered the channels of rotary positions differently
MAX_JSON = 1_000_000  # bytes of a configuration
FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def save_checkpoint(model: TinyRecursiveModel, path: Path) -> None:
    """Write the configuration and the exact weights as one safetensors file."""
    tensors = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    metadata = {FORMAT: json.dumps(asdict(model.config))}  # one key: the order would vary
    write_tensors(path, tensors, metadata)


def write_tensors(path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> None:
    """Replace a safetensors file: readers see either the whole old file or the whole new one."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    unfinished.write_bytes(save(dict(tensors), dict(metadata)))
    os.replace(unfinished, path)


def load_checkpoint(path: Path) -> TinyRecursiveModel:
    """Load the model that `save_checkpoint` wrote; raises BadInput for any other file."""
    tensors, metadata = read_safetensors(path)
    if FORMAT not in metadata:
        raise BadInput(f"not a checkpoint of format {FORMAT}", file=str(path))
    config = _parse(metadata[FORMAT], path)
    try:
        return build_model(parse_config(config), tensors)
    except BadInput as error:
        raise error.located(file=str(path)) from error


def build_model(config: ModelConfig, tensors: Mapping[str, Tensor]) -> TinyRecursiveModel:
    """Build a model with these weights; raises BadInput unless all names and shapes match its own.

    They are checked before memory is allocated, because a configuration may ask for any amount.
    """
    with torch.device("meta"):
        model = TinyRecursiveModel(config)
    own = model.state_dict()
    for name in sorted(own.keys() ^ tensors.keys()):
        raise BadInput(f"weights: {'missing' if name in own else 'unknown'} tensor {name!r}")
    for name, tensor in tensors.items():
        if tensor.shape != own[name].shape:
            found, expected = tuple(tensor.shape), tuple(own[name].shape)
            raise BadInput(f"weights: {name} has shape {found}, expected {expected}")
    model.to_empty(device="cpu").load_state_dict(dict(tensors))
    return model


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Read the tensors of a .safetensors file, or of a state dict saved by torch, to the CPU.

    All tensors are dense and hold real floating-point numbers. Raises BadInput for anything else,
    above all for pickles that hold more than tensors.
    """
    if path.suffix == ".safetensors":
        return read_safetensors(path)[0]
    with path.open("rb") as file:
        try:
            loaded = torch.load(file, map_location="cpu", weights_only=True)
        except Exception as error:  # a broken file may raise anything
            first = str(error).strip().partition("\n")[0][:200]
            raise BadInput(f"not a file of weights: {first}", file=str(path)) from error
    return _state_dict(loaded, path)


def read_json(path: Path) -> dict[str, Any]:
    """Read the one JSON object in a file; raises BadInput for anything else."""
    with path.open("rb") as file:
        text = file.read(MAX_JSON + 1)
    if len(text) > MAX_JSON:
        raise BadInput(f"over {MAX_JSON:,} bytes, expected a configuration", file=str(path))
    return _parse(text, path)


def _parse(text: str | bytes, path: Path) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"not JSON: {error}", file=str(path)) from error
    if not isinstance(values, dict):
        raise BadInput(f"expected a JSON object, found {type(values).__name__}", file=str(path))
    return values


def read_safetensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Read the tensors and the metadata of a safetensors file; raises BadInput for any other file.

    All tensors hold real floating-point numbers.
    """
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            metadata = file.metadata() or {}
    except SafetensorError as error:
        raise BadInput(f"not a safetensors file: {error}", file=str(path)) from error
    except OSError as error:  # its text does not name the file
        raise BadInput(f"cannot read it: {error}", file=str(path)) from error
    return _state_dict(tensors, path), metadata


def _state_dict(loaded: Any, path: Path) -> dict[str, Tensor]:
    pairs = loaded.items() if isinstance(loaded, dict) else [("", loaded)]
    for name, tensor in pairs:
        if not isinstance(name, str) or not isinstance(tensor, Tensor):
            found = type(tensor).__name__
            raise BadInput(f"expected names and tensors, found {name!r}: {found}", file=str(path))
        if not _is_plain(tensor):
            problem = f"expected dense tensors of real floating-point numbers, {name!r} is not"
            raise BadInput(problem, file=str(path))
    return dict(pairs)


def _is_plain(tensor: Tensor) -> bool:
    """True if a tensor is dense, real, floating-point, on the CPU, and stores all its numbers."""
    if tensor.dtype not in FLOATS or tensor.layout != torch.strided or tensor.is_nested:
        return False
    stored = tensor.untyped_storage().nbytes()  # smaller than the tensor if it repeats numbers
    return tensor.device.type == "cpu" and stored >= tensor.numel() * tensor.itemsize
