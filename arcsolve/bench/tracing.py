"""The funnel: traces each output of open tasks to the stage at which the search loses it.

Solutions cannot leak into the search. The search gets the task and the budget, which hold no
solutions. Its states are compared with the solutions only after the search in a view has ended. The
solver is frozen, so the comparison cannot change it. A test checks that the solver proposes the
same programs for any solution.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

import numpy as np
from joblib import delayed

from arcsolve.arbiter.decide import Decision, decide
from arcsolve.bench.contributions import right_programs
from arcsolve.bench.figures import check_countable
from arcsolve.data.datasets import Dataset
from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.solver import Budget, Candidate
from arcsolve.dsl.task import Task
from arcsolve.plan import Progress
from arcsolve.run.pool import start_workers
from arcsolve.run.sandbox import warm_up
from arcsolve.search.engine.arena import GRID, Memory, pack_shape
from arcsolve.search.engine.workspace import Workspace
from arcsolve.search.program_solver import ProgramSolver
from arcsolve.search.views import View


class Reach(IntEnum):
    """The stage that a right output reached, in the order of the stages."""

    NO_SHAPE = 0
    NOT_REACHED = 1
    NOT_PROPOSED = 2
    NOT_CHOSEN = 3
    SOLVED = 4


MEANINGS: Mapping[Reach, str] = MappingProxyType(
    {
        Reach.NO_SHAPE: "no value of the right shape",
        Reach.NOT_REACHED: "right shape, but the right output not reached",
        Reach.NOT_PROPOSED: "reached, but not by a program that fits the pairs",
        Reach.NOT_CHOSEN: "proposed, but not among the two attempts",
        Reach.SOLVED: "solved",
    }
)


@dataclass(frozen=True, slots=True)
class Trace:
    """The stage that one output reached.

    `misled` is True if the output is unsolved and an attempt's program fits all pairs. `programs`
    are the programs proposed for the right output, the chosen program first.
    """

    task: str
    test: int
    reach: Reach
    misled: bool
    programs: tuple[str, ...]


def trace_dataset(
    dataset: Dataset,
    solver: ProgramSolver,
    budget: Budget,
    *,
    jobs: int | None = None,
    backend: str = "loky",
    progress: Progress | None = None,
) -> list[Trace]:
    """Trace each output of a data set, task by task.

    `jobs` and `backend` are those of `start_workers`. `progress` is called after each task. A crash
    of the search ends the funnel: workers run it without a sandbox. Raises BadInput as
    `start_workers`, and for locked tasks, because traces guide the work on the search.
    """
    check_countable(dataset, by_task=True)
    warm_up(solver)  # before workers start, so that they find compiled kernels
    known = dataset.solutions or {}
    traces: list[Trace] = []
    run, _ = start_workers(jobs, backend, ordered=True)
    units = ((solver, dataset.tasks[name], budget, known[name]) for name in known)
    for done, found in enumerate(run(delayed(trace_outputs)(*unit) for unit in units), 1):
        traces += found
        if progress:
            progress(done, len(known))
    return traces


def trace_outputs(
    solver: ProgramSolver, task: Task, budget: Budget, solutions: Sequence[Grid]
) -> tuple[Trace, ...]:
    """Solve the task as the solver does, and trace the output of each test.

    `solutions` has one grid for each test.
    """
    candidates: list[Candidate] = []
    furthest = [Reach.NO_SHAPE] * len(solutions)
    memory = Memory()
    for view, workspace in solver.search_views(task, budget, memory):
        candidates += solver.collect_candidates(task, view, workspace)
        for test, solution in enumerate(solutions):
            furthest[test] = max(furthest[test], _seen(view, workspace, task, test, solution))
    candidates += solver.search_parts(task, budget, memory)
    decisions = decide(task, candidates)
    return tuple(
        _trace(task, decision, candidates, solution, stage)
        for decision, solution, stage in zip(decisions, solutions, furthest, strict=True)
    )


def _seen(view: View, workspace: Workspace, task: Task, test: int, solution: Grid) -> Reach:
    """Return the stage that the states of one view reach: the shape of the output, or its cells."""
    arena, goal = workspace.arena, np.array(solution.cells)
    try:
        goal = view.find_goal(goal, np.array(task.tests[test].cells))
    except Undefined:
        return Reach.NO_SHAPE  # the view cannot restore any value to this output
    example = workspace.problem.pairs + test
    states = arena.members[GRID, : arena.sizes[GRID]]
    fitting = arena.shapes[states, example] == pack_shape(1, *goal.shape)
    starts = arena.offsets[states[fitting], example]
    if not starts.size:
        return Reach.NO_SHAPE
    for position, color in enumerate(goal.ravel()):
        starts = starts[arena.cells[starts + position] == color]
    return Reach.NOT_PROPOSED if starts.size else Reach.NOT_REACHED


def _trace(
    task: Task, decision: Decision, candidates: Sequence[Candidate], solution: Grid, seen: Reach
) -> Trace:
    programs = right_programs(decision, candidates, solution)
    solved = any(attempt.output == solution for attempt in decision.attempts)
    stage = Reach.SOLVED if solved else Reach.NOT_CHOSEN if programs else seen
    misled = not solved and any(
        attempt.candidate is not None and attempt.candidate.evidence["fit"] == 1.0
        for attempt in decision.attempts
    )
    return Trace(task.name, decision.test, stage, misled, programs)
