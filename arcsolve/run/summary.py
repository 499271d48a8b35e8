"""What a run did, as counts: core-seconds, why solvers stopped, what crashed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from arcsolve.dsl.solver import StopReason
from arcsolve.run.store import RunStore


@dataclass(frozen=True, slots=True)
class RunSummary:
    """Totals over the outcomes of a run.

    `stops` counts the reasons for which solvers stopped. `crashes` holds (task, solver, what the
    solver said) of those that crashed, in the order of the tasks. Seconds are core-seconds of the
    solvers' processes.
    """

    core_seconds: float
    most_core_seconds: float
    stops: dict[str, int]
    crashes: tuple[tuple[str, str, str], ...]

    def crash_counts(self) -> list[tuple[str, int]]:
        """What solvers said when they crashed and how often, without the tasks; most first."""
        return Counter(f"{solver}: {said}" for _, solver, said in self.crashes).most_common()


def summarize(store: RunStore, tasks: Iterable[str]) -> RunSummary:
    """The summary of these tasks' outcomes in the store."""
    by_task = {task: store.outcomes(task) for task in tasks}
    seconds = [sum(o.core_seconds for o in outcomes.values()) for outcomes in by_task.values()]
    stops = Counter(str(o.stop.reason) for outcomes in by_task.values() for o in outcomes.values())
    crashes = [
        (task, solver, outcome.stop.detail)
        for task, outcomes in by_task.items()
        for solver, outcome in outcomes.items()
        if outcome.stop.reason is StopReason.CRASHED
    ]
    return RunSummary(
        core_seconds=sum(seconds),
        most_core_seconds=max(seconds, default=0.0),
        stops=dict(stops.most_common()),
        crashes=tuple(crashes),
    )
