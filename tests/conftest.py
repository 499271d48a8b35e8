"""Settings and fixtures of all tests."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import arcsolve.dsl.primitive
import arcsolve.lineups
from arcsolve.dsl.primitive import Primitive, primitive, primitives

# Every run makes the same draws, so that a failure comes from a change of the code.
# `--hypothesis-profile explore` makes other and more draws.
TOO_MUCH = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
settings.register_profile(
    "fixed", derandomize=True, deadline=None, database=None, suppress_health_check=TOO_MUCH
)
settings.register_profile(
    "explore", settings.get_profile("fixed"), derandomize=False, max_examples=2000
)
settings.load_profile("fixed")


@pytest.fixture(autouse=True, scope="session")
def _interrupts() -> None:
    """Let SIGINT raise KeyboardInterrupt, even if the tests were started in the background.

    A shell script starts background jobs with SIGINT ignored, and Python keeps that setting.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the built-in line-ups by ``mirrors``, ``replayable`` and ``raises``."""
    known = {
        "mirrors": "tests.fakes:mirrors_twice",
        "replayable": "tests.fakes:replayable",
        "raises": "tests.fakes:raises",
    }
    monkeypatch.setattr(arcsolve.lineups, "BUILT_IN", known)


@pytest.fixture
def declare() -> Iterator[Callable[..., Primitive]]:
    """A function that declares a primitive for the duration of one test.

    The kernel of the primitive is the plain function, without compilation. An existing primitive of
    the same name is hidden during the test.
    """
    before = primitives()
    registry = arcsolve.dsl.primitive._registry

    def declared(function: Callable[..., Any], cost: int = 2, **decorator: Any) -> Primitive:
        registry.pop(function.__name__, None)
        new = primitive(cost=cost, **decorator)(function)
        vars(new)["kernel"] = function
        return new

    yield declared
    registry.clear()
    registry.update(before)
