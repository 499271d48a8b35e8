"""Replays the programs of a run on fresh instances, and counts the tasks whose programs transfer.

A program that fails on fresh instances of its own rule fits the pairs by accident.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from arcsolve.arbiter.decide import Decision
from arcsolve.bench.figures import check_countable
from arcsolve.data.datasets import Dataset
from arcsolve.dsl.errors import BadProgram, Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program
from arcsolve.dsl.task import Pair
from arcsolve.plan import build_submission
from arcsolve.run.store import RunStore
from arcsolve.submissions.scoring import solved_outputs

ENOUGH = 18  # right fresh outputs, of `NUM_REPLAYED`, from which a program transfers


class Replay(NamedTuple):
    """The replay of attempt 1 at the first test of a task.

    `solved` and `solved_at_1` are True if two attempts and the first attempt solve all tests.
    `right` is the number of right fresh outputs, which is 0 for a `reason` that is no program.
    """

    task: str
    solved: bool
    solved_at_1: bool
    right: int
    transfers: bool
    reason: str


class Labels(NamedTuple):
    """The share of right fresh outputs of each program that a run proposes for a task."""

    solved: bool
    programs: dict[str, float]


def replay_attempts(
    dataset: Dataset,
    decisions: Mapping[str, tuple[Decision, ...]],
    instances: Mapping[str, Sequence[Pair]],
) -> list[Replay]:
    """Replay the program of attempt 1 at the first test of each task on its instances.

    `decisions` are those of a run on the data set. Raises BadInput as `check_countable`.
    """
    check_countable(dataset)
    submission, known = build_submission(decisions), dataset.solutions or {}
    both, first = (solved_outputs(submission, known, attempts) for attempts in (2, 1))
    replays = []
    for task in known:
        reason = decisions[task][0].attempts[0].reason
        right = count_right(reason, instances[task]) or 0
        solved = all(both[task]), all(first[task])
        replays.append(Replay(task, *solved, right, right >= ENOUGH, reason))
    return replays


def count_right(reason: str, instances: Sequence[Pair]) -> int | None:
    """Count the instances whose outputs a program gives, or return None if it is no program.

    An undefined result is wrong.
    """
    try:
        program = Program.parse(reason)
    except BadProgram:
        return None
    return sum(_run(program, pair.input) == pair.output for pair in instances)


def _run(program: Program, grid: Grid) -> Grid | None:
    try:
        return program.run(grid)
    except Undefined:
        return None


def transfer_figures(replays: Sequence[Replay]) -> dict[str, Any]:
    """Count the tasks that are solved, the tasks that transfer, and the tasks that do both."""
    return {
        "tasks_solved": sum(each.solved for each in replays),
        "tasks_solved_at_1": sum(each.solved_at_1 for each in replays),
        "tasks_transferred": sum(each.transfers for each in replays),
        "solved_tasks_transferred": sum(each.solved and each.transfers for each in replays),
        "solved_at_1_tasks_transferred": sum(
            each.solved_at_1 and each.transfers for each in replays
        ),
    }


def label_programs(
    replays: Sequence[Replay], store: RunStore, instances: Mapping[str, Sequence[Pair]]
) -> dict[str, Labels]:
    """Replay all distinct programs among the candidates of each task on its instances.

    The programs of a task stand in the order in which the run found them, for any of its tests.
    """
    return {
        each.task: Labels(each.solved, _label_task(each.task, store, instances[each.task]))
        for each in replays
    }


def _label_task(task: str, store: RunStore, instances: Sequence[Pair]) -> dict[str, float]:
    candidates = (c for outcome in store.outcomes(task).values() for c in outcome.candidates)
    reasons = dict.fromkeys(candidate.reason for candidate in candidates)
    counts = {reason: count_right(reason, instances) for reason in reasons}
    return {reason: n / len(instances) for reason, n in counts.items() if n is not None}
