"""Chooses two attempts for each test from the candidates, with the probability that each is right.

Either one proposed output is right, or none is. The score of an output is the weighted sum of its
evidence (`arcsolve.arbiter.evidence`). "No output is right" has the score 0. The probability of
each case is proportional to the exponential of its score: a conditional logit (McFadden,
"Conditional logit analysis of qualitative choice behavior", 1974). That model assumes independent
outputs. Many wrong outputs are variants of one another, so outputs behind others get a lower score.
`benchmarks/fit/calibrate_arbiter.py` fits the weights.

At most one output is right, so the two likeliest outputs are the best pair of attempts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from arcsolve.arbiter.evidence import (
    Evidence,
    collect_evidence,
    load_weights,
    merge_evidence,
    score,
)
from arcsolve.arbiter.fallback import guess_attempts
from arcsolve.arbiter.invariants import breach_counter
from arcsolve.candidates import encode_candidate
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.solver import Candidate
from arcsolve.dsl.task import Task

Fallback = Callable[[Task, int], tuple[Grid, Grid]]
"""Guesses two distinct grids for a test that has fewer than two outputs."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A grid to submit, its best candidate, and the probability that the grid is right.

    A guess of the fallback has no candidate, and the probability 0.
    """

    output: Grid
    candidate: Candidate | None = None
    probability: float = 0.0

    @property
    def reason(self) -> str:
        """The reason as text: a program, a checkpoint with its votes, or a note on a guess."""
        return self.candidate.reason if self.candidate else "a guess: nothing was found"


@dataclass(frozen=True, slots=True)
class Decision:
    """The two attempts for one test input, the likelier attempt first."""

    test: int
    attempts: tuple[Attempt, Attempt]


def decide(
    task: Task,
    candidates: Iterable[Candidate],
    fallback: Fallback = guess_attempts,
    weights: Evidence | None = None,
) -> tuple[Decision, ...]:
    """Choose two distinct attempts for each test of the task, in the order of the tests.

    The order of `candidates` does not matter: the content of outputs decides between equal scores.
    `fallback` guesses attempts for a test with fewer than two outputs. `weights` is None for the
    weights that the package ships.
    """
    found: list[dict[Grid, list[Candidate]]] = [{} for _ in task.tests]
    for candidate in candidates:
        found[candidate.test].setdefault(candidate.output, []).append(candidate)
    weights, broken = weights or load_weights(), breach_counter(task)
    ranked = (_rank(outputs, partial(broken, test), weights) for test, outputs in enumerate(found))
    return tuple(
        Decision(test, _pick_two(attempts, partial(fallback, task, test)))
        for test, attempts in enumerate(ranked)
    )


def _rank(
    outputs: dict[Grid, list[Candidate]], broken: Callable[[Grid], int], weights: Evidence
) -> list[Attempt]:
    """Make an attempt of each output, the likeliest attempt first."""
    evidence = collect_evidence(outputs, broken)
    scores = {output: score(each, weights) for output, each in evidence.items()}
    order = sorted(outputs, key=lambda output: (-scores[output], str(output)))
    likely = probabilities([scores[output] for output in order], weights.behind)
    return [
        Attempt(output, _leader(outputs[output], weights), probability)
        for output, probability in zip(order, likely, strict=True)
    ]


def probabilities(scores: Sequence[float], behind: float) -> list[float]:
    """Return the probability of each output to be right.

    `scores` are those of all outputs, the highest first. `behind` is the weight of that kind of
    evidence. The probabilities and the probability that no output is right add up to 1.
    """
    scores = [each + behind * math.log2(1 + rank) for rank, each in enumerate(scores)]
    highest = max(0.0, *scores) if scores else 0.0
    odds = [math.exp(each - highest) for each in scores]
    total = math.fsum([math.exp(-highest), *odds])
    return [each / total for each in odds]


def _leader(same: Iterable[Candidate], weights: Evidence) -> Candidate:
    """Return the candidate that is likeliest by its own evidence."""
    return min(
        same, key=lambda each: (-score(merge_evidence([each]), weights), encode_candidate(each))
    )


def _pick_two(
    attempts: list[Attempt], guesses: Callable[[], tuple[Grid, Grid]]
) -> tuple[Attempt, Attempt]:
    """Return the first two attempts, with distinct guesses in place of missing attempts."""
    if len(attempts) < 2:
        known = {attempt.output for attempt in attempts}
        attempts = attempts + [Attempt(grid) for grid in guesses() if grid not in known]
    return attempts[0], attempts[1]
