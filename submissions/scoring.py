"""Scores a submission against the solutions, by outputs and by tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.submissions.submission import ATTEMPTS, Submission


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of outputs, the competition's unit, and of tasks, of which every output is solved."""

    outputs_solved: int
    outputs: int
    tasks_solved: int
    tasks: int

    def __str__(self) -> str:
        return (
            f"{self.outputs_solved} of {self.outputs} outputs, "
            f"{self.tasks_solved} of {self.tasks} tasks"
        )


def score(
    submission: Submission,
    solutions: Mapping[str, tuple[Grid, ...]],
    attempts: int = len(ATTEMPTS),
) -> Score:
    """How many outputs and tasks the first `attempts` attempts (1 or 2) solve.

    Counted over the tasks in `solutions`; other tasks are ignored. Raises BadInput as
    `solved_outputs`.
    """
    solved = solved_outputs(submission, solutions, attempts).values()
    outputs = [output for task in solved for output in task]
    return Score(sum(outputs), len(outputs), sum(map(all, solved)), len(solved))


def solved_outputs(
    submission: Submission,
    solutions: Mapping[str, tuple[Grid, ...]],
    attempts: int = len(ATTEMPTS),
) -> dict[str, tuple[bool, ...]]:
    """For each task in `solutions`, whether one of the first `attempts` is right, test by test.

    Right is equal in shape and in every cell. Raises BadInput when the submission lacks a task,
    or has more or fewer tests for it.
    """
    solved = {}
    for task_id, outputs in solutions.items():
        tests = submission.attempts.get(task_id, ())
        if len(tests) != len(outputs):
            problem = f"expected attempts for {len(outputs)} tests, found {len(tests)}"
            raise BadInput(problem, task=task_id)
        pairs = zip(tests, outputs, strict=True)
        solved[task_id] = tuple(output in test[:attempts] for test, output in pairs)
    return solved
