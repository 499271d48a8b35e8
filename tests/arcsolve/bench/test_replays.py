"""Programs are replayed on fresh instances, and tasks with enough right outputs transfer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from arcsolve.arbiter.decide import Attempt, Decision
from arcsolve.bench.replays import (
    ENOUGH,
    Labels,
    Replay,
    count_right,
    label_programs,
    replay_attempts,
    transfer_figures,
)
from arcsolve.data.datasets import Dataset, load
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program
from arcsolve.dsl.solver import Candidate, Stop, StopReason
from arcsolve.dsl.task import Pair
from arcsolve.run.sandbox import Outcome
from arcsolve.run.store import RunSettings, RunStore
from tests.fakes import small_task

FLIP, OTHER = "(flip_cols input)", "(flip_rows input)"
GRIDS = [Grid(np.random.default_rng(seed).integers(0, 9, (3, 4), np.uint8)) for seed in range(20)]
WRONG = Grid("9")


def flipped(wrong: int = 0) -> tuple[Pair, ...]:
    """Return 20 instances of a rule that mirrors left and right, the first `wrong` ones wrong."""
    outputs = [Program.parse(FLIP).run(grid) for grid in GRIDS]
    outputs[:wrong] = [WRONG] * wrong
    return tuple(map(Pair, GRIDS, outputs))


def decided(test: int, *attempts: tuple[Grid, str]) -> Decision:
    first, second = (
        Attempt(output, Candidate(test, output, "search", reason)) for output, reason in attempts
    )
    return Decision(test, (first, second))


def replayed(wrong: int, *decisions: Decision, solutions: tuple[Grid, ...]) -> Replay:
    task = small_task("task", tests=len(decisions))
    dataset = Dataset("made", {"task": task}, {"task": solutions})
    (replay,) = replay_attempts(dataset, {"task": decisions}, {"task": flipped(wrong)})
    return replay


@pytest.mark.parametrize(("wrong", "transfers"), [(0, True), (2, True), (3, False), (20, False)])
def test_a_task_transfers_with_18_right_outputs_of_20(wrong: int, transfers: bool):
    decision = decided(0, (GRIDS[0], FLIP), (WRONG, OTHER))
    replay = replayed(wrong, decision, solutions=(GRIDS[0],))
    assert replay == Replay("task", True, True, 20 - wrong, transfers, FLIP)
    assert ENOUGH == 18


def test_only_the_program_of_attempt_1_is_replayed():
    replay = replayed(0, decided(0, (WRONG, OTHER), (GRIDS[0], FLIP)), solutions=(GRIDS[0],))
    assert replay == Replay("task", True, False, 0, False, OTHER)


def test_all_tests_must_be_solved_and_the_program_is_that_of_the_first_test():
    first = decided(0, (GRIDS[0], FLIP), (WRONG, OTHER))
    second = decided(1, (WRONG, OTHER), (GRIDS[1], FLIP))
    assert replayed(0, first, second, solutions=(GRIDS[0], GRIDS[1]))[1:5] == (
        True,
        False,
        20,
        True,
    )
    assert replayed(0, first, second, solutions=(GRIDS[0], GRIDS[2]))[1:5] == (
        False,
        False,
        20,
        True,
    )


def test_an_undefined_result_is_wrong():
    undefined = "(fill_zero input 0)"
    assert count_right(undefined, flipped()) == 0
    assert count_right(FLIP, flipped(wrong=4)) == 16


@pytest.mark.parametrize(
    "reason", ["a guess: nothing was found", "mirror 0", "(flip_cols", "", "3"]
)
def test_a_reason_that_is_no_program_does_not_transfer(reason: str):
    assert count_right(reason, flipped()) is None
    replay = replayed(0, decided(0, (GRIDS[0], reason), (WRONG, FLIP)), solutions=(GRIDS[0],))
    assert replay == Replay("task", True, True, 0, False, reason)


def test_a_guess_without_a_candidate_does_not_transfer():
    guess = Decision(0, (Attempt(GRIDS[0]), Attempt(WRONG)))
    assert not replayed(0, guess, solutions=(GRIDS[0],)).transfers


def test_figures_count_tasks_that_are_solved_and_transfer():
    rows = [
        Replay("a", True, True, 20, True, FLIP),
        Replay("b", True, False, 19, True, FLIP),
        Replay("c", False, False, 18, True, FLIP),
        Replay("d", True, True, 3, False, FLIP),
    ]
    assert transfer_figures(rows) == {
        "tasks_solved": 3,
        "tasks_solved_at_1": 2,
        "tasks_transferred": 3,
        "solved_tasks_transferred": 2,
        "solved_at_1_tasks_transferred": 1,
    }


def labeled(folder: Path, found: Mapping[str, list[tuple[int, str]]]) -> dict[str, Labels]:
    """Label a task from a store with the (test, reason) of each solver's candidates."""
    with RunStore.start(folder / "run", RunSettings("", "", "")) as store:
        for solver, reasons in found.items():
            candidates = tuple(Candidate(test, WRONG, solver, reason) for test, reason in reasons)
            store.add("task", solver, Outcome(candidates, Stop(StopReason.EXHAUSTED), 1.0))
        replays = [Replay("task", True, True, 15, False, FLIP)]
        return label_programs(replays, store, {"task": flipped(wrong=5)})


def test_every_distinct_program_of_a_task_is_labeled_once(tmp_path: Path):
    found = {
        "neural": [(0, "a checkpoint")],
        "search": [(0, FLIP), (0, OTHER), (1, FLIP), (1, "input")],
    }
    programs = {FLIP: 0.75, OTHER: 0.0, "input": 0.0}
    labels = labeled(tmp_path, found)
    assert labels == {"task": Labels(True, programs)}
    assert list(labels["task"].programs) == list(programs)


def test_a_task_without_candidates_has_no_labels(tmp_path: Path):
    assert labeled(tmp_path, {}) == {"task": Labels(True, {})}


def test_a_few_locked_tasks_are_not_replayed():
    locked = load("arc-agi-1-evaluation")
    task = next(iter(locked.tasks))
    with pytest.raises(BadInput, match="locked"):
        replay_attempts(locked.select(task), {}, {task: flipped()})
