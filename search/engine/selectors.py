"""Selectors: the sets of cells that the states of a search can select.

The stages that combine states into outputs share one `Selection`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from arcsolve.search.engine.arena import COLOR, GRID, MASK, OPERATIONS, Arena
from arcsolve.search.engine.bitsets import (
    Bits,
    Layout,
    build_layout,
    comparable_states,
    distinct_rows,
    pack,
)

if TYPE_CHECKING:
    from arcsolve.search.engine.workspace import Workspace

MASKS = 6_000  # masks, cheapest first
GRIDS = 2_000  # cheapest grids that are turned into masks
BASES = 300  # states to complete, at most: this many of the nearest, and as many of the cheapest
OPERATIONS_A_BASE = 1500  # of the search before: completing must not take longer than searching
MAKERS = ("", "mask_nonzero", "mask_zero", "mask_of_color")


class Selectors(NamedTuple):
    """Distinct sets of cells, the cheapest first.

    A selector is the mask state `sources`, or the mask that a primitive makes of the grid state
    `sources`. `makers` is the position of the primitive in `MAKERS`, and `colors` is the color
    state that it takes, or -1.
    """

    bits: Bits  # (selector, word), over the pairs
    costs: NDArray[np.int64]  # of the mask, once it is made
    sources: NDArray[np.int64]
    makers: NDArray[np.int64]
    colors: NDArray[np.int64]


class Selection(NamedTuple):
    """Grids of the goals' shapes as bits, the selectors over them, and the states to complete."""

    layout: Layout
    selectors: Selectors
    bases: NDArray[np.int64]


def select(workspace: Workspace) -> Selection | None:
    """Return the selection toward the goals of the workspace; None if no state has their shapes."""
    layout = build_layout(workspace.arena, workspace.goals)
    if layout is None:
        return None
    bases = _choose_bases(workspace.arena, layout)
    return Selection(layout, _collect_selectors(workspace, layout, bases), bases)


def _choose_bases(arena: Arena, layout: Layout) -> NDArray[np.int64]:
    """Return the nearest and the cheapest grids among those that are not exact on all pairs."""
    count = min(BASES, 1 + int(arena.counters[OPERATIONS]) // OPERATIONS_A_BASE)
    states = comparable_states(arena, layout, GRID)
    states = states[arena.distances[states] > 0]
    nearest = np.argsort(arena.distances[states], kind="stable")[:count]
    return np.union1d(states[:count], states[nearest])


def constant_colors(arena: Arena) -> dict[int, int]:
    """Return by color the state that has this color on all examples."""
    colors = arena.members[COLOR, : arena.sizes[COLOR]]
    values = arena.offsets[colors]
    constant = (values == values[:, :1]).all(axis=1)
    return dict(zip(values[constant, 0].tolist(), colors[constant].tolist(), strict=True))


def build_mask(workspace: Workspace, selectors: Selectors, position: int) -> int:
    """Return the mask state of the selector at a position; -1 if it is undefined on a test."""
    source, maker, color = (int(column[position]) for column in selectors[2:])
    if not MAKERS[maker]:
        return source
    return workspace.apply(MAKERS[maker], *((source, color) if color >= 0 else (source,)))


def _collect_selectors(workspace: Workspace, layout: Layout, grids: NDArray[np.int64]) -> Selectors:
    """Return all masks, and the nonzero, zero and constant-color cells of `grids` and of cheap grids.
    """
    arena = workspace.arena
    grids = np.union1d(grids, comparable_states(arena, layout, GRID)[:GRIDS])
    masks = comparable_states(arena, layout, MASK)[:MASKS]
    parts = [
        _make_selectors(workspace, layout, masks, 0, -1, 0, True),
        _make_selectors(workspace, layout, grids, 1, -1, 0, True),
        _make_selectors(workspace, layout, grids, 2, -1, 0, False),
    ]
    for color, state in constant_colors(arena).items():
        parts.append(_make_selectors(workspace, layout, grids, 3, state, color, False))
    columns: Any = map(np.concatenate, zip(*parts, strict=True))
    return _drop_duplicates(Selectors(*columns), layout.pair_words)


def _make_selectors(
    workspace: Workspace,
    layout: Layout,
    states: NDArray[np.int64],
    maker: int,
    color: int,
    value: int,
    other: bool,
) -> Selectors:
    """Return the cells of color `value` in the states, or with `other` the cells of any other color.

    The costs include the cost of making the mask by the primitive `maker` with the state `color`.
    """
    extra = [color] if color >= 0 else []
    making = workspace.cost(MAKERS[maker], *extra) if MAKERS[maker] else 0
    return Selectors(
        bits=pack(workspace.arena, layout.starts, states, value, other),
        costs=workspace.arena.costs[states].astype(np.int64) + making,
        sources=states,
        makers=np.full(len(states), maker),
        colors=np.full(len(states), color),
    )


def _drop_duplicates(found: Selectors, pair_words: int) -> Selectors:
    """Drop selectors that equal a cheaper one on all examples, and those that are empty on the pairs.
    """
    order = np.argsort(found.costs, kind="stable")
    used = np.any(found.bits[:, :pair_words], axis=1)
    order = order[used[order]]
    kept = distinct_rows(found.bits, order)
    columns: Any = (column[kept] for column in found)
    bits = np.ascontiguousarray(found.bits[kept, :pair_words])
    return Selectors(*columns)._replace(bits=bits)
