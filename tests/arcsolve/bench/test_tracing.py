"""The funnel finds the stage that loses an output, and counts what families contribute."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from arcsolve.arbiter.decide import decide
from arcsolve.bench.contributions import check_split, count_contributions, find_families
from arcsolve.bench.tracing import Reach, Trace, trace_dataset, trace_outputs
from arcsolve.cli import main
from arcsolve.data.datasets import Dataset, load
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.solver import Budget, Candidate, Stop, StopReason
from arcsolve.dsl.task import Pair, Task
from arcsolve.run.sandbox import Outcome
from arcsolve.run.store import RunSettings, RunStore
from arcsolve.search.program_solver import ProgramSolver
from tests.commands import cli_runner

CHALLENGES = str(Path(__file__).parents[2] / "data" / "synthetic_challenges.json")
BUDGET = Budget(operations=60_000, states=30_000)
SOLVER = ProgramSolver()

GRIDS = [np.random.default_rng(seed).integers(0, 4, (3, 4), np.uint8) for seed in range(4)]
MIRRORS = Task(
    "mirrors",
    tuple(Pair(Grid(cells), Grid(cells[:, ::-1])) for cells in GRIDS[:3]),
    (Grid(GRIDS[3]),),
)
SYMMETRIC = Grid("121/232/121")
AMBIGUOUS = Task("ambiguous", (Pair(SYMMETRIC, SYMMETRIC),) * 2, (Grid("123/456/789"),))
"""A task whose pairs fit every symmetry."""


def traced(task: Task, solution: Grid, solver: ProgramSolver = SOLVER) -> Trace:
    (trace,) = trace_outputs(solver, task, BUDGET, [solution])
    return trace


def candidates(task: Task) -> list[Candidate]:
    return list(SOLVER.solve(task, BUDGET))


def test_a_solved_output_comes_with_the_chosen_program_first():
    trace = traced(MIRRORS, Grid(GRIDS[3][:, ::-1]))
    assert (trace.task, trace.test, trace.reach) == ("mirrors", 0, Reach.SOLVED)
    assert not trace.misled
    (decision,) = decide(MIRRORS, candidates(MIRRORS))
    assert trace.programs[0] == decision.attempts[0].reason


@pytest.mark.parametrize(
    ("solution", "stage"),
    [
        (Grid(np.ones((29, 23), np.uint8)), Reach.NO_SHAPE),
        (Grid(np.random.default_rng(9).integers(0, 10, (3, 4), np.uint8)), Reach.NOT_REACHED),
        (Grid(np.rot90(GRIDS[3])), Reach.NOT_PROPOSED),
    ],
)
def test_an_output_is_lost_at_the_first_hurdle_it_does_not_take(solution: Grid, stage: Reach):
    trace = traced(MIRRORS, solution)
    assert (trace.reach, trace.programs) == (stage, ())
    assert trace.misled  # the mirror image is chosen, and wrong by these solutions


def test_a_right_output_behind_two_others_is_not_chosen():
    (decision,) = decide(AMBIGUOUS, found := candidates(AMBIGUOUS))
    attempts = [attempt.output for attempt in decision.attempts]
    behind = next(c.output for c in found if c.output not in attempts)
    trace = traced(AMBIGUOUS, behind)
    assert trace.reach is Reach.NOT_CHOSEN
    assert trace.misled


@pytest.mark.parametrize("view", ["transposed", "background"])
def test_values_are_compared_as_the_view_sees_them(view: str):
    task = Task(
        "on 5",
        tuple(Pair(Grid(5 - cells), Grid(5 - cells[:, ::-1])) for cells in GRIDS[:3]),
        (Grid(5 - GRIDS[3]),),
    )
    solver = ProgramSolver(views=(view,))
    assert traced(task, Grid(5 - np.rot90(GRIDS[3])), solver).reach is Reach.NOT_PROPOSED
    assert traced(task, Grid(GRIDS[3]), solver).reach is Reach.NOT_REACHED


def test_the_same_programs_are_proposed_whatever_the_solution_is():
    found = candidates(AMBIGUOUS)
    for output in sorted({candidate.output for candidate in found}, key=str)[:3]:
        reasons = {c.reason for c in found if c.output == output}
        assert set(traced(AMBIGUOUS, output).programs) == reasons


def test_traces_come_in_the_order_of_the_tasks_with_any_number_of_jobs():
    tasks = {"mirrors": MIRRORS, "ambiguous": AMBIGUOUS}
    dataset = Dataset("made", tasks, {"mirrors": MIRRORS.tests, "ambiguous": AMBIGUOUS.tests})
    reports: list[tuple[int, int]] = []
    alone, both = (
        trace_dataset(dataset, SOLVER, BUDGET, jobs=jobs, progress=lambda *r: reports.append(r))
        for jobs in (1, 2)
    )
    assert alone == both
    assert [trace.task for trace in both] == list(tasks)
    assert reports == [(1, 2), (2, 2)] * 2


def test_locked_tasks_have_no_funnel():
    with pytest.raises(BadInput, match="locked"):
        trace_dataset(load("arc-agi-1-evaluation"), SOLVER, BUDGET)


def test_a_backend_that_there_is_not_is_bad_input():
    dataset = Dataset("made", {"mirrors": MIRRORS}, {"mirrors": MIRRORS.tests})
    with pytest.raises(BadInput, match="backend 'abacus' cannot be used"):
        trace_dataset(dataset, SOLVER, BUDGET, backend="abacus")


def test_a_stored_run_of_other_tasks_has_no_families(tmp_path: Path):
    two = replace(MIRRORS, tests=MIRRORS.tests * 2)
    known = dict.fromkeys(("mirrors", "ambiguous"), MIRRORS.tests)
    smaller, larger = (
        Dataset("made", {"mirrors": task, "ambiguous": AMBIGUOUS}, known) for task in (MIRRORS, two)
    )
    with RunStore.start(tmp_path / "run", RunSettings("", "", "")) as store:
        for test in range(2):
            found = Candidate(test, SYMMETRIC, "search", "(flip_cols input)", {"fit": 1.0})
            store.add("mirrors", "search", Outcome((found,), Stop(StopReason.EXHAUSTED), 1.0))
            check_split(larger, store)
        with pytest.raises(BadInput, match="of other tasks than those of made"):
            check_split(smaller, store)
        with pytest.raises(BadInput, match="of other tasks than those of made:ambiguous"):
            check_split(larger.select("ambiguous"), store)


def test_families_are_those_of_the_primitives_in_a_program():
    assert find_families("(flip_cols (scale_up input 2))") == {"symmetry", "resize"}
    assert find_families("input") == frozenset()


def test_a_family_is_needed_where_it_stands_in_every_right_program():
    flipped, scaled, both = (
        "(flip_cols input)",
        "(scale_up input 2)",
        "(flip_cols (scale_up input 2))",
    )
    rows = count_contributions([(flipped,), (scaled, flipped), (both, scaled)])
    assert rows == [("resize", 2, 1), ("symmetry", 2, 1)]
    assert count_contributions([(both, flipped), (flipped,)]) == [
        ("symmetry", 2, 2),
        ("resize", 1, 0),
    ]


def test_the_command_refuses_the_families_of_other_tasks(tmp_path: Path):
    store = tmp_path / "bench.run"
    printed("bench", "solve", CHALLENGES, "--limit", 1, "--jobs", 1, "--store", store)
    arguments = ["bench", "families", str(store), "arc-agi-1-training"]
    result = cli_runner().invoke(main, arguments)
    assert (result.exit_code, "other tasks" in result.stderr) == (2, True)


def printed(*arguments: object) -> list[str]:
    result = cli_runner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def test_the_commands_agree_on_what_is_solved_and_by_which_families(tmp_path: Path):
    sampled = (CHALLENGES, "--limit", 2, "--jobs", 1)
    store = tmp_path / "bench.run"
    programs = ("--lineup", "programs", "--store", store)  # the half that the funnel traces
    solve = json.loads(printed("bench", "solve", *sampled, *programs)[-1])
    funnel = json.loads(printed("bench", "--funnel", *sampled)[-1])
    families = json.loads(printed("bench", "families", store, CHALLENGES)[-1])
    assert funnel["stages"]["solved"] == solve["outputs_solved"] == 3
    assert funnel["outputs"] == sum(funnel["stages"].values()) == 3
    assert funnel["families"] == families["families"]


def test_the_funnel_details_outputs_only_when_asked():
    sampled = (CHALLENGES, "--limit", 1, "--jobs", 1, "--effort", "fast")
    lines = printed("bench", "funnel", *sampled, "--tasks")
    assert any(line.startswith("synthetic-flip-rows     0  solved") for line in lines), lines
    assert "by_output" not in json.loads(lines[-1])
    (told,) = json.loads(printed("bench", "funnel", *sampled, "--tasks", "--json")[0])["by_output"]
    assert told == {"task": "synthetic-flip-rows", "test": 0, "stage": "solved", "misled": False}
