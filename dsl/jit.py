"""Compilation of kernels with numba, cached on disk under a fingerprint of the sources.

numba invalidates a cached kernel when the file that defines it changes, but not when a helper in
another file does. The cache folder is therefore named after a hash of the files of all functions
that a kernel calls, and of the constants they use: nothing runs as its older self. Nothing else
names it, so that all checkouts and installations of the same sources share what is compiled.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import numba
import numpy as np
from numba import types
from numba.core import config
from numba.core.caching import UserProvidedCacheLocator

NUMBA_TYPES = {
    "A": types.Array(types.uint8, 2, "C"),
    "L": types.Array(types.uint8, 3, "C"),
    "S": types.int64,
}
"""numba's type for each kind of kernel value (see `arcsolve.dsl.values.ValueType.kind`)."""

helper = numba.njit(error_model="numpy")
"""Decorator for functions that kernels call; compiled into them, so not cached by themselves."""

inlined = numba.njit(error_model="numpy", forceinline=True)
"""The same for small functions that take many arrays: an array is passed as seven words a call."""


class ContentLocator(UserProvidedCacheLocator):  # type: ignore[misc]  # numba has no types
    """Caches in numba's cache folder itself, and not by where the sources lie."""

    def __init__(self, function: Callable[..., Any], file: str) -> None:
        super().__init__(function, file)
        self._folder = config.CACHE_DIR

    def get_cache_path(self) -> str:
        return str(self._folder)


def compiled(function: Callable[..., Any], signature: Any = None, **options: Any) -> Any:
    """The function compiled by numba (now if signatures are given), cached on disk.

    `options` are more of those that `numba.njit` has.
    """
    with _cache_in(cache_folder(function)):
        options = {"cache": True, "error_model": "numpy", "nogil": True, **options}
        return numba.njit(signature, **options)(function)


def cache_folder(function: Callable[..., Any]) -> Path:
    """Where this function is cached: a folder for the files that it is compiled from."""
    digest = hashlib.blake2b(numba.__version__.encode(), digest_size=8)
    calls = sorted(_calls(function), key=lambda called: (called.__module__, called.__qualname__))
    for file in sorted({called.__code__.co_filename for called in calls}):
        digest.update(_content(file))
    for called in calls:
        digest.update(repr(_constants(called)).encode())
    folder = cache_root() / digest.hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def is_cached(function: Callable[..., Any]) -> bool:
    """Whether a compiled version of this function lies in the cache (a quick look by name)."""
    name = f"*{function.__qualname__}-{function.__code__.co_firstlineno}.*.nbi"
    return any(cache_folder(function).glob(name))


def _calls(function: Callable[..., Any]) -> set[Callable[..., Any]]:
    """The function and all compiled functions that it calls, directly or not."""
    found, waiting = {function}, [function]
    while waiting:
        caller = waiting.pop()
        enclosed = [cell.cell_contents for cell in caller.__closure__ or ()]
        named = [caller.__globals__.get(name) for name in _names(caller.__code__)]
        for value in (*enclosed, *named):
            called = getattr(value, "py_func", getattr(value, "_defn", None))
            if called is not None and called not in found:
                found.add(called)
                waiting.append(called)
    return found


def _constants(function: Callable[..., Any]) -> list[Any]:
    """The values of the plain global names that a function uses."""
    values = (function.__globals__.get(name) for name in _names(function.__code__))
    return [value for value in values if isinstance(value, int | float | tuple | np.ndarray)]


def _names(code: CodeType) -> Iterator[str]:
    """The global names that some code uses, also within its comprehensions."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


@cache
def _content(file: str) -> bytes:
    return Path(file).read_bytes()


@cache
def cache_root() -> Path:
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
    """Numba reads where to cache when a function is decorated, from global settings."""
    before = config.CACHE_DIR, config.CACHE_LOCATOR_CLASSES
    locator = f"{ContentLocator.__module__}.{ContentLocator.__qualname__}"
    config.CACHE_DIR, config.CACHE_LOCATOR_CLASSES = str(folder), locator
    try:
        yield
    finally:
        config.CACHE_DIR, config.CACHE_LOCATOR_CLASSES = before
