"""Freed memory is kept, and other C libraries are left alone."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from types import SimpleNamespace

import pytest

from arcsolve.neural.device import keep_freed_memory

FAULTS = """
import resource
import numpy as np
{call}
def fill():
    [np.ones(10 << 20, np.uint8) for _ in range(4)]
fill()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    fill()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(call: str) -> int:
    """Page faults of a process that repeats the same allocations after this call."""
    command = [sys.executable, "-c", FAULTS.format(call=call)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="only glibc has mallopt")
def test_freed_memory_is_kept() -> None:
    kept = faults("from arcsolve.neural.device import keep_freed_memory; keep_freed_memory()")
    assert kept < 50 < faults("")


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_other_c_libraries_are_left_alone(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace())
    keep_freed_memory()
