"""The pool: all rules that paint nothing wrong, with their costs and covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.rules.expression import Call, Expression, Table
from arcsolve.dsl.rules.partitions import find_partition
from arcsolve.dsl.rules.rule import Rule
from arcsolve.dsl.rules.scene import MISSING
from arcsolve.dsl.rules.terms import Kind, find_term
from arcsolve.dsl.values import Integers
from arcsolve.search.rules.enumeration import Distinct
from arcsolve.search.rules.judging import Judged
from arcsolve.search.rules.matching import match_rules
from arcsolve.search.rules.target import Cover, Target, pack_bits

ONCE_COST = 0.6  # bits of a table's entry that a single part demonstrates
ONE_PAIR_COST = 1.2  # bits of a rule that only one of several pairs demonstrates
MOST_COVERING = 3  # rules with the same cover; costlier ones are dropped
MOST_PARTIAL = 1000  # cheapest rules, and rules for many changes, that pairs are made of

_MIXERS = np.random.default_rng(0).integers(1, 2**63, 4096).astype(np.uint64) * 2 + 1

DRAWING, COLOR, TEST, ENTRIES, ONCE = range(5)  # columns of the rows of `match_rules`


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The rules found for a group of effects: rows of `match_rules`, costs and covers."""

    partition: str
    judged: Judged
    terms: Terms
    rows: Integers
    costs: NDArray[np.float64]
    covers: Cover

    def rule(self, row: int) -> Rule:
        """Return a rule as an expression of the language."""
        drawing, color, test = self.rows[row, : TEST + 1]
        [effect] = self.judged.family.list_calls(self.judged.calls[[drawing]])
        if effect.kind is Kind.AREA:
            effect = Call(find_term("fill"), (effect, self._color(int(drawing), int(color))))
        return Rule(self.partition, self.terms.tests.expressions[test], effect)

    def _color(self, drawing: int, color: int) -> Expression:
        if color >= 0:
            return self.terms.colors.expressions[color]
        key = self.terms.keys.expressions[-1 - color]
        values = self.terms.keys.values[-1 - color]
        needed = self.judged.needed[drawing]
        covering = self.judged.cover[drawing].any(axis=1)
        known = (needed >= 0) & covering
        entries = sorted(
            {
                (int(v), int(c))
                for v, c in zip(values[: len(needed)][known], needed[known], strict=True)
            }
        )
        seen = [value for value, _ in entries]
        return Table(key, tuple(e for e in entries if seen.count(e[0]) == 1 and e[0] >= 0))


@dataclass(frozen=True, eq=False)
class Terms:
    """The colors, keys of tables and tests that effects on one partition combine with."""

    colors: Distinct
    keys: Distinct
    tests: Distinct
    known: int  # parts of the pairs; they come first

    @cached_property
    def key_numbers(self) -> Integers:
        """The numbers of the values of each key, for the parts of the pairs (key, part)."""
        values = self.keys.values[:, : self.known]
        numbers = [np.unique(row, return_inverse=True)[1] for row in values]
        return np.where(values == MISSING, MISSING, np.stack(numbers))

    @cached_property
    def test_words(self) -> Cover:
        """The bits of the parts of pairs that pass each test (test, word)."""
        return pack_bits(self.tests.values[:, : self.known])


@dataclass(slots=True, eq=False)
class RulePool:
    """All rules found for a target."""

    target: Target
    found: list[Found] = field(default_factory=list)

    def add(self, partition: str, judged: Judged, terms: Terms) -> None:
        """Add all rules that combine judged effects with the terms and paint nothing wrong."""
        painting = judged.family.term.kind is Kind.AREA
        known = terms.known
        colors = terms.colors.values[:, :known] if painting else np.zeros((1, known), int)
        keys = terms.key_numbers if painting else np.zeros((0, known), np.int64)
        rows, covers = match_rules(
            np.ascontiguousarray(judged.needed),
            np.ascontiguousarray(judged.cover),
            np.ascontiguousarray(colors),
            np.ascontiguousarray(keys),
            terms.test_words,
        )
        if len(rows):
            costs = self._costs(partition, judged, terms, rows, painting)
            costs += ONE_PAIR_COST * self._narrow(covers)
            kept = np.sort(_cheapest_of_each(covers, costs))
            rows, costs, covers = rows[kept], costs[kept], covers[kept]
            self.found.append(Found(partition, judged, terms, rows, costs, covers))

    def _costs(
        self, partition: str, judged: Judged, terms: Terms, rows: Integers, painting: bool
    ) -> NDArray[np.float64]:
        effects = judged.family.costs()[judged.calls]
        costs = find_partition(partition).cost + effects[rows[:, DRAWING]]
        costs = costs + terms.tests.costs[rows[:, TEST]]
        if painting:
            tables = [Table(each, ()).cost for each in terms.keys.expressions]
            choices = np.concatenate([terms.colors.costs, tables[::-1]])  # -1 is the first table
            costs += choices[rows[:, COLOR]]
            costs += 0.3 * rows[:, ENTRIES] + ONCE_COST * rows[:, ONCE]
        return costs

    def _narrow(self, covers: Cover) -> NDArray[np.float64]:
        """Return for each cover whether it has changes of only one of several pairs."""
        by_pair = self.target.by_pair
        changing = by_pair[by_pair.any(axis=1)]
        pairs = sum((covers & each).any(axis=1).astype(int) for each in changing)
        return (pairs == 1) & (len(changing) > 1)

    def ranked(self) -> tuple[NDArray[np.float64], Cover, Integers]:
        """Return costs, covers and (found, row) of all rules, the cheapest first."""
        if not self.found:
            return np.zeros(0), np.zeros((0, self.target.words), np.uint64), np.zeros((0, 2), int)
        costs = np.concatenate([each.costs for each in self.found])
        covers = np.concatenate([each.covers for each in self.found])
        places = [
            np.stack([np.full(len(each.rows), n), np.arange(len(each.rows))], axis=1)
            for n, each in enumerate(self.found)
        ]
        kept = _cheapest_of_each(covers, costs)
        order = kept[np.argsort(costs[kept], kind="stable")]
        return costs[order], covers[order], np.concatenate(places)[order]

    def rule(self, place: Integers | Sequence[int]) -> Rule:
        """Return the rule at a place (found, row)."""
        return self.found[place[0]].rule(int(place[1]))


def _cheapest_of_each(covers: Cover, costs: NDArray[np.float64]) -> Integers:
    """Return the rows of the cheapest rules of each cover, `MOST_COVERING` of each."""
    keys = (covers * _MIXERS[: covers.shape[1]]).sum(axis=1, dtype=np.uint64)
    keys ^= keys >> np.uint64(29)
    order = np.lexsort((costs, keys))
    fresh = np.concatenate([[True], np.diff(keys[order]) != 0])
    first = np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))
    kept: Integers = order[np.arange(len(order)) - first < MOST_COVERING]
    return kept
