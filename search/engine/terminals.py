"""The terminals of a search: the input, and the constants that the task suggests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from arcsolve.dsl.jit import compiled
from arcsolve.dsl.program import Constant, Input
from arcsolve.dsl.values import DIRECTIONS, Cells, ValueType
from arcsolve.search.engine.arena import (
    BYTES,
    GRID,
    STATES,
    TYPES,
    Arena,
    begin_hash,
    register,
    store_cells,
    store_scalar,
)
from arcsolve.search.engine.goals import FlatGrids, flatten, measure

CONSTANT_COST = 2  # in units of `arcsolve.search.costs`; the input costs 0
COUNTS = (1, 2, 3)  # larger counts come from measuring

Terminal = Input | Constant


def candidate_colors(inputs: Sequence[Cells], outputs: Sequence[Cells]) -> list[int]:
    """Return the nonzero colors that all inputs or all outputs share; if none, all that occur."""
    everywhere = _common(inputs) | _common(outputs)
    somewhere = {int(color) for grid in (*inputs, *outputs) for color in np.unique(grid)}
    return sorted((everywhere - {0}) or (somewhere - {0}))


def _common(grids: Sequence[Cells]) -> set[int]:
    return set.intersection(*({int(color) for color in np.unique(grid)} for grid in grids))


def scalar_constants(colors: Sequence[int]) -> list[Constant]:
    """Return the scalar constants of a search with these colors."""
    return [
        *(Constant(color, ValueType.COLOR) for color in colors),
        *(Constant(count, ValueType.COUNT) for count in COUNTS),
        *(Constant(way, ValueType.DIRECTION) for way in range(len(DIRECTIONS))),
    ]


def add_terminals(
    arena: Arena, goals: FlatGrids, inputs: Sequence[Cells], constants: list[Constant]
) -> tuple[Terminal, ...]:
    """Put the input (a grid an example) and the constants into an empty arena; return them all."""
    _add_input(arena, goals, flatten(inputs))
    _add_constants(arena, constants, 1)
    return (Input(), *constants)


def add_colors(
    arena: Arena, terminals: tuple[Terminal, ...], outputs: Sequence[Cells]
) -> tuple[Terminal, ...]:
    """Put the outputs' other nonzero colors into the arena, and return all terminals.

    Call it after the closure, which needs its terminals in order of cost.
    """
    colors = sorted({int(color) for grid in outputs for color in np.unique(grid)} - {0})
    found = [Constant(color, ValueType.COLOR) for color in colors]
    new = [constant for constant in found if constant not in terminals]
    _add_constants(arena, new, len(terminals))
    return (*terminals, *new)


def _add_constants(arena: Arena, constants: Sequence[Constant], first: int) -> None:
    """Put scalar constants into the arena as the terminals from number `first` on."""
    for number, constant in enumerate(constants, start=first):
        kind = TYPES.index(constant.type)
        _add_scalar(arena, -1 - number, kind, constant.value, CONSTANT_COST)


@compiled
def _add_input(arena: Arena, goals: FlatGrids, grids: FlatGrids) -> None:
    """Add terminal 0, which has a grid for each example."""
    tail, digest = arena.counters[BYTES], begin_hash(GRID)
    for k in range(grids.shapes.size):
        cells = grids.cells[grids.offsets[k] : grids.offsets[k + 1]]
        tail, digest = store_cells(arena, 0, k, cells, grids.shapes[k], tail, digest)
    measure(arena, goals, register(arena, digest, tail, -1, -1, -1, -1, 0, GRID))


@compiled
def _add_scalar(arena: Arena, operator: int, kind: int, value: int, cost: int) -> None:
    """Add a terminal with the same number for each example; skip it if the arena is full."""
    state, digest = arena.counters[STATES], begin_hash(kind)
    if state == arena.costs.size:
        return
    for k in range(arena.offsets.shape[1]):
        digest = store_scalar(arena, state, k, value, digest)
    register(arena, digest, arena.counters[BYTES], operator, -1, -1, -1, cost, kind)
