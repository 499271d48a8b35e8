"""Summarizes a run: core-seconds, stop reasons and crashes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from arcsolve.dsl.solver import StopReason
from arcsolve.run.store import RunStore


@dataclass(frozen=True, slots=True)
class RunSummary:
    """Totals over the outcomes of a run.

    `core_seconds` is the CPU time of the solvers' processes, and `most_core_seconds` that of the
    slowest task. `stops` counts stop reasons. `crashes` has (task, solver, message) for each crash,
    in the order of the tasks.
    """

    core_seconds: float
    most_core_seconds: float
    stops: dict[str, int]
    crashes: tuple[tuple[str, str, str], ...]

    def crash_counts(self) -> list[tuple[str, int]]:
        """Count crashes by solver and message, the most frequent first."""
        return Counter(f"{solver}: {message}" for _, solver, message in self.crashes).most_common()


def summarize(store: RunStore, tasks: Iterable[str]) -> RunSummary:
    """Summarize the outcomes of these tasks in a run store."""
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
