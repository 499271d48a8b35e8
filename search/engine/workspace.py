"""A workspace: an arena that is being filled, and what applies single operators to its states."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from arcsolve.search.engine.apply import apply_operator
from arcsolve.search.engine.arena import Arena, state_of
from arcsolve.search.engine.goals import FlatGrids
from arcsolve.search.engine.operators import OperatorTable, operators

__all__ = ["Workspace"]


@dataclass(frozen=True, slots=True, eq=False)
class Workspace:
    """The arena, the operators, and the goals that new states are measured against."""

    arena: Arena
    table: OperatorTable
    goals: FlatGrids

    def apply(self, name: str, *states: int) -> int:
        """The state, new or known, that a primitive gives; -1 if it or an argument is undefined."""
        if min(states) < 0:
            return -1
        arguments = (*states, *[-1] * (len(self.table.argument_types[0]) - len(states)))
        operator = _position_of(name)
        outcome = apply_operator(self.arena, self.table, self.goals, operator, *arguments)
        return state_of(outcome)

    def cost(self, name: str, *states: int) -> int:
        """What this expression costs."""
        return int(self.table.costs[_position_of(name)] + self.arena.costs[list(states)].sum())


@cache
def _position_of(name: str) -> int:
    """The operator that is this primitive."""
    return [primitive.name for primitive in operators()].index(name)
