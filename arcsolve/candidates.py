"""Candidates as plain values: what goes through a worker's pipe and into a run store's rows."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from operator import index
from typing import Any

from arcsolve.arbiter.evidence import RANGES
from arcsolve.dsl.grid import MAX_SIDE, Grid
from arcsolve.dsl.solver import Candidate
from arcsolve.dsl.task import Task

Record = tuple[int, str, str, str, str]
"""test, output as text, solver, reason, evidence as JSON with sorted names."""


def record_of(candidate: Candidate) -> Record:
    """The candidate as plain values; `candidate_of` turns them back into an equal one."""
    numbers = {name: float(number) for name, number in sorted(candidate.evidence.items())}
    evidence = json.dumps(numbers)
    return (
        index(candidate.test),
        str(candidate.output),
        candidate.solver,
        candidate.reason,
        evidence,
    )


def candidate_of(record: Record) -> Candidate:
    """The candidate that `record_of` was given."""
    test, output, solver, reason, evidence = record
    return Candidate(test, Grid(output), solver, reason, json.loads(evidence))


def check_candidate(candidate: Any, task: Task) -> Candidate:
    """The same object if it is a candidate that can be submitted for the task.

    Raises TypeError or ValueError that says what is wrong with it.
    """
    if not isinstance(candidate, Candidate) or not isinstance(candidate.output, Grid):
        raise TypeError(f"expected a Candidate with a Grid, found {candidate!r:.100}")
    if not 0 <= index(candidate.test) < len(task.tests):
        raise ValueError(f"there is no test {candidate.test!r:.20}")
    if max(candidate.output.shape) > MAX_SIDE:
        raise ValueError(f"the output has shape {candidate.output.shape}, larger than {MAX_SIDE}")
    if not isinstance(candidate.solver, str) or not isinstance(candidate.reason, str):
        raise TypeError("the solver and the reason of a candidate must be text")
    f"{candidate.solver}{candidate.reason}".encode()  # half a surrogate pair cannot be stored
    _check_evidence(candidate.evidence)
    return candidate


def _check_evidence(evidence: Mapping[str, float]) -> None:
    for name, number in evidence.items():
        if not isinstance(name, str) or not math.isfinite(number):
            raise ValueError(f"evidence must be finite numbers by name, found {name!r}: {number!r}")
        least, most = RANGES.get(name, (number, number))
        if not least <= number <= most:
            raise ValueError(f"{name} must be from {least:g} to {most:g}, found {number!r}")
