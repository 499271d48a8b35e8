"""Longer lists: the cheapest list of more than two rules that accounts for all changes, by z3."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import z3
from numpy.typing import NDArray

from arcsolve.dsl.rules.rule import LIST_COST
from arcsolve.dsl.values import Integers
from arcsolve.search.rules.target import Cover

RESOURCES = 3_000_000  # `rlimit` of z3, the same on every machine
MOST_RULES = 120  # that a list is made of
LEAST, MOST = 3, 5  # rules of a list
SHARE_WORTH = 8.0  # bits that a rule may cost more if it accounts for all changes
MOST_COST = 16.0  # bits of a list; costlier ones were all wrong
SCALE = 10  # costs are multiples of a tenth of a bit


class ShortestList(NamedTuple):
    """Rows of rules that account for all changes, their cost in bits, and whether none is cheaper.

    `proven` is False if z3 was cut off before it had shown that no list of these rules is cheaper.
    """

    rows: list[int]
    cost: float
    proven: bool


def find_shortest_list(
    covers: Cover, costs: NDArray[np.float64], full: Cover, longest: int = MOST
) -> ShortestList | None:
    """Return the cheapest list of three or more rules whose covers are together `full`.

    Returns None if there is none of at most `longest` rules and `MOST_COST` bits, and if z3 is cut
    off before it finds one.
    """
    if not len(covers) or (np.bitwise_or.reduce(covers, axis=0) != full).any():
        return None
    solver = z3.Optimize()
    solver.set("rlimit", RESOURCES)
    chosen = z3.BoolVector("rule", len(covers))
    for members in _distinct_changes(covers, full):
        solver.add(z3.Or([chosen[row] for row in np.flatnonzero(members).tolist()]))
    solver.add(z3.AtLeast(*chosen, LEAST), z3.AtMost(*chosen, longest))
    prices = np.rint(SCALE * (costs + LIST_COST)).astype(int).tolist()
    for variable, price in zip(chosen, prices, strict=True):
        solver.add_soft(z3.Not(variable), price)
    answer = solver.check()
    if answer == z3.unsat:
        return None
    try:
        model = solver.model()
    except z3.Z3Exception:  # z3 was cut off before it found a list
        return None
    rows = [row for row, each in enumerate(chosen) if z3.is_true(model.eval(each))]
    if not rows or (np.bitwise_or.reduce(covers[rows], axis=0) != full).any():
        return None
    cost = float(costs[rows].sum()) + LIST_COST * (len(rows) - 1)
    return ShortestList(rows, cost, answer == z3.sat) if cost <= MOST_COST else None


def _distinct_changes(covers: Cover, full: Cover) -> NDArray[np.bool_]:
    """Return the distinct sets of rules that account for one change (change, rule)."""
    bits = np.unpackbits(covers.view(np.uint8), axis=1, bitorder="little")
    needed = np.unpackbits(full.view(np.uint8), bitorder="little")
    return np.unique(bits[:, needed > 0].T.astype(np.bool_), axis=0)


def choose_rules(
    covers: Cover, costs: NDArray[np.float64], changes: int, most: int = MOST_RULES
) -> Integers:
    """Return the rows of the rules that cost least for the share of changes they account for."""
    shares = np.unpackbits(covers.view(np.uint8), axis=1).sum(axis=1) / changes
    return np.sort(np.argsort(costs - SHARE_WORTH * shares, kind="stable")[:most])
