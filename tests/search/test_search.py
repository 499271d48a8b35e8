"""The search solver finds simple rules, and its sizes, stops and evidence are right."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import Any

import numpy as np
import pytest

import arcsolve.search.program_solver
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program
from arcsolve.dsl.solver import Budget, Candidate, Stop, StopReason
from arcsolve.dsl.task import Pair, Task
from arcsolve.search.engine.workspace import Workspace
from arcsolve.search.output_size.rules import infer_sizes
from arcsolve.search.program_solver import ProgramSolver
from arcsolve.search.proposals import support

BUDGET = Budget(operations=60_000, states=30_000)
Rule = Callable[[np.ndarray], np.ndarray]


def build_task(rule: Rule, *, seed: int = 0, colors: tuple[int, ...] = (0, 1, 2, 3)) -> Task:
    """Return three pairs and a test of random grids that obey the rule."""
    rng = np.random.default_rng(seed)
    grids = [rng.choice(colors, size=(4 + i, 6 - i)).astype(np.uint8) for i in range(4)]
    pairs = tuple(Pair(Grid(grid), Grid(rule(grid))) for grid in grids[:3])
    return Task("made", pairs, (Grid(grids[3]),))


def solve(task: Task, solver: ProgramSolver) -> list[Candidate]:
    return list(solver.solve(task, BUDGET))


def answer(task: Task, rule: Rule) -> Grid:
    return Grid(rule(np.array(task.tests[0].cells)))


RULES: dict[str, Rule] = {
    "mirrored": lambda grid: grid[:, ::-1],
    "turned": lambda grid: np.rot90(grid),
    "scaled": lambda grid: np.kron(grid, np.ones((2, 2), np.uint8)),
    "one color kept": lambda grid: np.where(grid == 2, grid, 0),
    "beside its mirror image": lambda grid: np.hstack([grid, grid[:, ::-1]]),
    "recolored": lambda grid: np.where(grid == 1, 5, grid),
}


@pytest.mark.parametrize("name", RULES)
def test_simple_rules_are_found_from_their_pairs(name: str) -> None:
    task = build_task(RULES[name])
    best = max(
        solve(task, ProgramSolver()), key=lambda c: (c.evidence["fit"], -c.evidence["length"])
    )
    assert best.output == answer(task, RULES[name])
    assert best.evidence["fit"] == 1.0
    assert Program.parse(best.reason).run(task.tests[0]) == best.output


def read_stop(steps: Generator[Candidate, None, Stop]) -> Stop:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            stop: Stop = end.value
            return stop


@pytest.mark.parametrize(
    ("reasons", "reason"),
    [("OE", StopReason.OPERATIONS), ("EO", StopReason.OPERATIONS), ("EE", StopReason.EXHAUSTED)],
)
def test_a_view_that_comes_to_a_limit_is_not_forgotten(
    reasons: str, reason: StopReason, monkeypatch: pytest.MonkeyPatch
) -> None:
    stops = [StopReason.OPERATIONS if r == "O" else StopReason.EXHAUSTED for r in reasons]
    monkeypatch.setattr(Workspace, "stop", property(lambda _: Stop(stops[0])))
    true = arcsolve.search.program_solver.ProgramSolver.search_views

    def search_views(*arguments: Any) -> Iterator[Any]:
        for found in true(*arguments):
            yield found
            stops.pop(0)

    monkeypatch.setattr(ProgramSolver, "search_views", search_views)
    solver = ProgramSolver(views=("plain", "transposed"), lifting=0.0)
    assert read_stop(solver.solve(build_task(RULES["mirrored"]), BUDGET)).reason == reason
    assert not stops


def test_near_misses_say_how_many_pairs_they_fit() -> None:
    task = build_task(lambda grid: grid[::-1])
    odd = Pair(task.pairs[0].input, task.pairs[0].input)
    spoiled = Task("spoiled", (*task.pairs, odd), task.tests)
    best = max(solve(spoiled, ProgramSolver()), key=lambda c: c.evidence["fit"])
    assert best.evidence["fit"] == pytest.approx(3 / 4)
    assert best.output == answer(task, lambda grid: grid[::-1])


@pytest.mark.parametrize(
    ("length", "rivals", "share"),
    [(3, [5.0, 2.0, np.inf], 2 / 3), (9, [1.0, 1.0], 0.0), (3, [9.0], 0.0)],
)
def test_a_pair_confirms_a_program_that_would_be_chosen_without_it(
    length: int, rivals: list[float], share: float
) -> None:
    assert support(length, rivals) == pytest.approx(share)


@pytest.mark.parametrize(
    ("rule", "size"),
    [
        (lambda grid: grid, (7, 3)),
        (lambda grid: grid.T, (3, 7)),
        (lambda grid: np.kron(grid, np.ones((2, 3), np.uint8)), (14, 9)),
        (lambda grid: grid[:2, :1], (2, 1)),
        (lambda grid: np.pad(grid, 1), (9, 5)),
    ],
)
def test_sizes_follow_the_simplest_rule_that_fits(rule: Rule, size: tuple[int, int]) -> None:
    assert infer_sizes(build_task(rule)) == (size,)


def test_sizes_that_no_rule_explains_are_unknown() -> None:
    pairs = tuple(
        Pair(Grid(np.ones((4, 4), np.uint8)), Grid(np.ones((side, side), np.uint8)))
        for side in (2, 11, 5)
    )
    assert infer_sizes(Task("odd", pairs, (Grid("1111/1111/1111/1111"),))) == (None,)
