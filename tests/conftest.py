"""Settings and fixtures that all tests share."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import arcsolve.dsl.primitive
import arcsolve.lineups
from arcsolve.dsl.primitive import Primitive, primitive, primitives

# The same draws in every run, so that a failure is of the change and not of the day.
# `--hypothesis-profile explore` draws others, and more of them.
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

    A shell starts background jobs of a script with SIGINT ignored, and Python leaves that as it is.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line-ups ``mirrors`` and ``raises`` take the place of the built-in ones."""
    known = {"mirrors": "tests.fakes:mirrors_twice", "raises": "tests.fakes:raises"}
    monkeypatch.setattr(arcsolve.lineups, "BUILT_IN", known)


@pytest.fixture
def declare() -> Iterator[Callable[..., Primitive]]:
    """Declares a function a primitive for the time of one test.

    Its kernel is the plain function: what these tests claim has nothing to do with compilation.
    A primitive that has this name already is hidden for as long.
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
