"""The walk: tasks -> solvers -> candidates -> arbiter -> two attempts for every test.

Each solver runs on all tasks before the next solver starts. It takes the tasks first whose answers
so far are least likely right. It may stop early: it then skips tasks that are probably solved.
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
"""Runs a solver on tasks in order. The number counts the units of later solvers."""


@runtime_checkable
class StopsEarly(Protocol):
    """An expensive solver, which skips tasks that are probably solved."""

    @property
    def settled(self) -> float:
        """The least probability of a solved task for which the solver skips the task."""


class Outcomes(Protocol):
    """The memory of a walk: `arcsolve.run.store.RunStore` or `arcsolve.answer.Memo`."""

    def done(self) -> set[tuple[str, str]]:
        """Return the (task, solver) of each outcome, except those that a deadline cut short."""

    def outcomes(self, task: str) -> Mapping[str, Outcome]:
        """Return the outcomes of a task by solver."""

    def add(self, task: str, solver: str, outcome: Outcome) -> None:
        """Keep the outcome of a solver on a task."""


class Decisions:
    """Decides on tasks from stored outcomes, and only once for the same candidates."""

    def __init__(self, tasks: Mapping[str, Task], outcomes: Outcomes) -> None:
        self.tasks, self.outcomes = tasks, outcomes
        self._made: dict[str, tuple[object, tuple[Decision, ...]]] = {}

    def decide(self, key: str, solvers: Collection[str] | None = None) -> tuple[Decision, ...]:
        """Decide on a task from the candidates of all solvers, or of `solvers` only."""
        found = self.outcomes.outcomes(key).items()
        chosen = (o.candidates for name, o in found if solvers is None or name in solvers)
        candidates = tuple(chain.from_iterable(chosen))
        if key not in self._made or self._made[key][0] != candidates:
            self._made[key] = candidates, decide(self.tasks[key], candidates)
        return self._made[key][1]

    def decide_all(self) -> dict[str, tuple[Decision, ...]]:
        """Decide on every task, in the order of the tasks."""
        return {key: self.decide(key) for key in self.tasks}

    def solved_probability(self, key: str, solvers: Collection[str]) -> float:
        """Return the probability that the answers of `solvers` solve all tests of the task."""
        attempts = [each.attempts for each in self.decide(key, solvers)] if solvers else [()]
        return math.prod(sum(attempt.probability for attempt in each) for each in attempts)


def walk(
    lineup: Sequence[Solver], decisions: Decisions, execute: Execute
) -> Iterator[tuple[str, str, Outcome]]:
    """Run every solver on every task of `decisions` that lacks its outcome.

    Yield (task, solver, outcome) after the outcome has been added to `decisions.outcomes`. Raises
    BadInput for two solvers of one name.
    """
    names = [solver.name for solver in lineup]
    if len(set(names)) < len(names):
        raise BadInput(f"the solvers of a line-up need distinct names, found {', '.join(names)}")
    tasks, done = decisions.tasks, decisions.outcomes.done()
    left = [(each, [key for key in tasks if (key, each.name) not in done]) for each in lineup]
    for position, (solver, keys) in enumerate(left):
        likely = {key: decisions.solved_probability(key, names[:position]) for key in keys}
        skipped = {key: stop for key in keys if (stop := early_stop(solver, likely[key]))}
        ordered = (key for key in sorted(keys, key=likely.__getitem__) if key not in skipped)
        later = sum(len(others) for _, others in left[position + 1 :])
        found = execute(solver, {key: tasks[key] for key in ordered}, later)
        for key, outcome in chain(skipped.items(), found):
            decisions.outcomes.add(key, solver.name, outcome)
            yield key, solver.name, outcome


def early_stop(solver: Solver, probability: float) -> Outcome | None:
    """Return the outcome of a solver that skips a task, or None if the solver must run."""
    if not isinstance(solver, StopsEarly) or probability < solver.settled:
        return None
    return Outcome((), Stop(StopReason.SETTLED, f"answers are {probability:.0%} likely"), 0.0)
