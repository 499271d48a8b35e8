"""Instances become data sets: fresh pairs with a fresh test, or the original tasks."""

from __future__ import annotations

import pytest

from arcsolve.bench.figures import check_countable
from arcsolve.bench.fresh_tasks import (
    NUM_REPLAYED,
    NUM_USED,
    ORIGINAL,
    build_fresh,
    build_original,
    select_replayed,
)
from arcsolve.data.datasets import load
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Pair

OPEN = "67a3c6ac"


def instances(count: int) -> tuple[Pair, ...]:
    """Return distinct pairs: the position in two digits, and the same digits in reverse."""
    texts = [f"{position:02}" for position in range(count)]
    return tuple(Pair(Grid(text), Grid(text[::-1])) for text in texts)


def test_four_instances_are_pairs_and_the_fifth_is_the_test():
    found = instances(30)
    dataset = build_fresh({"b": found, "a": found[10:]}, "some.json.gz")
    assert dataset.name == "some.json.gz"
    assert list(dataset.tasks) == ["b", "a"]
    assert dataset.tasks["a"].pairs == found[10:14]
    assert dataset.tasks["a"].tests == (found[14].input,)
    assert dataset.solutions == {"b": (found[4].output,), "a": (found[14].output,)}


def test_programs_are_replayed_on_instances_that_no_task_shows():
    found = instances(30)
    assert select_replayed({"a": found})["a"] == found[5:25]
    assert len(found[5:25]) == NUM_REPLAYED
    assert NUM_USED == 5


def test_original_tasks_are_found_by_id():
    dataset = build_original({OPEN: instances(1)}, "some.json")
    whole = load(ORIGINAL)
    assert dataset.tasks == {OPEN: whole.tasks[OPEN]}
    assert dataset.solutions == {OPEN: whole.solutions[OPEN]}
    assert not dataset.locked


def test_a_task_without_an_original_is_named():
    with pytest.raises(BadInput, match=f"some.json: task new: {ORIGINAL} has no such task"):
        build_original({OPEN: instances(1), "new": instances(1)}, "some.json")


def test_instances_of_a_locked_task_are_locked():
    locked = next(iter(load("arc-agi-1-evaluation").tasks))
    dataset = build_fresh({OPEN: instances(5), locked: instances(5)}, "some.json")
    assert dataset.locked == {locked}
    with pytest.raises(BadInput, match="locked"):
        check_countable(dataset)
