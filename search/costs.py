"""Search costs of primitives, learned from the programs that solved open training tasks.

A grammar generates programs top-down: for each value of some type it draws a primitive that returns
that type. The cost of a primitive is the surprise of this draw, in units of `BITS_A_UNIT`. A
primitive that takes twice the typical time costs one bit more, and one that takes half of it one
bit less. The search therefore tries programs in order of probability over time (Levin, "Universal
sequential search problems", 1973). The costs that primitives declare smooth the counts, so that a
primitive without uses stays within reach. ``benchmarks/fit/fit_costs.py`` writes the table.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from arcsolve.dsl.primitive import Primitive
from arcsolve.dsl.values import ValueType

BITS_A_UNIT = 1.4
LOWEST_COST, HIGHEST_COST = 3, 12  # units; a constant costs 2, so that terminals come first
SMOOTHING = 2.0  # uses of a primitive of the lowest declared cost, before any are counted
SCALAR_TERMINALS = 100.0  # uses of the constants of a scalar type, before any are counted
HALVED_BY = 1  # steps of declared cost that halve the uses before any are counted

_TABLE = "costs.txt"


@cache
def _table() -> dict[str, int]:
    lines = files(__package__).joinpath(_TABLE).read_text().splitlines()
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return {name: int(cost) for name, cost in rows}


def search_costs(primitives: Iterable[Primitive]) -> list[int]:
    """Return the cost of each primitive in units.

    A primitive that is not in the table costs `LOWEST_COST` plus its declared cost, at most
    `HIGHEST_COST`.
    """
    table = _table()
    return [table.get(p.name, min(HIGHEST_COST, LOWEST_COST + p.cost)) for p in primitives]


def fit_costs(
    primitives: Iterable[Primitive], uses: Mapping[str, float], seconds: Mapping[str, float]
) -> dict[str, int]:
    """Return the costs of primitives by name, from their uses in right programs and their times.

    `uses` counts primitives by name and terminals by type. The terminals of a type compete with the
    primitives that return this type. `seconds` holds the time of one operation by name. A primitive
    that `seconds` lacks takes the median time.
    """
    primitives = list(primitives)
    weights = {p.name: uses.get(p.name, 0.0) + _prior_uses(p) for p in primitives}
    totals = {str(p.result_type): _terminal_weight(p.result_type, uses) for p in primitives}
    for p in primitives:
        totals[p.result_type] += weights[p.name]
    typical = statistics.median(seconds.values())
    costs = {}
    for p in primitives:
        bits = math.log2(totals[p.result_type] / weights[p.name])
        bits += math.log2(seconds.get(p.name, typical) / typical)
        costs[p.name] = min(HIGHEST_COST, max(LOWEST_COST, round(bits / BITS_A_UNIT)))
    return costs


def _terminal_weight(value_type: ValueType, uses: Mapping[str, float]) -> float:
    """Return the uses of the terminals of a type; constants add to those of a scalar type."""
    return uses.get(value_type, 0.0) + (SCALAR_TERMINALS if value_type.kind == "S" else 0.0)


def _prior_uses(primitive: Primitive) -> float:
    return SMOOTHING * 2.0 ** ((2 - primitive.cost) / HALVED_BY)


def format_costs(costs: Mapping[str, int], note: str) -> str:
    """Return the text of the table of costs, below `note` as a comment."""
    rows = [f"{name} {cost}" for name, cost in sorted(costs.items())]
    return "\n".join([f"# {note}", *rows]) + "\n"
