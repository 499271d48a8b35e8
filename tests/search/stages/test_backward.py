"""Inverse steps: what comes before a last step is what it needs, and both ends are searched."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program
from arcsolve.dsl.solver import Budget
from arcsolve.dsl.strategies import grids
from arcsolve.search.problem import Problem
from arcsolve.search.proposals import proposals_of
from arcsolve.search.reconstruct import program_of
from arcsolve.search.stages.backward import last_steps
from arcsolve.search.synthesis import synthesize
from arcsolve.search.views import PLAIN


@pytest.mark.parametrize("enlarging", [False, True])
@given(grid=grids(max_side=8))
def test_a_last_step_brings_the_output_back(enlarging: bool, grid: Grid) -> None:
    for step, goals in last_steps([np.array(grid.cells)], enlarging=enlarging):
        height, width = int(goals.shapes[0] >> 8 & 0xFF), int(goals.shapes[0] & 0xFF)
        assert step.run(Grid(goals.cells.reshape(height, width))) == grid


@given(grid=grids(max_side=8))
def test_an_enlarged_output_is_undone(grid: Grid) -> None:
    mirrored = Program.parse("(mirror input right)").run(grid)
    steps = [str(step) for step, _ in last_steps([np.array(mirrored.cells)], enlarging=True)]
    assert "(mirror input right)" in steps


def test_both_ends_of_a_program_are_searched() -> None:
    rng = np.random.default_rng(2)
    inputs = tuple(
        (rng.integers(1, 4, (5, 6)) * (rng.random((5, 6)) < 0.4)).astype(np.uint8) for _ in range(4)
    )
    crossed = "(mask_minus (mask_cols (mask_of_color input 3)) (mask_of_color input 1))"
    rule = f"(scale_up (paint_where input {crossed} 3) 2)"
    outputs = tuple(np.array(Program.parse(rule).run(Grid(each)).cells) for each in inputs[:3])
    problem, budget = Problem(inputs, outputs), Budget(operations=60_000, states=60_000)

    def exact(inverse: bool) -> list[str]:
        synthesis = synthesize(problem, budget, closure=1.0, width=0, cover=False, inverse=inverse)
        found = [p for p in proposals_of(synthesis)[0] if p.matches == 0b111]
        return [str(program_of(synthesis, PLAIN, proposal.state)) for proposal in found]

    assert not exact(inverse=False)
    programs = exact(inverse=True)
    assert programs
    for text in programs:
        made = [np.array(Program.parse(text).run(Grid(each)).cells) for each in inputs[:3]]
        assert all(map(np.array_equal, made, outputs)), text
