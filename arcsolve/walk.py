"""The policy: every solver of a line-up in turn, an early stop on likely answers, two attempts.

tasks -> solvers -> candidates -> arbiter -> two attempts for every test

One task takes the same walk as a set. Each solver goes through all tasks before the next one, and
takes first the tasks whose answers so far are least likely right.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Protocol, runtime_checkable

from arcsolve.arbiter.decide import Decision, decide
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.solver import Solver, Stop, StopReason
from arcsolve.dsl.task import Task
from arcsolve.run.sandbox import Outcome

Execute = Callable[[Solver, Mapping[str, Task], int], Iterator[tuple[str, Outcome]]]
"""Runs a solver on tasks in order; the number counts the units that later solvers still have."""


@runtime_checkable
class StopsEarly(Protocol):
    """An expensive solver that skips a task if its answers are right with this probability."""

    @property
    def settled(self) -> float: ...


class Outcomes(Protocol):
    """The memory of a walk: `arcsolve.run.store.RunStore`, or `arcsolve.answer.Memo`."""

    def done(self) -> set[tuple[str, str]]: ...
    def outcomes(self, task: str) -> Mapping[str, Outcome]: ...
    def add(self, task: str, solver: str, outcome: Outcome) -> None: ...


class Decisions:
    """Two attempts for every test of a task, decided once for the same answers."""

    def __init__(self, tasks: Mapping[str, Task], outcomes: Outcomes) -> None:
        self._tasks, self._outcomes = tasks, outcomes
        self._made: dict[str, tuple[object, tuple[Decision, ...]]] = {}

    def decide(self, key: str, solvers: Collection[str] | None = None) -> tuple[Decision, ...]:
        """The decisions on a task from the candidates of all solvers, or of these alone."""
        found = self._outcomes.outcomes(key).items()
        answers = [o.candidates for name, o in found if solvers is None or name in solvers]
        candidates = tuple(chain.from_iterable(answers))
        if key not in self._made or self._made[key][0] != candidates:
            self._made[key] = candidates, decide(self._tasks[key], candidates)
        return self._made[key][1]

    def decide_all(self) -> dict[str, tuple[Decision, ...]]:
        """The decisions on every task, in the order of the tasks."""
        return {key: self.decide(key) for key in self._tasks}

    def solved_probability(self, key: str, solvers: Collection[str]) -> float:
        """The probability that the answers of these solvers solve all tests of the task."""
        attempts = [each.attempts for each in self.decide(key, solvers)] if solvers else [()]
        return math.prod(sum(attempt.probability for attempt in each) for each in attempts)


def walk(
    tasks: Mapping[str, Task],
    lineup: Sequence[Solver],
    outcomes: Outcomes,
    decisions: Decisions,
    execute: Execute,
) -> Iterator[tuple[str, str, Outcome]]:
    """Run every solver on every task that lacks its outcome; yields (task, solver, outcome).

    An outcome is in `outcomes` before it is yielded. Raises BadInput for two solvers of one name.
    """
    names = [solver.name for solver in lineup]
    if len(set(names)) < len(names):
        raise BadInput(f"the solvers of a line-up need distinct names, found {', '.join(names)}")
    done, before = outcomes.done(), set[str]()
    left = [(each, [key for key in tasks if (key, each.name) not in done]) for each in lineup]
    for position, (solver, keys) in enumerate(left):
        likely = {key: decisions.solved_probability(key, before) for key in keys}
        skipped = {key: stop for key in keys if (stop := early_stop(solver, likely[key]))}
        ordered = sorted((key for key in keys if key not in skipped), key=likely.__getitem__)
        later = sum(len(others) for _, others in left[position + 1 :])
        found = execute(solver, {key: tasks[key] for key in ordered}, later)
        for key, outcome in chain(skipped.items(), found):
            outcomes.add(key, solver.name, outcome)
            yield key, solver.name, outcome
        before.add(solver.name)


def early_stop(solver: Solver, probability: float) -> Outcome | None:
    """The outcome of a solver that skips a task solved with this probability; None if it runs."""
    if not isinstance(solver, StopsEarly) or probability < solver.settled:
        return None
    return Outcome((), Stop(StopReason.SETTLED, f"answers are {probability:.0%} likely"), 0.0)
