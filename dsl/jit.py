"""Compilation of kernels with numba, cached on disk under a fingerprint of the sources.

numba invalidates a cached kernel when the file that defines the kernel changes, but not when a
helper in another file changes. The cache folder is therefore named after a hash of the files of all
functions that a kernel calls, and of the constants that these functions use. No outdated kernel
ever runs. The hash covers nothing else, so that all checkouts and installations of the same sources
share their compiled kernels.
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
from numba.core import caching, config

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


_Locator: Any = (
    caching.UserProvidedCacheLocator
    if hasattr(caching, "UserProvidedCacheLocator")
    else caching._UserProvidedCacheLocator  # its name in numba 0.61 and before
)


class ContentLocator(_Locator):  # type: ignore[misc]  # numba has no types
    """Puts numba's cache files into numba's cache folder itself, wherever the sources are."""

    def __init__(self, function: Callable[..., Any], file: str) -> None:
        super().__init__(function, file)
        self._folder = config.CACHE_DIR

    def get_cache_path(self) -> str:
        """Return numba's cache folder."""
        return str(self._folder)

    def get_source_stamp(self) -> Any:
        """Return a stamp of the sources alone; numba 0.61 and before would take the file's time."""
        new = hasattr(caching, "UserProvidedCacheLocator")
        return super().get_source_stamp() if new else str(self._folder)


def compiled(function: Callable[..., Any], signature: Any = None, **options: Any) -> Any:
    """Compile a function with numba and cache it on disk; compile at once if a signature is given.

    `options` are further options of `numba.njit`.
    """
    with _cache_in(cache_folder(function)):
        options = {"cache": True, "error_model": "numpy", "nogil": True, **options}
        return numba.njit(signature, **options)(function)


def cache_folder(function: Callable[..., Any]) -> Path:
    """Return the folder that caches a function, named after the files it is compiled from."""
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
    """Return whether the cache holds a compiled version of a function; check by file name only."""
    name = f"*{function.__qualname__}-{function.__code__.co_firstlineno}.*.nbi"
    return any(cache_folder(function).glob(name))


def _calls(function: Callable[..., Any]) -> set[Callable[..., Any]]:
    """Return the function and all compiled functions that it calls, directly or indirectly."""
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
    """Return the values of the plain global names that a function uses."""
    values = (function.__globals__.get(name) for name in _names(function.__code__))
    return [value for value in values if isinstance(value, int | float | tuple | np.ndarray)]


def _names(code: CodeType) -> Iterator[str]:
    """Yield the global names that some code uses, also within its comprehensions."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


@cache
def _content(file: str) -> bytes:
    return Path(file).read_bytes()


@cache
def cache_root() -> Path:
    """Return the folder of all caches.

    It is `$ARCSOLVE_CACHE` if that is set, or else the user's cache folder, or a temporary folder
    if the user's folder is not writable.
    """
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
    """Set numba's cache folder, a global setting, while a function is decorated."""
    before = config.CACHE_DIR, caching.CacheImpl._locator_classes
    config.CACHE_DIR, caching.CacheImpl._locator_classes = str(folder), [ContentLocator]
    try:
        yield
    finally:
        config.CACHE_DIR, caching.CacheImpl._locator_classes = before
