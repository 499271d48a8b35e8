"""The operator table: all primitives as flat arrays that compiled code can call and prune by."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from arcsolve.dsl.primitive import MAX_ARGUMENTS, Primitive, primitives
from arcsolve.search.costs import search_costs
from arcsolve.search.engine.arena import NO_TYPE, TYPES
from arcsolve.search.engine.calls import PATTERNS, RESULTS
from arcsolve.search.engine.object_code import addresses_of


class OperatorTable(NamedTuple):
    """Indexed by operator: the position of a primitive in `operators`."""

    addresses: Any  # int64
    patterns: Any  # int64: position in PATTERNS
    results: Any  # int64: position in RESULTS
    result_types: Any  # int64: position in TYPES
    argument_types: Any  # int64 (operator, 3): position in TYPES, NO_TYPE for none
    costs: Any  # int64
    commutative: Any  # bool
    absorbs_repeats: Any  # bool: f(f(x, c), c) is redundant by a law
    forbidden: Any  # bool (operator, position, inner operator): redundant by a law


@cache
def operators() -> tuple[Primitive, ...]:
    """The primitives that the engine can call, by name: their arguments fit `PATTERNS`."""
    return tuple(p for p in primitives().values() if pattern_of(p) in PATTERNS)


def pattern_of(primitive: Primitive) -> str:
    """The kinds of its arguments, for example ``AS``."""
    return "".join(value_type.kind for value_type in primitive.argument_types)


@cache
def build_table(operators: tuple[Primitive, ...]) -> OperatorTable:
    """The table of these operators; their kernels are compiled the first time on a machine."""
    return OperatorTable(
        addresses=np.array(addresses_of(operators), np.int64),
        patterns=np.array([PATTERNS.index(pattern_of(p)) for p in operators], np.int64),
        results=np.array([RESULTS.index(p.result_type.kind) for p in operators], np.int64),
        result_types=np.array([TYPES.index(p.result_type) for p in operators], np.int64),
        argument_types=np.array([_padded_types(p) for p in operators], np.int64),
        costs=np.array(search_costs(operators), np.int64),
        commutative=np.array([p.commutative for p in operators], np.bool_),
        absorbs_repeats=np.array([p.absorbs_repeats for p in operators], np.bool_),
        forbidden=_forbidden(operators),
    )


def _padded_types(primitive: Primitive) -> list[int]:
    positions = [TYPES.index(value_type) for value_type in primitive.argument_types]
    return positions + [NO_TYPE] * (MAX_ARGUMENTS - len(positions))


def _forbidden(operators: tuple[Primitive, ...]) -> Any:
    forbidden = np.zeros((len(operators), MAX_ARGUMENTS, len(operators)), np.bool_)
    for i, outer in enumerate(operators):
        for position in range(len(outer.argument_types)):
            forbidden[i, position] = [outer.forbids(position, inner) for inner in operators]
    return forbidden
