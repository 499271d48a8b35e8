"""Part-level lifting: find a rule for the parts of grids, and run it on each part.

A decomposition cuts the grids of all pairs into parts. The parts form the pairs of a smaller
problem. A program that solves the smaller problem becomes the body of ``each`` in a program for the
task. More than one symbolic solver has gained on held-out tasks by segmenting grids, solving the
parts and joining the results.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program
from arcsolve.dsl.solver import Candidate
from arcsolve.dsl.task import Task
from arcsolve.dsl.values import Cells
from arcsolve.search.decompositions import DECOMPOSITIONS, Decomposition
from arcsolve.search.engine.workspace import Workspace
from arcsolve.search.problem import Problem
from arcsolve.search.proposals import collect_proposals
from arcsolve.search.reconstruct import reconstruct
from arcsolve.search.views import PLAIN, View

MOST_PARTS = 12  # pairs of a lifted problem: more of them cost work and tell little
MOST_TEST_PARTS = 3
MOST_RULES = 16  # rules for the parts that run on whole inputs


@dataclass(frozen=True, slots=True, eq=False)
class LiftedProblem:
    """A problem of parts, the decomposition and the view of the task that it comes from."""

    decomposition: Decomposition
    problem: Problem
    view: View = PLAIN

    def build_program(self, body: Program) -> Program:
        """Return the program for the task that runs `body` on every part."""
        return self.view.wrap(self.decomposition.build_program(body))


def lift_problem(problem: Problem, view: View = PLAIN) -> Iterator[LiftedProblem]:
    """Yield the distinct problems of parts, in the order of `DECOMPOSITIONS`.

    `view` is the view of the task in which the problem stands.
    """
    seen = set()
    for decomposition in DECOMPOSITIONS:
        try:
            lifted = _lift(decomposition, problem)
        except Undefined:
            continue  # the decomposition does not fit
        if (content := _content_key(lifted)) not in seen:
            seen.add(content)
            yield LiftedProblem(decomposition, lifted, view)


def _content_key(problem: Problem) -> tuple[frozenset[object], ...]:
    """Return a key that is equal for problems of the same parts in any order."""
    inputs, outputs = [_key(part) for part in problem.inputs], map(_key, problem.outputs)
    return frozenset(zip(inputs, outputs, strict=False)), frozenset(inputs[problem.pairs :])


def _lift(decomposition: Decomposition, problem: Problem) -> Problem:
    """Return the problem of the parts; raise Undefined if the decomposition does not fit.

    A decomposition fits if the results of the parts, joined, are the output of every pair. At least
    two different parts must remain, at least one part must change, and equal parts must have equal
    results.
    """
    pairs: dict[object, tuple[Cells, Cells]] = {}
    for part, goal in _part_pairs(decomposition, problem):
        _, known = pairs.setdefault(_key(part), (part, goal))
        if not np.array_equal(known, goal):
            raise Undefined("equal parts have different results")
    if len(pairs) < 2 or all(np.array_equal(*pair) for pair in pairs.values()):
        raise Undefined("no part changes, or all parts are equal")
    tests = {}
    for grid in problem.inputs[problem.pairs :]:
        tests.update(
            {_key(part): decomposition.apply_view(part, part) for part in decomposition.split(grid)}
        )
    return _sample(list(pairs.values()), list(tests.values()))


def _part_pairs(decomposition: Decomposition, problem: Problem) -> Iterator[tuple[Cells, Cells]]:
    for grid, output in zip(problem.inputs, problem.outputs, strict=False):
        parts = decomposition.split(grid)
        goals = decomposition.cut(parts, output)
        if len(goals) != len(parts) or not np.array_equal(decomposition.join(grid, goals), output):
            raise Undefined("the parts of the output do not make the output")
        for part, goal in zip(parts, goals, strict=True):
            yield decomposition.apply_view(part, part), decomposition.apply_view(goal, part)


def _sample(pairs: list[tuple[Cells, Cells]], tests: list[Cells]) -> Problem:
    """Return a problem of a few parts: those that change before the others, small ones first."""
    pairs = sorted(pairs, key=lambda pair: (np.array_equal(*pair), pair[0].size))[:MOST_PARTS]
    tests = sorted(tests, key=lambda part: part.size)[:MOST_TEST_PARTS]
    inputs = [part for part, _ in pairs] + tests
    return Problem(tuple(inputs), tuple(goal for _, goal in pairs))


def _key(cells: Cells) -> tuple[tuple[int, ...], bytes]:
    return cells.shape, cells.tobytes()


def collect_part_candidates(
    task: Task,
    lifted: LiftedProblem,
    workspace: Workspace,
    *,
    solver: str,
    near_misses: bool = True,
) -> Iterator[Candidate]:
    """Yield candidates for the task, named after `solver`, from the workspace of a lifted problem.

    The shortest rules for the parts run on the whole inputs. A rule must give the outputs of all
    pairs, or with `near_misses` of all but one of several. Evidence is as in `ProgramSolver`, but
    `support` counts parts.
    """
    proposals = collect_proposals(workspace, near_misses=near_misses)
    groups: dict[tuple[int, Grid], list[tuple[Program, Mapping[str, float]]]] = {}
    for proposal in proposals[:MOST_RULES]:
        program = lifted.build_program(
            reconstruct(workspace, lifted.decomposition.view, proposal.state)
        )
        fitting = sum(_try_program(program, pair.input) == pair.output for pair in task.pairs)
        if fitting < max(1, len(task.pairs) - near_misses):
            continue
        evidence = {
            "length": float(program.length),
            "fit": fitting / len(task.pairs),
            "support": proposal.support,
        }
        for test, grid in enumerate(task.tests):
            if (output := _try_program(program, grid)) is not None:
                groups.setdefault((test, output), []).append((program, evidence))
    for (test, output), group in groups.items():
        program, best = max(group, key=lambda rule: (rule[1]["fit"], -rule[1]["length"]))
        counted = MappingProxyType({**best, "programs": float(len(group))})
        yield Candidate(test, output, solver, str(program), counted)


def _try_program(program: Program, grid: Grid) -> Grid | None:
    try:
        return program.run(grid)
    except Undefined:
        return None
