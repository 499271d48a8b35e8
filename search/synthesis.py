"""One synthesis run: fill an arena with the states of a problem, cheap and promising ones first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from arcsolve.dsl.solver import Budget, Stop, StopReason
from arcsolve.search.engine.arena import BYTES, OPERATIONS, STATES, Arena, new_arena, room_for_state
from arcsolve.search.engine.goals import FlatGrids, flat_grids
from arcsolve.search.engine.operators import build_table
from arcsolve.search.engine.terminals import (
    Leaf,
    add_colors,
    add_leaves,
    candidate_colors,
    constants,
)
from arcsolve.search.engine.workspace import Workspace
from arcsolve.search.problem import Problem
from arcsolve.search.shared import shared_grids
from arcsolve.search.stages.backward import search_backwards
from arcsolve.search.stages.beam import deepen
from arcsolve.search.stages.bitsets import layout_of
from arcsolve.search.stages.closure import close, level_bounds
from arcsolve.search.stages.cover import stack
from arcsolve.search.stages.lookup import bases_of, complete
from arcsolve.search.stages.selectors import selectors_of
from arcsolve.search.stages.similarity import ASPECTS

__all__ = ["BYTES_A_STATE", "Synthesis", "synthesize"]

BYTES_A_STATE = 1000  # room for cells; open tasks need 150 to 900, see `arcsolve bench engine`
MAX_CELL_BYTES = 1 << 30
COMBINED = 20_000  # room for states that combining adds to those that operations reach


@dataclass(frozen=True, slots=True, eq=False)
class Synthesis:
    """What a run leaves behind: all states, and how to read programs from them."""

    problem: Problem
    arena: Arena
    leaves: tuple[Leaf, ...]
    goals: FlatGrids
    level: int  # the last cost that is complete
    stop: Stop

    @property
    def states(self) -> int:
        return int(self.arena.counters[STATES])

    @property
    def operations(self) -> int:
        return int(self.arena.counters[OPERATIONS])

    @property
    def cell_bytes(self) -> int:
        return int(self.arena.counters[BYTES])


def synthesize(
    problem: Problem,
    budget: Budget,
    *,
    closure: float,
    width: int,
    aspects: tuple[str, ...] = ASPECTS,
    lookup: bool = True,
    cover: bool = True,
    inverse: bool = True,
    library: bool = True,
    shared: bool = False,
    before: Synthesis | None = None,
) -> Synthesis:
    """Close the problem's expressions under all operators, then deepen with a beam.

    The closure may use this share of the budget's operations; whole levels only. The beam expands
    `width` states a round, the best in each of the `aspects`, and uses what is left. Then states
    are added that complete what is nearest to the goals (`lookup`), that lay pieces over one
    another (`cover`), and that reach the goals by a last step (`inverse`). Without the `library`
    the operators are the primitives alone. With `shared` the grids that all outputs suggest are
    leaves, too. The memory of the run `before` is used again, so that its states must not be
    looked at any more.
    """
    goals = flat_grids(problem.outputs)
    scalars = constants(candidate_colors(problem.inputs, problem.outputs))
    grids = shared_grids(problem.inputs, problem.outputs) if shared else []
    leaves_at_most = len(scalars) + len(grids) + 1
    reached = budget.operations // len(problem.inputs) + COMBINED  # a state takes one an example
    states = max(min(budget.states, reached), leaves_at_most)
    cell_bytes = min(MAX_CELL_BYTES, BYTES_A_STATE * max(states, budget.states))
    memory = before.arena.words if before else None
    arena = new_arena(len(problem.inputs), states, cell_bytes, memory)
    leaves = add_leaves(arena, goals, problem.inputs, [*scalars, *grids])
    table = build_table(library)
    level = close(arena, table, goals, level_bounds(), int(closure * budget.operations))
    deepen(
        arena,
        table,
        goals,
        level=level,
        width=width,
        limit=budget.operations,
        aspects=aspects,
    )
    leaves = add_colors(arena, leaves, problem.outputs)
    workspace, combine = Workspace(arena, table, goals), partial(_combine, lookup, cover)
    combine(workspace)
    if inverse:
        search_backwards(workspace, problem.outputs, combine)
    return Synthesis(problem, arena, leaves, goals, level, _stop(arena, budget))


def _combine(lookup: bool, cover: bool, workspace: Workspace) -> None:
    """Combine what has been reached into what fits the goals."""
    layout = layout_of(workspace.arena, workspace.goals)
    if layout is None:
        return
    bases = bases_of(workspace.arena, layout)
    selectors = selectors_of(workspace, layout, bases)
    if lookup:
        complete(workspace, layout, selectors, bases)
    if cover:
        stack(workspace, layout, selectors)


def _stop(arena: Arena, budget: Budget) -> Stop:
    if arena.counters[STATES] >= arena.costs.size:
        return Stop(StopReason.STATES, f"{int(arena.counters[STATES])} states")
    if arena.counters[OPERATIONS] >= budget.operations:
        return Stop(StopReason.OPERATIONS, f"{int(arena.counters[OPERATIONS])} operations")
    if not room_for_state(arena):
        return Stop(StopReason.MEMORY, f"{int(arena.counters[BYTES])} bytes of cells")
    return Stop(StopReason.EXHAUSTED)
