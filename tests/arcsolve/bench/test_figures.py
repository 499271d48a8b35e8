"""Benchmarks sample, run and count, and refuse counts that reveal locked tasks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arcsolve.bench.environment import environment
from arcsolve.bench.figures import FEWEST_LOCKED, check_countable, sample
from arcsolve.data.datasets import Dataset, load
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.lineups import EFFORTS, scale_budget
from arcsolve.search.solver import SearchSolver
from benchmarks import cost_curve
from benchmarks.ablations.ablate_search import VARIANTS
from tests.commands import CHECKOUT
from tests.fakes import small_task

NAMES = [f"task {number}" for number in range(12)]
DATASET = Dataset(
    "twelve",
    {name: small_task(name) for name in NAMES},
    {name: (Grid("1"),) for name in NAMES[:6]},  # the other solutions are unknown
)


@given(st.integers(1, 5), st.integers(0, 11), st.none() | st.integers(1, 5))
def test_a_sample_is_every_nth_task_from_the_offset_on(every, offset, limit):
    sampled = sample(DATASET, every=every, offset=offset, limit=limit)
    assert list(sampled.tasks) == NAMES[offset::every][:limit]
    assert list(sampled.solutions or {}) == [name for name in sampled.tasks if name in NAMES[:6]]
    assert sampled.solutions != {}, "as if some were known"


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


def test_a_few_locked_tasks_do_not_hide_among_open_ones():
    locked = dict(islice(load("arc-agi-1-evaluation").tasks.items(), FEWEST_LOCKED))
    tasks = {**DATASET.tasks, **{f"more {name}": task for name, task in DATASET.tasks.items()}}
    known = {name: (Grid("1"),) for name in (*tasks, *locked)}
    check_countable(Dataset("many", {**tasks, **locked}, known))
    few = dict(islice(locked.items(), FEWEST_LOCKED - 1))
    with pytest.raises(BadInput, match="locked"):
        check_countable(Dataset("few", {**tasks, **few}, known))


def test_a_set_without_solutions_is_not_counted():
    with pytest.raises(BadInput, match="no solutions are known for twelve"):
        check_countable(sample(DATASET, offset=6))


@pytest.mark.parametrize(
    ("script", "name"),
    [("/bin/arcsolve", "arcsolve"), ("/a/arcsolve/__main__.py", "arcsolve"), ("b/c.py", "c.py")],
)
def test_a_benchmark_tells_how_it_was_started(
    script: str, name: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "argv", [script, "two words", "--every", "8"])
    assert environment()["command"] == f"{name} 'two words' --every 8"


def test_a_cost_curve_is_written_into_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    folder, table = tmp_path / "runs" / "new", tmp_path / "tables" / "t.md"
    sampled = ["arc-agi-1-training", "--every", "400", "--operations", "1000"]
    monkeypatch.setattr(
        sys, "argv", ["x", *sampled, "--folder", str(folder), "--table", str(table)]
    )
    cost_curve.main()
    rows, _, last = capsys.readouterr().out.rstrip().rpartition("\n")
    assert table.read_text() == rows + "\n"
    assert (folder / "curve.png").is_file()
    assert json.loads(last)["points"][0]["outputs"] == 1


def test_open_tasks_may_be_counted_singly():
    check_countable(sample(load("arc-agi-1-training"), limit=1), by_task=True)


def test_every_variant_of_the_ablation_differs_from_the_whole():
    names = list(VARIANTS)
    solvers = list(VARIANTS.values())
    assert solvers[0] == SearchSolver()
    assert len(set(solvers)) == len(solvers), names


@pytest.mark.parametrize("effort", EFFORTS)
def test_the_named_efforts_lie_on_the_cost_curve(effort: str):
    assert scale_budget(EFFORTS[effort].operations) == EFFORTS[effort]


def test_a_start_that_is_not_given_is_a_usage_error():
    script = CHECKOUT / "benchmarks" / "ablations" / "ablate_network.py"
    done = subprocess.run(
        [sys.executable, script, "--only", "pretrained"], capture_output=True, text=True,
        check=False, env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.endswith("--only pretrained needs the --checkpoint to start from\n")
