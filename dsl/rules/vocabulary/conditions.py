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
    """It is there.

    >>> measure("every", "102")
    [True, True]
    """
    return np.ones(len(parts), np.bool_)


@term(cost=0.2)
def not_(parts: Parts, flag: FlagColumn) -> FlagColumn:
    """It is not true that this holds: {0}.

    >>> measure("(not line)", "1102")
    [False, True]
    """
    return ~flag


@term(cost=0.3)
def both(parts: Parts, one: FlagColumn, other: FlagColumn) -> FlagColumn:
    """It is true that both hold: {0}, and {1}.

    >>> measure("(both line (has color 1))", "1102203")
    [True, False, False]
    """
    return one & other


@term(cost=0.2)
def has(parts: Parts, color: ColorColumn, wanted: ColorColumn) -> FlagColumn:
    """{0} is {1}.

    >>> measure("(has color 2)", "102")
    [False, True]
    """
    return (color == wanted) & (color >= 0)


@term(cost=0.3)
def equals(parts: Parts, number: NumberColumn, wanted: NumberColumn) -> FlagColumn:
    """{0} is {1}.

    >>> measure("(equals size 2)", "1102")
    [True, False]
    """
    return (number == wanted) & (number >= 0)


@term(cost=0.3)
def more(parts: Parts, number: NumberColumn, least: NumberColumn) -> FlagColumn:
    """{0} is greater than {1}.

    >>> measure("(more size 1)", "1102")
    [True, False]
    """
    return (number > least) & (least >= 0)


@term(cost=0.7)
def most(parts: Parts, number: NumberColumn) -> FlagColumn:
    """{0} is the greatest in the grid.

    >>> measure("(most size)", "1102203")
    [True, True, False]
    """
    return number == greatest(parts, number)


@term(cost=0.8)
def least(parts: Parts, number: NumberColumn) -> FlagColumn:
    """{0} is the least in the grid.

    >>> measure("(least size)", "1102203")
    [False, False, True]
    """
    return number == -greatest(parts, -number)


@term(cost=0.8)
def alone(parts: Parts, key: ShapeColumn) -> FlagColumn:
    """It is the only part with {0}.

    >>> measure("(alone shape)", "1102203")
    [False, False, True]
    """
    return count_equal(parts, key) == 1


@term(cost=0.8)
def alone_in(parts: Parts, color: ColorColumn) -> FlagColumn:
    """It is the only part with {0}.

    >>> measure("(alone_in color)", "10102")
    [False, False, True]
    """
    return count_equal(parts, color) == 1


@term(cost=1.0)
def common(parts: Parts, key: ShapeColumn) -> FlagColumn:
    """{0} is the commonest in the grid.

    >>> measure("(common shape)", "1102203")
    [True, True, False]
    """
    counts = count_equal(parts, key)
    return counts == greatest(parts, counts)


@term(cost=1.0)
def common_in(parts: Parts, color: ColorColumn) -> FlagColumn:
    """{0} is the commonest in the grid.

    >>> measure("(common_in color)", "10102")
    [True, True, False]
    """
    counts = count_equal(parts, color)
    return counts == greatest(parts, counts)


@term(cost=0.3)
def exists(parts: Parts, part: PartColumn) -> FlagColumn:
    """There is {0}.

    >>> measure("(exists touching)", "1203")
    [True, True, False]
    """
    return part >= 0
