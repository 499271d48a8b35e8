"""The cheapest list of three or more rules, against all lists."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from arcsolve.dsl.rules.rule import LIST_COST
from arcsolve.search.rules import longer_lists
from arcsolve.search.rules.longer_lists import LEAST, MOST_COST, choose_rules, find_shortest_list
from arcsolve.search.rules.target import pack_bits

rules = st.lists(
    st.tuples(st.sets(st.integers(0, 5), min_size=1), st.integers(10, 40)), min_size=1, max_size=7
)


@settings(max_examples=40, deadline=None)
@given(rules=rules)
def test_the_list_is_the_cheapest_of_all(rules: list[tuple[set[int], int]]) -> None:
    flags = np.array([[change in covered for change in range(6)] for covered, _ in rules])
    costs = np.array([cost / 10 for _, cost in rules])
    found = find_shortest_list(pack_bits(flags), costs, pack_bits(np.ones(6, np.bool_)))
    best = cheapest(flags, costs)
    if best is None:
        assert found is None
    else:
        assert found is not None
        assert found.proven
        assert abs(found.cost - best) < 0.01


def cheapest(flags: np.ndarray, costs: np.ndarray) -> float | None:
    """Return the cost of the cheapest complete list of three to five rules."""
    sizes = range(LEAST, longer_lists.MOST + 1)
    lists = (list(rows) for size in sizes for rows in combinations(range(len(costs)), size))
    complete = (rows for rows in lists if flags[rows].any(axis=0).all())
    prices = [costs[rows].sum() + LIST_COST * (len(rows) - 1) for rows in complete]
    return min((price for price in prices if price <= MOST_COST), default=None)


def test_a_search_without_resources_is_no_answer(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(longer_lists, "RESOURCES", 1)
    flags = np.eye(6, dtype=np.bool_)
    costs = np.ones(6)
    found = find_shortest_list(pack_bits(flags), costs, pack_bits(np.ones(6, np.bool_)))
    assert found is None or not found.proven


def test_no_rules_are_no_list() -> None:
    nothing = pack_bits(np.zeros((0, 6), np.bool_))
    assert find_shortest_list(nothing, np.zeros(0), pack_bits(np.ones(6, np.bool_))) is None


def test_rules_that_account_for_much_are_kept() -> None:
    flags = np.array([[True] * 6, [True] + [False] * 5, [False] * 5 + [True]])
    chosen = choose_rules(pack_bits(flags), np.array([5.0, 1.0, 4.0]), 6, most=2)
    assert chosen.tolist() == [0, 1]
