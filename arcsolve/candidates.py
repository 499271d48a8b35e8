"""Candidates and curve points as plain values, for a worker's pipe and the rows of a run store."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from operator import index
from types import MappingProxyType
from typing import Any

from arcsolve.dsl.grid import MAX_SIDE, Grid
from arcsolve.dsl.solver import Candidate, CurvePoint
from arcsolve.dsl.task import Task

Record = tuple[int, str, str, str, str]
"""A candidate: test, output as text, solver, reason, evidence as JSON with sorted names."""

PointRecord = tuple[int, str, float, float, float]
"""A curve point: test, output as text, progress, loss, accuracy."""

_SHARE = (0.0, 1.0)
_MANY = 1e12  # more than any count, and small enough to add up
RANGES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "fit": _SHARE,
        "support": _SHARE,
        "length": (0.0, _MANY),
        "programs": (1.0, _MANY),
        "bits": (0.0, _MANY),
        "rules": (1.0, _MANY),
        "lead": (-_MANY, _MANY),
        "canvas": (0.0, _MANY),
        "proven": _SHARE,
        "votes": _SHARE,
        "likelihood": (-_MANY, 0.0),
        "held_out": _SHARE,
    }
)
"""The least and the greatest value of each kind of evidence that the arbiter weighs."""


def encode_candidate(candidate: Candidate) -> Record:
    """Convert a candidate to plain values; `decode_candidate` restores an equal candidate."""
    numbers = {name: float(number) for name, number in sorted(candidate.evidence.items())}
    evidence = json.dumps(numbers)
    return (
        index(candidate.test),
        str(candidate.output),
        candidate.solver,
        candidate.reason,
        evidence,
    )


def decode_candidate(record: Record) -> Candidate:
    """Restore the candidate that `encode_candidate` converted."""
    test, output, solver, reason, evidence = record
    return Candidate(test, Grid(output), solver, reason, json.loads(evidence))


def encode_point(point: CurvePoint) -> PointRecord:
    """Convert a curve point to plain values; `decode_point` restores an equal point."""
    numbers = float(point.progress), float(point.loss), float(point.accuracy)
    return index(point.test), str(point.output), *numbers


def decode_point(record: PointRecord) -> CurvePoint:
    """Restore the curve point that `encode_point` converted."""
    test, output, progress, loss, accuracy = record
    return CurvePoint(test, Grid(output), progress, loss, accuracy)


def check_candidate(candidate: Any, task: Task) -> Candidate:
    """Return the object unchanged if it is a candidate that can be submitted for the task.

    Raises TypeError or ValueError that says what is wrong with the object.
    """
    if not isinstance(candidate, Candidate) or not isinstance(candidate.output, Grid):
        raise TypeError(f"expected a Candidate with a Grid, found {candidate!r:.100}")
    _check_output(candidate.test, candidate.output, task)
    if not isinstance(candidate.solver, str) or not isinstance(candidate.reason, str):
        raise TypeError("the solver and the reason of a candidate must be text")
    f"{candidate.solver}{candidate.reason}".encode()  # half a surrogate pair cannot be stored
    _check_evidence(candidate.evidence)
    return candidate


def check_point(point: CurvePoint, task: Task) -> CurvePoint:
    """Return the curve point unchanged if it is one of a training on the task.

    Raises TypeError or ValueError that says what is wrong with the point.
    """
    if not isinstance(point.output, Grid):
        raise TypeError(f"expected a CurvePoint with a Grid, found {point!r:.100}")
    _check_output(point.test, point.output, task)
    shares = point.progress, point.accuracy
    if not (math.isfinite(point.loss) and all(0 <= share <= 1 for share in shares)):
        found = f"found {point.progress!r}, {point.loss!r} and {point.accuracy!r}"
        raise ValueError(f"progress and accuracy must be shares and loss finite, {found}")
    return point


def _check_output(test: int, output: Grid, task: Task) -> None:
    if not 0 <= index(test) < len(task.tests):
        raise ValueError(f"there is no test {test!r:.20}")
    if max(output.shape) > MAX_SIDE:
        raise ValueError(f"the output has shape {output.shape}, larger than {MAX_SIDE}")


def _check_evidence(evidence: Mapping[str, float]) -> None:
    for name, number in evidence.items():
        if not isinstance(name, str) or not math.isfinite(number):
            raise ValueError(f"evidence must be finite numbers by name, found {name!r}: {number!r}")
        least, most = RANGES.get(name, (number, number))
        if not least <= number <= most:
            raise ValueError(f"{name} must be from {least:g} to {most:g}, found {number!r}")
