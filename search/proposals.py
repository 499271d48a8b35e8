"""Proposals: what a synthesis offers as outputs, and the evidence for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dsl.primitive import find
from search.arena import Arena
from search.cover import pieces_of, stacks
from search.problem import Cells
from search.reconstruct import ON_TOP
from search.synthesis import Synthesis

__all__ = ["Proposal", "proposals_of", "rival_lengths", "support"]


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """States laid over one another (mostly one) that are exact on the pairs in `matches`."""

    states: tuple[int, ...]
    matches: int
    length: int
    outputs: tuple[Cells, ...]  # by test


def proposals_of(synthesis: Synthesis, *, cover: bool) -> list[Proposal]:
    """All states, and stacks if `cover`, that are exact on all pairs or on all but one.

    With a single pair there are no near-misses.
    """
    found = [_single(synthesis, state) for state in _fitting(synthesis)]
    if cover:
        found += [_stacked(synthesis, s.states, s.matches) for s in stacks(pieces_of(synthesis))]
    return found


def _fitting(synthesis: Synthesis) -> list[int]:
    pairs = synthesis.problem.pairs
    matches = synthesis.arena.matches[: synthesis.states]
    counts = np.bitwise_count(matches)
    return [int(state) for state in np.flatnonzero(counts >= max(1, pairs - 1))]


def _single(synthesis: Synthesis, state: int) -> Proposal:
    arena = synthesis.arena
    matches, length = int(arena.matches[state]), int(arena.costs[state])
    return Proposal((state,), matches, length, _outputs(synthesis, state))


def _stacked(synthesis: Synthesis, states: Sequence[int], matches: int) -> Proposal:
    layers = [_outputs(synthesis, state) for state in states]
    length = sum(int(synthesis.arena.costs[state]) for state in states)
    length += find(ON_TOP).cost * (len(states) - 1)
    outputs = tuple(_laid_over(grids) for grids in zip(*layers, strict=True))
    return Proposal(tuple(states), matches, length, outputs)


def _laid_over(grids: Sequence[Cells]) -> Cells:
    """The first grid on top; 0 is transparent."""
    result = grids[-1].copy()
    for grid in reversed(grids[:-1]):
        result = np.where(grid > 0, grid, result)
    return result


def _outputs(synthesis: Synthesis, state: int) -> tuple[Cells, ...]:
    problem = synthesis.problem
    tests = range(problem.pairs, problem.pairs + problem.tests)
    return tuple(_cells(synthesis.arena, state, test) for test in tests)


def _cells(arena: Arena, state: int, example: int) -> Cells:
    start, shape = int(arena.offsets[state, example]), int(arena.shapes[state, example])
    height, width = shape >> 8 & 0xFF, shape & 0xFF
    cells: Cells = arena.cells[start : start + height * width].reshape(height, width).copy()
    return cells


def rival_lengths(proposals: Iterable[Proposal], pairs: int) -> list[float]:
    """For each pair, the length of the shortest proposal that fits all others but not it."""
    shortest: dict[int, float] = {}
    for proposal in proposals:
        known = shortest.get(proposal.matches, np.inf)
        shortest[proposal.matches] = min(proposal.length, known)
    everything = (1 << pairs) - 1
    return [shortest.get(everything ^ (1 << pair), np.inf) for pair in range(pairs)]


def support(length: int, rivals: Sequence[float]) -> float:
    """Leave-one-out support: for which share of the pairs would this length still be the choice?

    Without a pair, the shortest proposal that fits all others would be chosen; the pair supports
    a proposal if no shorter one fits all others but not it (`rival_lengths`). A single pair
    supports nothing: there is nothing left to fit without it.
    """
    return sum(length < rival for rival in rivals) / len(rivals) if len(rivals) > 1 else 0.0
