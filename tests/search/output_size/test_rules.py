"""Output sizes: measures, the order of the rules, relations, and the sizes of states."""

from __future__ import annotations

import sys
from itertools import islice, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.solver import Budget
from arcsolve.dsl.task import Pair, Task
from arcsolve.search.engine.arena import pack_shape
from arcsolve.search.output_size.linear import (
    FACTOR_LENGTH,
    OFFSET_LENGTH,
    Relation,
    smallest_relations,
)
from arcsolve.search.output_size.measures import MEASURES
from arcsolve.search.output_size.rules import infer_sizes, rank_sizes
from arcsolve.search.problem import build_problem
from arcsolve.search.stages.closure import Closure
from arcsolve.search.synthesis import synthesize


def ones(height: int, width: int) -> Grid:
    return Grid(np.ones((height, width), np.uint8))


def build_task(
    shapes: list[tuple[tuple[int, int], tuple[int, int]]], test: tuple[int, int]
) -> Task:
    pairs = tuple(Pair(ones(*before), ones(*after)) for before, after in shapes)
    return Task("shapes", pairs, (ones(*test),))


def test_an_ambiguous_size_has_both_readings_the_simpler_one_first() -> None:
    task = build_task([((3, 3), (6, 6)), ((3, 3), (6, 6))], test=(4, 5))
    sizes = [vote.sizes[0] for vote in rank_sizes(task)]
    assert sizes[0] == (6, 6)
    assert (8, 10) in sizes[1:]
    assert len(sizes) == len(set(sizes))


def test_one_rule_for_both_axes_is_simpler_than_two() -> None:
    task = build_task([((2, 3), (4, 6)), ((5, 4), (10, 8))], test=(3, 7))
    votes = rank_sizes(task)
    assert votes[0].sizes == ((6, 14),)
    assert votes[0].length < min(vote.length for vote in votes[1:])


def test_lengths_do_not_fall_along_the_ranking() -> None:
    votes = rank_sizes(build_task([((3, 3), (6, 6)), ((3, 3), (6, 6))], test=(4, 5)))
    assert [vote.length for vote in votes] == sorted(vote.length for vote in votes)


def test_a_side_may_be_a_sum_of_two_measures() -> None:
    shapes = [((2, 7), (9, 7)), ((5, 3), (8, 3)), ((4, 9), (13, 9)), ((6, 1), (7, 1))]
    assert infer_sizes(build_task(shapes, test=(8, 3))) == ((11, 3),)


def test_easy_sizes_do_not_load_z3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "arcsolve.search.output_size.linear", None)
    easy = build_task([((2, 3), (4, 6)), ((5, 4), (10, 8))], test=(3, 7))
    assert infer_sizes(easy) == ((6, 14),)
    hard = build_task([((2, 7), (9, 7)), ((5, 3), (8, 3)), ((4, 9), (13, 9))], test=(8, 3))
    with pytest.raises(ImportError):
        infer_sizes(hard)


@pytest.mark.parametrize(
    ("name", "text", "by_axis"),
    [
        ("content", "000/010/011", (2, 2)),
        ("foreground", "777/717/777", (1, 1)),
        ("panels", "00500/00500/55555/00500", (2, 2)),
        ("panel", "00500/00500/55555/00500", (2, 2)),
        ("largest object", "1000/0022/0022/0022", (3, 2)),
        ("smallest object", "1000/0022/0022/0022", (1, 1)),
        ("rarest color", "1103/0003/2222", (1, 2)),
        ("rows that differ", "112/112/332", (2, 2)),
        ("objects", "101/000/110", (3, 3)),
        ("objects of one color", "12/00", (2, 2)),
        ("color 3", "33/00", (1, 2)),
        ("half of the side", "12345", (0, 2)),
    ],
)
def test_measures_count_what_they_say(name: str, text: str, by_axis: tuple[int, int]) -> None:
    cells = Grid(text).cells
    assert (MEASURES[name](cells, 0), MEASURES[name](cells, 1)) == by_axis


@pytest.mark.parametrize("name", MEASURES)
def test_measures_of_an_axis_follow_a_transposition(name: str) -> None:
    cells = np.random.default_rng(1).integers(0, 4, (5, 8)).astype(np.uint8)
    measure = MEASURES[name]
    assert measure(cells, 0) == measure(cells.T, 1)
    assert measure(np.zeros((2, 3), np.uint8), 0) >= 0


numbers = st.lists(st.integers(1, 9), min_size=4, max_size=4)
PLACES = np.array([0, 3])


@settings(max_examples=15, deadline=None)
@given(numbers, numbers, st.tuples(st.integers(-2, 5), st.integers(-2, 5), st.integers(-3, 3)))
def test_the_smallest_relation_is_the_smallest(
    first: list[int], second: list[int], rule: tuple[int, int, int]
) -> None:
    measured = np.array([first, second])
    goals = (np.array(rule[:2]) @ measured + rule[2])[:3]
    found = next(smallest_relations(measured, goals, PLACES))
    np.testing.assert_array_equal(found.evaluate(measured)[:3], goals)
    assert found.length == find_shortest_length(measured, goals)


def find_shortest_length(measured: np.ndarray, goals: np.ndarray) -> int:
    """Try every relation over two measures."""
    return min(
        sum(FACTOR_LENGTH * abs(k) + place for k, place in zip((a, b), PLACES, strict=True) if k)
        + OFFSET_LENGTH * abs(c)
        for a, b, c in product(range(-2, 6), range(-2, 6), range(-3, 4))
        if (a * measured[0, :3] + b * measured[1, :3] + c == goals).all()
    )


def test_relations_come_smallest_first_and_each_says_something_else() -> None:
    measured = np.array([[2, 3, 9], [4, 6, 1], [1, 2, 5]])
    relations: list[Relation] = list(
        islice(smallest_relations(measured, np.array([5, 8]), np.array([0, 1, 2])), 4)
    )
    lengths = [relation.length for relation in relations]
    assert lengths == sorted(lengths)
    values = [int(relation.evaluate(measured)[2]) for relation in relations]
    assert len(values) == len(set(values)) == 4


def test_no_relation_means_none() -> None:
    same = np.ones((2, 3), np.int64)
    assert list(smallest_relations(same, np.array([1, 2]), PLACES)) == []


def test_the_states_with_the_shapes_of_all_outputs_tell_the_size_of_the_test() -> None:
    inputs = [Grid("000/011/000"), Grid("0000/0100/0100"), Grid("00000/00110")]
    outputs = [ones(1, 2), ones(2, 1)]
    pairs = tuple(Pair(*pair) for pair in zip(inputs, outputs, strict=False))
    problem = build_problem(Task("cropped", pairs, (inputs[2],)))
    run = synthesize(problem, Budget(20_000, 10_000), (Closure(1.0),))
    assert run.selection is not None
    assert run.selection.layout.shapes[2] == pack_shape(1, 1, 2)


def test_the_search_for_relations_ends_where_its_resources_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    measured, goals = np.array([[2, 3, 9], [4, 6, 1], [1, 2, 5]]), np.array([5, 8])
    assert list(islice(smallest_relations(measured, goals, np.arange(3)), 1))
    monkeypatch.setattr("arcsolve.search.output_size.linear.RESOURCES", 1)
    assert list(smallest_relations(measured, goals, np.arange(3))) == []
