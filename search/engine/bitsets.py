"""Bit sets: the cells of states that hold certain colors, 64 cells a word."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import compiled, helper
from arcsolve.dsl.kernels.bits import LANES, bit_length, same_bits, value_bits
from arcsolve.dsl.values import Flags, Integers
from arcsolve.search.engine.arena import GRID, Arena, area_at, chain_word, unpack_shape
from arcsolve.search.engine.goals import FlatGrids
from arcsolve.search.engine.intrinsics import borrow

WORD = 64  # bits

Bits = NDArray[np.uint64]  # (..., word)


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The positions of the examples' cells in a row of bits; every example begins a new word."""

    shapes: Integers  # by example, packed as in the arena; the pairs come first
    starts: Integers  # first word of each example, and the end
    pairs: int
    goals: Bits  # (color, word): the cells of the outputs that have a color

    @property
    def pair_words(self) -> int:
        """The number of words of the pairs; the words of the tests follow."""
        return int(self.starts[self.pairs])

    def pairs_with_bits(self, bits: Bits) -> Flags:
        """Return flags (row, pair) of the pairs in which a row of bits over the pairs has a bit."""
        words = np.bitwise_or.reduceat(bits, self.starts[: self.pairs], axis=-1)
        set_bits: Flags = words != 0
        return set_bits


def build_layout(arena: Arena, goals: FlatGrids) -> Layout | None:
    """Return the layout for grids of the outputs' shapes; None if no state has these shapes.

    The shapes on the tests are those that most of these states have.
    """
    pairs = goals.shapes.size
    rows = arena.shapes[arena.members[GRID, : arena.sizes[GRID]]]
    rows = rows[(rows[:, :pairs] == goals.shapes).all(axis=1)]
    if not len(rows):
        return None
    _, first, counts = np.unique(
        _hash_shapes(rows[:, pairs:]), return_index=True, return_counts=True
    )
    shapes = rows[first[counts.argmax()]]
    _, heights, widths = unpack_shape(shapes)
    sizes = heights * widths
    starts = np.concatenate([[0], np.cumsum(-(-sizes // WORD))]).astype(np.int64)
    return Layout(shapes, starts, pairs, _pack_goals(goals, starts))


def _pack_goals(goals: FlatGrids, starts: Integers) -> Bits:
    pairs = goals.shapes.size
    bits = np.zeros((NUM_COLORS, starts[pairs] * WORD), np.uint8)
    for pair in range(pairs):
        cells = goals.cells[goals.offsets[pair] : goals.offsets[pair + 1]]
        bits[cells, starts[pair] * WORD + np.arange(cells.size)] = 1
    return np.packbits(bits, axis=1, bitorder="little").view(np.uint64)


def comparable_states(arena: Arena, layout: Layout, kind: int) -> Integers:
    """Return the states of a type that have the layout's shapes, the cheapest first.

    `kind` is the position of the type in `TYPES`.
    """
    states = arena.members[kind, : arena.sizes[kind]].astype(np.int64)
    states = states[(arena.shapes[states] == layout.shapes).all(axis=1)]
    return states[np.argsort(arena.costs[states], kind="stable")]


@helper
def _hash_row(row: Bits) -> np.uint64:
    digest = np.uint64(0)
    for word in row:
        digest = chain_word(digest, word)
    return digest


@helper
def _rows_equal(row: Bits, other: Bits) -> bool:
    differing = np.uint64(0)
    for word in range(row.size):
        differing |= row[word] ^ other[word]
    return differing == 0


def _hash_shapes(rows: Integers) -> NDArray[np.uint64]:
    """Return a multilinear hash of each row; two different rows collide with a chance of 2**-32.

    The bound holds for factors of half as many bits: Dietzfelbinger, "Universal hashing and k-wise
    independent random variables via integer arithmetic without primes" (STACS 1996).
    """
    halves = np.ascontiguousarray(rows).view(np.uint32)
    drawn = np.random.default_rng(0).integers(
        1 << 64, size=halves.shape[1], dtype=np.uint64, endpoint=False
    )
    digests: NDArray[np.uint64] = halves.astype(np.uint64) @ drawn
    return digests


@helper
def _put(row: Bits, start: int, first: int, held: int) -> None:
    """Put the bits of cells from `first` on into the words of an example, from `start` on."""
    row[start + first // WORD] |= np.uint64(held) << np.uint64(first % WORD)


@helper
def popcount(word: np.uint64) -> np.int64:
    """Return the number of bits that are set in a word (Knuth 4A, 7.1.3)."""
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    pairs = np.uint64(0x3333333333333333)
    word = (word & pairs) + ((word >> np.uint64(2)) & pairs)
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def distinct_rows(bits: Bits, order: Integers) -> Integers:
    """Return the positions, in `order`, of the rows that differ from all rows before them."""
    slots = np.full(1 << bit_length(2 * order.size), -1, np.int64)
    kept = np.empty(order.size, np.int64)
    size = 0
    for row in order:
        slot = np.int64(_hash_row(bits[row]) & np.uint64(slots.size - 1))
        while slots[slot] >= 0 and not _rows_equal(bits[slots[slot]], bits[row]):
            slot = (slot + 1) & (slots.size - 1)
        if slots[slot] < 0:
            slots[slot] = row
            kept[size] = row
            size += 1
    return kept[:size]


@compiled
def pack(arena: Arena, starts: Integers, states: Integers, color: int, other: bool) -> Bits:
    """Return bits (state, word) of the cells of a color, or with `other` of all other colors."""
    arena = borrow(arena)
    bits = np.zeros((states.size, starts[-1]), np.uint64)
    for i in range(states.size):
        for example in range(starts.size - 1):
            start, size = arena.offsets[states[i], example], area_at(arena, states[i], example)
            for first in range(0, size, LANES):
                count = min(LANES, size - first)
                held = value_bits(arena.cells, start + first, count, color)
                held ^= (1 << count) - 1 if other else 0
                _put(bits[i], starts[example], first, held)
    return bits


@compiled
def right_cells(arena: Arena, goals: FlatGrids, starts: Integers, states: Integers) -> Bits:
    """Return bits (state, word) of the cells of the pairs that are as in the goals."""
    arena, goals = borrow(arena), borrow(goals)
    pairs = goals.shapes.size
    bits = np.zeros((states.size, starts[pairs]), np.uint64)
    for i in range(states.size):
        for pair in range(pairs):
            start, size = arena.offsets[states[i], pair], area_at(arena, states[i], pair)
            for first in range(0, size, LANES):
                goal, count = goals.offsets[pair] + first, min(LANES, size - first)
                held = same_bits(arena.cells, start + first, goals.cells, goal, count)
                _put(bits[i], starts[pair], first, held)
    return bits
