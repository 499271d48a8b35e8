"""Selectors: the sets of cells that the states of a search can select.

The stages that combine states into outputs share one `Selection`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from arcsolve.dsl.values import Integers
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

MASKS = 6_000  # cheapest masks that become selectors
GRIDS = 2_000  # cheapest grids that become masks
BASES = 300  # limit of the nearest, and of the cheapest, states to complete
OPERATIONS_A_BASE = 1500  # so that completing takes no longer than the search before it
MAKERS = ("", "mask_nonzero", "mask_zero", "mask_of_color")
NONZERO = MAKERS[:2]  # select the cells that are not 0


class Selectors(NamedTuple):
    """Distinct sets of cells, the cheapest first.

    A selector is the mask state `sources`, or the mask that a primitive makes of the grid state
    `sources`. `makers` is the position of the primitive in `MAKERS`, and `colors` is the color
    state that it takes, or -1.
    """

    bits: Bits  # (selector, word), over the pairs
    costs: Integers  # including the primitive that makes the mask
    sources: Integers
    makers: Integers
    colors: Integers


class Selection(NamedTuple):
    """Grids of the goals' shapes as bits, the selectors over them, and the states to complete."""

    layout: Layout
    selectors: Selectors
    bases: Integers


def select(workspace: Workspace) -> Selection | None:
    """Return the selection toward the goals of the workspace; None if no state has their shapes."""
    layout = build_layout(workspace.arena, workspace.goals)
    if layout is None:
        return None
    bases = _choose_bases(workspace.arena, layout)
    return Selection(layout, _collect_selectors(workspace, layout, bases), bases)


def _choose_bases(arena: Arena, layout: Layout) -> Integers:
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


def _collect_selectors(workspace: Workspace, layout: Layout, grids: Integers) -> Selectors:
    """Return all masks, and the nonzero, zero and constant-color cells of grids and cheap grids."""
    arena = workspace.arena
    grids = np.union1d(grids, comparable_states(arena, layout, GRID)[:GRIDS])
    masks = comparable_states(arena, layout, MASK)[:MASKS]
    parts = [
        _make_selectors(workspace, layout, masks, 0, 0, -1),
        _make_selectors(workspace, layout, grids, 1, 0, -1),
        _make_selectors(workspace, layout, grids, 2, 0, -1),
    ]
    for color, state in constant_colors(arena).items():
        parts.append(_make_selectors(workspace, layout, grids, 3, color, state))
    columns: Any = map(np.concatenate, zip(*parts, strict=True))
    return _drop_duplicates(Selectors(*columns), layout.pair_words)


def _make_selectors(
    workspace: Workspace, layout: Layout, states: Integers, maker: int, value: int, color: int
) -> Selectors:
    """Return the cells of color `value` in the states, or the nonzero cells for `NONZERO` makers.

    The costs include the primitive `maker` and the color state `color`, which is -1 if not needed.
    """
    extra = [color] if color >= 0 else []
    making = workspace.cost(MAKERS[maker], *extra) if MAKERS[maker] else 0
    return Selectors(
        bits=pack(workspace.arena, layout.starts, states, value, MAKERS[maker] in NONZERO),
        costs=workspace.arena.costs[states].astype(np.int64) + making,
        sources=states,
        makers=np.full(len(states), maker),
        colors=np.full(len(states), color),
    )


def _drop_duplicates(found: Selectors, pair_words: int) -> Selectors:
    """Drop selectors that equal a cheaper one on all examples or are empty on the pairs."""
    order = np.argsort(found.costs, kind="stable")
    used = np.any(found.bits[:, :pair_words], axis=1)
    order = order[used[order]]
    kept = distinct_rows(found.bits, order)
    columns: Any = (column[kept] for column in found)
    bits = np.ascontiguousarray(found.bits[kept, :pair_words])
    return Selectors(*columns)._replace(bits=bits)
