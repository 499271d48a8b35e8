"""Devices: where a network computes, by name."""

from __future__ import annotations

import os

import torch

from arcsolve.dsl.errors import BadInput

__all__ = ["device_of"]


def device_of(name: str) -> torch.device:
    """The device of this name: ``cpu``, or ``cuda`` for a GPU of this process's own.

    The GPU is the one whose number the process has on its machine, as torchrun counts. Raises
    BadInput if it is not there.
    """
    if name != "cuda":
        return torch.device(name)
    if not torch.cuda.is_available():
        raise BadInput("torch finds no CUDA device here: use the device cpu")
    number, count = int(os.environ.get("LOCAL_RANK", "0")), torch.cuda.device_count()
    if number >= count:
        raise BadInput(f"every process needs a GPU of its own: there are {count} on this machine")
    return torch.device(name, number)
