"""The arbiter: of all candidates for a test input, the two attempts to submit, and why these.

Which output is right is a question with one answer: one of those that were proposed, or none of
them. Each has a score, the sum of the evidence for it (`arcsolve.arbiter.evidence`) by weight; none
of them has 0. The probability of an answer is proportional to the exponential of its score: a
conditional logit (McFadden, "Conditional logit analysis of qualitative choice behavior", 1974).
That takes the answers for independent of one another; since many a wrong output is a variant of
another, those behind others count less. `benchmarks/fit/calibrate_arbiter.py` fits the weights.

At most one output is right: the two likeliest are the attempts of which most likely one is right.
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
"""Two distinct grids for a test input that has fewer than two candidates."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A grid to submit, the best candidate for it, and the probability that it is right.

    A guess of the fallback has no candidate and the probability 0: nothing speaks for it.
    """

    output: Grid
    candidate: Candidate | None = None
    probability: float = 0.0

    @property
    def reason(self) -> str:
        """Why this grid, for people: program text, checkpoint and votes, or that it is a guess."""
        return self.candidate.reason if self.candidate else "a guess: nothing was found"


@dataclass(frozen=True, slots=True)
class Decision:
    """The two attempts for one test input, the likelier first."""

    test: int
    attempts: tuple[Attempt, Attempt]


def decide(
    task: Task,
    candidates: Iterable[Candidate],
    fallback: Fallback = guess_attempts,
    weights: Evidence | None = None,
) -> tuple[Decision, ...]:
    """Two attempts for every test input of the task, in order of the tests.

    They are distinct, and come from candidates as far as there are distinct candidates. The order
    in which candidates arrive does not matter: equal scores are decided by content. `weights` are
    those that are shipped if None.
    """
    found: list[dict[Grid, list[Candidate]]] = [{} for _ in task.tests]
    for candidate in candidates:
        found[candidate.test].setdefault(candidate.output, []).append(candidate)
    weights, broken = weights or load_weights(), breach_counter(task)
    return tuple(
        Decision(
            test,
            _two(_ranked(outputs, partial(broken, test), weights), partial(fallback, task, test)),
        )
        for test, outputs in enumerate(found)
    )


def _ranked(
    outputs: dict[Grid, list[Candidate]], broken: Callable[[Grid], int], weights: Evidence
) -> list[Attempt]:
    """An attempt for each output, the likeliest first."""
    evidence = collect_evidence(outputs, broken)
    scores = {output: score(each, weights) for output, each in evidence.items()}
    order = sorted(outputs, key=lambda output: (-scores[output], str(output)))
    likely = probabilities([scores[output] for output in order], weights.behind)
    return [
        Attempt(output, _leader(outputs[output], weights), probability)
        for output, probability in zip(order, likely, strict=True)
    ]


def probabilities(scores: Sequence[float], behind: float) -> list[float]:
    """The probability of each output to be right, from the scores of all, the highest first.

    `behind` is the weight of that kind of evidence. What lacks to 1 is the probability that none
    of them is right.
    """
    scores = [each + behind * math.log2(1 + rank) for rank, each in enumerate(scores)]
    highest = max(0.0, *scores) if scores else 0.0
    odds = [math.exp(each - highest) for each in scores]
    total = math.fsum([math.exp(-highest), *odds])
    return [each / total for each in odds]


def _leader(same: Iterable[Candidate], weights: Evidence) -> Candidate:
    """The candidate that is likeliest by itself."""
    return min(
        same, key=lambda each: (-score(merge_evidence([each]), weights), encode_candidate(each))
    )


def _two(
    attempts: list[Attempt], guesses: Callable[[], tuple[Grid, Grid]]
) -> tuple[Attempt, Attempt]:
    """The first two attempts, made up with guesses that differ from what is there."""
    if len(attempts) < 2:
        known = {attempt.output for attempt in attempts}
        attempts = attempts + [Attempt(grid) for grid in guesses() if grid not in known]
    return attempts[0], attempts[1]
