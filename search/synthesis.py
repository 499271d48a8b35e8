"""One synthesis run: fill an arena with the states of a problem, cheap and promising ones first."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.solver import Budget, Stop, StopReason
from search.arena import BYTES, OPERATIONS, STATES, Arena, new_arena, room_for_state
from search.beam import deepen
from search.closure import close, level_bounds
from search.goals import FlatGrids, flat_grids
from search.leaves import Leaf, add_colors, add_leaves, candidate_colors, constants
from search.lookup import complete
from search.problem import Problem
from search.table import build_table

__all__ = ["BYTES_A_STATE", "Synthesis", "synthesize"]

BYTES_A_STATE = 1000  # room for cells; open tasks need 150 to 900, see `arcsolve bench engine`
MAX_CELL_BYTES = 1 << 30


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
    lookup: bool = True,
    before: Synthesis | None = None,
) -> Synthesis:
    """Close the problem's expressions under all operators, then deepen with a beam.

    The closure may use this share of the budget's operations; whole levels only. The beam expands
    `width` states a round and uses what is left. With `lookup`, what would complete the states
    nearest to the goals is then looked up. The memory of the run `before` is used again, so that
    its states must not be looked at any more.
    """
    goals = flat_grids(problem.outputs)
    scalars = constants(candidate_colors(problem.inputs, problem.outputs))
    states = max(budget.states, len(scalars) + 1)  # the leaves always fit
    cell_bytes = min(MAX_CELL_BYTES, BYTES_A_STATE * states)
    memory = before.arena.words if before else None
    arena = new_arena(len(problem.inputs), states, cell_bytes, memory)
    leaves = add_leaves(arena, goals, problem.inputs, scalars)
    table = build_table()
    level = close(arena, table, goals, level_bounds(), int(closure * budget.operations))
    deepen(arena, table, goals, level=level, width=width, limit=budget.operations)
    if lookup:
        leaves = add_colors(arena, leaves, problem.outputs)
        complete(arena, table, goals)
    return Synthesis(problem, arena, leaves, goals, level, _stop(arena, budget))


def _stop(arena: Arena, budget: Budget) -> Stop:
    if arena.counters[STATES] >= arena.costs.size:
        return Stop(StopReason.STATES, f"{int(arena.counters[STATES])} states")
    if arena.counters[OPERATIONS] >= budget.operations:
        return Stop(StopReason.OPERATIONS, f"{int(arena.counters[OPERATIONS])} operations")
    if not room_for_state(arena):
        return Stop(StopReason.MEMORY, f"{int(arena.counters[BYTES])} bytes of cells")
    return Stop(StopReason.EXHAUSTED)
