"""How a solver that learns came to its answer: the outputs that it gave on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from arcsolve.dsl.grid import Grid
from arcsolve.run.sandbox import Outcome


@dataclass(frozen=True, slots=True)
class Moment:
    """What a network made of a test when the share `progress` of its training was done.

    `loss` is that of its last batch, in nats a cell, `accuracy` the share of the pairs' cells that
    it had right.
    """

    progress: float
    loss: float
    accuracy: float
    output: Grid

    def __str__(self) -> str:
        return (
            f"{self.progress:4.0%}  loss {self.loss:.3f}"
            f"  {self.accuracy:4.0%} of the pairs' cells right"
        )


def moments_of(outcomes: Mapping[str, Outcome], test: int) -> dict[str, list[Moment]]:
    """By solver the moments of its training, the earliest first; only solvers that tell of it.

    They are candidates whose evidence has `progress`, `loss` and `accuracy`.
    """
    found = {name: sorted(_moments(o, test), key=_time) for name, o in outcomes.items()}
    return {name: moments for name, moments in found.items() if moments}


def _moments(outcome: Outcome, test: int) -> Iterable[Moment]:
    for candidate in outcome.candidates:
        told = candidate.evidence
        if candidate.test == test and told.keys() >= {"progress", "loss", "accuracy"}:
            yield Moment(told["progress"], told["loss"], told["accuracy"], candidate.output)


def _time(moment: Moment) -> float:
    return moment.progress
