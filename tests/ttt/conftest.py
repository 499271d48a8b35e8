"""Tests of networks use one thread: more threads would wait for each other on a busy machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from arcsolve.ttt.adapt import one_thread


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    with one_thread():
        yield
