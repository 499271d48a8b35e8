"""Compares a network with arrays of the official code, after every supervision step."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from arcsolve.dsl.errors import BadInput
from arcsolve.neural.losses import IGNORED, cross_entropy
from arcsolve.neural.model import State, TinyRecursiveModel

COMPARED = ("logits", "q_halt_logits", "stablemax_cross_entropy")
"""The compared arrays of a reference; their first axis is the supervision step."""

BATCH = ("inputs", "labels", "puzzle_identifiers")


def read_reference(path: Path) -> dict[str, NDArray[Any]]:
    """Read the arrays of an .npz file: a batch and the arrays to compare.

    Raises BadInput if an array is missing or does not fit the others.
    """
    with path.open("rb") as opened:
        try:
            with np.load(opened, allow_pickle=False) as file:
                arrays = {name: file[name] for name in (*BATCH, *COMPARED)}
        except Exception as error:  # a damaged file may raise anything
            raise BadInput(f"not a reference: {error}", file=str(path)) from error
    for name, array in arrays.items():
        if array.dtype.kind not in ("f" if name in COMPARED else "iu"):
            raise BadInput(f"reference: {name} holds {array.dtype}", file=str(path))
    steps = {len(arrays[name]) if arrays[name].ndim else 0 for name in COMPARED}
    if arrays["inputs"].ndim != 2 or len(steps) != 1:
        raise BadInput("the arrays of the reference do not match each other", file=str(path))
    if steps == {0} or not arrays["inputs"].size:
        raise BadInput("the reference has no examples, or no supervision steps", file=str(path))
    return arrays


def largest_errors(model: TinyRecursiveModel, reference: dict[str, Any]) -> dict[str, float]:
    """The largest absolute error of each compared array over all supervision steps.

    Raises BadInput if arrays do not have the shapes that the network gives for the batch, and if
    numbers are not finite.
    """
    inputs, labels, tasks = (torch.from_numpy(reference[name].astype(np.int64)) for name in BATCH)
    _check_range(model, inputs, labels, tasks)
    errors = dict.fromkeys(COMPARED, 0.0)
    state: State | None = None
    for step in range(len(reference["logits"])):
        with torch.no_grad():
            state, logits, halting = model(inputs[:, None, None], tasks, state)
            cells = logits.squeeze(1)
            found = (cells, halting, cross_entropy(cells, labels, "stablemax"))
        for name, tensor in zip(COMPARED, found, strict=True):
            errors[name] = max(errors[name], _error(name, tensor, reference[name][step]))
    return errors


def _check_range(model: TinyRecursiveModel, inputs: Tensor, labels: Tensor, tasks: Tensor) -> None:
    config, batch = model.config, len(inputs)
    if labels.shape != inputs.shape or tasks.shape != (batch,):
        raise BadInput("reference: inputs, labels and puzzle_identifiers differ in size")
    if config.tokens and inputs.shape[1] != config.tokens:
        raise BadInput(f"reference: {inputs.shape[1]} tokens, expected {config.tokens}")
    limits = ((inputs, config.vocabulary), (labels, config.vocabulary), (tasks, config.tasks or 1))
    if any(values.numel() and values.max() >= limit for values, limit in limits):
        raise BadInput("reference: a token or task exceeds the range of the configuration")
    if any((values < 0).any() for values in (inputs, labels[labels != IGNORED], tasks)):
        raise BadInput("reference: a token or task is negative")


def _error(name: str, tensor: Tensor, expected: NDArray[Any]) -> float:
    found = tensor.double().numpy()
    if found.shape != expected.shape:
        raise BadInput(f"reference: {name} has shape {expected.shape}, expected {found.shape}")
    error = float(np.abs(found - expected).max(initial=0.0))
    if not math.isfinite(error):
        raise BadInput(f"{name} of the network or of the reference are not finite")
    return error
