"""Benchmarks: each module holds a click command named `command`, run by `arcsolve bench`."""

from __future__ import annotations
