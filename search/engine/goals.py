"""The goals of a search: the outputs of the pairs, and the distance of a state from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from arcsolve.dsl.jit import compiled, inlined
from arcsolve.dsl.values import Cells, Integers
from arcsolve.search.engine.arena import GRID, Arena, cells_at, pack_shape
from arcsolve.search.engine.intrinsics import borrow

WRONG_SHAPE = 1.0  # distance of a pair whose shape differs from that of the output


class FlatGrids(NamedTuple):
    """One grid for each example, flat like the values of the arena."""

    cells: Cells  # flat
    offsets: Integers  # the first cell of each example, and the end
    shapes: Integers  # by example, packed as in the arena


def flatten(grids: Sequence[Cells]) -> FlatGrids:
    """Return the grids one after the other in flat arrays."""
    offsets = np.cumsum([0, *(grid.size for grid in grids)]).astype(np.int64)
    shapes = np.array([pack_shape(1, *grid.shape) for grid in grids], np.int64)
    return FlatGrids(np.concatenate([grid.ravel() for grid in grids]), offsets, shapes)


@inlined
def measure(arena: Arena, goals: FlatGrids, state: int) -> None:
    """Write the match mask and the distance of a grid state.

    The distance is the mean over the pairs of the share of cells that differ. A pair of the wrong
    shape counts as `WRONG_SHAPE`.
    """
    matches, total = 0, 0.0
    pairs = goals.shapes.size
    for pair in range(pairs):
        distance = WRONG_SHAPE
        if arena.shapes[state, pair] == goals.shapes[pair]:
            goal = goals.cells[goals.offsets[pair] : goals.offsets[pair + 1]]
            distance = _count_differences(cells_at(arena, state, pair), goal) / goal.size
        if distance == 0.0:
            matches |= 1 << pair
        total += distance
    arena.matches[state] = matches
    arena.distances[state] = total / pairs


@inlined
def _count_differences(left: Cells, right: Cells) -> int:
    count = 0
    for i in range(left.size):
        count += left[i] != right[i]
    return count


@compiled
def remeasure(arena: Arena, goals: FlatGrids) -> None:
    """Measure all grid states against these goals."""
    arena, goals = borrow(arena), borrow(goals)
    for i in range(arena.sizes[GRID]):
        measure(arena, goals, arena.members[GRID, i])
