"""Cover stacking: outputs assembled from pieces that each paint part of them and nothing wrong.

Every grid state of the outputs' shapes is a piece. Pieces are laid over one another, earlier ones
on top, 0 being transparent. Greedily, the next piece is the one that paints no wrong cell among
those still bare and the most bare cells right (the idea of the 2020 Kaggle winner's stacking).
Pieces are bit-packed: one bit a cell, all pairs in one row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dsl.jit import compiled, helper
from search.arena import cells_of
from search.goals import FlatGrids
from search.memory import borrowed
from search.synthesis import Synthesis

__all__ = ["Pieces", "Stack", "pieces_of", "stacks"]

MAX_PIECES_A_STACK = 8
_BITS = 64


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Grid states with the outputs' shapes and one common shape on every test, cheapest first."""

    states: NDArray[np.int64]
    painted: NDArray[np.uint64]  # (piece, word): bit set where the piece is not 0
    wrong: NDArray[np.uint64]  # (piece, word): bit set where it is not 0 and not the output
    costs: NDArray[np.int64]
    wanted: NDArray[np.uint64]  # (pair, word): bit set where the output of that pair is not 0


@dataclass(frozen=True, slots=True)
class Stack:
    """States to lay over one another, the top one first; exact on the pairs in `matches`."""

    states: tuple[int, ...]
    matches: int


def pieces_of(synthesis: Synthesis) -> Pieces:
    """All distinct pieces among the states of a synthesis."""
    arena, goals = synthesis.arena, synthesis.goals
    states = arena.members[0, : arena.sizes[0]].astype(np.int64)
    states = _of_one_test_shape(arena, goals, states)
    painted, wrong = pack(arena, goals, states)
    states, painted, wrong = _distinct(arena, goals, states, painted, wrong)
    costs = arena.costs[states].astype(np.int64)
    return Pieces(states, painted, wrong, costs, _wanted(goals))


def _of_one_test_shape(arena: Any, goals: FlatGrids, states: Any) -> Any:
    """Those with the outputs' shapes on the pairs and the most frequent shapes on the tests."""
    pairs = goals.shapes.size
    states = states[(arena.shapes[states, :pairs] == goals.shapes).all(axis=1)]
    if not len(states):
        return states
    shapes, which = np.unique(arena.shapes[states, pairs:], axis=0, return_inverse=True)
    return states[which == np.bincount(which).argmax()] if len(shapes) > 1 else states


def _distinct(arena: Any, goals: FlatGrids, states: Any, painted: Any, wrong: Any) -> Any:
    """The cheapest of the pieces that paint alike, without those that paint nothing right."""
    order = np.argsort(arena.costs[states], kind="stable")
    rows = np.hstack([painted, wrong])[order]
    order = order[(rows[:, : painted.shape[1]] & ~rows[:, painted.shape[1] :]).any(axis=1)]
    rows = np.hstack([painted, wrong])[order]
    _, first = np.unique(rows, axis=0, return_index=True)
    keep = order[np.sort(first)]
    return states[keep], painted[keep], wrong[keep]


def _wanted(goals: FlatGrids) -> NDArray[np.uint64]:
    pairs, total = goals.shapes.size, int(goals.offsets[-1])
    bits = np.zeros((pairs, -(-total // _BITS) * _BITS), np.uint8)
    for pair in range(pairs):
        part = slice(goals.offsets[pair], goals.offsets[pair + 1])
        bits[pair, part] = goals.cells[part] != 0
    return np.packbits(bits, axis=1, bitorder="little").view(np.uint64)


def _pack(arena: Any, goals: FlatGrids, states: Any) -> Any:
    """(painted, wrong), each uint64 (state, word), over the cells of all outputs."""
    arena, goals = borrowed(arena), borrowed(goals)
    words = (goals.offsets[-1] + _BITS - 1) // _BITS
    painted = np.zeros((states.size, words), np.uint64)
    wrong = np.zeros((states.size, words), np.uint64)
    for i in range(states.size):
        for pair in range(goals.shapes.size):
            cells = cells_of(arena, states[i], pair)
            start = goals.offsets[pair]
            for j in range(cells.size):
                if cells[j] != 0:
                    position = start + j
                    bit = np.uint64(1) << np.uint64(position % _BITS)
                    painted[i, position // _BITS] |= bit
                    if cells[j] != goals.cells[position]:
                        wrong[i, position // _BITS] |= bit
    return painted, wrong


pack = compiled(_pack)


def stacks(pieces: Pieces) -> Iterator[Stack]:
    """Distinct stacks of at least two pieces that are exact on all pairs or all but one.

    The greedy choice is repeated with each pair alone in focus, and for the cheaper halves of
    the pieces, since the most covering piece is not always a right one.
    """
    pairs, seen = len(pieces.wanted), set()
    everything = (1 << pairs) - 1
    for count in _prefixes(pieces.costs):
        for focus in (everything, *(1 << pair for pair in range(pairs))):
            chosen, matches = greedy_stack(
                pieces.painted[:count], pieces.wrong[:count], pieces.wanted, focus
            )
            states = tuple(int(s) for s in pieces.states[chosen])
            enough = bin(matches).count("1") >= max(1, pairs - 1)
            if len(states) > 1 and enough and states not in seen:
                seen.add(states)
                yield Stack(states, int(matches))


def _prefixes(costs: NDArray[np.int64]) -> list[int]:
    """Numbers of pieces up to each of the last few costs: shallow stacks are found first."""
    return [int(np.searchsorted(costs, cost, side="right")) for cost in np.unique(costs)[-3:]]


def _greedy_stack(painted: Any, wrong: Any, wanted: Any, focus: int) -> Any:
    """(positions of the chosen pieces, match mask); pairs not in `focus` count less."""
    words = painted.shape[1]
    bare = np.zeros(words, np.uint64)  # wanted and still unpainted
    focused = np.zeros(words, np.uint64)
    clear = np.full(words, ~np.uint64(0))  # not painted by a piece yet
    for pair in range(wanted.shape[0]):
        bare |= wanted[pair]
        if focus >> pair & 1:
            focused |= wanted[pair]
    chosen = np.empty(MAX_PIECES_A_STACK, np.int64)
    size = 0
    while size < MAX_PIECES_A_STACK:
        best = _best_piece(painted, wrong, bare, focused, clear)
        if best < 0:
            break
        chosen[size] = best
        size += 1
        left = np.uint64(0)
        for word in range(words):
            clear[word] &= ~painted[best, word]
            bare[word] &= clear[word]
            left |= bare[word]
        if left == 0:
            break
    return chosen[:size], _matches(bare, wanted)


greedy_stack = compiled(_greedy_stack)


@helper
def _best_piece(painted: Any, wrong: Any, bare: Any, focused: Any, clear: Any) -> int:
    """The valid piece that covers most focused bare cells, then most bare cells; -1 if none."""
    best, best_gain = -1, 0
    for piece in range(painted.shape[0]):
        gain = 0
        for word in range(bare.size):
            if wrong[piece, word] & clear[word]:
                gain = -1
                break
            covered = painted[piece, word] & bare[word]
            if covered:
                gain += (_popcount(covered & focused[word]) << 16) + _popcount(covered)
        if gain > best_gain:
            best, best_gain = piece, gain
    return best


@helper
def _popcount(word: Any) -> Any:
    """Bits set in a 64-bit word (the usual divide and conquer, Knuth 4A, 7.1.3)."""
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    pairs = np.uint64(0x3333333333333333)
    word = (word & pairs) + ((word >> np.uint64(2)) & pairs)
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@helper
def _matches(bare: Any, wanted: Any) -> int:
    """The pairs of which no wanted cell is bare: nothing wrong is painted, so they are exact."""
    matches = 0
    for pair in range(wanted.shape[0]):
        left = np.uint64(0)
        for word in range(bare.size):
            left |= bare[word] & wanted[pair, word]
        if left == 0:
            matches |= 1 << pair
    return matches
