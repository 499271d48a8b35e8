"""Benchmarks: every module here holds one click command named `command`, run as `arcsolve bench`."""

from __future__ import annotations
