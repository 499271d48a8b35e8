"""The operator table: all primitives as flat arrays that compiled code can call and prune by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from arcsolve.dsl.primitive import MAX_ARGUMENTS, Primitive, primitives
from arcsolve.dsl.program import Apply
from arcsolve.search.costs import search_costs
from arcsolve.search.engine.arena import NO_TYPE, TYPES
from arcsolve.search.engine.calls import PATTERNS, RESULTS
from arcsolve.search.engine.object_code import addresses_of
from arcsolve.search.library.abstractions import Abstraction, abstractions

__all__ = ["OperatorTable", "build_table", "operators"]


class OperatorTable(NamedTuple):
    """Indexed by operator: the position of a primitive in `operators`."""

    addresses: Any  # int64
    patterns: Any  # int64: position in PATTERNS
    results: Any  # int64: position in RESULTS
    result_types: Any  # int64: position in TYPES
    argument_types: Any  # int64 (operator, 3): position in TYPES, NO_TYPE for none
    costs: Any  # int64
    work: Any  # int64: primitive applications that one application stands for
    commutative: Any  # bool
    forbidden: Any  # bool (operator, position, inner operator): redundant by a law


@cache
def operators(library: bool = True) -> tuple[Primitive, ...]:
    """What the engine can call: primitives by name, then abstractions if the `library` is used.

    Primitives with arguments of other kinds than `PATTERNS` are left out. Built once a process.
    """
    declared = (*primitives().values(), *(abstractions() if library else ()))
    return tuple(p for p in declared if pattern_of(p) in PATTERNS)


def pattern_of(primitive: Primitive) -> str:
    """The kinds of its arguments, for example ``AS``."""
    return "".join(value_type.kind for value_type in primitive.argument_types)


@cache
def build_table(library: bool = True) -> OperatorTable:
    """The table of all operators; the first time on a machine every kernel is compiled."""
    table, plain = operators(library), operators(library=False)
    return OperatorTable(
        addresses=np.array(addresses_of(plain) + addresses_of(table[len(plain) :]), np.int64),
        patterns=np.array([PATTERNS.index(pattern_of(p)) for p in table], np.int64),
        results=np.array([RESULTS.index(p.result_type.kind) for p in table], np.int64),
        result_types=np.array([TYPES.index(p.result_type) for p in table], np.int64),
        argument_types=np.array([_padded_types(p) for p in table], np.int64),
        costs=np.array(_costs(table), np.int64),
        work=np.array([_work(p) for p in table], np.int64),
        commutative=np.array([p.commutative for p in table], np.bool_),
        forbidden=_forbidden(table),
    )


def _costs(table: Sequence[Primitive]) -> list[int]:
    """Those of `arcsolve.search.costs`; an abstraction brings its own."""
    learned = search_costs(table)
    return [
        p.cost if isinstance(p, Abstraction) else cost
        for p, cost in zip(table, learned, strict=True)
    ]


def _work(operator: Primitive) -> int:
    if not isinstance(operator, Abstraction):
        return 1
    return sum(isinstance(node, Apply) for node in operator.body.nodes)


def _padded_types(primitive: Primitive) -> list[int]:
    positions = [TYPES.index(value_type) for value_type in primitive.argument_types]
    return positions + [NO_TYPE] * (MAX_ARGUMENTS - len(positions))


def _forbidden(table: Iterable[Primitive]) -> Any:
    table = tuple(table)
    forbidden = np.zeros((len(table), MAX_ARGUMENTS, len(table)), np.bool_)
    for i, outer in enumerate(table):
        for position in range(len(outer.argument_types)):
            forbidden[i, position] = [outer.forbids(position, inner) for inner in table]
    return forbidden
