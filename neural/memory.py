"""How the process holds the memory of its tensors."""

from __future__ import annotations

import ctypes
import sys

__all__ = ["keep_freed_memory"]

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # parameters of mallopt, in glibc's malloc.h
MOST_KEPT = 2**31 - 1  # bytes, the most that mallopt takes
LARGEST_KEPT = 2**25  # bytes of a single block, likewise


def keep_freed_memory() -> None:
    """Have this process keep freed memory for what it allocates next, instead of handing it back.

    Every step of training frees and allocates the same tensors; each page that the kernel took
    back costs a fault. Does nothing where the C library is not glibc.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    if mallopt is not None:
        mallopt(TRIM_THRESHOLD, MOST_KEPT)
        mallopt(MMAP_THRESHOLD, LARGEST_KEPT)
