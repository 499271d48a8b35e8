"""Enumeration: the distinct expressions of each kind over the parts of a scene, cheapest first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.rules.expression import Call, Expression, Literal, Of
from arcsolve.dsl.rules.scene import MISSING, Parts
from arcsolve.dsl.rules.terms import Area, Choice, Kind, Strokes, Term, find_term, terms
from arcsolve.dsl.rules.vocabulary.casting import Meeting, Start
from arcsolve.dsl.values import Flags, Integers

MOST_VALUES = 12  # constants that an attribute is compared with
STEPS = (1, 2, 3)  # constant lengths of rays and moves
MOST_FALLS = 12  # directions in which parts fall together
GAPS = (0, 1)  # constant gaps that a part leaves behind

# Expressions that tests look at in another part; others were in no right rule.
_TESTED = ("container", "content", "touching", "seen", "nearest", "above", "below", "left_of",
           "right_of")  # fmt: skip
_SIDES = ("nearest", "touching", "nearest_of_other_color", "nearest_cell", "nearest_larger",
          "largest", "odd_colored")  # fmt: skip


class Distinct(NamedTuple):
    """Expressions of one kind with distinct values, and their values (expression, part, ...)."""

    expressions: list[Expression]
    values: Any

    @property
    def costs(self) -> NDArray[np.float64]:
        """The cost of each expression in bits."""
        return np.array([each.cost for each in self.expressions], np.float64)

    def keep(self, wanted: Flags) -> Distinct:
        """Return the wanted expressions only."""
        return Distinct([self.expressions[n] for n in np.flatnonzero(wanted)], self.values[wanted])

    def with_value(self, nothing: int = 0) -> Distinct:
        """Return the expressions that have another value than `nothing` for some part."""
        live = self.values.reshape(len(self.values), -1) != nothing
        return self.keep(live.any(axis=1))


def keep_distinct(parts: Parts, expressions: Iterable[Expression]) -> Distinct:
    """Keep the cheapest expression of each value, the cheapest first."""
    found: dict[bytes, tuple[Expression, Any]] = {}
    for each in sorted(expressions, key=lambda each: each.cost):
        value = each.evaluate(parts)
        found.setdefault(value.tobytes(), (each, value))
    values = [value for _, value in found.values()]
    stacked = np.stack(values) if values else np.zeros((0, len(parts)), np.int64)
    return Distinct([each for each, _ in found.values()], stacked)


def call(name: str, *arguments: Expression | Choice) -> Expression:
    """Return the call of a term by its name."""
    return Call(find_term(name), arguments)


def plain_calls(kind: Kind) -> list[Call]:
    """Return the calls of all terms of a kind that take no arguments."""
    return [Call(each) for each in terms() if each.kind is kind and not each.parameters]


def color_constants(colors: Iterable[int]) -> list[Literal]:
    """Return constants of these colors."""
    return [Literal(Kind.COLOR, int(color)) for color in colors]


def number_constants(numbers: Iterable[int]) -> list[Literal]:
    """Return constants of these numbers."""
    return [Literal(Kind.NUMBER, int(number)) for number in numbers]


class Vocabulary:
    """The distinct expressions over the parts of one partition, by kind."""

    def __init__(self, parts: Parts, painted: Sequence[int]) -> None:
        """List the expressions; `painted` are the colors that the outputs bring in."""
        self.parts = parts
        neighbors = parts.meetings.neighbors
        self.references = self._references(np.unique(neighbors.color).tolist())
        self._painted = painted

    def _references(self, colors: Sequence[int]) -> Distinct:
        """Return the references that lead to a part from at least one part."""
        named = [call("nearest_of_color", each) for each in color_constants(colors)]
        named += [call("touching_of_color", each) for each in color_constants(colors)]
        return keep_distinct(self.parts, [*plain_calls(Kind.PART), *named]).with_value(MISSING)

    @cached_property
    def colors(self) -> Distinct:
        """The distinct colors."""
        own = [call("color"), call("minor_color")]
        other: list[Expression] = [
            Of(color, each) for each in self.references.expressions for color in own
        ]
        blank = np.unique(self.parts.board.backgrounds).tolist()
        constants = color_constants(color for color in self._painted if [color] != blank)
        return keep_distinct(self.parts, [*constants, *plain_calls(Kind.COLOR), *other])

    @cached_property
    def directions(self) -> Distinct:
        """The distinct directions."""
        plain = plain_calls(Kind.DIRECTIONS)
        shown = [each for each in plain if each.term.name in _SHOWN]
        to: list[Expression] = [call("toward", each) for each in self.references.expressions]
        near = [each for each in self.references.expressions if str(each) in _SIDES]
        to += [call(name, each) for name in ("quarter", "side") for each in near]
        to += [Of(each, part) for each in shown for part in near]
        back = [call("opposite", each) for each in (*shown, *to)]
        return keep_distinct(self.parts, [*plain, *to, *back]).with_value()

    def tests(self) -> Distinct:
        """Return the distinct tests that some parts pass."""
        return keep_distinct(self.parts, self._tests()).with_value()

    def _tests(self) -> Iterator[Expression]:
        yield call("every")
        if self.parts.partition.still:
            return
        positive = list(self._positive_tests())
        yield from positive
        yield from (call("not", each) for each in positive)

    def _positive_tests(self) -> Iterator[Expression]:
        yield from (each for each in plain_calls(Kind.FLAG) if each.term.name != "every")
        yield from (call("exists", each) for each in self.references.expressions)
        yield from self._compare("has", Kind.COLOR, [call("color")])
        looked = [each for each in self.references.expressions if str(each) in _TESTED]
        yield from self._compare("has", Kind.COLOR, [Of(call("color"), each) for each in looked])
        counted = [call(name) for name in _COUNTED]
        yield from self._compare("equals", Kind.NUMBER, counted)
        yield from self._compare("more", Kind.NUMBER, counted)
        numbers = plain_calls(Kind.NUMBER)
        yield from (call(name, each) for name in ("most", "least") for each in numbers)
        shapes = plain_calls(Kind.SHAPE)
        yield from (call(name, each) for name in ("alone", "common") for each in shapes)
        yield from (call(name, call("color")) for name in ("alone_in", "common_in"))

    def _compare(self, name: str, kind: Kind, values: list[Any]) -> Iterator[Expression]:
        """Yield the comparisons of expressions with the values that they have."""
        for each in values:
            seen = [value for value in np.unique(each.evaluate(self.parts)) if value >= 0]
            for value in seen[:MOST_VALUES]:
                yield call(name, each, Literal(kind, int(value)))

    def keys(self) -> Distinct:
        """Return the distinct attributes that tables may use as keys."""
        numbers = [call(name) for name in ("size", "height", "width", "hole_count", "same_shape")]
        near = [
            each for each in self.references.expressions if str(each) in ("touching", "container")
        ]
        colors: list[Expression] = [call("color"), *(Of(call("color"), each) for each in near)]
        return keep_distinct(self.parts, [*colors, *numbers])

    def shifts(self) -> Distinct:
        """Return the distinct shifts."""
        values = self.directions.values
        single = self.directions.keep(((values & values - 1) == 0).all(axis=1))
        falls = product(self._plain(single.expressions), self._movers())
        fallen = keep_distinct(self.parts, [call("fall", *pair) for pair in falls])
        others = (_list_distinct(self.parts, each) for each in self._shift_families(single))
        return _merge_distinct(fallen, *others).with_value()

    def _shift_families(self, single: Distinct) -> Iterator[Family]:
        """Yield the families of shifts; `single` are the single directions."""
        lengths = keep_distinct(self.parts, [*number_constants(STEPS), *map(call, _LENGTHS)])
        yield Family(find_term("by"), (single, lengths))
        yield Family(find_term("past"), (single, keep_distinct(self.parts, number_constants(GAPS))))
        yield Family(find_term("across"), (self.references,))
        for name, first in (("slide", single), ("align", self.references)):
            for choice in list_choices(find_term(name).parameters[1]):
                yield Family(find_term(name), (first, choice))

    def _plain(self, directions: list[Expression]) -> list[Expression]:
        """Return the directions in which parts may fall together."""
        heads = ("up", "down", "left", "right", "toward", "opposite", "to_border")
        found = [each for each in directions if str(each).strip("(").split()[0] in heads]
        return found[:MOST_FALLS]

    def _movers(self) -> list[Expression]:
        """Return the tests that choose which parts fall together."""
        colors = color_constants(np.unique(self.parts.color).tolist())
        colored = [call("has", call("color"), each) for each in colors]
        largest = [call(name, call("size")) for name in ("most", "least")]
        tests = [*colored, *largest, call("at_border")]
        return [call("every"), *tests, *(call("not", each) for each in tests)]

    def families(self) -> Iterator[Family]:
        """Yield the families of all effects."""
        yield from self._choices("restore")
        if self.parts.partition.still:
            yield Family(find_term("itself"), ())
        else:
            yield from self._reaching_families()

    def _reaching_families(self) -> Iterator[Family]:
        """Yield the families of effects that reach beyond the cells of a part."""
        for each in terms():
            if each.kind is Kind.AREA and not each.parameters:
                yield Family(each, ())
        for name in ("between", "blank_span", "diagonal_to", "row_then_col", "col_then_row"):
            yield Family(find_term(name), (self.references,))
        yield from self._rays()
        shifts = self.shifts()
        for name in ("shifted", "repeated", "move", "copy", "repeat"):
            yield Family(find_term(name), (shifts,))
        for name in ("mirrored", "mirror", "mirror_away"):
            yield Family(find_term(name), (self.directions,))
        for name in ("reflect", "reflect_away"):
            for choice in list_choices(find_term(name).parameters[1]):
                yield Family(find_term(name), (self.references, choice))
        yield from self._choices("turn")

    def _choices(self, name: str) -> Iterator[Family]:
        """Yield a family for each choice of a term."""
        each = find_term(name)
        yield from (Family(each, (choice,)) for choice in list_choices(each.parameters[0]))

    def _rays(self) -> Iterator[Family]:
        lengths = keep_distinct(self.parts, [*number_constants(STEPS), *map(call, _LENGTHS)])
        for start in self._starts():
            for meeting in Meeting:
                yield Family(find_term("ray"), (self.directions, start, meeting))
            for name in ("contact", "before_contact"):
                yield Family(find_term(name), (self.directions, start))
            yield Family(find_term("steps"), (self.directions, start, lengths))

    def _starts(self) -> Iterator[Start]:
        """Yield where rays may start: single cells have no corners, plain parts no tips."""
        yield Start.FACE
        if (self.parts.size > 1).any():
            yield from (Start.CENTER, Start.CORNER, Start.MIDDLE)
        if (self.parts.colors > 1).any():
            yield Start.TIP


_SHOWN = {"lengthwise", "to_minor", "to_minor_corner", "open_side", "open_corner", "heavy_side",
          "to_border"}  # fmt: skip
_COUNTED = ("size", "height", "width", "color_count", "hole_count", "same_color", "same_shape",
            "content_count", "part_count")  # fmt: skip
_LENGTHS = ("size", "height", "width", "color_count")


def list_choices(parameter: Kind | type[Choice]) -> list[Choice]:
    """Return the choices that a parameter of a term may be."""
    assert not isinstance(parameter, Kind)
    return list(parameter)


class Family(NamedTuple):
    """The calls of one term with each combination of its arguments."""

    term: Term
    arguments: tuple[Choice | Distinct, ...]

    @property
    def size(self) -> int:
        """The number of calls."""
        return math.prod(self._sides())

    def _sides(self) -> list[int]:
        return [len(each.expressions) for each in self.arguments if isinstance(each, Distinct)]

    def _numbers(self, calls: Integers) -> Iterator[Choice | tuple[Distinct, Integers]]:
        """Yield for each argument the choice, or the expressions and their numbers by call."""
        numbers = iter(np.unravel_index(calls, self._sides() or (1,)))
        for each in self.arguments:
            yield (each, next(numbers)) if isinstance(each, Distinct) else each

    def list_calls(self, numbers: Integers) -> list[Call]:
        """Return the calls of these numbers."""
        columns = [
            [each] * len(numbers)
            if isinstance(each, Choice)
            else [each[0].expressions[at] for at in each[1].tolist()]
            for each in self._numbers(numbers)
        ]
        arguments = zip(*columns, strict=True) if columns else [()] * len(numbers)
        return [Call(self.term, each) for each in arguments]

    def costs(self) -> NDArray[np.float64]:
        """Return the cost of each call in bits."""
        costs = np.full(self.size, self.term.cost)
        for each in self._numbers(np.arange(self.size)):
            costs += each.cost if isinstance(each, Choice) else each[0].costs[each[1]]
        return costs

    def draw(self, parts: Parts, calls: Integers, rows: Integers) -> Area | Strokes:
        """Return the areas or strokes of some calls for some rows of the parts, call by call."""
        drawn: Area | Strokes = self._evaluate(parts, calls, rows)
        return drawn

    def values(self, parts: Parts) -> NDArray[Any]:
        """Return the values of all calls (call, part, ...) of a term that is no effect."""
        values: NDArray[Any] = self._evaluate(parts, np.arange(self.size), np.arange(len(parts)))
        return values.reshape(self.size, len(parts), *values.shape[1:])

    def _evaluate(self, parts: Parts, calls: Integers, rows: Integers) -> Any:
        columns = [
            each if isinstance(each, Choice) else _take(each[0].values, each[1], rows)
            for each in self._numbers(calls)
        ]
        return self.term.function(parts.tile(len(calls), rows), *columns)


def _take(values: Any, numbers: Integers, rows: Integers) -> Any:
    """Return the rows of some expressions' values, one expression after the other."""
    taken = values[numbers[:, np.newaxis], rows]
    return taken.reshape(-1, *taken.shape[2:])


def _list_distinct(parts: Parts, family: Family) -> Distinct:
    """Return the cheapest call of each value of a family, the cheapest first."""
    values, costs = family.values(parts), family.costs()
    first = _first_of_each(values, np.argsort(costs, kind="stable"))
    return Distinct([*family.list_calls(np.array(first, np.int64))], values[first])


def _first_of_each(values: Any, order: Integers) -> list[int]:
    """Return the numbers in `order` whose values no earlier number has."""
    found: dict[bytes, int] = {}
    for number in order.tolist():
        found.setdefault(values[number].tobytes(), number)
    return list(found.values())


def _merge_distinct(*several: Distinct) -> Distinct:
    """Return the cheapest expression of each value in any of them, the cheapest first."""
    expressions = [each for some in several for each in some.expressions]
    values = np.concatenate([some.values for some in several if len(some.expressions)])
    costs = np.concatenate([some.costs for some in several])
    first = _first_of_each(values, np.argsort(costs, kind="stable"))
    return Distinct([expressions[number] for number in first], values[first])
