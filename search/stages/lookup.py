"""Goal-directed lookup: what would complete a state, instead of trying all pairs of states.

The states nearest to the goals are compared with them. The cells in which one differs must be
changed, and others may be only where the change is right for them as well; between these two
bounds a selector is looked up, or an intersection of two, or a union of a few. So a state is
completed by ``paint_where``, ``erase_where`` or ``choose``, each with a mask that the search has
reached, however deep it lies: a last step for which a closure would need all pairs of states.
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
RIVALS = 4  # selectors tried for one change: the pairs may not tell them apart, the tests do
SUPERSETS = 300  # selectors of which two are intersected
UNITED = 3  # selectors in a union
CHOICES = 400  # pairs of bases that are chosen between
COMPLETIONS = 256  # built, the cheapest first


class Combination(NamedTuple):
    """Selectors, and the primitive that makes one mask of them."""

    cost: int
    selectors: tuple[int, ...]
    join: str = ""


class Change(NamedTuple):
    """A last step on a base: a mask, and the `color` to paint or the `other` state to take there.

    Without either (both -1) the cells are erased. The mask must hold all cells of `need`, and
    none outside of `allowed`.
    """

    need: Bits
    allowed: Bits
    color: int = -1
    other: int = -1


class Completion(NamedTuple):
    """A base and the changes to make one after the other, each with its mask."""

    cost: int
    base: int
    changes: tuple[tuple[Change, Combination], ...]


@dataclass(frozen=True, slots=True)
class Complete:
    """The stage that completes the base states, and keeps the results as states like any other."""

    def extend(self, workspace: Workspace) -> None:
        """Add the cheapest completions of the selection's bases to the arena."""
        if workspace.selection is None:
            return
        lookup = _Lookup(workspace, workspace.selection)
        found = sorted((*lookup.paintings(), *lookup.choices()), key=lambda each: each.cost)
        for completion in found[:COMPLETIONS]:
            lookup.build(completion)


class _Lookup:
    """What is known of one arena: its selectors, and where its bases are wrong."""

    def __init__(self, workspace: Workspace, selection: Selection) -> None:
        arena = workspace.arena
        self.workspace, self.arena = workspace, arena
        self.layout, self.selectors, self.bases = selection
        inside = np.bitwise_or.reduce(self.layout.goals)
        # (base, word): the cells of the pairs in which a base is wrong
        self.wrong = inside & ~right_cells(arena, workspace.goals, self.layout.starts, self.bases)
        self.palette = constant_colors(arena)
        self.varying = _varying_colors(arena, self.palette)
        self._fitting: dict[tuple[bytes, bytes], list[Combination]] = {}

    def paintings(self) -> Iterator[Completion]:
        """Bases with the wrong cells painted: in one color a pair, or in a few constant ones."""
        for base, wrong in zip(self.bases, self.wrong, strict=True):
            for changes in self._plans(wrong):
                yield from self._completions(int(base), changes)

    def _plans(self, wrong: Bits) -> Iterator[list[Change]]:
        """Ways to paint the wrong cells."""
        needed = self.layout.pairs_with_bits(self.layout.goals & wrong)  # (color, pair)
        if (needed.sum(axis=0) <= 1).all():
            for color in self._matching_colors(needed):
                allowed = self._goal_cells(self.arena.offsets[color, : self.layout.pairs])
                yield [Change(wrong, allowed, color)]
        missing = np.flatnonzero(needed.any(axis=1))
        if len(missing) <= PAINTS and all(c == 0 or c in self.palette for c in missing):
            yield [self._constant_change(int(color), wrong) for color in missing]

    def _matching_colors(self, needed: Flags) -> Iterator[int]:
        """The cheapest varying color states that are, in each pair, the one color needed."""
        values = self.arena.offsets[self.varying, : self.layout.pairs]
        fits = needed[values, np.arange(self.layout.pairs)] | ~needed.any(axis=0)
        yield from map(int, self.varying[fits.all(axis=1)][:RIVALS])

    def _goal_cells(self, colors: Integers) -> Bits:
        """The cells of each pair whose goal is the color of that pair."""
        words = np.diff(self.layout.starts)[: self.layout.pairs]
        row: Bits = self.layout.goals[np.repeat(colors, words), np.arange(self.layout.pair_words)]
        return row

    def _constant_change(self, color: int, wrong: Bits) -> Change:
        allowed = self.layout.goals[color]
        return Change(wrong & allowed, allowed, self.palette[color] if color else -1)

    def choices(self) -> Iterator[Completion]:
        """Two bases of which one is right wherever the other is wrong."""
        for base, other in islice(self._complementary_bases(), CHOICES):
            change = Change(self.wrong[base], ~self.wrong[other], other=int(self.bases[other]))
            yield from self._completions(int(self.bases[base]), [change])

    def _complementary_bases(self) -> Iterator[tuple[int, int]]:
        """Positions of such bases, the cheapest first; each pair once."""
        order = np.argsort(self.arena.costs[self.bases], kind="stable")
        for later in range(len(order)):
            earlier = order[:later]
            clash = (self.wrong[earlier] & self.wrong[order[later]]).any(axis=1)
            yield from ((int(order[later]), int(first)) for first in earlier[~clash])

    def _completions(self, base: int, changes: list[Change]) -> Iterator[Completion]:
        """The base with all changes, by the best selectors for each, the next best, and so on."""
        options = [self._look_up(change) for change in changes]
        if not all(options):
            return
        fixed = int(self.arena.costs[base]) + sum(map(self._cost, changes))
        for rank in range(max(map(len, options))):
            chosen = [each[min(rank, len(each) - 1)] for each in options]
            cost = fixed + sum(combination.cost for combination in chosen)
            yield Completion(cost, base, tuple(zip(changes, chosen, strict=True)))

    def _cost(self, change: Change) -> int:
        """What a change costs without its selectors."""
        if change.other >= 0:
            return self.workspace.cost("choose", change.other)
        if change.color >= 0:
            return self.workspace.cost("paint_where", change.color)
        return self.workspace.cost("erase_where")

    def _look_up(self, change: Change) -> list[Combination]:
        """What lies between the bounds: single selectors, else intersections, else a union."""
        key = change.need.tobytes(), change.allowed.tobytes()
        if key not in self._fitting:
            self._fitting[key] = (
                self._singles(*change[:2]) or self._meets(*change[:2]) or self._union(*change[:2])
            )
        return self._fitting[key]

    def _singles(self, need: Bits, allowed: Bits) -> list[Combination]:
        found = rows_between(self.selectors.bits, need, allowed, RIVALS)
        return [self._combination((int(selector),)) for selector in found]

    def _meets(self, need: Bits, allowed: Bits) -> list[Combination]:
        bits = self.selectors.bits
        supersets = rows_between(bits, need, ~np.zeros_like(need), SUPERSETS)
        pairs = supersets[disjoint_pairs(bits[supersets] & ~allowed, RIVALS)]
        return [self._combination(tuple(pair), "mask_and") for pair in pairs.tolist()]

    def _union(self, need: Bits, allowed: Bits) -> list[Combination]:
        chosen = covering_rows(self.selectors.bits, need, allowed, UNITED)
        return [self._combination(tuple(chosen.tolist()), "mask_or")] if len(chosen) else []

    def _combination(self, selectors: tuple[int, ...], join: str = "") -> Combination:
        joining = (len(selectors) - 1) * self.workspace.cost(join) if join else 0
        return Combination(
            joining + int(self.selectors.costs[list(selectors)].sum()), selectors, join
        )

    def build(self, completion: Completion) -> None:
        """Apply the operators; nothing is added where one is undefined on a test."""
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
    """The color states that are not the same on all examples, cheapest first."""
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
    """The first rows that hold all bits of `need` and none outside of `allowed`."""
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
    """The first pairs of rows without a bit in common: int64 (pair, 2)."""
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
    """Rows inside of `allowed` that together hold all bits of `need`: greedily, the most at once.

    None if that takes more than `limit` of them.
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
