"""arcsolve: from ARC tasks to answers with reasons.

>>> from arcsolve import load_task, solve
>>> answer = solve(load_task("arc-agi-1-training:6150a2bd"))  # doctest: +SKIP
>>> print(answer)  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from arcsolve.answer import Answer
    from arcsolve.dsl.task import Task

__all__ = ["load_task", "solve"]


def load_task(source: str | Path) -> Task:
    """Return the one task that `source` names: a task id, a task file, SET:ID or PATH:ID.

    Raises BadInput if `source` names no task or several.
    """
    from arcsolve.data import datasets

    return datasets.load_task(source)


def solve(task: Task, lineup: str = "search", effort: str = "fast", seed: int = 0) -> Answer:
    """Make two attempts at each test of the task; print the answer or show it in a notebook.

    `lineup` and `effort` are names from `arcsolve.lineups`. `seed` is for solvers that draw random
    numbers. Raises BadInput for an unknown name.
    """
    from arcsolve.answer import answer
    from arcsolve.lineups import find_budget, find_limits, load_lineup

    return answer(task, load_lineup(lineup), find_budget(effort, seed), find_limits(effort))
