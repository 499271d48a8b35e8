"""Compilation of kernels with numba, cached on disk under a fingerprint of the sources.

numba invalidates a cached kernel when the file that defines it changes, but not when a helper in
another file does. The cache folder is therefore named after a hash of the sources of the package
that holds the kernels: a changed helper can never run as its older self.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba import types
from numba.core import config

__all__ = ["NUMBA_TYPES", "cache_folder", "compiled", "helper"]

NUMBA_TYPES = {
    "A": types.Array(types.uint8, 2, "C"),
    "L": types.Array(types.uint8, 3, "C"),
    "S": types.int64,
}
"""numba's type for each kind of kernel value (see `dsl.values.ValueType.kind`)."""

helper = numba.njit(error_model="numpy")
"""Decorator for functions that kernels call; compiled into them, so not cached by themselves."""


def compiled(function: Callable[..., Any], signature: Any = None) -> Any:
    """The function compiled by numba (now if a signature is given), cached on disk."""
    with _cache_in(cache_folder(Path(function.__code__.co_filename).parent)):
        return numba.njit(signature, cache=True, error_model="numpy", nogil=True)(function)


@cache
def cache_folder(package: Path) -> Path:
    """Where kernels defined in this folder are cached; made on first use."""
    digest = hashlib.blake2b(numba.__version__.encode(), digest_size=8)
    for source in sorted({*Path(__file__).parent.rglob("*.py"), *package.rglob("*.py")}):
        digest.update(source.read_bytes())
    folder = _cache_root() / digest.hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _cache_root() -> Path:
    """`$ARCSOLVE_CACHE`, else the user's cache folder, else (not writable) a temporary one."""
    if chosen := os.environ.get("ARCSOLVE_CACHE"):
        return Path(chosen)
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "arcsolve"
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root):
            return root
    except OSError:
        return Path(tempfile.gettempdir()) / "arcsolve"


@contextmanager
def _cache_in(folder: Path) -> Iterator[None]:
    """numba reads its cache folder when a function is decorated, from a global setting."""
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        config.CACHE_DIR = before
