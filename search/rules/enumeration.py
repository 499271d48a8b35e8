"""Enumeration: the distinct expressions of each kind over the parts of a scene, cheapest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from arcsolve.dsl.rules.expression import Call, Constant, Expression, Of
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import Choice, Kind, Term, find_term, terms
from arcsolve.dsl.rules.vocabulary.casting import Start
from arcsolve.dsl.values import Integers

MOST_VALUES = 12  # constants that an attribute is compared with
STEPS = (1, 2, 3)  # constant lengths of rays and moves
GAPS = (0, 1)  # constant gaps that a part leaves behind

# Expressions that tests look at in another part; others were in no right rule.
_TESTED = ("container", "content", "touching", "seen", "nearest", "above", "below", "left_of",
           "right_of")  # fmt: skip
_SIDES = ("nearest", "touching", "nearest_of_other_color", "nearest_cell", "nearest_larger",
          "largest", "odd_colored")  # fmt: skip


class Distinct(NamedTuple):
    """Expressions of one kind with distinct values, and their values (expression, part, ...)."""

    expressions: list[Expression]
    values: list[Any]

    @property
    def costs(self) -> np.ndarray:
        """The cost of each expression in bits."""
        return np.array([each.cost for each in self.expressions], np.float64)


def keep_distinct(parts: Parts, expressions: Iterable[Expression]) -> Distinct:
    """Keep the cheapest expression of each value, the cheapest first."""
    found: dict[bytes, tuple[Expression, Any]] = {}
    for each in sorted(expressions, key=lambda each: each.cost):
        value = each.evaluate(parts)
        found.setdefault(value.tobytes(), (each, value))
    return Distinct([each for each, _ in found.values()], [value for _, value in found.values()])


def call(name: str, *arguments: Expression | Choice) -> Call:
    """Return the call of a term by its name."""
    return Call(find_term(name), arguments)


def plain_calls(kind: Kind) -> list[Call]:
    """Return the calls of all terms of a kind that take no arguments."""
    return [Call(each) for each in terms() if each.kind is kind and not each.parameters]


def color_constants(colors: Iterable[int]) -> list[Constant]:
    """Return constants of these colors."""
    return [Constant(Kind.COLOR, int(color)) for color in colors]


def number_constants(numbers: Iterable[int]) -> list[Constant]:
    """Return constants of these numbers."""
    return [Constant(Kind.NUMBER, int(number)) for number in numbers]


class Vocabulary:
    """The distinct expressions over the parts of one partition, by kind."""

    def __init__(self, parts: Parts, painted: Sequence[int]) -> None:
        """List the expressions; `painted` are the colors that the outputs bring in."""
        self.parts = parts
        neighbors = parts.meetings.neighbors
        self.references = self._references(np.unique(neighbors.color).tolist())
        self.colors = self._colors(painted)
        self.directions = self._directions()

    def _references(self, colors: Sequence[int]) -> Distinct:
        """Return the references that lead to a part from at least one part."""
        named = [call("nearest_of_color", each) for each in color_constants(colors)]
        named += [call("touching_of_color", each) for each in color_constants(colors)]
        found = keep_distinct(self.parts, [*plain_calls(Kind.PART), *named])
        live = [n for n, value in enumerate(found.values) if (value >= 0).any()]
        return Distinct([found.expressions[n] for n in live], [found.values[n] for n in live])

    def _colors(self, painted: Sequence[int]) -> Distinct:
        own = [call("color"), call("minor_color")]
        other = [Of(color, each) for each in self.references.expressions for color in own]
        constants = color_constants(painted)
        return keep_distinct(self.parts, [*constants, *plain_calls(Kind.COLOR), *other])

    def _directions(self) -> Distinct:
        plain = plain_calls(Kind.DIRECTIONS)
        shown = [each for each in plain if each.term.name in _SHOWN]
        to = [call("toward", each) for each in self.references.expressions]
        near = [each for each in self.references.expressions if str(each) in _SIDES]
        to += [call(name, each) for name in ("quarter", "side") for each in near]
        to += [Of(each, part) for each in shown for part in near]
        back = [call("opposite", each) for each in (*shown, *to)]
        found = keep_distinct(self.parts, [*plain, *to, *back])
        live = [n for n, value in enumerate(found.values) if value.any()]
        return Distinct([found.expressions[n] for n in live], [found.values[n] for n in live])

    def tests(self) -> Distinct:
        """Return the distinct tests that some parts pass."""
        found = keep_distinct(self.parts, self._tests())
        live = [n for n, value in enumerate(found.values) if value.any()]
        return Distinct([found.expressions[n] for n in live], [found.values[n] for n in live])

    def _tests(self) -> Iterator[Expression]:
        positive = list(self._positive_tests())
        yield call("every")
        yield from positive
        yield from (call("not", each) for each in positive)

    def _positive_tests(self) -> Iterator[Expression]:
        yield from (each for each in plain_calls(Kind.FLAG) if each.term.name != "every")
        yield from (call("exists", each) for each in self.references.expressions)
        yield from self._compare("has", Kind.COLOR, [call("color")])
        looked = [each for each in self.references.expressions if str(each) in _TESTED]
        yield from self._compare("has", Kind.COLOR, [Of(call("color"), each) for each in looked])
        numbers = plain_calls(Kind.NUMBER)
        yield from self._compare("equals", Kind.NUMBER, numbers)
        yield from self._compare("more", Kind.NUMBER, numbers)
        yield from (call(name, each) for name in ("most", "least") for each in numbers)
        shapes = plain_calls(Kind.SHAPE)
        yield from (call(name, each) for name in ("alone", "common") for each in shapes)
        yield from (call(name, call("color")) for name in ("alone_in", "common_in"))

    def _compare(self, name: str, kind: Kind, values: list[Any]) -> Iterator[Expression]:
        """Yield the comparisons of expressions with the values that they have."""
        for each in values:
            seen = [value for value in np.unique(each.evaluate(self.parts)) if value >= 0]
            for value in seen[:MOST_VALUES]:
                yield call(name, each, Constant(kind, int(value)))

    def keys(self) -> Distinct:
        """Return the distinct attributes that tables may use as keys."""
        numbers = [call(name) for name in ("size", "height", "width", "hole_count", "same_shape")]
        near = [each for each in self.references.expressions if str(each) in ("touching", "container")]
        colors = [call("color"), *(Of(call("color"), each) for each in near)]
        return keep_distinct(self.parts, [*colors, *numbers])

    def shifts(self) -> Distinct:
        """Return the distinct shifts."""
        single = [
            each
            for each, value in zip(*self.directions, strict=True)
            if ((value & value - 1) == 0).all()
        ]
        found: list[Expression] = []
        slides = self._products(find_term("slide"), single)
        found += slides
        found += [call("by", *pair) for pair in product(single, number_constants(STEPS))]
        found += [call("past", *pair) for pair in product(single, number_constants(GAPS))]
        found += self._products(find_term("align"), self.references.expressions)
        found += [call("across", each) for each in self.references.expressions]
        distinct = keep_distinct(self.parts, found)
        live = [n for n, value in enumerate(distinct.values) if value.any()]
        return Distinct([distinct.expressions[n] for n in live], [distinct.values[n] for n in live])

    def _products(self, term: Term, first: Sequence[Expression]) -> list[Expression]:
        """Return the calls of a term with a first argument and each combination of choices."""
        choices = [list(each) for each in term.parameters[1:]]  # type: ignore[arg-type]
        return [Call(term, (each, *rest)) for each in first for rest in product(*choices)]

    def areas(self) -> list[Expression]:
        """Return all areas, which are still to be evaluated."""
        links = ("between", "blank_span", "diagonal_to", "row_then_col", "col_then_row")
        found: list[Expression] = [*plain_calls(Kind.AREA)]
        found += [call(name, each) for name in links for each in self.references.expressions]
        starts = self._starts()
        for name in ("ray", "contact", "before_contact"):
            found += [
                each
                for each in self._products(find_term(name), self.directions.expressions)
                if each.arguments[1] in starts
            ]
        lengths = [*number_constants(STEPS), *map(call, ("size", "height", "width", "color_count"))]
        found += [
            call("steps", direction, start, number)
            for direction in self.directions.expressions
            for start in starts
            for number in lengths
        ]
        return found

    def turns(self) -> list[Expression]:
        """Return all turns of a part in its box."""
        (symmetries,) = find_term("turn").parameters
        return [call("turn", each) for each in symmetries]  # type: ignore[union-attr]

    def _starts(self) -> set[Choice]:
        """Return where rays may start: single cells have no corners, plain parts no tips."""
        starts: set[Choice] = {Start.FACE}
        if (self.parts.size > 1).any():
            starts |= {Start.CENTER, Start.CORNER, Start.MIDDLE}
        if (self.parts.colors > 1).any():
            starts.add(Start.TIP)
        return starts


_SHOWN = {"lengthwise", "to_minor", "to_minor_corner", "open_side", "open_corner", "heavy_side",
          "to_border"}  # fmt: skip


def stack(values: Sequence[Integers]) -> Integers:
    """Return values (expression, part) as one array, also for no expressions."""
    return np.stack(values) if values else np.zeros((0, 0), np.int64)
