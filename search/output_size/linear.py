"""Linear relations: the smallest ones between measured numbers, found exactly with z3."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import z3
from numpy.typing import NDArray

FACTORS = (-2, 5)  # the smallest and the largest multiple
OFFSETS = (-3, 3)
MOST_TERMS = 2
FACTOR_LENGTH = 2  # for each step of a factor away from 0
OFFSET_LENGTH = 4  # for each step of the offset away from 0
RESOURCES = 2_000_000  # `rlimit` of z3 for each relation, the same on every machine


@dataclass(frozen=True, slots=True)
class Relation:
    """``sum(factor * measured) + offset`` and its description length; shorter is simpler."""

    factors: tuple[int, ...]
    offset: int
    length: int

    def evaluate(self, measured: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the value for each example; `measured` is (measure, example)."""
        return np.array(self.factors) @ measured + self.offset


def smallest_relations(
    measured: NDArray[np.int64], goals: NDArray[np.int64], places: NDArray[np.int64]
) -> Iterator[Relation]:
    """Yield the relations over a few of the measures that give the goals, the smallest first.

    `measured` is (measure, example), and `goals` holds a number for each of the first examples.
    `places` holds for each measure the length that it adds to a relation. On the examples
    without a goal, each relation differs from all relations before it. The relations end when no
    other exists, or when z3 finds none within `RESOURCES`.
    """
    factors, offset = z3.IntVector("factor", len(measured)), z3.Int("offset")
    solver = z3.Optimize()
    solver.set("rlimit", RESOURCES)
    solver.add([z3.And(FACTORS[0] <= f, f <= FACTORS[1]) for f in factors])
    solver.add(OFFSETS[0] <= offset, offset <= OFFSETS[1])
    solver.add(z3.Sum([z3.If(f == 0, 0, 1) for f in factors]) <= MOST_TERMS)
    gives = [_dot(factors, column) + offset for column in measured.T]
    solver.add([given == int(goal) for given, goal in zip(gives, goals, strict=False)])
    length = _length(factors, offset, places)
    solver.minimize(length)
    while solver.check() == z3.sat:
        model = solver.model()
        found = tuple(_value(model, f) for f in factors)
        yield Relation(found, _value(model, offset), _value(model, length))
        unseen = [given != _value(model, given) for given in gives[len(goals) :]]
        solver.add(z3.Or(unseen))


def _dot(factors: list[z3.ArithRef], column: NDArray[np.int64]) -> z3.ArithRef:
    return z3.Sum([f * int(number) for f, number in zip(factors, column, strict=True)])


def _length(
    factors: list[z3.ArithRef], offset: z3.ArithRef, places: NDArray[np.int64]
) -> z3.ArithRef:
    terms = [OFFSET_LENGTH * _absolute(offset)]
    for factor, place in zip(factors, places, strict=True):
        terms.append(z3.If(factor == 0, 0, FACTOR_LENGTH * _absolute(factor) + int(place)))
    return z3.Sum(terms)


def _absolute(number: z3.ArithRef) -> z3.ArithRef:
    return z3.If(number < 0, -number, number)


def _value(model: z3.ModelRef, term: z3.ArithRef) -> int:
    return int(model.eval(term, model_completion=True).as_long())
