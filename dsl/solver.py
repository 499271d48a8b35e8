"""What a solver is: given a task and a budget of work, it yields candidates until it stops."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Task

__all__ = ["Budget", "Candidate", "CurvePoint", "Solver", "Stop", "StopReason"]


class StopReason(StrEnum):
    """Why a solver stopped."""

    EXHAUSTED = "exhausted"  # nothing left to try
    OPERATIONS = "operation limit"
    STATES = "state limit"
    MEMORY = "memory limit"
    TIME = "time limit"  # only ever applied from outside
    DEADLINE = "deadline"  # as well: the run's time was up, and the solver is to be run again
    CRASHED = "crashed"
    SETTLED = "settled"  # not begun: the answers of solvers before it are likely right


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a solver stopped, with detail for people."""

    reason: StopReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """How much work a solver may do on one task: counts of work, never seconds.

    `operations`: primitive applications to one grid each. `states`: distinct values kept.
    `seed`: for solvers that draw. All solvers must give the same candidates for the same budget.
    """

    operations: int
    states: int
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """One proposed output for one test input, with the evidence that the arbiter weighs.

    `reason` is what made it, readable and, for a program, replayable. `evidence` maps names to
    numbers; the names a solver uses are documented where it is defined.
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
    """Anytime: yields candidates as they are found; the generator returns why it stopped.

    A solver that learns may also yield points of its training curve, which are shown to people.

    Solvers are frozen dataclasses whose fields are the knobs: ``eval(repr(solver))`` rebuilds one.
    """

    @property
    def name(self) -> str: ...

    def solve(
        self, task: Task, budget: Budget
    ) -> Generator[Candidate | CurvePoint, None, Stop]: ...
