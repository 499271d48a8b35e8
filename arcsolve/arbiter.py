"""The arbiter: of all candidates for a test input, the two attempts to submit, and why these.

The evidence it weighs, by the names that solvers give it in `Candidate.evidence`:

| name     | meaning                                                            | if missing |
|----------|--------------------------------------------------------------------|------------|
| fit      | fraction of the demonstrations that the reason reproduces, 0 to 1  | 0          |
| support  | fraction of them still found when left out (leave-one-out), 0 to 1 | 0          |
| length   | description length of the program, lower is better                 | 0          |
| programs | number of independent programs that give this very output          | 1          |
| votes    | share of the views in which a network gives this output, 0 to 1    | 1          |
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from arcsolve.fallback import fallback_attempts
from arcsolve.records import record_of
from dsl.grid import Grid
from dsl.solver import Candidate
from dsl.task import Task

__all__ = ["WEIGHTS", "Attempt", "Decision", "Weights", "decide"]

Fallback = Callable[[Task, int], tuple[Grid, Grid]]
"""Two distinct grids for a test input that has fewer than two candidates."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence adds to the score of an output; not calibrated yet.

    The order they express: reproducing all demonstrations outweighs everything else (a near-miss
    on one of ten loses 10), then comes support, then a shorter program; every doubling of
    the number of programs that agree counts like a program shorter by five. What a network
    fits it may have learned by heart: it comes before most programs that fit if all its views
    agree, after nearly all of them if a tenth does not, and if half of them agree it still comes
    before a program that misses one of four.
    """

    fit: float = 100.0
    support: float = 2.0
    length: float = -0.1
    agreement: float = 0.5  # for each doubling of the programs that give this output
    votes: float = 40.0  # lost as views of a network give other outputs


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Attempt:
    """A grid to submit, and the best candidate for it; None if it is a fallback's guess."""

    output: Grid
    candidate: Candidate | None = None
    score: float = -math.inf

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
    fallback: Fallback = fallback_attempts,
    weights: Weights = WEIGHTS,
) -> tuple[Decision, ...]:
    """Two attempts for every test input of the task, in order of the tests.

    They are distinct, and come from candidates as far as there are distinct candidates. The order
    in which candidates arrive does not matter: equal scores are decided by content.
    """
    found: dict[tuple[int, Grid], list[Candidate]] = {}
    for candidate in candidates:
        found.setdefault((candidate.test, candidate.output), []).append(candidate)
    decisions = []
    for test in range(len(task.tests)):
        attempts = [_attempt(same, weights) for (at, _), same in found.items() if at == test]
        attempts.sort(key=lambda attempt: (-attempt.score, str(attempt.output)))
        decisions.append(Decision(test, _two(attempts, partial(fallback, task, test))))
    return tuple(decisions)


def _two(
    attempts: list[Attempt], guesses: Callable[[], tuple[Grid, Grid]]
) -> tuple[Attempt, Attempt]:
    """The first two attempts, made up with guesses that differ from what is there."""
    if len(attempts) < 2:
        known = {attempt.output for attempt in attempts}
        attempts = attempts + [Attempt(grid) for grid in guesses() if grid not in known]
    return attempts[0], attempts[1]


def _attempt(same: list[Candidate], weights: Weights) -> Attempt:
    """The attempt that these candidates, all with one output, speak for: the best of them leads."""
    best = min(same, key=lambda candidate: (-_merit(candidate, weights), record_of(candidate)))
    programs: dict[str, float] = {}  # one solver may report an output again, with a new count
    for candidate in same:
        count = candidate.evidence.get("programs", 1.0)
        programs[candidate.solver] = max(count, programs.get(candidate.solver, 1.0))
    agreement = weights.agreement * math.log2(math.fsum(programs.values()))
    return Attempt(best.output, best, _merit(best, weights) + agreement)


def _merit(candidate: Candidate, weights: Weights) -> float:
    """The score of a candidate by itself."""
    evidence = candidate.evidence
    return (
        weights.fit * evidence.get("fit", 0.0)
        + weights.support * evidence.get("support", 0.0)
        + weights.length * evidence.get("length", 0.0)
        + weights.votes * (evidence.get("votes", 1.0) - 1.0)
    )
