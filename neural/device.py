"""The device that a network computes on, and how the process keeps memory for its tensors."""

from __future__ import annotations

import ctypes
import os
import sys

import torch

from arcsolve.dsl.errors import BadInput

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # parameters of mallopt, in glibc's malloc.h
MAX_TRIM_THRESHOLD = 2**31 - 1  # bytes, the largest value that mallopt accepts
MAX_MMAP_THRESHOLD = 2**25  # bytes of a single block, the largest value that mallopt accepts


def find_device(name: str) -> torch.device:
    """The device of this name: ``cpu``, or ``cuda`` for the GPU of this process.

    A process uses the GPU with its local rank, as torchrun sets it. Raises BadInput if there is no
    such GPU.
    """
    if name != "cuda":
        return torch.device(name)
    if not torch.cuda.is_available():
        raise BadInput("torch finds no CUDA device here: use the device cpu")
    number, count = int(os.environ.get("LOCAL_RANK", "0")), torch.cuda.device_count()
    if number >= count:
        raise BadInput(f"every process needs a GPU of its own: there are {count} on this machine")
    return torch.device(name, number)


def keep_freed_memory() -> None:
    """Have this process keep the memory that it frees, instead of returning it to the system.

    Every training step frees and allocates tensors of the same sizes. Each page that the system
    takes back costs a page fault. Does nothing where the C library is not glibc.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    if mallopt is not None:
        mallopt(TRIM_THRESHOLD, MAX_TRIM_THRESHOLD)
        mallopt(MMAP_THRESHOLD, MAX_MMAP_THRESHOLD)
