"""Stacks of pieces: bits are right, and what is said to be exact is exact when laid over."""

from __future__ import annotations

import numpy as np
import pytest

from dsl.solver import Budget
from search.cover import _popcount, greedy_stack, pieces_of, stacks
from search.problem import Problem
from search.proposals import proposals_of
from search.synthesis import Synthesis, synthesize

SHAPE = (4, 5)


def crossed(grid: np.ndarray) -> np.ndarray:
    """A rule that no primitive has: lines of 3 to the right, a copy upside down below."""
    result = grid.copy()
    for row, col in np.argwhere(grid):
        result[row, col:] = np.where(result[row, col:] == 0, 3, result[row, col:])
    flipped = grid[::-1]
    return np.where(result == 0, flipped, result).astype(np.uint8)


@pytest.fixture(scope="module")
def synthesis() -> Synthesis:
    rng = np.random.default_rng(3)
    inputs = tuple(
        (rng.integers(1, 3, SHAPE) * (rng.random(SHAPE) < 0.15)).astype(np.uint8) for _ in range(4)
    )
    outputs = tuple(map(crossed, inputs[:3]))
    budget = Budget(operations=150_000, states=50_000)
    return synthesize(Problem(inputs, outputs), budget, closure=1.0, width=8, lookup=False)


def cells(synthesis: Synthesis, state: int, example: int) -> np.ndarray:
    start = synthesis.arena.offsets[state, example]
    flat: np.ndarray = synthesis.arena.cells[start : start + SHAPE[0] * SHAPE[1]]
    return flat.reshape(SHAPE)


def test_pieces_are_painted_and_wrong_where_their_cells_are(synthesis: Synthesis) -> None:
    pieces = pieces_of(synthesis)
    goal = np.concatenate([output.ravel() for output in synthesis.problem.outputs])
    assert len(pieces.states) > 100
    for number, state in enumerate(map(int, pieces.states[:300])):
        value = np.concatenate([cells(synthesis, state, pair).ravel() for pair in range(3)])
        for packed, expected in (
            (pieces.painted, value != 0),
            (pieces.wrong, (value != 0) & (value != goal)),
        ):
            bits = np.unpackbits(packed[number].view(np.uint8), bitorder="little")
            assert (bits[: len(goal)] == expected).all()


def test_a_stack_is_exact_on_the_pairs_it_says(synthesis: Synthesis) -> None:
    found = list(stacks(pieces_of(synthesis)))
    assert any(stack.matches == 0b111 for stack in found), "two pieces make up the outputs"
    for stack in found:
        for pair, output in enumerate(synthesis.problem.outputs):
            laid = np.zeros(SHAPE, np.uint8)
            for state in reversed(stack.states):
                piece = cells(synthesis, state, pair)
                laid = np.where(piece > 0, piece, laid)
            assert bool((laid == output).all()) == bool(stack.matches >> pair & 1)


def test_stacks_are_proposed_only_when_asked_for(synthesis: Synthesis) -> None:
    alone = proposals_of(synthesis, cover=False)
    assert all(len(proposal.states) == 1 for proposal in alone)
    assert any(len(proposal.states) > 1 for proposal in proposals_of(synthesis, cover=True))


def test_the_greedy_choice_never_paints_a_wrong_cell() -> None:
    painted = np.array([[0b1110], [0b0011], [0b0100]], np.uint64)
    wrong = np.array([[0b0100], [0b0000], [0b0000]], np.uint64)
    wanted = np.array([[0b1111]], np.uint64)
    chosen, matches = greedy_stack(painted, wrong, wanted, 1)
    # the widest piece has a wrong cell until the third piece lies over it
    assert chosen.tolist() == [1, 2, 0]
    assert matches == 1


@pytest.mark.parametrize("word", [0, 1, 2**63, 2**64 - 1, 0x0123456789ABCDEF])
def test_bits_are_counted(word: int) -> None:
    assert _popcount(np.uint64(word)) == word.bit_count()
