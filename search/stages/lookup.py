"""Goal-directed lookup: complete a state by a mask from the arena instead of trying all pairs.

The stage compares the states nearest to the goals with the goals. A last step must change all cells
in which a state is wrong. It may change other cells only where the change is right for them, too.
Between these two bounds the stage looks up a selector, an intersection of two or a union of a few.
``paint_where``, ``erase_where`` or ``choose`` then completes the state with this mask. The mask may
lie at any depth, while a closure would have to try all pairs of states.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np

from arcsolve.dsl.jit import compiled, helper
from arcsolve.dsl.values import Flags, Integers
from arcsolve.search.engine.arena import COLOR, Arena
from arcsolve.search.engine.bitsets import Bits, popcount, right_cells
from arcsolve.search.engine.selectors import Selection, build_mask, constant_colors
from arcsolve.search.engine.workspace import Workspace

PAINTS = 4  # colors that one completion may paint
RIVALS = 4  # selectors for one change: they may agree on the pairs and differ on the tests
SUPERSETS = 300  # selectors to intersect two of
UNITED = 3  # selectors in a union
CHOICES = 400  # pairs of bases to choose between
COMPLETIONS = 256  # completions to build, the cheapest first


class Combination(NamedTuple):
    """Selectors, and the primitive that joins them to one mask."""

    cost: int
    selectors: tuple[int, ...]
    join: str = ""


class Change(NamedTuple):
    """A last step on a base: a mask, and the `color` to paint or the `other` state to take there.

    If both are -1, the cells are erased. The mask must hold all cells of `need` and no cell outside
    of `allowed`.
    """

    need: Bits
    allowed: Bits
    color: int = -1
    other: int = -1


class Completion(NamedTuple):
    """A base, and the changes to make one after the other, each with its mask."""

    cost: int
    base: int
    changes: tuple[tuple[Change, Combination], ...]


@dataclass(frozen=True, slots=True)
class Complete:
    """The stage that completes the base states and keeps the results as states."""

    def extend(self, workspace: Workspace) -> None:
        """Add the cheapest completions of the selection's bases to the arena."""
        if workspace.selection is None:
            return
        lookup = _Lookup(workspace, workspace.selection)
        found = sorted((*lookup.paintings(), *lookup.choices()), key=lambda each: each.cost)
        for completion in found[:COMPLETIONS]:
            lookup.build(completion)


class _Lookup:
    """The selectors of one arena, and the cells in which its bases are wrong."""

    def __init__(self, workspace: Workspace, selection: Selection) -> None:
        arena = workspace.arena
        self.workspace, self.arena = workspace, arena
        self.layout, self.selectors, self.bases = selection
        inside = np.bitwise_or.reduce(self.layout.goals)
        # (base, word): the wrong cells of each base on the pairs
        self.wrong = inside & ~right_cells(arena, workspace.goals, self.layout.starts, self.bases)
        self.palette = constant_colors(arena)
        self.varying = _varying_colors(arena, self.palette)
        self._fitting: dict[tuple[bytes, bytes], list[Combination]] = {}

    def paintings(self) -> Iterator[Completion]:
        """Yield bases with the wrong cells painted: one color a pair, or a few constant colors."""
        for base, wrong in zip(self.bases, self.wrong, strict=True):
            for changes in self._plans(wrong):
                yield from self._completions(int(base), changes)

    def _plans(self, wrong: Bits) -> Iterator[list[Change]]:
        """Yield ways to paint the wrong cells."""
        needed = self.layout.pairs_with_bits(self.layout.goals & wrong)  # (color, pair)
        if (needed.sum(axis=0) <= 1).all():
            for color in self._matching_colors(needed):
                allowed = self._goal_cells(self.arena.offsets[color, : self.layout.pairs])
                yield [Change(wrong, allowed, color)]
        missing = np.flatnonzero(needed.any(axis=1))
        if len(missing) <= PAINTS and all(c == 0 or c in self.palette for c in missing):
            yield [self._constant_change(int(color), wrong) for color in missing]

    def _matching_colors(self, needed: Flags) -> Iterator[int]:
        """Yield the cheapest varying color states that equal the one needed color in each pair."""
        values = self.arena.offsets[self.varying, : self.layout.pairs]
        fits = needed[values, np.arange(self.layout.pairs)] | ~needed.any(axis=0)
        yield from map(int, self.varying[fits.all(axis=1)][:RIVALS])

    def _goal_cells(self, colors: Integers) -> Bits:
        """Return the cells of each pair whose goal is the color of that pair."""
        words = np.diff(self.layout.starts)[: self.layout.pairs]
        row: Bits = self.layout.goals[np.repeat(colors, words), np.arange(self.layout.pair_words)]
        return row

    def _constant_change(self, color: int, wrong: Bits) -> Change:
        allowed = self.layout.goals[color]
        return Change(wrong & allowed, allowed, self.palette[color] if color else -1)

    def choices(self) -> Iterator[Completion]:
        """Yield two bases joined by a mask: one is right wherever the other is wrong."""
        for base, other in islice(self._complementary_bases(), CHOICES):
            change = Change(self.wrong[base], ~self.wrong[other], other=int(self.bases[other]))
            yield from self._completions(int(self.bases[base]), [change])

    def _complementary_bases(self) -> Iterator[tuple[int, int]]:
        """Yield the positions of such bases, the cheapest first; each pair once."""
        order = np.argsort(self.arena.costs[self.bases], kind="stable")
        for later in range(len(order)):
            earlier = order[:later]
            clash = (self.wrong[earlier] & self.wrong[order[later]]).any(axis=1)
            yield from ((int(order[later]), int(first)) for first in earlier[~clash])

    def _completions(self, base: int, changes: list[Change]) -> Iterator[Completion]:
        """Yield the base with all changes: by the best combinations, the next best, and so on."""
        options = [self._look_up(change) for change in changes]
        if not all(options):
            return
        fixed = int(self.arena.costs[base]) + sum(map(self._cost, changes))
        for rank in range(max(map(len, options))):
            chosen = [each[min(rank, len(each) - 1)] for each in options]
            cost = fixed + sum(combination.cost for combination in chosen)
            yield Completion(cost, base, tuple(zip(changes, chosen, strict=True)))

    def _cost(self, change: Change) -> int:
        """Return the cost of a change without its selectors."""
        if change.other >= 0:
            return self.workspace.cost("choose", change.other)
        if change.color >= 0:
            return self.workspace.cost("paint_where", change.color)
        return self.workspace.cost("erase_where")

    def _look_up(self, change: Change) -> list[Combination]:
        """Return combinations for a change, from a cache."""
        key = change.need.tobytes(), change.allowed.tobytes()
        if key not in self._fitting:
            self._fitting[key] = self._combinations(change.need, change.allowed)
        return self._fitting[key]

    def _combinations(self, need: Bits, allowed: Bits) -> list[Combination]:
        """Return masks between the bounds: selectors, else intersections, else a union."""
        bits = self.selectors.bits
        if len(single := rows_between(bits, need, allowed, RIVALS)):
            return [self._combine(row) for row in single[:, np.newaxis]]
        supersets = rows_between(bits, need, ~np.zeros_like(need), SUPERSETS)
        if len(pairs := supersets[disjoint_pairs(bits[supersets] & ~allowed, RIVALS)]):
            return [self._combine(pair, "mask_and") for pair in pairs]
        united = covering_rows(bits, need, allowed, UNITED)
        return [self._combine(united, "mask_or")] if len(united) else []

    def _combine(self, selectors: Integers, join: str = "") -> Combination:
        joining = (len(selectors) - 1) * self.workspace.cost(join) if join else 0
        cost = joining + int(self.selectors.costs[selectors].sum())
        return Combination(cost, tuple(selectors.tolist()), join)

    def build(self, completion: Completion) -> None:
        """Apply the operators of a completion; add nothing where one is undefined on a test."""
        apply, state = self.workspace.apply, completion.base
        for change, combination in completion.changes:
            mask, *rest = (
                build_mask(self.workspace, self.selectors, each) for each in combination.selectors
            )
            for other in rest:
                mask = apply(combination.join, mask, other)
            if change.other >= 0:
                state = apply("choose", change.other, state, mask)
            elif change.color >= 0:
                state = apply("paint_where", state, mask, change.color)
            else:
                state = apply("erase_where", state, mask)


def _varying_colors(arena: Arena, constant: dict[int, int]) -> Integers:
    """Return the color states that differ between examples, the cheapest first."""
    states = arena.members[COLOR, : arena.sizes[COLOR]].astype(np.int64)
    states = np.setdiff1d(states, list(constant.values()))
    return states[np.argsort(arena.costs[states], kind="stable")]


@helper
def _are_disjoint(bits: Bits, first: int, second: int) -> bool:
    shared = np.uint64(0)
    for word in range(bits.shape[1]):
        shared |= bits[first, word] & bits[second, word]
    return shared == 0


@compiled
def rows_between(bits: Bits, need: Bits, allowed: Bits, limit: int) -> Integers:
    """Return the first rows that hold all bits of `need` and none outside of `allowed`."""
    found = np.empty(limit, np.int64)
    size = 0
    for row in range(bits.shape[0]):
        fits = True
        for word in range(need.size):
            if need[word] & ~bits[row, word] or bits[row, word] & ~allowed[word]:
                fits = False
                break
        if fits:
            found[size] = row
            size += 1
            if size == limit:
                break
    return found[:size]


@compiled
def disjoint_pairs(bits: Bits, limit: int) -> Integers:
    """Return the first pairs (pair, 2) of rows without a bit in common."""
    found = np.empty((limit, 2), np.int64)
    size = 0
    for second in range(bits.shape[0]):
        for first in range(second):
            if not _are_disjoint(bits, first, second):
                continue
            found[size] = first, second
            size += 1
            if size == limit:
                return found
    return found[:size]


@compiled
def covering_rows(bits: Bits, need: Bits, allowed: Bits, limit: int) -> Integers:
    """Return rows inside of `allowed` that together hold all bits of `need`, chosen greedily.

    Return no row if that takes more than `limit` rows.
    """
    found = np.empty(limit, np.int64)
    left = need.copy()
    for size in range(limit):
        best, most = -1, 0
        for row in range(bits.shape[0]):
            gain = 0
            for word in range(left.size):
                if bits[row, word] & ~allowed[word]:
                    gain = 0
                    break
                gain += popcount(bits[row, word] & left[word])
            if gain > most:
                best, most = row, gain
        if best < 0:
            break
        found[size] = best
        left &= ~bits[best]
        if not left.any():
            return found[: size + 1]
    return found[:0]
