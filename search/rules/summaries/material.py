"""Material: the tests, orders, numbers and colors that summaries of one partition are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from itertools import pairwise, product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.rules.expression import Call, Expression, Literal
from arcsolve.dsl.rules.scene import MISSING, Parts
from arcsolve.dsl.rules.terms import Kind
from arcsolve.dsl.rules.vocabulary.summaries.extraction import Showing, picture
from arcsolve.dsl.rules.vocabulary.summaries.grid_numbers import count_colors
from arcsolve.dsl.values import Cells, Flags, Integers
from arcsolve.search.rules.enumeration import Distinct, Vocabulary, call, keep_distinct, plain_calls

MOST_CHOICES = 40  # parts that numbers and colors are read from, by the test that chooses them
_KEYS = ("size", "height", "width", "hole_count", "color_count", "same_shape")


class Suggestion(NamedTuple):
    """An expression for the new grids and its cost in bits."""

    cost: float
    grid: Expression


class Values(NamedTuple):
    """Numbers or colors of each grid: expressions and their values (expression, grid)."""

    expressions: list[Expression]
    values: Integers

    def matching(self, needed: Integers, most: int = 3) -> list[Expression]:
        """Return the cheapest expressions with the needed values for the pairs."""
        same = (self.values[:, : len(needed)] == needed).all(axis=1)
        return [self.expressions[row] for row in np.flatnonzero(same)[:most]]


class Material:
    """The tests on parts, their choices, and the outputs that summaries must equal."""

    def __init__(self, parts: Parts, outputs: Sequence[Cells]) -> None:
        self.parts, self.outputs, self.pairs = parts, outputs, len(outputs)
        self.known = int(np.searchsorted(parts.grid, self.pairs))  # parts of the pairs come first
        self._pictures: dict[tuple[int, Showing], Cells | None] = {}
        self.tests = Vocabulary(parts, ()).tests()
        self.flags: Flags = self.tests.values.astype(np.bool_)
        self.costs = self.tests.costs
        self.counts = self.count(self.flags)
        """The number of parts that pass each test (test, grid)."""

    @property
    def grids(self) -> int:
        """The number of all grids."""
        return len(self.parts.scene.grids)

    @cached_property
    def of_grid(self) -> NDArray[np.float32]:
        """True where a part belongs to a grid (part, grid)."""
        same: Flags = self.parts.grid[:, np.newaxis] == np.arange(self.grids)
        return same.astype(np.float32)

    @property
    def backgrounds(self) -> Integers:
        """The background of the input of each pair."""
        return self.parts.board.backgrounds[: self.pairs]

    def count(self, flags: NDArray[np.bool_]) -> Integers:
        """Return the number of flagged parts of each grid (..., grid)."""
        counts: Integers = (flags.astype(np.float32) @ self.of_grid).astype(np.int64)
        return counts

    def total(self, column: Integers) -> Integers:
        """Return the sum of a column over the parts that pass each test (test, pair)."""
        sums = self.flags.astype(np.float32) @ (self.of_grid * column[:, np.newaxis])
        return sums.astype(np.int64)[:, : self.pairs]

    def extreme(self, column: Integers) -> Integers:
        """Return the greatest of a column over the parts that pass each test (test, pair)."""
        ends = np.searchsorted(self.parts.grid, np.arange(self.pairs + 1))
        found = [
            np.where(self.flags[:, start:end], column[start:end], MISSING)
            for start, end in pairwise(ends)
        ]
        return np.stack([each.max(axis=1, initial=MISSING) for each in found], axis=1)

    @cached_property
    def orders(self) -> Distinct:
        """The distinct orders of parts."""
        numbers = plain_calls(Kind.NUMBER)
        sorted_ = [call(name, each) for name in ("from_least", "from_greatest") for each in numbers]
        return keep_distinct(self.parts, [*plain_calls(Kind.ORDER), *sorted_])

    @cached_property
    def choices(self) -> tuple[list[Expression], Integers]:
        """The tests that one part of each pair passes, and these parts (test, grid)."""
        single = self.counts == 1
        rows = np.flatnonzero(
            single[:, : self.pairs].all(axis=1) & single[:, self.pairs :].any(axis=1)
        )
        chosen = np.full((len(rows), self.grids), MISSING)
        for place, row in enumerate(rows):
            kept = self.flags[row] & single[row][self.parts.grid]
            chosen[place, self.parts.grid[kept]] = np.flatnonzero(kept)
        _, first = np.unique(chosen, axis=0, return_index=True)
        first = np.sort(first)[:MOST_CHOICES]
        return [self.tests.expressions[rows[n]] for n in first], chosen[first]

    @cached_property
    def numbers(self) -> Values:
        """The distinct numbers of each grid, the cheapest first."""
        return _distinct(
            [*self._counted(), *self._of_choices("number_where", plain_calls(Kind.NUMBER))],
            self.grids,
        )

    @cached_property
    def joined_numbers(self) -> Values:
        """The distinct numbers of parts of a color that pass another test, the cheapest first."""
        tests = self.tests.expressions
        colors = [n for n, test in enumerate(tests) if str(test).startswith("(has color ")]
        found = list[tuple[Expression, Integers]]()
        for color in colors:
            counts = self.count(self.flags & self.flags[color])
            for row in np.flatnonzero(
                (counts != self.counts[color]).any(axis=1) & counts.any(axis=1)
            ):
                both = call("both", tests[color], tests[row])
                found.append((call("count", both), counts[row]))
        return _distinct(found, self.grids)

    @cached_property
    def keys(self) -> Values:
        """The distinct numbers and colors that tables look up, the cheapest first."""
        counted = zip(map(partial(call, "count"), self.tests.expressions), self.counts, strict=True)
        of_parts = self._of_choices("number_where", [call(name) for name in _KEYS])
        colors = zip(self.colors.expressions, self.colors.values, strict=True)
        plain = call("grid_colors")
        found = [self._evaluate(plain), *counted, *of_parts, *colors]
        return _distinct(found, self.grids)

    @cached_property
    def colors(self) -> Values:
        """The distinct colors of chosen parts, the cheapest first."""
        found = list(self._of_choices("color_where", plain_calls(Kind.COLOR)))
        shared = [call("color_where", call("color"), test) for test in self.tests.expressions]
        found += map(self._evaluate, shared)
        return _distinct(found, self.grids)

    @cached_property
    def sides(self) -> list[tuple[Expression, Expression]]:
        """Expressions for the height and the width of the outputs."""
        heights, widths = np.array([output.shape for output in self.outputs]).T
        return list(product(self._find_side(heights), self._find_side(widths)))

    def _find_side(self, needed: Integers) -> list[Expression]:
        constant = len(np.unique(needed)) == 1
        return self.find_numbers(needed) if constant else self.numbers.matching(needed)

    def picture(self, part: int, showing: Showing) -> Cells | None:
        """Return the picture of a part."""
        if (part, showing) not in self._pictures:
            self._pictures[part, showing] = picture(self.parts, np.array([part]), showing)
        return self._pictures[part, showing]

    def find_numbers(self, needed: Integers) -> list[Expression]:
        """Return numbers with the needed values for the pairs: a constant, or several others."""
        if len(np.unique(needed)) == 1:
            return [Literal(Kind.GRID_NUMBER, int(needed[0]))]
        found = self.numbers.matching(needed) + self.joined_numbers.matching(needed)
        return sorted(found, key=lambda each: each.cost)

    def find_colors(self, needed: Integers) -> list[Expression]:
        """Return colors with the needed values for the pairs: a constant, or several others."""
        if len(np.unique(needed)) == 1:
            return [Literal(Kind.GRID_COLOR, int(needed[0]))]
        return self.colors.matching(needed)

    def _counted(self) -> Iterator[tuple[Expression, Integers]]:
        for test, counts in zip(self.tests.expressions, self.counts, strict=True):
            yield call("count", test), counts
        every = call("every")
        plain = [call("count_rows", every), call("count_cols", every)]
        plain += plain_calls(Kind.GRID_NUMBER)
        cells = count_colors(self.parts)
        for color in np.flatnonzero(cells.any(axis=0)):
            plain.append(call("cells_of_color", Literal(Kind.GRID_COLOR, int(color))))
        yield from map(self._evaluate, plain)
        one = Literal(Kind.GRID_NUMBER, 1)
        increased = [call("plus", each, one) for each in (*plain, call("count", every))]
        yield from map(self._evaluate, increased)

    def _evaluate(self, expression: Expression) -> tuple[Expression, Integers]:
        values: Any = expression.evaluate(self.parts)
        return expression, values

    def _of_choices(
        self, name: str, attributes: Sequence[Expression]
    ) -> Iterator[tuple[Expression, Integers]]:
        tests, chosen = self.choices
        for each in attributes:
            column = each.evaluate(self.parts)
            for test, parts in zip(tests, chosen, strict=True):
                yield call(name, each, test), np.where(parts >= 0, column[parts], MISSING)


def _distinct(found: list[tuple[Expression, Integers]], grids: int) -> Values:
    """Keep the cheapest expression of each vector of values, the cheapest first."""
    kept: dict[bytes, tuple[Expression, Integers]] = {}
    for expression, values in sorted(found, key=lambda each: each[0].cost):
        kept.setdefault(values.astype(np.int64).tobytes(), (expression, values))
    rows = [each for _, each in kept.values()]
    stacked = np.stack(rows) if rows else np.zeros((0, grids), np.int64)
    return Values([each for each, _ in kept.values()], stacked)


def propose(*calls: Call) -> Iterator[Suggestion]:
    """Yield proposals of calls, with their own costs."""
    yield from (Suggestion(each.cost, each) for each in calls)
