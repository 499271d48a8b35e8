"""Backward steps: a last step restores the output, and the search works on both ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program
from arcsolve.dsl.solver import Budget
from arcsolve.dsl.strategies import grids
from arcsolve.search.engine.arena import unpack_shape
from arcsolve.search.problem import Problem
from arcsolve.search.proposals import collect_proposals
from arcsolve.search.reconstruct import reconstruct
from arcsolve.search.stages.backward import Backward, last_steps
from arcsolve.search.stages.closure import Closure
from arcsolve.search.stages.lookup import Complete
from arcsolve.search.stages.stage import Stage
from arcsolve.search.synthesis import synthesize
from arcsolve.search.views import PLAIN


@pytest.mark.parametrize("enlarging", [False, True])
@given(grid=grids(max_side=8))
def test_a_last_step_brings_the_output_back(enlarging: bool, grid: Grid) -> None:
    for step, goals in last_steps([np.array(grid.cells)], enlarging=enlarging):
        _, height, width = unpack_shape(int(goals.shapes[0]))
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

    def exact(*stages: Stage) -> list[str]:
        workspace = synthesize(problem, budget, stages)
        found = [p for p in collect_proposals(workspace) if p.matches == 0b111]
        return [str(reconstruct(workspace, PLAIN, proposal.state)) for proposal in found]

    assert not exact(Closure(1.0), Complete())
    programs = exact(Closure(1.0), Complete(), Backward((Complete(),)))
    assert programs
    for text in programs:
        made = [np.array(Program.parse(text).run(Grid(each)).cells) for each in inputs[:3]]
        assert all(map(np.array_equal, made, outputs)), text
