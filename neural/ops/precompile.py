"""Compilation of the network's kernels, once per machine, with progress; needs no torch."""

from __future__ import annotations

from functools import cache

from tqdm import tqdm

import arcsolve.neural.ops.local_kernels  # noqa: F401 - adds its kernels to the list
from arcsolve.dsl.jit import is_cached
from arcsolve.neural.ops.kernels import KERNELS


@cache
def warm_up() -> None:
    """Load all kernels into this process; kernels that are not cached compile in a few seconds."""
    cached = all(is_cached(ready.py_func) for ready, _ in KERNELS)
    for ready, signatures in tqdm(KERNELS, "compiling, once", unit="kernel", disable=cached):
        for signature in signatures:
            ready.compile(signature)
