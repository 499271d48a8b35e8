"""Synthesis: run the stages of a search one after the other over one workspace."""

from __future__ import annotations

from arcsolve.dsl.solver import Budget
from arcsolve.search.engine.arena import Memory
from arcsolve.search.engine.workspace import Workspace, open_workspace
from arcsolve.search.problem import Problem
from arcsolve.search.stages.stage import Stage


def synthesize(
    problem: Problem, budget: Budget, stages: tuple[Stage, ...], memory: Memory | None = None
) -> Workspace:
    """Return the workspace of a problem after all stages have extended it within the budget.

    `memory` holds the cells of the workspace. The workspace that used this memory before must not
    be read any more.
    """
    workspace = open_workspace(problem, budget, memory)
    for stage in stages:
        stage.extend(workspace)
    return workspace
