"""Proposals: what a workspace offers as outputs, and the evidence for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from arcsolve.dsl.values import Cells
from arcsolve.search.engine.arena import read_grid
from arcsolve.search.engine.workspace import Workspace


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """A state that is exact on the pairs in `matches`."""

    state: int
    matches: int
    length: int
    outputs: tuple[Cells, ...]  # by test


def collect_proposals(
    workspace: Workspace, *, near_misses: bool = True
) -> tuple[list[Proposal], list[float]]:
    """The states that are exact on all pairs, or with `near_misses` on all but one of several.

    Beside them `rival_lengths`, of near-misses whether they are proposed or not.
    """
    found, pairs = _find_proposals(workspace), workspace.problem.pairs
    rivals = rival_lengths(found, pairs)
    exact = [each for each in found if each.matches.bit_count() == pairs]
    return (found if near_misses else exact), rivals


def _find_proposals(workspace: Workspace) -> list[Proposal]:
    arena, pairs = workspace.arena, workspace.problem.pairs
    matches = arena.matches[: workspace.states]
    counts = sum((matches >> pair) & 1 for pair in range(pairs))
    fitting = np.flatnonzero(counts >= max(1, pairs - 1))
    return [
        Proposal(
            state, int(matches[state]), int(arena.costs[state]), _read_outputs(workspace, state)
        )
        for state in map(int, fitting)
    ]


def _read_outputs(workspace: Workspace, state: int) -> tuple[Cells, ...]:
    problem = workspace.problem
    tests = range(problem.pairs, problem.pairs + problem.tests)
    return tuple(read_grid(workspace.arena, state, test) for test in tests)


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
    a proposal if none as short fits all others but not it (`rival_lengths`). A single pair
    supports nothing: there is nothing left to fit without it.
    """
    return sum(length < rival for rival in rivals) / len(rivals) if len(rivals) > 1 else 0.0
