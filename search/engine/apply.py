"""Application: one operator on argument states, over all examples, as a new state."""

from __future__ import annotations

from typing import Any

from arcsolve.dsl.grid import MAX_SIDE
from arcsolve.dsl.jit import compiled, inlined
from arcsolve.dsl.values import MAX_LAYERS
from arcsolve.search.engine.arena import (
    BYTES,
    FULL,
    GRID,
    OPERATIONS,
    STATES,
    UNDEFINED,
    Arena,
    begin_hash,
    grid_at,
    has_room,
    layers_at,
    pack_shape,
    register,
    store_cells,
    store_scalar,
)
from arcsolve.search.engine.calls import PATTERNS, RESULTS, call_grid, call_layers, call_scalar
from arcsolve.search.engine.goals import FlatGrids, measure
from arcsolve.search.engine.intrinsics import borrow
from arcsolve.search.engine.operators import OperatorTable

_A, _L, _AA, _AL, _AS, _LA, _LS, _ASS, _AAS, _AAA = range(len(PATTERNS))
_TO_GRID, _TO_LAYERS, _TO_SCALAR = range(len(RESULTS))


def _build_applier(call: Any) -> Any:
    """Return the function that calls kernels of every argument pattern with one kind of result."""

    @inlined
    def apply(arena: Arena, address: int, pattern: int, x: int, y: int, z: int, k: int) -> Any:
        if pattern == _A:
            return call(address, (grid_at(arena, x, k),))
        if pattern == _AS:
            return call(address, (grid_at(arena, x, k), arena.offsets[y, k]))
        if pattern == _L:
            return call(address, (layers_at(arena, x, k),))
        if pattern == _AA:
            return call(address, (grid_at(arena, x, k), grid_at(arena, y, k)))
        if pattern == _AL:
            return call(address, (grid_at(arena, x, k), layers_at(arena, y, k)))
        if pattern == _LA:
            return call(address, (layers_at(arena, x, k), grid_at(arena, y, k)))
        if pattern == _LS:
            return call(address, (layers_at(arena, x, k), arena.offsets[y, k]))
        grid = grid_at(arena, x, k)
        if pattern == _ASS:
            return call(address, (grid, arena.offsets[y, k], arena.offsets[z, k]))
        second = grid_at(arena, y, k)
        if pattern == _AAS:
            return call(address, (grid, second, arena.offsets[z, k]))
        return call(address, (grid, second, grid_at(arena, z, k)))

    return apply


_apply_grid, _apply_layers, _apply_scalar = map(
    _build_applier, (call_grid, call_layers, call_scalar)
)


@inlined
def try_operator(
    arena: Arena, table: OperatorTable, goals: FlatGrids, operator: int, x: int, y: int, z: int
) -> int:
    """Apply an operator to the states x, y, z on every example; -1 stands for no argument.

    Return the new state. Return a negative number if the result is known, is undefined or does not
    fit (see `arcsolve.search.engine.arena.resolve_state`). The values are written behind the tail
    of the arena, and only `register` makes them part of it.
    """
    if not has_room(arena):
        return FULL
    address, pattern = table.addresses[operator], table.patterns[operator]
    result, kind = table.results[operator], table.result_types[operator]
    state, tail, digest = arena.counters[STATES], arena.counters[BYTES], begin_hash(kind)
    for k in range(arena.offsets.shape[1]):
        arena.counters[OPERATIONS] += 1
        if result == _TO_GRID:
            grid = _apply_grid(arena, address, pattern, x, y, z, k)
            height, width = grid.shape
            if grid.size == 0 or height > MAX_SIDE or width > MAX_SIDE:
                return UNDEFINED
            shape = pack_shape(1, height, width)
            tail, digest = store_cells(arena, state, k, grid, shape, tail, digest)
        elif result == _TO_LAYERS:
            layers = _apply_layers(arena, address, pattern, x, y, z, k)
            count, height, width = layers.shape
            if layers.size == 0 or height > MAX_SIDE or width > MAX_SIDE or count > MAX_LAYERS:
                return UNDEFINED
            shape = pack_shape(count, height, width)
            tail, digest = store_cells(arena, state, k, layers, shape, tail, digest)
        else:
            scalar = _apply_scalar(arena, address, pattern, x, y, z, k)
            if scalar < 0:
                return UNDEFINED
            digest = store_scalar(arena, state, k, scalar, digest)
    cost = total_cost(arena, table, operator, x, y, z)
    new = register(arena, digest, tail, operator, x, y, z, cost, kind)
    if new >= 0 and kind == GRID:
        measure(arena, goals, new)
    return new


@inlined
def total_cost(arena: Arena, table: OperatorTable, operator: int, x: int, y: int, z: int) -> int:
    """Return the cost of an operator on the states x, y, z; -1 stands for no argument."""
    return table.costs[operator] + _cost(arena, x) + _cost(arena, y) + _cost(arena, z)


@inlined
def _cost(arena: Arena, state: int) -> int:
    return arena.costs[state] if state >= 0 else 0


@compiled
def apply_operator(
    arena: Arena, table: OperatorTable, goals: FlatGrids, operator: int, x: int, y: int, z: int
) -> int:
    """Call `try_operator` from code that is not compiled."""
    return try_operator(borrow(arena), borrow(table), borrow(goals), operator, x, y, z)
