"""The funnel: how far the search came with each output of an open task, and where it was lost.

The solutions cannot leak into the search. It is given the task and the budget, neither of which
holds them; only when the search in a view has ended are its states compared with the solutions,
and nothing comes back from that: the solver is frozen, and its generator takes no values in.
Tests hold it to proposing the same programs whatever the solution is.
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
from arcsolve.search.solver import SearchSolver
from arcsolve.search.views import View


class Reach(IntEnum):
    """How far the right output came; the hurdles in their order."""

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
    """What became of one output.

    `misled`: it is not solved, and an attempt is by a program that fits all pairs. `programs` are
    those that were proposed for the right output, the chosen one first.
    """

    task: str
    test: int
    reach: Reach
    misled: bool
    programs: tuple[str, ...]


def trace_dataset(
    dataset: Dataset,
    solver: SearchSolver,
    budget: Budget,
    *,
    jobs: int | None = None,
    backend: str = "loky",
    progress: Progress | None = None,
) -> list[Trace]:
    """A trace for each output, task by task.

    The search runs in worker processes without a sandbox: a crash there ends the funnel. Raises
    BadInput as `start_workers`, and as `check_countable` with `by_task`. Totals guide what to
    build next, too, and nothing may be built for locked tasks.
    """
    check_countable(dataset, by_task=True)
    warm_up(solver)  # before there are workers: what is compiled now they find compiled
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
    solver: SearchSolver, task: Task, budget: Budget, solutions: Sequence[Grid]
) -> tuple[Trace, ...]:
    """Solve the task as the solver does, and tell for each test what became of the output."""
    candidates: list[Candidate] = []
    furthest = [Reach.NO_SHAPE] * len(solutions)
    memory = Memory()
    for view, workspace in solver.searches(task, budget, memory):
        candidates += solver.candidates_of(task, view, workspace)
        for test, solution in enumerate(solutions):
            furthest[test] = max(furthest[test], _seen(view, workspace, task, test, solution))
    candidates += solver.lifted(task, budget, memory)
    decisions = decide(task, candidates)
    return tuple(
        _trace(task, decision, candidates, solution, stage)
        for decision, solution, stage in zip(decisions, solutions, furthest, strict=True)
    )


def _seen(view: View, workspace: Workspace, task: Task, test: int, solution: Grid) -> Reach:
    """How far the states of one view come: to the shape of this test's output, or to its cells."""
    arena, goal = workspace.arena, np.array(solution.cells)
    try:
        goal = view.goal(goal, np.array(task.tests[test].cells))
    except Undefined:
        return Reach.NO_SHAPE  # no value can be restored to this output
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
