"""Cover stacking: assemble outputs from pieces that each paint a part and nothing wrong.

A piece is a grid state of the outputs' shapes, or a selector whose cells all have one color in the
outputs, in that color. Pieces lie over one another, earlier ones on top, and 0 is transparent. The
greedy choice takes the piece that paints no wrong cell among those still bare, and the most bare
cells right. (The winner of the Kaggle competition of 2020 stacked pieces in this way.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from arcsolve.dsl.jit import compiled, helper
from arcsolve.dsl.values import Integers
from arcsolve.search.engine.arena import GRID
from arcsolve.search.engine.bitsets import (
    Bits,
    Layout,
    comparable_states,
    distinct_rows,
    pack,
    popcount,
    right_cells,
)
from arcsolve.search.engine.selectors import Selectors, build_mask, constant_colors
from arcsolve.search.engine.workspace import Workspace

MAX_PIECES_A_STACK = 8
FOCUSED = 65_536  # weight of a focused bare cell: more than all other bare cells together
GRIDS = 100_000  # cheapest grid states that become pieces, to bound the memory of long searches


class Pieces(NamedTuple):
    """Distinct pieces, the cheapest first: grid states, or selectors in a color."""

    painted: Bits  # (piece, word): bit set where the piece paints a cell
    wrong: Bits  # (piece, word): bit set where the piece paints a cell that differs from the output
    costs: Integers
    states: Integers  # grid state, or -1
    selectors: Integers  # position of the selector, or -1
    colors: Integers  # color state for the selector's cells, or -1


@dataclass(frozen=True, slots=True)
class Cover:
    """The stage that stacks pieces until they cover the outputs."""

    def extend(self, workspace: Workspace) -> None:
        """Add to the arena the stacks that are exact on all pairs, or on all but one."""
        if workspace.selection is None:
            return
        layout, selectors, _ = workspace.selection
        pieces = collect_pieces(workspace, layout, selectors)
        for positions in find_stacks(pieces, wanted_cells(layout)):
            state, *above = (_build_piece(workspace, selectors, pieces, n) for n in positions[::-1])
            for piece in above:
                state = workspace.apply("overlay", piece, state)


def _build_piece(workspace: Workspace, selectors: Selectors, pieces: Pieces, number: int) -> int:
    """Return the grid state of a piece; -1 if it is undefined on a test."""
    state, selector, color = (int(column[number]) for column in pieces[3:])
    if state >= 0:
        return state
    return workspace.apply("mask_to_grid", build_mask(workspace, selectors, selector), color)


def collect_pieces(workspace: Workspace, layout: Layout, selectors: Selectors) -> Pieces:
    """Return all pieces that paint a cell right."""
    parts = [_grid_pieces(workspace, layout)]
    for color, state in constant_colors(workspace.arena).items():
        if color > 0:
            parts.append(_selector_pieces(workspace, layout, selectors, color, state))
    columns: Any = map(np.concatenate, zip(*parts, strict=True))
    pieces = Pieces(*columns)
    painted_right = np.any(pieces.painted & ~pieces.wrong, axis=1)
    order = np.argsort(pieces.costs, kind="stable")
    order = order[painted_right[order]]
    kept = distinct_rows(np.hstack([pieces.painted, pieces.wrong]), order)
    kept_columns: Any = (column[kept] for column in pieces)
    return Pieces(*kept_columns)


def _grid_pieces(workspace: Workspace, layout: Layout) -> Pieces:
    arena = workspace.arena
    states = comparable_states(arena, layout, GRID)[:GRIDS]
    painted = pack(arena, layout.starts, states, 0, True)[:, : layout.pair_words]
    wrong = painted & ~right_cells(arena, workspace.goals, layout.starts, states)
    none = np.full(len(states), -1)
    return Pieces(painted, wrong, arena.costs[states].astype(np.int64), states, none, none)


def _selector_pieces(
    workspace: Workspace, layout: Layout, selectors: Selectors, color: int, state: int
) -> Pieces:
    chosen = np.flatnonzero(~(selectors.bits & ~layout.goals[color]).any(axis=1))
    painted = selectors.bits[chosen]
    costs = selectors.costs[chosen] + workspace.cost("mask_to_grid", state)
    none, colors = np.full(len(chosen), -1), np.full(len(chosen), state)
    return Pieces(painted, np.zeros_like(painted), costs, none, chosen, colors)


def wanted_cells(layout: Layout) -> Bits:
    """Return bits (pair, word) of the cells of each pair whose output is not 0."""
    wanted = np.bitwise_or.reduce(layout.goals[1:])
    first, end = layout.starts[: layout.pairs, None], layout.starts[1 : layout.pairs + 1, None]
    words = np.arange(layout.pair_words)
    return np.where((first <= words) & (words < end), wanted, np.uint64(0))


def find_stacks(pieces: Pieces, wanted: Bits) -> Iterator[tuple[int, ...]]:
    """Yield distinct stacks of at least two pieces that are exact on all pairs, or on all but one.

    A stack is the positions of its pieces. The piece that covers most is not always right, so the
    greedy choice is repeated with each pair alone in focus, and without the most expensive pieces.
    """
    pairs, seen = len(wanted), set()
    everything = (1 << pairs) - 1
    for count in _prefix_lengths(pieces.costs):
        for focus in (everything, *(1 << pair for pair in range(pairs))):
            chosen, matches = stack_greedily(
                pieces.painted[:count], pieces.wrong[:count], wanted, focus
            )
            positions = tuple(map(int, chosen))
            enough = bin(matches).count("1") >= max(1, pairs - 1)
            if len(positions) > 1 and enough and positions not in seen:
                seen.add(positions)
                yield positions


def _prefix_lengths(costs: Integers) -> list[int]:
    """Return the number of pieces up to each of the last few costs: shallow stacks come first."""
    return [int(np.searchsorted(costs, cost, side="right")) for cost in np.unique(costs)[-3:]]


@helper
def _best_piece(painted: Bits, wrong: Bits, bare: Bits, focused: Bits, clear: Bits) -> int:
    """Return the valid piece that covers most focused bare cells, then most bare cells, or -1."""
    best, best_gain = -1, 0
    for piece in range(painted.shape[0]):
        gain = 0
        for word in range(bare.size):
            if wrong[piece, word] & clear[word]:
                gain = -1
                break
            covered = painted[piece, word] & bare[word]
            if covered:
                gain += FOCUSED * popcount(covered & focused[word]) + popcount(covered)
        if gain > best_gain:
            best, best_gain = piece, gain
    return best


@helper
def _match_pairs(bare: Bits, wanted: Bits) -> int:
    """Return the mask of pairs without a bare cell: no wrong cell is painted, so they are exact."""
    matches = 0
    for pair in range(wanted.shape[0]):
        left = np.uint64(0)
        for word in range(bare.size):
            left |= bare[word] & wanted[pair, word]
        if left == 0:
            matches |= 1 << pair
    return matches


@compiled
def stack_greedily(painted: Bits, wrong: Bits, wanted: Bits, focus: int) -> tuple[Integers, int]:
    """Return the positions of the chosen pieces and the match mask; focused pairs count more."""
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
    return chosen[:size], _match_pairs(bare, wanted)
