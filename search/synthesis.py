"""One synthesis: the stages of a search, one after the other, over one workspace."""

from __future__ import annotations

from arcsolve.dsl.solver import Budget
from arcsolve.search.engine.arena import Memory
from arcsolve.search.engine.workspace import Workspace, open_workspace
from arcsolve.search.problem import Problem
from arcsolve.search.stages.stage import Stage


def synthesize(
    problem: Problem, budget: Budget, stages: tuple[Stage, ...], memory: Memory | None = None
) -> Workspace:
    """The workspace of the problem after all stages have extended it.

    `memory` holds its cells. The workspace that used the same memory before must not be read any
    more.
    """
    workspace = open_workspace(problem, budget, memory)
    for stage in stages:
        stage.extend(workspace)
    return workspace
