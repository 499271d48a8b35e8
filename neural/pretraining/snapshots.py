"""Snapshots: the whole state of a training in one file, from which it resumes exactly.

A state consists of nested dictionaries and lists of floating-point tensors, numbers and text.
Tensors are stored as safetensors and the rest as JSON beside them. Nothing that is read is ever
executed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from torch import Tensor

from arcsolve.dsl.errors import BadInput
from arcsolve.neural.checkpoints.native import read_safetensors, write_tensors

FORMAT = "arcsolve-training-1"
TENSOR, NUMBERED = "tensor", "numbered"  # mark tensors, and dictionaries with int keys


def save_snapshot(path: Path, state: Any) -> None:
    """Replace the file by one with this state; a crash meanwhile leaves the whole old file."""
    tensors: dict[str, Tensor] = {}
    plain = _to_json(state, tensors)
    write_tensors(path, tensors, {FORMAT: json.dumps(plain)})


def load_snapshot(path: Path) -> Any:
    """Load the state that `save_snapshot` wrote; raises BadInput for any other file."""
    tensors, metadata = read_safetensors(path)
    if FORMAT not in metadata:
        raise BadInput(f"not a snapshot of format {FORMAT}", file=str(path))
    try:
        return _restore(json.loads(metadata[FORMAT]), tensors)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput(f"the snapshot is damaged: {error}", file=str(path)) from error


def _to_json(value: Any, tensors: dict[str, Tensor]) -> Any:
    """Convert a value to what JSON can hold; its tensors go to `tensors`."""
    if isinstance(value, Tensor):
        name = str(len(tensors))
        tensors[name] = value.detach().cpu().contiguous().clone()
        return {TENSOR: name}
    if isinstance(value, dict) and all(isinstance(key, int) for key in value) and value:
        return {NUMBERED: [[key, _to_json(item, tensors)] for key, item in value.items()]}
    if isinstance(value, dict):
        return {key: _to_json(item, tensors) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_to_json(item, tensors) for item in value]
    return value


def _restore(value: Any, tensors: dict[str, Tensor]) -> Any:
    if isinstance(value, list):
        return [_restore(item, tensors) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {TENSOR}:
        return tensors[value[TENSOR]]
    if value.keys() == {NUMBERED}:
        return {key: _restore(item, tensors) for key, item in value[NUMBERED]}
    return {key: _restore(item, tensors) for key, item in value.items()}
