"""The interface of a solver: given a task and a budget of work, it yields candidates."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Task


class StopReason(StrEnum):
    """The reason why a solver stopped."""

    EXHAUSTED = "exhausted"  # nothing left to try
    OPERATIONS = "operation limit"
    STATES = "state limit"
    MEMORY = "memory limit"
    TIME = "time limit"  # applied only from outside
    DEADLINE = "deadline"  # applied from outside; the solver must run again
    CRASHED = "crashed"
    SETTLED = "settled"  # never started: earlier solvers' answers are probably right


@dataclass(frozen=True, slots=True)
class Stop:
    """The reason why a solver stopped, with detail for people."""

    reason: StopReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """The work that a solver may do on one task, in counts of work and never in seconds.

    `operations` counts applications of a primitive to one grid. `states` counts distinct values
    that are kept. `seed` is for solvers that draw random numbers. A solver must give the same
    candidates for the same budget.
    """

    operations: int
    states: int
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """One proposed output for one test input, with the evidence that the arbiter weighs.

    `reason` says what made the output. It is readable, and for a program it can be replayed.
    `evidence` maps names to numbers; each solver documents the names that it uses.
    """

    test: int
    output: Grid
    solver: str
    reason: str
    evidence: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}), hash=False)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One point of the training curve of a solver that learns: its output during training.

    `progress` is the share of the training that is done, from 0 to 1. `loss` is the loss of the
    last batch in nats per cell. `accuracy` is the share of the cells of the pairs' outputs that
    the network predicts correctly. A curve point is no answer: the arbiter never sees it.
    """

    test: int
    output: Grid
    progress: float
    loss: float
    accuracy: float


@runtime_checkable
class Solver(Protocol):
    """An anytime solver: yields candidates as it finds them and returns the reason why it stopped.

    A solver that learns may also yield points of its training curve, which people see.

    Solvers are frozen dataclasses whose fields are the settings: ``eval(repr(solver))`` rebuilds
    one.
    """

    @property
    def name(self) -> str:
        """Return the name under which candidates and reports show the solver."""

    def solve(self, task: Task, budget: Budget) -> Generator[Candidate | CurvePoint, None, Stop]:
        """Yield candidates for a task within a budget of work; return why the solver stopped."""
