"""Induction: the cheapest rules, and pairs of rules, that account for every change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from arcsolve.dsl.rules.backgrounds import price_background
from arcsolve.dsl.rules.partitions import partitions
from arcsolve.dsl.rules.rule import LIST_COST, Rules
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.values import Cells, Integers
from arcsolve.search.rules.copying.learned_patterns import pattern_families
from arcsolve.search.rules.copying.learned_walks import walk_families
from arcsolve.search.rules.copying.stamp_families import stamp_families
from arcsolve.search.rules.copying.template_families import template_families
from arcsolve.search.rules.enumeration import Vocabulary
from arcsolve.search.rules.judging import find_first_parts, judge_family
from arcsolve.search.rules.longer_lists import LEAST, MOST, choose_rules, find_shortest_list
from arcsolve.search.rules.matching import find_pairs
from arcsolve.search.rules.rule_pool import MOST_PARTIAL, RulePool, Terms
from arcsolve.search.rules.target import UNKNOWN, Target

MOST_PARTS = 500  # of all grids together
MOST_LISTS = 300  # lists that are checked against the outputs


class Explanation(NamedTuple):
    """Rules that give the outputs of all pairs, with their outputs for the tests."""

    rules: Rules
    cost: float
    outputs: tuple[Cells | None, ...]  # of the tests; None where no rule applies
    proven: bool | None = None  # of a longer list: whether z3 showed that no list is cheaper


class RuleList(NamedTuple):
    """The cost of some rules of a pool and their places; `proven` as in `Explanation`."""

    cost: float
    places: list[Integers]
    proven: bool | None = None


@dataclass(frozen=True, slots=True)
class Induction:
    """The search for the cheapest rules.

    `outputs` bounds the distinct answers, `lists` the lists that are checked, and `longest` the
    rules of a list.
    """

    outputs: int = 5
    lists: int = MOST_LISTS
    longest: int = MOST

    def induce(self, target: Target, work: int) -> tuple[list[Explanation], int]:
        """Return rules that account for all changes, and the work that is left.

        The cheapest rules of each answer come first. `work` is the number of parts on which effects
        may be drawn.
        """
        pool, work = collect_rules(target, work)
        return self.conclude(target, pool), work

    def conclude(self, target: Target, pool: RulePool) -> list[Explanation]:
        """Return the explanations from the rules of a pool, the cheapest of each answer first."""
        found = self._check(target, pool, _lists(target, pool, self.longest > 1))
        if found or self.longest < LEAST:
            return found
        return self._check(target, pool, _longer_list(target, pool, self.longest))

    def check(self, target: Target, rules: Rules) -> tuple[Cells | None, ...] | None:
        """Return the outputs of rules for the tests, or None if they miss the output of a pair.

        An output is None where no rule applies.
        """
        strip, painted = rules.paint(target.scene, target.canvas)
        known = target.scene.board.starts[target.pairs]
        tested = painted[target.pairs :]
        if (strip[:known] != target.goal[:known]).any() or not tested.any():
            return None
        grids = target.scene.cut(strip)[target.pairs :]
        return tuple(grid if done else None for grid, done in zip(grids, tested, strict=True))

    def _check(
        self, target: Target, pool: RulePool, lists: Iterator[RuleList]
    ) -> list[Explanation]:
        found: dict[object, Explanation] = {}
        fixed = price_background(target.background)
        for number, each in enumerate(lists):
            if number >= self.lists or len(found) >= self.outputs:
                break
            rules = tuple(pool.rule(place) for place in each.places)
            for order in (rules, rules[::-1]):
                chosen = Rules(target.background, order)
                outputs = self.check(target, chosen)
                if outputs is None:
                    continue
                key = tuple(None if grid is None else grid.tobytes() for grid in outputs)
                found.setdefault(key, Explanation(chosen, each.cost + fixed, outputs, each.proven))
                break
        return list(found.values())


def collect_rules(target: Target, work: int) -> tuple[RulePool, int]:
    """Return the pool of all rules that paint nothing wrong, and the work that is left."""
    pool = RulePool(target)
    seen: set[tuple[bool, bytes]] = set()
    for partition in partitions():
        parts = target.scene.parts(partition.name)
        key = partition.still, parts.outline.labels.tobytes()
        if key not in seen and _usable(target, parts):
            seen.add(key)
            work = _collect(target, parts, pool, work)
    return pool, work


def _usable(target: Target, parts: Parts) -> bool:
    """Return whether there are parts in each grid that changes, and not too many in all."""
    counts = np.bincount(parts.grid, minlength=len(target.scene.grids))
    changing = target.by_pair.any(axis=1)
    needed = np.concatenate([changing, np.ones(len(counts) - target.pairs, np.bool_)])
    return bool((counts > 0)[needed].all()) and len(parts) <= MOST_PARTS


def _collect(target: Target, parts: Parts, pool: RulePool, work: int) -> int:
    """Add the rules over one partition to the pool, and return the work that is left."""
    if work <= 0:
        return work
    painted = tuple(np.unique(target.goal[target.goal != UNKNOWN]).tolist())
    key = ("vocabulary", painted, target.pairs)
    words, terms = parts.remember(key, lambda: _list_terms(target, parts, painted))
    listed: tuple[Any, ...] = (template_families, stamp_families, pattern_families, walk_families)
    if parts.partition.still:
        listed = ()
    learned = chain.from_iterable(families(target, words) for families in listed)
    first = find_first_parts(target, parts)
    for family in chain(words.families(), learned):
        for drawn, judged in judge_family(target, parts, family, first):
            work -= drawn
            if len(judged.calls):
                pool.add(parts.partition.name, judged, terms)
            if work <= 0:
                return work
    return work


def _list_terms(target: Target, parts: Parts, painted: Sequence[int]) -> tuple[Vocabulary, Terms]:
    """Return the expressions over one partition, and those that effects combine with."""
    words = Vocabulary(parts, painted)
    known = int(np.searchsorted(parts.grid, target.pairs))
    return words, Terms(words.colors, words.keys(), words.tests(), known)


def _lists(target: Target, pool: RulePool, pairs: bool = True) -> Iterator[RuleList]:
    """Yield single rules that account for all changes, and pairs if asked, the cheapest first."""
    costs, covers, places = pool.ranked()
    full = target.full
    complete = (covers == full).all(axis=1)
    lists = [RuleList(float(costs[row]), [places[row]]) for row in np.flatnonzero(complete)[:2000]]
    partial = np.flatnonzero(~complete & pairs)
    chosen = choose_rules(covers[partial], costs[partial], target.changes, MOST_PARTIAL)
    partial = partial[np.union1d(np.arange(min(len(partial), MOST_PARTIAL)), chosen)]
    costs, covers, places = costs[partial], covers[partial], places[partial]
    most = lists[min(len(lists), 200) - 1].cost if lists else np.inf
    for one, other in find_pairs(covers, costs, full, most - LIST_COST):
        cost = float(costs[one] + costs[other]) + LIST_COST
        lists.append(RuleList(cost, [places[one], places[other]]))
    lists.sort(key=lambda each: each.cost)
    yield from lists


def _longer_list(target: Target, pool: RulePool, longest: int) -> Iterator[RuleList]:
    """Yield the cheapest list of three or more rules that accounts for all changes."""
    costs, covers, places = pool.ranked()
    rows = choose_rules(covers, costs, target.changes)
    found = find_shortest_list(covers[rows], costs[rows], target.full, longest)
    if found is not None:
        yield RuleList(found.cost, [places[row] for row in rows[found.rows]], found.proven)
