"""Part-level lifting: decompositions that fit, problems of parts, programs for whole grids."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program
from arcsolve.dsl.solver import Budget, Candidate
from arcsolve.dsl.task import Pair, Task
from arcsolve.search.decompositions import DECOMPOSITIONS, Decomposition
from arcsolve.search.lifting import MOST_PARTS, LiftedProblem, collect_part_candidates, lift_problem
from arcsolve.search.problem import build_problem
from arcsolve.search.program_solver import STAGES
from arcsolve.search.synthesis import synthesize

IDENTITY = Program.parse("input")


def build_task(*pairs: tuple[str, str], test: str) -> Task:
    return Task("made", tuple(Pair(Grid(a), Grid(b)) for a, b in pairs), (Grid(test),))


PANELS = build_task(
    ("12503/40577", "40577/12503"), ("10582/33500", "33500/10582"), test="04511/23590"
)
OBJECTS = build_task(
    ("12000/34000/00056", "21000/43000/00065"),
    ("00780/00900/10000", "00870/00090/10000"),
    test="00045/30040/12000",
)


def find_lifted(task: Task, name: str) -> Iterator[LiftedProblem]:
    """Return the problems whose decomposition has this text in its own."""
    found = lift_problem(build_problem(task))
    return (lifted for lifted in found if name in lifted.decomposition.text)


def list_rules(task: Task, name: str) -> list[tuple[str, str]]:
    """Return (part, result) of the pairs of the problem of a decomposition, as texts."""
    lifted = next(
        found for found in lift_problem(build_problem(task)) if name in found.decomposition.text
    )
    problem = lifted.problem
    return [
        (str(Grid(part)), str(Grid(goal)))
        for part, goal in zip(problem.inputs, problem.outputs, strict=False)
    ]


def test_panels_are_pairs_of_parts() -> None:
    assert sorted(list_rules(PANELS, "join_panels")) == [
        ("03/77", "77/03"),
        ("10/33", "33/10"),
        ("12/40", "40/12"),
        ("82/00", "00/82"),
    ]


def test_objects_are_seen_in_their_boxes() -> None:
    rules = list_rules(OBJECTS, "blobs_8")
    assert ("12/34", "21/43") in rules
    assert ("78/90", "87/09") in rules


def test_regions_of_0_are_filled_by_themselves() -> None:
    task = build_task(("305/005/555", "345/445/555"), ("053/555/300", "653/555/366"), test="50/55")
    filled = [("1", "6"), ("11", "66"), ("01/11", "04/44")]
    assert list_rules(task, "zero_regions") == filled


def test_rows_are_parts_of_a_grid_and_make_it() -> None:
    task = build_task(("120/003", "021/300"), ("111/200", "111/002"), test="100/020")
    assert ("120", "021") in list_rules(task, "row_parts input (height")


GRIDS = (
    "110533/115503/555555/020544/222500",
    "12512/34534/55555/67567/89589",
    "1034/5678/9123/4567",
    "123/456/789",
)


@pytest.mark.parametrize(
    "decomposition", DECOMPOSITIONS, ids=lambda each: f"{each.text} {each.view.name}"
)
def test_joined_parts_are_the_result_of_the_program(decomposition: Decomposition) -> None:
    """Check all grids that the decomposition fits; it must fit one."""
    fitting = [text for text in GRIDS if join_parts(decomposition, text) is not None]
    assert fitting
    for text in fitting:
        whole = decomposition.build_program(IDENTITY).run(Grid(text)).cells
        np.testing.assert_array_equal(join_parts(decomposition, text), whole)


def join_parts(decomposition: Decomposition, text: str) -> np.ndarray | None:
    grid = np.array(Grid(text).cells)
    try:
        return decomposition.join(grid, decomposition.split(grid))
    except Undefined:
        return None


def test_a_task_whose_parts_do_not_change_is_not_lifted() -> None:
    task = build_task(("12/30", "12/30"), ("01/20", "01/20"), test="11/20")
    assert list(lift_problem(build_problem(task))) == []


def test_equal_parts_that_become_different_are_not_lifted() -> None:
    task = build_task(("12/12", "21/12"), ("34/10", "43/01"), test="56/10")
    assert not any(
        "row_parts" in found.decomposition.text for found in lift_problem(build_problem(task))
    )


def test_problems_of_parts_are_distinct_and_small() -> None:
    rows = [Grid(np.random.default_rng(i).integers(0, 9, (8, 3)).astype(np.uint8)) for i in (1, 2)]
    pairs = tuple(Pair(grid, Grid(grid.cells[:, ::-1].copy())) for grid in rows)
    found = list(lift_problem(build_problem(Task("rows", pairs, rows[:1]))))
    contents = {tuple(g.tobytes() for g in (*f.problem.inputs, *f.problem.outputs)) for f in found}
    assert len(contents) == len(found) > 0
    assert max(lifted.problem.pairs for lifted in found) <= MOST_PARTS


@pytest.mark.parametrize(
    ("task", "answer"), [(PANELS, "23590/04511"), (OBJECTS, "00054/03004/21000")]
)
def test_a_rule_for_parts_is_a_program_for_the_task(task: Task, answer: str) -> None:
    candidates = collect_candidates(task)
    best = max(candidates, key=lambda c: (c.evidence["fit"], -c.evidence["length"]))
    assert best.output == Grid(answer)
    assert "each" in best.reason
    program = Program.parse(best.reason)
    assert all(program.run(pair.input) == pair.output for pair in task.pairs)
    assert best.evidence["length"] == program.length


def test_rules_that_miss_two_pairs_are_not_candidates() -> None:
    for candidate in collect_candidates(OBJECTS):
        assert candidate.evidence["fit"] >= 1 / 2
        program = Program.parse(candidate.reason)
        assert measure_fit(program, OBJECTS) == candidate.evidence["fit"]


def measure_fit(program: Program, task: Task) -> float:
    return sum(solves_pair(program, pair) for pair in task.pairs) / len(task.pairs)


def solves_pair(program: Program, pair: Pair) -> bool:
    try:
        return program.run(pair.input) == pair.output
    except Undefined:
        return False


def collect_candidates(task: Task) -> list[Candidate]:
    found: list[Candidate] = []
    for lifted in lift_problem(build_problem(task)):
        run = synthesize(lifted.problem, Budget(20_000, 20_000), STAGES)
        found += collect_part_candidates(task, lifted, run, solver="search")
    return found


def test_problems_of_the_same_parts_in_other_pairs_are_both_kept() -> None:
    """Objects may be recolored or moved: both problems have the same set of grids."""
    task = build_task(("1020", "2010"), ("30040", "40030"), test="1020")
    found = lift_problem(build_problem(task))
    problems = [lifted.problem for lifted in found if "objects_8" in lifted.decomposition.text]
    assert sum(problem.inputs[0].shape == (1, 4) for problem in problems) == 2
