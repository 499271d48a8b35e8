"""Stacks of pieces: their bits are right, and an exact stack is exact when its pieces overlap."""

from __future__ import annotations

import numpy as np
import pytest

from arcsolve.dsl.solver import Budget
from arcsolve.search.engine.bitsets import Layout, popcount
from arcsolve.search.engine.workspace import Workspace
from arcsolve.search.problem import Problem
from arcsolve.search.proposals import collect_proposals
from arcsolve.search.stages.closure import Closure
from arcsolve.search.stages.cover import (
    Cover,
    Pieces,
    collect_pieces,
    find_stacks,
    stack_greedily,
    wanted_cells,
)
from arcsolve.search.synthesis import synthesize

SHAPE = (4, 5)


def cross(grid: np.ndarray) -> np.ndarray:
    """Apply a rule that no primitive has: lines of 3 to the right, a copy upside down below."""
    result = grid.copy()
    for row, col in np.argwhere(grid):
        result[row, col:] = np.where(result[row, col:] == 0, 3, result[row, col:])
    flipped = grid[::-1]
    return np.where(result == 0, flipped, result).astype(np.uint8)


def run_search(*, cover: bool) -> Workspace:
    rng = np.random.default_rng(3)
    inputs = tuple(
        (rng.integers(1, 3, SHAPE) * (rng.random(SHAPE) < 0.15)).astype(np.uint8) for _ in range(4)
    )
    problem = Problem(inputs, tuple(map(cross, inputs[:3])))
    budget = Budget(operations=150_000, states=50_000)
    return synthesize(problem, budget, (Closure(1.0), Cover()) if cover else (Closure(1.0),))


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return run_search(cover=False)


@pytest.fixture(scope="module")
def layout(workspace: Workspace) -> Layout:
    assert workspace.selection is not None
    return workspace.selection.layout


@pytest.fixture(scope="module")
def pieces(workspace: Workspace, layout: Layout) -> Pieces:
    assert workspace.selection is not None
    return collect_pieces(workspace, layout, workspace.selection.selectors)


def test_pieces_of_grids_are_painted_and_wrong_where_their_cells_are(
    workspace: Workspace, layout: Layout, pieces: Pieces
) -> None:
    grids = np.flatnonzero(pieces.states >= 0)
    assert len(grids) > 100
    for at in grids[:300]:
        for pair, output in enumerate(workspace.problem.outputs):
            start = workspace.arena.offsets[pieces.states[at], pair]
            value = workspace.arena.cells[start : start + output.size]
            words = slice(layout.starts[pair], layout.starts[pair + 1])
            for packed, expected in (
                (pieces.painted, value != 0),
                (pieces.wrong, (value != 0) & (value != output.ravel())),
            ):
                bits = np.unpackbits(packed[at, words].view(np.uint8), bitorder="little")
                assert (bits[: output.size] == expected).all()


def test_pieces_of_selectors_paint_nothing_wrong(pieces: Pieces, layout: Layout) -> None:
    colored = pieces.selectors >= 0
    assert colored.any()
    assert not pieces.wrong[colored].any()
    assert not (pieces.painted[colored] & layout.goals[0]).any()


def test_a_stack_paints_what_is_wanted_and_nothing_wrong(pieces: Pieces, layout: Layout) -> None:
    wanted = wanted_cells(layout)
    found = list(find_stacks(pieces, wanted))
    assert found
    for positions in found:
        painted = np.zeros(layout.pair_words, np.uint64)
        for at in positions:
            assert not (pieces.wrong[at] & ~painted).any()
            painted |= pieces.painted[at]
        bare = (wanted & ~painted).any(axis=1)
        assert bare.sum() <= 1


def test_stacks_are_states_only_when_asked_for(workspace: Workspace) -> None:
    assert not [p for p in collect_proposals(workspace) if p.matches == 0b111]
    assert [p for p in collect_proposals(run_search(cover=True)) if p.matches == 0b111]


def test_the_greedy_choice_never_paints_a_wrong_cell() -> None:
    painted = np.array([[0b1110], [0b0011], [0b0100]], np.uint64)
    wrong = np.array([[0b0100], [0b0000], [0b0000]], np.uint64)
    wanted = np.array([[0b1111]], np.uint64)
    chosen, matches = stack_greedily(painted, wrong, wanted, 1)
    # the widest piece has a wrong cell until the third piece lies over it
    assert chosen.tolist() == [1, 2, 0]
    assert matches == 1


@pytest.mark.parametrize("word", [0, 1, 2**63, 2**64 - 1, 0x0123456789ABCDEF])
def test_bits_are_counted(word: int) -> None:
    assert popcount(np.uint64(word)) == word.bit_count()
