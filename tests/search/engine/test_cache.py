"""The cache folder of a compiled function covers the sources of everything that it calls."""

from __future__ import annotations

import sys
from pathlib import Path

import arcsolve.search.warmup  # noqa: F401 - imports all compiled functions of the search
from arcsolve.dsl.jit import cache_folder


def test_cached_functions_follow_all_functions_that_they_call() -> None:
    """A function above its helpers would be cached by a hash that lacks them."""
    modules = {name: m for name, m in sys.modules.items() if name.startswith("arcsolve.search.")}
    checked = 0
    for name, module in modules.items():
        for function in vars(module).values():
            folder = getattr(getattr(function, "_cache", None), "cache_path", None)
            if folder and function.py_func.__module__ == name:
                assert Path(folder) == cache_folder(function.py_func), function
                checked += 1
    assert checked > 10
