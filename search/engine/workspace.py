"""The workspace: a search in progress, which the stages extend one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property

from arcsolve.dsl.primitive import Primitive
from arcsolve.dsl.solver import Budget, Stop, StopReason
from arcsolve.search.engine.apply import apply_operator
from arcsolve.search.engine.arena import (
    BYTES,
    OPERATIONS,
    STATES,
    Arena,
    Memory,
    has_room,
    open_arena,
    resolve_state,
)
from arcsolve.search.engine.goals import FlatGrids, flatten, remeasure
from arcsolve.search.engine.operators import OperatorTable, build_table, operators
from arcsolve.search.engine.selectors import Selection, select
from arcsolve.search.engine.terminals import (
    Terminal,
    add_colors,
    add_terminals,
    candidate_colors,
    scalar_constants,
)
from arcsolve.search.problem import Problem

BYTES_A_STATE = 1000  # room for cells; open tasks need 150 to 900 (`arcsolve bench engine`)
MAX_CELL_BYTES = 1 << 30
COMBINED = 20_000  # room for states beyond those that the operations can reach


@dataclass(eq=False)
class Workspace:
    """The states of one problem, and the goals that new states are measured against.

    `table` numbers the `operators`. `terminals` are the input and the constants by number. `level`
    is the cost up to which the closure is complete, -1 before the closure has run.
    """

    problem: Problem
    budget: Budget
    arena: Arena
    operators: tuple[Primitive, ...]
    table: OperatorTable
    goals: FlatGrids
    terminals: tuple[Terminal, ...]
    level: int = -1

    @property
    def states(self) -> int:
        """The number of distinct states."""
        return int(self.arena.counters[STATES])

    @property
    def operations(self) -> int:
        """The number of operator applications so far, each on one example."""
        return int(self.arena.counters[OPERATIONS])

    @property
    def cell_bytes(self) -> int:
        """The bytes that the cells of all states take."""
        return int(self.arena.counters[BYTES])

    @property
    def stop(self) -> Stop:
        """The limit that the search has met; `EXHAUSTED` if it has met none."""
        if self.states >= self.arena.costs.size:
            return Stop(StopReason.STATES, f"{self.states} states")
        if self.operations >= self.budget.operations:
            return Stop(StopReason.OPERATIONS, f"{self.operations} operations")
        if not has_room(self.arena):
            return Stop(StopReason.MEMORY, f"{self.cell_bytes} bytes of cells")
        return Stop(StopReason.EXHAUSTED)

    @cached_property
    def selection(self) -> Selection | None:
        """Selectors and base states toward the goals; None if no state has the goals' shapes.

        The first access computes them, so they do not include states that are added later.
        """
        self.add_output_colors()
        return select(self)

    def add_output_colors(self) -> None:
        """Add the outputs' colors as terminals, after the closure; a second call adds nothing."""
        self.terminals = add_colors(self.arena, self.terminals, self.problem.outputs)

    def retarget(self, goals: FlatGrids) -> Workspace:
        """Return a workspace over the same arena, with grid states measured against other goals.

        `remeasure` returns to the goals of this workspace.
        """
        remeasure(self.arena, goals)
        return replace(self, goals=goals)

    def apply(self, name: str, *states: int) -> int:
        """Return the state, new or known, of a primitive applied to states; -1 if there is none.

        `name` is the primitive. The result is also -1 if one of the `states` is -1.
        """
        if min(states) < 0:
            return -1
        arguments = (*states, *[-1] * (len(self.table.argument_types[0]) - len(states)))
        operator = _positions(self.operators)[name]
        outcome = apply_operator(self.arena, self.table, self.goals, operator, *arguments)
        return resolve_state(outcome)

    def cost(self, name: str, *states: int) -> int:
        """Return the cost of the primitive `name` applied to states."""
        operator = _positions(self.operators)[name]
        return int(self.table.costs[operator] + self.arena.costs[list(states)].sum())


@cache
def _positions(operators: tuple[Primitive, ...]) -> Mapping[str, int]:
    return {operator.name: position for position, operator in enumerate(operators)}


def open_workspace(problem: Problem, budget: Budget, memory: Memory | None = None) -> Workspace:
    """Return a workspace whose arena holds the terminals of the problem and nothing else.

    `memory` holds the cells. The workspace that used this memory before must not be read any more.
    """
    goals = flatten(problem.outputs)
    constants = scalar_constants(candidate_colors(problem.inputs, problem.outputs))
    reached = (
        budget.operations // len(problem.inputs) + COMBINED
    )  # a state takes an operation an example
    states = max(min(budget.states, reached), len(constants) + 1)
    cell_bytes = min(MAX_CELL_BYTES, BYTES_A_STATE * max(states, budget.states))
    arena = open_arena(len(problem.inputs), states, cell_bytes, memory)
    terminals = add_terminals(arena, goals, problem.inputs, constants)
    table = build_table(operators())
    return Workspace(problem, budget, arena, operators(), table, goals, terminals)
