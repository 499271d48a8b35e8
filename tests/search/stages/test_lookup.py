"""Goal-directed lookup: bits are right, and the selector that it finds completes a state."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program
from arcsolve.dsl.solver import Budget
from arcsolve.dsl.values import Cells
from arcsolve.search.engine.arena import GRID
from arcsolve.search.engine.bitsets import WORD, comparable_states, pack
from arcsolve.search.engine.workspace import Workspace
from arcsolve.search.problem import Problem
from arcsolve.search.proposals import collect_proposals
from arcsolve.search.reconstruct import reconstruct
from arcsolve.search.stages.closure import Closure
from arcsolve.search.stages.lookup import Complete, covering_rows, disjoint_pairs, rows_between
from arcsolve.search.synthesis import synthesize
from arcsolve.search.views import PLAIN

SHAPE = (5, 6)
SMALL = Budget(operations=100_000, states=40_000)
rows_of_bits = arrays(np.uint64, (12, 2), elements=st.integers(0, 15))


def draw_inputs(pairs: int) -> tuple[Cells, ...]:
    rng = np.random.default_rng(5)
    cells = [rng.integers(1, 4, SHAPE) * (rng.random(SHAPE) < 0.3) for _ in range(pairs + 1)]
    return tuple(grid.astype(np.uint8) for grid in cells)


def build_problem(program: str, pairs: int = 3) -> Problem:
    """Return the problem whose rule is this program, with one test."""
    inputs = draw_inputs(pairs)
    rule = Program.parse(program)
    outputs = tuple(np.array(rule.run(Grid(grid)).cells) for grid in inputs[:pairs])
    return Problem(inputs, outputs)


def run_search(problem: Problem, *, lookup: bool) -> Workspace:
    return synthesize(problem, SMALL, (Closure(1.0), Complete()) if lookup else (Closure(1.0),))


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return run_search(build_problem("(fill_zero input 4)"), lookup=False)


@pytest.mark.parametrize(("color", "other"), [(0, False), (0, True), (3, False)])
def test_packed_bits_are_the_cells_of_a_color_or_any_other(
    color: int, other: bool, workspace: Workspace
) -> None:
    assert workspace.selection is not None
    layout = workspace.selection.layout
    states = comparable_states(workspace.arena, layout, GRID)[:200]
    packed = pack(workspace.arena, layout.starts, states, color, other)
    for state, row in zip(states, packed, strict=True):
        bits = np.unpackbits(row.view(np.uint8), bitorder="little")
        for example, start in enumerate(layout.starts[:-1]):
            first = workspace.arena.offsets[state, example]
            cells = workspace.arena.cells[first : first + SHAPE[0] * SHAPE[1]]
            expected = (cells == color) != other
            assert (bits[start * WORD :][: cells.size] == expected).all()


def test_selectors_are_distinct_not_empty_and_the_cheapest_first(workspace: Workspace) -> None:
    assert workspace.selection is not None
    selectors = workspace.selection.selectors
    assert len(selectors.bits) > 100
    assert selectors.bits.any(axis=1).all()
    assert (np.diff(selectors.costs) >= 0).all()


@given(rows_of_bits, arrays(np.uint64, 2), arrays(np.uint64, 2), st.integers(1, 12))
def test_rows_between_two_bounds(rows: Cells, need: Cells, allowed: Cells, limit: int) -> None:
    need, allowed = need & np.uint64(5), allowed & np.uint64(15)
    naive = [
        n
        for n, row in enumerate(rows)
        if ((row | need) == row).all() and not (row & ~allowed).any()
    ]
    assert rows_between(rows, need, allowed, limit).tolist() == naive[:limit]


@given(rows_of_bits, st.integers(1, 20))
def test_rows_that_do_not_meet(rows: Cells, limit: int) -> None:
    pairs = [(i, j) for j in range(len(rows)) for i in range(j)]
    naive = [(i, j) for i, j in pairs if not (rows[i] & rows[j]).any()]
    assert list(map(tuple, disjoint_pairs(rows, limit).tolist())) == naive[:limit]


NEAR_TWO = "(mask_and (zero_with_neighbors input 2) (mask_cols (mask_of_color input 3)))"
CROSSED = "(mask_and (mask_not (mask_of_color input 1)) (mask_cols (mask_of_color input 3)))"


@given(rows_of_bits, arrays(np.uint64, 2), arrays(np.uint64, 2), st.integers(1, 3))
def test_rows_that_cover(rows: Cells, need: Cells, allowed: Cells, limit: int) -> None:
    need, allowed = need & np.uint64(7), allowed | np.uint64(7)
    chosen = covering_rows(rows, need, allowed, limit)
    assert len(chosen) <= limit
    assert not (rows[chosen] & ~allowed).any()
    usable = rows[~(rows & ~allowed).any(axis=1)]
    if len(chosen):
        assert not (need & ~np.bitwise_or.reduce(rows[chosen])).any()
    elif need.any():
        assert not (limit == 1 and (~(need & ~usable).any(axis=1)).any())


RULES = (
    f"(paint_where input {NEAR_TWO} 2)",
    f"(erase_where (flip_cols input) {CROSSED})",
    "(choose (flip_cols input) (rotate_180 input) (mask_rows (mask_of_color input 3)))",
    "(paint_where input (mask_or (mask_and (mask_rows (mask_of_color input 3)) (mask_zero input))"
    " (mask_cols (mask_of_color input 2))) 2)",
)


@pytest.mark.parametrize("rule", RULES)
def test_lookup_completes_states_that_the_closure_does_not_reach(rule: str) -> None:
    problem = build_problem(rule)
    everything = (1 << problem.pairs) - 1

    def fitting(lookup: bool) -> list[str]:
        workspace = run_search(problem, lookup=lookup)
        found = collect_proposals(workspace)
        exact = [proposal for proposal in found if proposal.matches == everything]
        return [str(reconstruct(workspace, PLAIN, proposal.state)) for proposal in exact]

    assert not fitting(lookup=False)
    programs = fitting(lookup=True)
    assert programs
    for text in programs:
        outputs = [np.array(Program.parse(text).run(Grid(grid)).cells) for grid in problem.inputs]
        assert all(map(np.array_equal, outputs, problem.outputs)), text
