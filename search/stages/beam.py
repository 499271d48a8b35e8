"""The beam: past the closure, expand only the states most like the goals."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, islice, zip_longest

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.jit import compiled, helper
from arcsolve.dsl.values import Integers
from arcsolve.search.engine.apply import total_cost, try_operator
from arcsolve.search.engine.arena import FULL, GRID, NO_TYPE, OPERATIONS, STATES, Arena, States
from arcsolve.search.engine.goals import FlatGrids
from arcsolve.search.engine.intrinsics import borrow
from arcsolve.search.engine.operators import OperatorTable
from arcsolve.search.engine.terminals import CONSTANT_COST
from arcsolve.search.engine.workspace import Workspace
from arcsolve.search.stages.closure import is_forbidden
from arcsolve.search.stages.similarity import SIMILARITIES, build_targets, measure_dissimilarity

ALIKE = 8  # states of one value in a round: more are mostly variants of one idea
CHEAP = CONSTANT_COST  # cost up to which states serve as second and third arguments
MAX_OPERATOR_COST = 7  # the closure alone applies slower or rarely used operators
INPUT = 0  # the state that is the input


@dataclass(frozen=True, slots=True)
class Beam:
    """The stage that expands the best grid states, then the best of the new ones, and so on.

    A round expands `width` states. The `similarities` take turns, and each picks the state most
    like the outputs (see `arcsolve.search.stages.similarity`).
    """

    width: int = 24
    similarities: tuple[str, ...] = SIMILARITIES

    def extend(self, workspace: Workspace) -> None:
        """Expand states until the budget's operations are used or no state is left to expand.

        Skip states so cheap that the closure has applied all operators to them.
        """
        arena, level, limit = workspace.arena, workspace.level, workspace.budget.operations
        targets = build_targets(workspace.goals, self.similarities)
        columns = [SIMILARITIES.index(name) for name in self.similarities]
        known, states = 0, np.empty(0, np.int32)
        scores = np.empty((0, len(SIMILARITIES)), np.float32)
        while workspace.operations < limit:
            new = arena.members[GRID, known : arena.sizes[GRID]]
            known = int(arena.sizes[GRID])
            new = new[arena.costs[new] > level - MAX_OPERATOR_COST]
            states = np.concatenate([states, new])
            scores = np.concatenate([scores, measure_dissimilarity(arena, targets, new)])
            best = choose_by_turns(scores[:, columns], arena.costs[states], self.width)
            chosen = states[best]
            states, scores = np.delete(states, best), np.delete(scores, best, axis=0)
            if not len(chosen):
                return
            if not expand(arena, workspace.table, workspace.goals, chosen, level, limit):
                return


def choose_by_turns(scores: NDArray[np.float32], costs: NDArray[np.int32], width: int) -> Integers:
    """Return the positions of `width` states: the similarities take turns to pick the best left.

    `scores` are dissimilarities, with a row for each state and a column for each similarity. Of
    equally good states the cheaper one comes first. A similarity picks at most `ALIKE` states of
    one value.
    """
    orders = [_rank_states(column, costs, width) for column in scores.T]
    turns = chain.from_iterable(zip_longest(*orders, fillvalue=-1))
    distinct = dict.fromkeys(int(position) for position in turns if position >= 0)
    return np.array(list(islice(distinct, width)), np.int64)


def _rank_states(scores: NDArray[np.float32], costs: NDArray[np.int32], width: int) -> Integers:
    """Return the `width` best positions by one similarity."""
    order = np.lexsort((costs, scores))
    _, first, which = np.unique(scores[order], return_index=True, return_inverse=True)
    rank = np.arange(len(order)) - first[which]
    return order[rank < ALIKE][:width]


@helper
def _count_cheap(arena: Arena) -> Integers:
    """Return by type the number of leading members that are cheap; terminals lead in the arena."""
    cheap = np.ones(NO_TYPE + 1, np.int64)
    for kind in range(NO_TYPE):
        count = 0
        while count < arena.sizes[kind] and arena.costs[arena.members[kind, count]] <= CHEAP:
            count += 1
        cheap[kind] = count
    return cheap


@helper
def _apply_all(
    arena: Arena,
    table: OperatorTable,
    goals: FlatGrids,
    cheap: Integers,
    x: int,
    partner: int,
    level: int,
    limit: int,
) -> bool:
    """Apply every operator to x with cheap other arguments, or with `partner` as the second.

    With a partner, apply only operators that return grids. A partner that is no grid must be the
    second argument. Skip applications that cost at most `level`: the closure has done them.
    """
    lone = partner < 0
    for operator in range(table.costs.size):
        first, second, third = table.argument_types[operator]
        if first != arena.types[x] or not (lone or table.result_types[operator] == GRID):
            continue
        if table.costs[operator] > MAX_OPERATOR_COST:
            continue
        with_partner = not lone and second == arena.types[partner]
        if not lone and arena.types[partner] != GRID and not with_partner:
            continue
        for i in range(1 if with_partner else cheap[second]):
            y = partner if with_partner else arena.members[second, i]
            for j in range(cheap[third]):
                z = arena.members[third, j]
                if total_cost(arena, table, operator, x, y, z) <= level:
                    continue
                if with_partner and table.commutative[operator] and y < x:
                    continue
                if is_forbidden(arena, table, operator, x, y, z):
                    continue
                if try_operator(arena, table, goals, operator, x, y, z) == FULL:
                    return False
        if arena.counters[OPERATIONS] >= limit:
            return False
    return True


@compiled
def expand(
    arena: Arena, table: OperatorTable, goals: FlatGrids, chosen: States, level: int, limit: int
) -> bool:
    """Apply all operators to each chosen state; False when the arena is full or work is used up.

    Each chosen state also serves as the second argument to the input. A child that is no grid
    (objects, masks, counts) is turned back into grids at once, because only grids have distances:
    alone, with the state that it came from, and with the input.
    """
    arena, table, goals = borrow(arena), borrow(table), borrow(goals)
    cheap = _count_cheap(arena)
    for state in chosen:
        first_child = arena.counters[STATES]
        if not _apply_all(arena, table, goals, cheap, state, -1, level, limit):
            return False
        if not _apply_all(arena, table, goals, cheap, INPUT, state, level, limit):
            return False
        for child in range(first_child, arena.counters[STATES]):
            if arena.types[child] == GRID:
                continue
            if not _apply_all(arena, table, goals, cheap, child, state, level, limit):
                return False
            if not _apply_all(arena, table, goals, cheap, state, child, level, limit):
                return False
            if not _apply_all(arena, table, goals, cheap, INPUT, child, level, limit):
                return False
    return True
