"""Training curves as text: the points at which a solver that learns reported its output."""

from __future__ import annotations

from collections.abc import Mapping

from arcsolve.dsl.solver import CurvePoint
from arcsolve.run.sandbox import Outcome


def training_curves(outcomes: Mapping[str, Outcome], test: int) -> dict[str, list[CurvePoint]]:
    """For each solver the points of its training curve for one test, the earliest first.

    `outcomes` are by solver name. A solver without a training curve for the test is left out.
    """
    curves = {
        name: sorted((p for p in o.trace if p.test == test), key=lambda point: point.progress)
        for name, o in outcomes.items()
    }
    return {name: curve for name, curve in curves.items() if curve}


def format_point(point: CurvePoint) -> str:
    """Format progress, loss in nats per cell, and accuracy on the pairs' cells as one line."""
    return (
        f"{point.progress:4.0%}  loss {point.loss:.3f}"
        f"  {point.accuracy:4.0%} of the pairs' cells right"
    )
