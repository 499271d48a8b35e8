"""Settled tasks: the answers so far are likely right, so that a dear solver is not run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from arcsolve.arbiter.decide import Decision
from arcsolve.dsl.solver import Solver, Stop, StopReason
from arcsolve.run.sandbox import Outcome


@runtime_checkable
class Defers(Protocol):
    """A solver of much work that leaves tasks to those before it in a line-up.

    It does so from this probability on that their answers solve the task.
    """

    @property
    def settled(self) -> float: ...


def solved_probability(decisions: Sequence[Decision]) -> float:
    """The probability that every test has its output among the two attempts."""
    return math.prod(sum(attempt.probability for attempt in each.attempts) for each in decisions)


def settled(solver: Solver, probability: float) -> Outcome | None:
    """What to report of the solver instead of running it, if it leaves a task to those before it.

    Their answers solve the task with this probability.
    """
    if not isinstance(solver, Defers) or probability < solver.settled:
        return None
    return Outcome((), Stop(StopReason.SETTLED, f"answers are {probability:.0%} likely"), 0.0)
