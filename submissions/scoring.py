"""Scores a submission against the solutions, by outputs and by tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.submissions.submission import ATTEMPTS, Submission


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of outputs, the competition's unit, and of tasks, solved if all their outputs are."""

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
    """Count the outputs and tasks that the first `attempts` attempts (1 or 2) solve.

    Only tasks in `solutions` count. Raises BadInput as `solved_outputs`.
    """
    solved = solved_outputs(submission, solutions, attempts).values()
    outputs = [output for task in solved for output in task]
    return Score(sum(outputs), len(outputs), sum(map(all, solved)), len(solved))


def solved_outputs(
    submission: Submission,
    solutions: Mapping[str, tuple[Grid, ...]],
    attempts: int = len(ATTEMPTS),
) -> dict[str, tuple[bool, ...]]:
    """Return for each test of each task in `solutions` if one of the first `attempts` is right.

    A right grid equals the solution in shape and every cell. Raises BadInput if the submission
    lacks a task, or has more or fewer tests.
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
