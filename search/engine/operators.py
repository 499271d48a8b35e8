"""The operator table: all primitives in flat arrays, from which compiled code calls and prunes."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from arcsolve.dsl.primitive import MAX_ARGUMENTS, Primitive, primitives
from arcsolve.dsl.values import Flags, Integers
from arcsolve.search.costs import search_costs
from arcsolve.search.engine.arena import NO_TYPE, TYPES
from arcsolve.search.engine.calls import PATTERNS, RESULTS
from arcsolve.search.engine.object_code import link_kernels


class OperatorTable(NamedTuple):
    """The operators' properties, indexed by the position of a primitive in `operators`."""

    addresses: Integers
    patterns: Integers  # positions in PATTERNS
    results: Integers  # positions in RESULTS
    result_types: Integers  # positions in TYPES
    argument_types: Integers  # (operator, 3): positions in TYPES, NO_TYPE for none
    costs: Integers
    commutative: Flags
    absorbs_repeats: Flags  # f(f(x, c), c) is redundant by a law
    forbidden: Flags  # (operator, position, inner operator): redundant by a law


@cache
def operators() -> tuple[Primitive, ...]:
    """Return the primitives that the engine can call: those whose arguments fit `PATTERNS`."""
    return tuple(p for p in primitives().values() if argument_pattern(p) in PATTERNS)


def argument_pattern(primitive: Primitive) -> str:
    """Return the kinds of a primitive's arguments, for example ``AS``."""
    return "".join(value_type.kind for value_type in primitive.argument_types)


@cache
def build_table(operators: tuple[Primitive, ...]) -> OperatorTable:
    """Return the table of these operators; compile their kernels the first time on a machine."""
    return OperatorTable(
        addresses=np.array(link_kernels(operators), np.int64),
        patterns=np.array([PATTERNS.index(argument_pattern(p)) for p in operators], np.int64),
        results=np.array([RESULTS.index(p.result_type.kind) for p in operators], np.int64),
        result_types=np.array([TYPES.index(p.result_type) for p in operators], np.int64),
        argument_types=np.array([_pad_types(p) for p in operators], np.int64),
        costs=np.array(search_costs(operators), np.int64),
        commutative=np.array([p.commutative for p in operators], np.bool_),
        absorbs_repeats=np.array([p.absorbs_repeats for p in operators], np.bool_),
        forbidden=_forbidden(operators),
    )


def _pad_types(primitive: Primitive) -> list[int]:
    positions = [TYPES.index(value_type) for value_type in primitive.argument_types]
    return positions + [NO_TYPE] * (MAX_ARGUMENTS - len(positions))


def _forbidden(operators: tuple[Primitive, ...]) -> Flags:
    forbidden = np.zeros((len(operators), MAX_ARGUMENTS, len(operators)), np.bool_)
    for i, outer in enumerate(operators):
        for position in range(len(outer.argument_types)):
            forbidden[i, position] = [outer.forbids(position, inner) for inner in operators]
    return forbidden
