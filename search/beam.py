"""The beam: past the closure, only the states closest to the goals are expanded further."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dsl.jit import compiled, helper
from search.apply import try_operator
from search.arena import FULL, NO_TYPE, OPERATIONS, STATES, Arena
from search.closure import redundant
from search.goals import FlatGrids
from search.leaves import CONSTANT_COST
from search.memory import borrowed
from search.table import OperatorTable

__all__ = ["deepen"]

ALIKE = 8  # states of one distance in a round: more are mostly variants of one idea
CHEAP = CONSTANT_COST  # cost up to which states serve as second and third arguments
DEAREST = 7  # operators of a higher cost are left to the closure: slow, or hardly ever used
_GRID = 0  # position of ValueType.GRID in search.arena.TYPES


def deepen(
    arena: Arena, table: OperatorTable, goals: FlatGrids, *, level: int, width: int, limit: int
) -> None:
    """Expand the `width` best grid states, then the best of what is new, until `limit` operations.

    States so cheap that the closure has expanded them (it reached `level`) are passed over.
    Stops early when nothing is left to expand or the arena is full.
    """
    cheapest_operator = int(table.costs.min())
    expanded = np.zeros(arena.costs.size, np.bool_)
    while arena.counters[OPERATIONS] < limit:
        states = arena.members[_GRID, : arena.sizes[_GRID]]
        open_states = states[~expanded[states] & (arena.costs[states] > level - cheapest_operator)]
        chosen = _best(arena, open_states, width)
        expanded[chosen] = True
        if not len(chosen) or not expand(arena, table, goals, chosen, limit):
            return


def _best(arena: Arena, states: NDArray[np.int32], width: int) -> NDArray[np.int32]:
    """The closest states, cheaper ones first, at most `ALIKE` of one distance."""
    order = np.lexsort((states, arena.costs[states], arena.distances[states]))
    states = states[order]
    _, first, which = np.unique(arena.distances[states], return_index=True, return_inverse=True)
    rank = np.arange(len(states)) - first[which]
    return states[rank < ALIKE][:width]


def _expand(arena: Any, table: OperatorTable, goals: FlatGrids, chosen: Any, limit: int) -> bool:
    """Apply all operators to each chosen state; False when the arena is full or work is used up.

    What is not a grid (objects, masks, counts) is at once turned back into grids, alone or
    together with the state it came from, since distances are known for grids only.
    """
    arena, table, goals = borrowed(arena), borrowed(table), borrowed(goals)
    cheap = _cheap_members(arena)
    for state in chosen:
        first_child = arena.counters[STATES]
        if not _apply_all(arena, table, goals, cheap, state, -1, limit):
            return False
        for child in range(first_child, arena.counters[STATES]):
            if arena.types[child] == _GRID:
                continue
            if not _apply_all(arena, table, goals, cheap, child, state, limit):
                return False
            if not _apply_all(arena, table, goals, cheap, state, child, limit):
                return False
    return True


expand = compiled(_expand)


@helper
def _cheap_members(arena: Any) -> Any:
    """By type, how many of its first members are cheap; leaves come first in the arena."""
    cheap = np.ones(NO_TYPE + 1, np.int64)
    for kind in range(NO_TYPE):
        count = 0
        while count < arena.sizes[kind] and arena.costs[arena.members[kind, count]] <= CHEAP:
            count += 1
        cheap[kind] = count
    return cheap


@helper
def _apply_all(
    arena: Any, table: OperatorTable, goals: FlatGrids, cheap: Any, x: int, partner: int, limit: int
) -> bool:
    """Apply every operator to x, with cheap other arguments, or with `partner` as the second.

    With a partner only operators that give grids are applied, and if the partner is no grid
    itself, only with it as second argument.
    """
    lone = partner < 0
    for operator in range(table.costs.size):
        first, second, third = table.argument_types[operator]
        if first != arena.types[x] or not (lone or table.result_types[operator] == _GRID):
            continue
        if table.costs[operator] > DEAREST:
            continue
        with_partner = not lone and second == arena.types[partner]
        if not lone and arena.types[partner] != _GRID and not with_partner:
            continue
        for i in range(1 if with_partner else cheap[second]):
            y = partner if with_partner else arena.members[second, i]
            for j in range(cheap[third]):
                z = arena.members[third, j]
                if redundant(arena, table, operator, x, y, z):
                    continue
                if try_operator(arena, table, goals, operator, x, y, z) == FULL:
                    return False
        if arena.counters[OPERATIONS] >= limit:
            return False
    return True
