"""Line-ups load by name, and each of their solvers keeps the contract of solvers."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import FrozenInstanceError, fields, is_dataclass
from functools import cache
from importlib.metadata import EntryPoint

import pytest

import arcsolve
from arcsolve import lineups
from arcsolve.candidates import check_candidate
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.solver import Budget, Candidate, CurvePoint, Solver, StopReason
from arcsolve.dsl.task import Task
from arcsolve.lineups import (
    EFFORTS,
    SAFETY_LIMITS,
    find_budget,
    find_limits,
    lineup_names,
    load_lineup,
)
from arcsolve.run.sandbox import Limits, Outcome, run_isolated, warm_up
from tests.commands import CHALLENGES, CHECKOUT
from tests.fakes import Mirrors, small_task

SOLVERS: tuple[Solver, ...] = (*load_lineup("full"), Mirrors(copies=2))
BUDGET = Budget(operations=20_000, states=5_000)
LIMITS = Limits(seconds=60.0)
TINY = Budget(operations=1, states=1)
TASK = small_task(tests=2)

every_solver = pytest.mark.parametrize("solver", SOLVERS, ids=lambda solver: solver.name)


@cache
def outcome_of(solver: Solver, budget: Budget) -> Outcome:
    warm_up(solver)
    return run_isolated(solver, TASK, budget, LIMITS)


@every_solver
def test_a_solver_is_a_frozen_value_that_its_repr_rebuilds(solver: Solver) -> None:
    assert is_dataclass(solver)
    rebuilt = eval(repr(solver), vars(sys.modules[type(solver).__module__]))
    assert rebuilt == solver
    assert len({solver, rebuilt}) == 1
    for field in fields(solver):
        with pytest.raises(FrozenInstanceError):
            setattr(solver, field.name, getattr(solver, field.name))


@every_solver
def test_a_solver_yields_candidates_for_tests_there_are_and_returns_why_it_stopped(
    solver: Solver,
) -> None:
    outcome = outcome_of(solver, BUDGET)
    assert outcome.stop.reason not in {StopReason.CRASHED, StopReason.TIME}, outcome.stop.detail
    assert outcome.candidates, "no candidate for a mirrored grid"
    for candidate in outcome.candidates:
        assert check_candidate(candidate, TASK).solver == solver.name


@every_solver
def test_a_solver_gives_the_same_candidates_for_the_same_budget(solver: Solver) -> None:
    again = run_isolated(solver, TASK, BUDGET, LIMITS)
    assert again.candidates == outcome_of(solver, BUDGET).candidates
    assert again.stop == outcome_of(solver, BUDGET).stop


@every_solver
def test_a_solver_keeps_to_a_tiny_budget(solver: Solver) -> None:
    tiny = outcome_of(solver, TINY)
    assert tiny.stop.reason in {StopReason.OPERATIONS, StopReason.STATES}, tiny.stop.detail
    assert len(tiny.candidates) < len(outcome_of(solver, BUDGET).candidates)


@every_solver
def test_a_solver_does_not_change_the_task(solver: Solver) -> None:
    task = small_task(tests=2)
    found = list(solver.solve(task, BUDGET))
    assert all(isinstance(each, Candidate | CurvePoint) for each in found)
    assert task == TASK


def test_every_effort_has_work_limits_and_safety_limits() -> None:
    assert EFFORTS.keys() == SAFETY_LIMITS.keys()
    assert find_budget("fast", seed=7).seed == 7
    assert find_budget("full").operations > find_budget("fast").operations
    assert all(find_limits(effort).memory for effort in EFFORTS)


@pytest.mark.parametrize("name", ["serch", "", "search+nothing", "search+", "../search"])
def test_an_unknown_line_up_is_bad_input_that_lists_those_known(name: str) -> None:
    with pytest.raises(BadInput, match=r"there are search, .*full"):
        load_lineup(name)


@pytest.mark.parametrize("name", ["search+full", "full+full"])
def test_the_line_up_of_all_is_not_joined_with_others(name: str) -> None:
    with pytest.raises(BadInput, match="full stands for all solvers"):
        load_lineup(name)


def test_an_unknown_effort_is_bad_input_that_lists_those_known() -> None:
    for lookup in (find_budget, find_limits):
        with pytest.raises(BadInput, match="there are fast, full; did you mean fast"):
            lookup("fats")


def plug_in(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Pretend that a package with this entry point is installed."""
    entry = EntryPoint(name, value, lineups.ENTRY_POINT_GROUP)
    monkeypatch.setattr(lineups, "entry_points", lambda group: [entry])


def test_a_plug_in_is_a_line_up_alone_and_with_others(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, "mirrors", "tests.fakes:Mirrors")
    assert load_lineup("mirrors") == (Mirrors(),)
    assert [solver.name for solver in load_lineup("mirrors+search")] == ["mirrors", "search"]
    assert load_lineup("full")[-1] == Mirrors()
    assert lineup_names()[-2:] == ("mirrors", "full")
    with pytest.raises(BadInput, match="twice"):
        load_lineup("mirrors+mirrors")


def test_a_plug_in_never_takes_the_place_of_a_solver_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plug_in(monkeypatch, "search", "tests.fakes:Mirrors")
    assert load_lineup("search") != (Mirrors(),)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("no_such_module:Solver", "does not load: No module"),
        ("tests.fakes:NoSuchSolver", "does not load: .*NoSuchSolver"),
        ("tests.fakes:Fails", "does not load: .*misdeed"),
        ("builtins:dict", "not a solver"),
        ("asyncio:get_running_loop", "does not load: no running event loop"),
    ],
)
def test_a_plug_in_that_does_not_load_is_bad_input(
    monkeypatch: pytest.MonkeyPatch, value: str, problem: str
) -> None:
    plug_in(monkeypatch, "broken", value)
    with pytest.raises(BadInput, match=problem):
        load_lineup("broken")


def test_solve_answers_a_task_with_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, "mirrors", "tests.fakes:Mirrors")
    answer = arcsolve.solve(TASK, lineup="mirrors")
    assert [str(first) for first, _ in answer.attempts] == ["21/43", "21/53"]
    assert answer.outcomes["mirrors"].stop.reason is StopReason.EXHAUSTED
    assert "test 2, attempt 1: 21/53  mirror 0" in str(answer)
    assert answer._repr_html_().count("mirror 0") == 2


def test_load_task_gives_the_one_task_of_a_name() -> None:
    assert isinstance(arcsolve.load_task(f"{CHALLENGES}:synthetic-rotate"), Task)


@pytest.mark.parametrize(
    "code",
    ["import arcsolve", "import arcsolve.lineups", "import arcsolve.walk, arcsolve.data.datasets"],
)
def test_importing_the_application_loads_neither_numba_nor_torch(code: str) -> None:
    check = "import sys; assert not {'numba', 'torch'} & sys.modules.keys(), 'loaded'"
    subprocess.run([sys.executable, "-c", f"{code}; {check}"], check=True, cwd=CHECKOUT)
