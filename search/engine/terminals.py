"""The leaves of a search: the input, and the constants that the task suggests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.jit import compiled
from arcsolve.dsl.program import Constant, Input
from arcsolve.dsl.values import DIRECTIONS, ValueType
from arcsolve.search.engine.arena import (
    BYTES,
    COLOR,
    STATES,
    TYPES,
    Arena,
    begin_hash,
    register,
    store_cells,
    store_scalar,
)
from arcsolve.search.engine.goals import FlatGrids, flat_grids, measure

__all__ = ["Leaf", "add_colors", "add_leaves", "candidate_colors", "constants"]

CONSTANT_COST = 2  # of a leaf other than the input, in units of arcsolve.search.costs
COUNTS = (1, 2, 3)  # counts worth spelling out; larger ones come from measuring

Leaf = Input | Constant


def candidate_colors(
    inputs: Sequence[NDArray[np.uint8]], outputs: Sequence[NDArray[np.uint8]]
) -> list[int]:
    """Colors (not 0) that every input has, or every output has; if none, any that occurs."""
    everywhere = _common(inputs) | _common(outputs)
    somewhere = {int(color) for grid in (*inputs, *outputs) for color in np.unique(grid)}
    return sorted((everywhere - {0}) or (somewhere - {0}))


def _common(grids: Sequence[NDArray[np.uint8]]) -> set[int]:
    return set.intersection(*({int(color) for color in np.unique(grid)} for grid in grids))


def constants(colors: Sequence[int]) -> list[Constant]:
    """The scalar constants of a search with these colors."""
    return [
        *(Constant(color, ValueType.COLOR) for color in colors),
        *(Constant(count, ValueType.COUNT) for count in COUNTS),
        *(Constant(way, ValueType.DIRECTION) for way in range(len(DIRECTIONS))),
    ]


def add_leaves(
    arena: Arena, goals: FlatGrids, inputs: Sequence[NDArray[np.uint8]], constants: list[Constant]
) -> tuple[Leaf, ...]:
    """Put the input and the constants into an empty arena; returns them by leaf number.

    Grids cost no more than other constants here, since the closure wants leaves to be cheaper
    than operators; in the length of a program their cells count.
    """
    _add_grids(arena, goals, flat_grids(inputs), -1, 0)
    for number, constant in enumerate(constants, start=1):
        if isinstance(constant.value, Grid):
            everywhere = flat_grids([constant.value.cells] * len(inputs))
            _add_grids(arena, goals, everywhere, -1 - number, CONSTANT_COST)
        else:
            kind = TYPES.index(constant.type)
            _add_scalar(arena, -1 - number, kind, constant.value, CONSTANT_COST)
    return (Input(), *constants)


def add_colors(
    arena: Arena, leaves: tuple[Leaf, ...], outputs: Sequence[NDArray[np.uint8]]
) -> tuple[Leaf, ...]:
    """Put the outputs' other colors (not 0) into an arena that is no longer closed level by level.

    Returns all leaves.
    """
    colors = sorted({int(color) for grid in outputs for color in np.unique(grid)} - {0})
    found = [Constant(color, ValueType.COLOR) for color in colors]
    new = [constant for constant in found if constant not in leaves]
    for number, constant in enumerate(new, start=len(leaves)):
        _add_scalar(arena, -1 - number, COLOR, constant.value, CONSTANT_COST)
    return (*leaves, *new)


def _add_grids_kernel(
    arena: Any, goals: FlatGrids, grids: FlatGrids, operator: int, cost: int
) -> None:
    """A leaf with a grid for each example."""
    state, tail, digest = arena.counters[STATES], arena.counters[BYTES], begin_hash(0)
    for k in range(grids.shapes.size):
        cells = grids.cells[grids.offsets[k] : grids.offsets[k + 1]]
        tail, digest = store_cells(arena, state, k, cells, grids.shapes[k], tail, digest)
    new = register(arena, digest, tail, operator, -1, -1, -1, cost, 0)
    if new >= 0:
        measure(arena, goals, new)


def _add_scalar_kernel(arena: Any, operator: int, kind: int, value: int, cost: int) -> None:
    """A leaf with the same number for each example; left out if the arena is full."""
    state, digest = arena.counters[STATES], begin_hash(kind)
    if state == arena.costs.size:
        return
    for k in range(arena.offsets.shape[1]):
        digest = store_scalar(arena, state, k, value, digest)
    register(arena, digest, arena.counters[BYTES], operator, -1, -1, -1, cost, kind)


_add_grids = compiled(_add_grids_kernel)
_add_scalar = compiled(_add_scalar_kernel)
