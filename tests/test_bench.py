"""What benchmarks run and count: samples, variants and budgets, and which counts are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arcsolve.bench import FEWEST_LOCKED, check_countable, sample
from arcsolve.datasets import Dataset, load
from arcsolve.lineups import EFFORTS, budget_for
from benchmarks.ablate_search import VARIANTS
from dsl.errors import BadInput
from dsl.grid import Grid
from search.solver import SearchSolver
from tests.fakes import small_task

NAMES = [f"task {number}" for number in range(12)]
DATASET = Dataset(
    "twelve",
    {name: small_task(name) for name in NAMES},
    {name: (Grid("1"),) for name in NAMES[:6]},  # the others are not known
)


@given(st.integers(1, 5), st.integers(0, 11), st.none() | st.integers(1, 5))
def test_a_sample_is_every_nth_task_from_the_offset_on(every, offset, limit):
    sampled = sample(DATASET, every=every, offset=offset, limit=limit)
    assert list(sampled.tasks) == NAMES[offset::every][:limit]
    assert sampled.solutions is not None
    assert list(sampled.solutions) == [name for name in sampled.tasks if name in NAMES[:6]]


def test_samples_of_all_offsets_make_up_the_whole():
    samples = [sample(DATASET, every=5, offset=offset).tasks for offset in range(5)]
    assert sorted(name for tasks in samples for name in tasks) == sorted(NAMES)


def test_an_empty_sample_is_refused():
    with pytest.raises(BadInput, match="only 12 tasks"):
        sample(DATASET, offset=12)


def test_locked_tasks_are_counted_only_in_bulk():
    locked = load("arc-agi-1-evaluation")
    check_countable(sample(locked, limit=FEWEST_LOCKED))
    with pytest.raises(BadInput, match="locked"):
        check_countable(sample(locked, limit=FEWEST_LOCKED - 1))
    with pytest.raises(BadInput, match="locked"):
        check_countable(locked, by_task=True)


def test_open_tasks_may_be_counted_singly():
    check_countable(sample(load("arc-agi-1-training"), limit=1), by_task=True)


def test_every_variant_of_the_ablation_differs_from_the_whole():
    names = list(VARIANTS)
    solvers = list(VARIANTS.values())
    assert solvers[0] == SearchSolver()
    assert len(set(solvers)) == len(solvers), names


@pytest.mark.parametrize("effort", EFFORTS)
def test_the_named_efforts_lie_on_the_cost_curve(effort: str):
    assert budget_for(EFFORTS[effort].operations) == EFFORTS[effort]
