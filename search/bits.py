"""Bit-packed views of states: which cells of all pairs hold certain colors, 64 cells a word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dsl.jit import compiled
from search.arena import Arena, cells_of
from search.goals import FlatGrids
from search.memory import borrowed

__all__ = ["WORD", "Bits", "Layout", "cells_in_bits", "comparable", "layout_of", "pack"]

WORD = 64  # bits

Bits = NDArray[np.uint64]  # (..., word)


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where the cells of each example stand in a row of bits; every example begins a word."""

    shapes: NDArray[np.int64]  # packed as in the arena; by example, the pairs first
    starts: NDArray[np.int64]  # word, by example, and the end
    pairs: int

    @property
    def pair_words(self) -> int:
        """The words of the pairs; those of the tests follow."""
        return int(self.starts[self.pairs])


def layout_of(arena: Arena, goals: FlatGrids) -> Layout | None:
    """For grids of the outputs' shapes; on the tests, of the shapes that most such states have.

    None if no state has the outputs' shapes.
    """
    pairs = goals.shapes.size
    states = arena.members[0, : arena.sizes[0]]
    rows = arena.shapes[states]
    rows = rows[(rows[:, :pairs] == goals.shapes).all(axis=1)]
    if not len(rows):
        return None
    found, which = np.unique(rows, axis=0, return_inverse=True)
    shapes = found[np.bincount(which.ravel()).argmax()]
    sizes = (shapes >> 8 & 0xFF) * (shapes & 0xFF)
    starts = np.concatenate([[0], np.cumsum(-(-sizes // WORD))]).astype(np.int64)
    return Layout(shapes, starts, pairs)


def comparable(arena: Arena, layout: Layout, kind: int) -> NDArray[np.int64]:
    """The states of a type (its position in `TYPES`) with the layout's shapes, cheapest first."""
    states = arena.members[kind, : arena.sizes[kind]].astype(np.int64)
    states = states[(arena.shapes[states] == layout.shapes).all(axis=1)]
    return states[np.argsort(arena.costs[states], kind="stable")]


def _pack(arena: Any, starts: Any, states: Any, low: int, high: int) -> Any:
    """uint64 (state, word): the bits of cells whose color is from `low` to `high`."""
    arena = borrowed(arena)
    bits = np.zeros((states.size, starts[-1]), np.uint64)
    for i in range(states.size):
        for example in range(starts.size - 1):
            cells = cells_of(arena, states[i], example)
            for j in range(cells.size):
                held = np.uint64(low <= cells[j] <= high)
                bits[i, starts[example] + (j >> 6)] |= held << np.uint64(j & 63)
    return bits


pack = compiled(_pack)


def cells_in_bits(layout: Layout, goals: FlatGrids, color: int) -> Bits:
    """The cells of the outputs that have this color, as one row over the words of the pairs."""
    row = np.zeros(layout.pair_words * WORD, np.uint8)
    for pair in range(layout.pairs):
        cells = goals.cells[goals.offsets[pair] : goals.offsets[pair + 1]]
        first = int(layout.starts[pair]) * WORD
        row[first : first + cells.size] = cells == color
    return np.packbits(row, bitorder="little").view(np.uint64)
