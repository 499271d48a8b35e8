"""Goal-directed lookup: what would complete a state, instead of trying all pairs of states.

The states nearest to the goals are compared with them. The cells in which one differs must be
changed, and others may be only where the change is right for them as well; between these two
bounds a selector is looked up, or two whose intersection lies between them. So a state is
completed by ``paint_where``, ``erase_where`` or ``choose``, each with a mask that the search has
reached, however deep it lies: a last step for which a closure would need all pairs of states.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dsl.grid import NUM_COLORS
from dsl.jit import compiled
from search.apply import apply_operator
from search.arena import Arena, state_of
from search.bits import Bits, Layout, cells_in_bits, comparable, layout_of, pack
from search.goals import FlatGrids
from search.selectors import (
    COLOR,
    GRID,
    constant_colors,
    position_of,
    selectors_of,
)
from search.table import OperatorTable

__all__ = ["complete"]

BASES = 300  # states to complete: this many of the nearest, and as many of the cheapest
PAINTS = 4  # colors that one completion may paint
RIVALS = 4  # selectors tried for one change: the pairs may not tell them apart, the tests do
SUPERSETS = 300  # selectors of which two are intersected
CHOICES = 400  # pairs of bases that are chosen between
COMPLETIONS = 256  # built, the cheapest first


class Change(NamedTuple):
    """A last step on a base: `operator` with the base, a mask, and `color` or `other` (or -1).

    The mask must hold all cells of `need`, and none outside of `allowed`.
    """

    operator: int
    need: Bits
    allowed: Bits
    color: int = -1
    other: int = -1


class Completion(NamedTuple):
    """A base and the changes to make one after the other, each with one or two selectors."""

    cost: int
    base: int
    changes: tuple[tuple[Change, tuple[int, ...]], ...]


def complete(arena: Arena, table: OperatorTable, goals: FlatGrids) -> None:
    """Add to the arena what completes its states, as states like any other."""
    layout = layout_of(arena, goals)
    if layout is None:
        return
    bases = _bases(arena, layout)
    search = _Search(arena, table, goals, layout, bases)
    found = sorted((*search.paintings(), *search.choices()), key=lambda each: each.cost)
    for completion in found[:COMPLETIONS]:
        search.build(completion)


def _bases(arena: Arena, layout: Layout) -> NDArray[np.int64]:
    """The nearest and the cheapest grids that are not exact on all pairs."""
    states = comparable(arena, layout, GRID)
    states = states[arena.distances[states] > 0]
    nearest = np.argsort(arena.distances[states], kind="stable")[:BASES]
    return np.union1d(states[:BASES], states[nearest])


class _Search:
    """What is known of one arena: its selectors, and where its bases are wrong."""

    def __init__(
        self,
        arena: Arena,
        table: OperatorTable,
        goals: FlatGrids,
        layout: Layout,
        bases: NDArray[np.int64],
    ) -> None:
        self.arena, self.table, self.goals, self.layout = arena, table, goals, layout
        self.bases = bases
        self.selectors = selectors_of(arena, table, layout, bases)
        colors = [cells_in_bits(layout, goals, color) for color in range(NUM_COLORS)]
        self.goal = np.array(colors)  # (color, word)
        self.wrong = np.bitwise_or.reduce(self.goal) & ~self._right()  # (base, word)
        self.palette = constant_colors(arena)
        self._fitting: dict[tuple[bytes, bytes], list[tuple[int, ...]]] = {}

    def _right(self) -> Bits:
        right = np.zeros((len(self.bases), self.layout.pair_words), np.uint64)
        for color in range(NUM_COLORS):
            held = pack(self.arena, self.layout.starts, self.bases, color, color)
            right |= held[:, : self.layout.pair_words] & self.goal[color]
        return right

    def paintings(self) -> Iterator[Completion]:
        """Bases with the wrong cells painted: in one color a pair, or in a few constant ones."""
        for base, wrong in zip(self.bases, self.wrong, strict=True):
            needed = np.bitwise_or.reduceat(self.goal & wrong, self._pair_starts, axis=1) != 0
            for changes in self._plans(wrong, needed):
                yield from self._completions(int(base), changes)

    @property
    def _pair_starts(self) -> NDArray[np.int64]:
        return self.layout.starts[: self.layout.pairs]

    def _plans(self, wrong: Bits, needed: NDArray[np.bool_]) -> Iterator[list[Change]]:
        """Ways to paint the wrong cells; `needed` (color, pair) says which colors they miss."""
        if (needed.sum(axis=0) <= 1).all():
            for color in self._colors_that_are(needed):
                allowed = self._goal_where(self.arena.offsets[color, : self.layout.pairs])
                yield [Change(position_of("paint_where"), wrong, allowed, color)]
        missing = np.flatnonzero(needed.any(axis=1))
        if len(missing) <= PAINTS and all(c == 0 or c in self.palette for c in missing):
            yield [self._constant_change(int(color), wrong) for color in missing]

    def _colors_that_are(self, needed: NDArray[np.bool_]) -> Iterator[int]:
        """The cheapest computed color states that are, in each pair, the one color needed."""
        colors = self.arena.members[COLOR, : self.arena.sizes[COLOR]]
        colors = np.setdiff1d(colors, list(self.palette.values())).astype(np.int64)
        values = self.arena.offsets[colors, : self.layout.pairs]
        fits = needed[values, np.arange(self.layout.pairs)] | ~needed.any(axis=0)
        matching = colors[fits.all(axis=1)]
        order = np.argsort(self.arena.costs[matching], kind="stable")
        yield from map(int, matching[order][:RIVALS])

    def _goal_where(self, colors: NDArray[np.int64]) -> Bits:
        """The cells of each pair whose goal is the color of that pair."""
        words = np.diff(self.layout.starts)[: self.layout.pairs]
        row: Bits = self.goal[np.repeat(colors, words), np.arange(self.layout.pair_words)]
        return row

    def _constant_change(self, color: int, wrong: Bits) -> Change:
        allowed = self.goal[color]
        if color == 0:
            return Change(position_of("erase_where"), wrong & allowed, allowed)
        return Change(position_of("paint_where"), wrong & allowed, allowed, self.palette[color])

    def choices(self) -> Iterator[Completion]:
        """Two bases of which one is right wherever the other is wrong."""
        pairs = list(islice(self._complementary(), CHOICES))
        for base, other in pairs:
            need, allowed = self.wrong[base], ~self.wrong[other]
            change = Change(position_of("choose"), need, allowed, other=int(self.bases[other]))
            yield from self._completions(int(self.bases[base]), [change])

    def _complementary(self) -> Iterator[tuple[int, int]]:
        """Positions of such bases, the cheapest first; each pair once."""
        costs = self.arena.costs[self.bases]
        order = np.argsort(costs, kind="stable")
        for later in range(len(order)):
            earlier = order[:later]
            clash = (self.wrong[earlier] & self.wrong[order[later]]).any(axis=1)
            yield from ((int(order[later]), int(first)) for first in earlier[~clash])

    def _completions(self, base: int, changes: list[Change]) -> Iterator[Completion]:
        """The base with all changes, by the best selectors for each, the next best, and so on."""
        options = [self._selectors_for(change) for change in changes]
        if not all(options):
            return
        for rank in range(max(map(len, options))):
            chosen = [each[min(rank, len(each) - 1)] for each in options]
            cost = int(self.arena.costs[base]) + sum(map(self._cost, changes, chosen))
            yield Completion(cost, base, tuple(zip(changes, chosen, strict=True)))

    def _cost(self, change: Change, selectors: tuple[int, ...]) -> int:
        cost = self.table.costs[change.operator] + self.selectors.costs[list(selectors)].sum()
        cost += sum(self.arena.costs[state] for state in (change.color, change.other) if state >= 0)
        return int(cost + (len(selectors) - 1) * self.table.costs[position_of("mask_and")])

    def _selectors_for(self, change: Change) -> list[tuple[int, ...]]:
        """One selector between the bounds, or if there is none, two that meet between them."""
        key = change.need.tobytes(), change.allowed.tobytes()
        if key not in self._fitting:
            bits = self.selectors.bits
            found: list[tuple[int, ...]] = [
                (int(i),) for i in between(bits, change.need, change.allowed, RIVALS)
            ]
            if not found:
                supersets = between(bits, change.need, ~np.zeros_like(change.need), SUPERSETS)
                found = [
                    (int(supersets[i]), int(supersets[j]))
                    for i, j in meeting(bits[supersets] & ~change.allowed, RIVALS)
                ]
            self._fitting[key] = found
        return self._fitting[key]

    def build(self, completion: Completion) -> None:
        """Apply the operators; nothing is added where one is undefined on a test."""
        state = completion.base
        for change, chosen in completion.changes:
            mask = self._mask(chosen[0])
            if len(chosen) > 1:
                mask = self._apply(position_of("mask_and"), mask, self._mask(chosen[1]))
            if change.other >= 0:
                state = self._apply(change.operator, change.other, state, mask)
            else:
                state = self._apply(change.operator, state, mask, change.color)

    def _mask(self, selector: int) -> int:
        source, maker, color = (
            int(column[selector])
            for column in (self.selectors.sources, self.selectors.makers, self.selectors.colors)
        )
        return source if maker < 0 else self._apply(maker, source, color)

    def _apply(self, operator: int, first: int, second: int, third: int = -1) -> int:
        """The state that this gives, new or known; -1 if undefined or if a state is missing."""
        needs = (self.table.argument_types[operator] < self.arena.members.shape[0] - 1).sum()
        arguments = (first, second, third)
        if min(arguments[:needs]) < 0:
            return -1
        return state_of(apply_operator(self.arena, self.table, self.goals, operator, *arguments))


def _between(bits: Any, need: Any, allowed: Any, limit: int) -> Any:
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


between = compiled(_between)


def _meeting(bits: Any, limit: int) -> Any:
    """The first pairs of rows without a bit in common: int64 (pair, 2)."""
    found = np.empty((limit, 2), np.int64)
    size = 0
    for second in range(bits.shape[0]):
        for first in range(second):
            apart = True
            for word in range(bits.shape[1]):
                if bits[first, word] & bits[second, word]:
                    apart = False
                    break
            if apart and size < limit:
                found[size] = first, second
                size += 1
    return found[:size]


meeting = compiled(_meeting)
