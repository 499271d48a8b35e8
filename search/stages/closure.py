"""The bottom-up closure: all expressions in order of cost, while whole levels fit the budget."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arcsolve.dsl.jit import compiled, inlined
from arcsolve.dsl.values import Integers
from arcsolve.search.engine.apply import try_operator
from arcsolve.search.engine.arena import FULL, NO_TYPE, OPERATIONS, Arena
from arcsolve.search.engine.goals import FlatGrids
from arcsolve.search.engine.intrinsics import borrow
from arcsolve.search.engine.operators import OperatorTable
from arcsolve.search.engine.workspace import Workspace

MAX_COST = 60  # levels; no budget reaches so many


@dataclass(frozen=True, slots=True)
class Closure:
    """The stage that applies all operators to all states, one level of cost after the other.

    It uses at most this `share` of the budget's operations, for whole levels only.
    """

    share: float = 0.8

    def extend(self, workspace: Workspace) -> None:
        """Close the terminals of the workspace, and set its `level` to the last complete level."""
        limit = int(self.share * workspace.budget.operations)
        arena, table, goals = workspace.arena, workspace.table, workspace.goals
        workspace.level = close(arena, table, goals, level_bounds(), limit)


def level_bounds() -> Integers:
    """Return (type, cost): the positions in `Arena.members` where the states of a cost begin.

    `close` fills them in. The row of the missing argument holds one value of cost 0.
    """
    bounds = np.zeros((NO_TYPE + 1, MAX_COST + 2), np.int64)
    bounds[NO_TYPE, 1:] = 1
    return bounds


@inlined
def _begin_level(arena: Arena, bounds: Integers, cost: int) -> None:
    """Set the positions where the states of this cost begin: behind all cheaper states."""
    for kind in range(NO_TYPE):
        position = bounds[kind, cost]
        while position < arena.sizes[kind] and arena.costs[arena.members[kind, position]] < cost:
            position += 1
        bounds[kind, cost : cost + 2] = position


@inlined
def _level_size(table: OperatorTable, bounds: Integers, cost: int) -> int:
    """Return the operations of this level on one example, before pruning."""
    total = 0
    for operator in range(table.costs.size):
        first, second, third = table.argument_types[operator]
        rest = cost - table.costs[operator]
        for cost_y in range(rest + 1):
            ys = bounds[second, cost_y + 1] - bounds[second, cost_y]
            for cost_z in range(rest - cost_y + 1 if ys > 0 else 0):
                cost_x = rest - cost_y - cost_z
                xs = bounds[first, cost_x + 1] - bounds[first, cost_x]
                zs = bounds[third, cost_z + 1] - bounds[third, cost_z]
                total += xs * ys * zs
    return total


@inlined
def _expand_level(
    arena: Arena, table: OperatorTable, goals: FlatGrids, bounds: Integers, cost: int
) -> bool:
    """Apply every operator to all arguments whose costs add up to this level; False if full."""
    for operator in range(table.costs.size):
        rest = cost - table.costs[operator]
        for cost_y in range(rest + 1):
            for cost_z in range(rest - cost_y + 1):
                costs = (rest - cost_y - cost_z, cost_y, cost_z)
                if not _combine(arena, table, goals, bounds, operator, costs):
                    return False
    return True


@inlined
def _combine(
    arena: Arena,
    table: OperatorTable,
    goals: FlatGrids,
    bounds: Integers,
    operator: int,
    costs: tuple[int, int, int],
) -> bool:
    """Apply one operator to all arguments of exactly these costs; False if the arena is full."""
    first, second, third = table.argument_types[operator]
    for i in range(bounds[second, costs[1]], bounds[second, costs[1] + 1]):
        y = arena.members[second, i]
        for j in range(bounds[third, costs[2]], bounds[third, costs[2] + 1]):
            z = arena.members[third, j]
            for n in range(bounds[first, costs[0]], bounds[first, costs[0] + 1]):
                x = arena.members[first, n]
                if table.commutative[operator] and y < x:  # the closure also tries the other order
                    continue
                if is_forbidden(arena, table, operator, x, y, z):
                    continue
                if try_operator(arena, table, goals, operator, x, y, z) == FULL:
                    return False
    return True


@inlined
def is_forbidden(arena: Arena, table: OperatorTable, operator: int, x: int, y: int, z: int) -> bool:
    """Return whether a law says that another expression has the value of this one."""
    return (
        _is_forbidden_at(arena, table, operator, 0, x)
        or _is_forbidden_at(arena, table, operator, 1, y)
        or _is_forbidden_at(arena, table, operator, 2, z)
        or _is_repeated(arena, table, operator, x, y, z)
    )


@inlined
def _is_repeated(arena: Arena, table: OperatorTable, operator: int, x: int, y: int, z: int) -> bool:
    """Return whether this operator made x from y and z already, and a law absorbs the repeat."""
    if not table.absorbs_repeats[operator] or arena.operators[x] != operator:
        return False
    return arena.arguments[x, 1] == y and arena.arguments[x, 2] == z


@inlined
def _is_forbidden_at(
    arena: Arena, table: OperatorTable, operator: int, position: int, state: int
) -> bool:
    if state < 0 or arena.operators[state] < 0:
        return False
    return table.forbidden[operator, position, arena.operators[state]]


@compiled
def close(
    arena: Arena, table: OperatorTable, goals: FlatGrids, bounds: Integers, max_operations: int
) -> int:
    """Expand level after level while the next level cannot exceed `max_operations` in all.

    The arena must hold the terminals in order of cost, and they must be cheaper than any operator.
    Return the last complete level.
    """
    arena, table, goals = borrow(arena), borrow(table), borrow(goals)
    for cost in range(MAX_COST):
        _begin_level(arena, bounds, cost)
        examples = arena.offsets.shape[1]
        if (
            arena.counters[OPERATIONS] + _level_size(table, bounds, cost) * examples
            > max_operations
        ):
            return cost - 1
        if not _expand_level(arena, table, goals, bounds, cost):
            return cost - 1
    return MAX_COST
