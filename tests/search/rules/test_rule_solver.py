"""The two halves of the search: rules over parts, and programs whose states rules repair."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program, Rewrite, Summarize
from arcsolve.dsl.rules.backgrounds import NamedBackground
from arcsolve.dsl.solver import Budget, Candidate, Solver
from arcsolve.dsl.task import Pair, Task
from arcsolve.search.program_solver import ProgramSolver
from arcsolve.search.rules.repair import find_backgrounds
from arcsolve.search.rules.rule_solver import RuleSolver
from arcsolve.search.solver import SearchSolver
from tests.codebase import ROOT

BUDGET = Budget(operations=60_000, states=20_000)

MOVES = Task(
    "moves",
    (
        Pair(Grid("1000/0000/0002"), Grid("0001/0000/0002")),
        Pair(Grid("00000/01000/00000"), Grid("00000/00001/00000")),
        Pair(Grid("2010/0000"), Grid("2001/0000")),
    ),
    (Grid("0000/0100/0020"),),
)


def solve(solver: Solver, task: Task) -> list[Candidate]:
    return [each for each in solver.solve(task, BUDGET) if isinstance(each, Candidate)]


def test_a_rule_moves_parts_to_the_border() -> None:
    best = solve(RuleSolver(), MOVES)[0]
    assert best.output == Grid("0000/0001/0020")
    assert best.evidence["bits"] < 5
    assert best.evidence["rules"] == 1


def test_the_reason_of_a_candidate_is_a_program_that_gives_its_output() -> None:
    for candidate in solve(RuleSolver(), MOVES):
        program = Program.parse(candidate.reason)
        assert program.run(MOVES.tests[0]) == candidate.output
        for pair in MOVES.pairs:
            assert program.run(pair.input) == pair.output


def test_outputs_of_another_size_are_summarized() -> None:
    pairs = (
        Pair(Grid("11000/11000/00002"), Grid("11/11")),
        Pair(Grid("20000/00330/00330"), Grid("33/33")),
    )
    task = Task("largest", pairs, (Grid("5550/5550/0010"),))
    best = solve(RuleSolver(), task)[0]
    assert best.output == Grid("555/555")
    assert isinstance(Program.parse(best.reason).nodes[-1], Summarize)


def test_a_lead_is_negative_for_all_but_the_cheapest_output() -> None:
    pairs = (Pair(Grid("1000/0000/0220"), Grid("3000/0000/0220")),)
    candidates = solve(RuleSolver(), Task("ambiguous", pairs, (Grid("2000/0000/0110"),)))
    leads = [candidate.evidence["lead"] for candidate in candidates]
    assert len(leads) > 1
    assert leads[0] >= 0 >= max(leads[1:])


def test_the_search_has_the_candidates_of_both_halves_under_its_own_name() -> None:
    found = solve(SearchSolver(), MOVES)
    assert {candidate.solver for candidate in found} == {"search"}
    halves = {c.reason for c in [*solve(RuleSolver(), MOVES), *solve(ProgramSolver(), MOVES)]}
    assert halves <= {candidate.reason for candidate in found}


def test_rules_repair_a_state_of_the_programs() -> None:
    """Each output is the input upside down, with its largest object red."""
    pairs = (
        Pair(Grid("1100/0000/0010"), Grid("0010/0000/2200")),
        Pair(Grid("0111/0000/1000"), Grid("1000/0000/0222")),
        Pair(Grid("1000/0000/0011"), Grid("0022/0000/1000")),
    )
    found = solve(SearchSolver(), Task("flip and paint", pairs, (Grid("0110/0000/0001"),)))
    right = [each for each in found if each.output == Grid("0001/0000/0220")]
    assert any(isinstance(Program.parse(each.reason).nodes[-1], Rewrite) for each in right)


def test_the_background_is_named_if_all_inputs_agree() -> None:
    agreeing = [Grid("770/777").cells, Grid("777/717").cells]
    framed = np.full((7, 7), 7, np.uint8)
    framed[1:-1, 1:-1] = 1
    differing = [Grid("770/777").cells, Grid("111/117").cells]
    assert list(find_backgrounds(agreeing)) == [NamedBackground.COMMONEST]
    assert list(find_backgrounds(differing)) == [NamedBackground.COMMONEST, 0]
    blank = [Grid("0011/0011/0001").cells, Grid("1100/1100/1110").cells]
    assert list(find_backgrounds(blank)) == [0, NamedBackground.COMMONEST]
    assert list(find_backgrounds([agreeing[0], framed])) == [
        NamedBackground.BORDER,
        NamedBackground.COMMONEST,
    ]


def test_after_warming_up_all_kernels_of_rules_are_loaded_and_nothing_more_is_compiled() -> None:
    script = """
import importlib, pkgutil, sys
from numba.core.caching import NullCache
from numba.core.registry import CPUDispatcher
import arcsolve.dsl.kernels.scenery as scenery
from arcsolve.dsl.solver import Budget
from arcsolve.search.rules.rule_solver import RuleSolver
from arcsolve.submissions.challenges import read_challenges

names = [f"{scenery.__name__}.{each.name}" for each in pkgutil.iter_modules(scenery.__path__)]
modules = map(importlib.import_module, [*names, "arcsolve.search.rules.matching"])
kernels = {
    f for module in modules for f in vars(module).values()
    if isinstance(f, CPUDispatcher) and not isinstance(f._cache, NullCache)
}
solver = RuleSolver()
solver.warm_up()
cold = [f.__name__ for f in kernels if len(f.signatures) != 1]
for task in read_challenges("tests/data/synthetic_challenges.json").values():
    list(solver.solve(task, Budget(operations=20_000, states=1)))
late = [f.__name__ for f in kernels if len(f.signatures) != 1]
sys.exit(f"not loaded: {cold}, compiled later: {late}" if cold or late else 0)
"""
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_a_list_of_three_rules_says_whether_no_list_is_cheaper() -> None:
    """Red sends a gray ray to the right, blue one downwards, and green gets an azure ring."""
    pairs = (
        Pair(Grid("2000000/0000000/0100000/0000300/0000000"),
             Grid("2555555/0000000/0108880/0508380/0508880")),
        Pair(Grid("0000001/0000000/0030000/0000000/0200000"),
             Grid("0000001/0888005/0838005/0888005/0255555")),
        Pair(Grid("0000000/0300010/0000000/0000000/0000200"),
             Grid("8880000/8380010/8880050/0000050/0000255")),
    )  # fmt: skip
    task = Task("three", pairs, (Grid("0000000/0001030/0000000/0000000/2000000"),))
    candidates = solve(RuleSolver(), task)
    assert candidates[0].evidence["rules"] >= 3
    assert candidates[0].evidence["proven"] in (0.0, 1.0)
