"""Selectors: the sets of cells that the states of a search can point out."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dsl.grid import NUM_COLORS
from dsl.values import ValueType
from search.arena import TYPES, Arena
from search.bits import Bits, Layout, comparable, pack
from search.table import OperatorTable, operators

__all__ = ["Selectors", "constant_colors", "position_of", "selectors_of"]

MASKS = 6_000  # masks, cheapest first
GRIDS = 2_000  # cheapest grids that are turned into masks
GRID, MASK, COLOR = map(TYPES.index, (ValueType.GRID, ValueType.MASK, ValueType.COLOR))


class Selectors(NamedTuple):
    """Distinct sets of cells, cheapest first.

    A selector is the mask ``source``, or what the operator `maker` makes of the grid ``source``
    (and the color state `color`, if not -1).
    """

    bits: Bits  # (selector, word), over the pairs
    costs: NDArray[np.int64]  # of the mask, once it is made
    sources: NDArray[np.int64]
    makers: NDArray[np.int64]  # operator, or -1
    colors: NDArray[np.int64]


@cache
def position_of(name: str) -> int:
    """The operator that is this primitive."""
    return [primitive.name for primitive in operators()].index(name)


def constant_colors(arena: Arena) -> dict[int, int]:
    """States that are one color on all examples, by color."""
    colors = arena.members[COLOR, : arena.sizes[COLOR]]
    values = arena.offsets[colors]
    constant = (values == values[:, :1]).all(axis=1)
    return dict(zip(values[constant, 0].tolist(), colors[constant].tolist(), strict=True))


def selectors_of(
    arena: Arena, table: OperatorTable, layout: Layout, grids: NDArray[np.int64]
) -> Selectors:
    """All masks, and what is nonzero, zero, or of a constant color in `grids` and cheap grids."""
    cheap = comparable(arena, layout, GRID)[:GRIDS]
    grids = np.union1d(grids, cheap)
    masks = comparable(arena, layout, MASK)[:MASKS]
    parts = [
        _made(arena, table, layout, masks, -1, -1, 1, NUM_COLORS),
        _made(arena, table, layout, grids, position_of("mask_nonzero"), -1, 1, NUM_COLORS),
        _made(arena, table, layout, grids, position_of("mask_zero"), -1, 0, 0),
    ]
    for color, leaf in constant_colors(arena).items():
        maker = position_of("mask_of_color")
        parts.append(_made(arena, table, layout, grids, maker, leaf, color, color))
    columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _distinct(Selectors(*columns), layout.pair_words)


def _made(
    arena: Arena,
    table: OperatorTable,
    layout: Layout,
    states: NDArray[np.int64],
    maker: int,
    color: int,
    low: int,
    high: int,
) -> Selectors:
    """The cells of colors `low` to `high`, and what making them a mask costs."""
    extra = (table.costs[maker] if maker >= 0 else 0) + (arena.costs[color] if color >= 0 else 0)
    return Selectors(
        bits=pack(arena, layout.starts, states, low, high),
        costs=arena.costs[states].astype(np.int64) + extra,
        sources=states,
        makers=np.full(len(states), maker),
        colors=np.full(len(states), color),
    )


def _distinct(found: Selectors, pair_words: int) -> Selectors:
    """Without those equal to a cheaper one on all examples, and those empty on the pairs.

    Rows are compared by multilinear hashes (Carter and Wegman 1979), whose chance of a collision
    between two rows is 2**-32 or less.
    """
    order = np.argsort(found.costs, kind="stable")
    order = order[found.bits[order, :pair_words].any(axis=1)]
    weights = np.random.default_rng(0).integers(1 << 63, size=found.bits.shape[1], dtype=np.uint64)
    _, first = np.unique(found.bits[order] @ (weights | np.uint64(1)), return_index=True)
    kept = order[np.sort(first)]
    chosen = Selectors(*(column[kept] for column in found))
    return chosen._replace(bits=np.ascontiguousarray(chosen.bits[:, :pair_words]))
