"""Conditions: tests that choose the parts to which an effect applies."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import (
    ColorColumn,
    FlagColumn,
    NumberColumn,
    PartColumn,
    ShapeColumn,
    term,
)
from arcsolve.dsl.rules.vocabulary.ranks import count_equal, greatest


@term(cost=0.0)
def every(parts: Parts) -> FlagColumn:
    """Every part."""
    return np.ones(len(parts), np.bool_)


@term(cost=0.2)
def not_(parts: Parts, flag: FlagColumn) -> FlagColumn:
    """Not {0}."""
    return ~flag


@term(cost=0.3)
def both(parts: Parts, one: FlagColumn, other: FlagColumn) -> FlagColumn:
    """Both {0} and {1}."""
    return one & other


@term(cost=0.2)
def has(parts: Parts, color: ColorColumn, wanted: ColorColumn) -> FlagColumn:
    """{0} is {1}."""
    return (color == wanted) & (color >= 0)


@term(cost=0.3)
def equals(parts: Parts, number: NumberColumn, wanted: NumberColumn) -> FlagColumn:
    """{0} is {1}."""
    return (number == wanted) & (number >= 0)


@term(cost=0.3)
def more(parts: Parts, number: NumberColumn, least: NumberColumn) -> FlagColumn:
    """{0} is more than {1}."""
    return (number > least) & (least >= 0)


@term(cost=0.7)
def most(parts: Parts, number: NumberColumn) -> FlagColumn:
    """{0} is the greatest in the grid."""
    return number == greatest(parts, number)


@term(cost=0.8)
def least(parts: Parts, number: NumberColumn) -> FlagColumn:
    """{0} is the least in the grid."""
    return number == -greatest(parts, -number)


@term(cost=0.8)
def alone(parts: Parts, key: ShapeColumn) -> FlagColumn:
    """No other part of the grid has {0}."""
    return count_equal(parts, key) == 1


@term(cost=0.8)
def alone_in(parts: Parts, color: ColorColumn) -> FlagColumn:
    """No other part of the grid has {0}."""
    return count_equal(parts, color) == 1


@term(cost=1.0)
def common(parts: Parts, key: ShapeColumn) -> FlagColumn:
    """{0} is the commonest in the grid."""
    counts = count_equal(parts, key)
    return counts == greatest(parts, counts)


@term(cost=1.0)
def common_in(parts: Parts, color: ColorColumn) -> FlagColumn:
    """{0} is the commonest in the grid."""
    counts = count_equal(parts, color)
    return counts == greatest(parts, counts)


@term(cost=0.3)
def exists(parts: Parts, part: PartColumn) -> FlagColumn:
    """There is {0}."""
    return part >= 0
