"""Proposals: the states that a workspace offers as outputs, and the evidence for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from arcsolve.dsl.values import Cells
from arcsolve.search.engine.arena import read_grid
from arcsolve.search.engine.workspace import Workspace


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """A state that equals the outputs of the pairs in the bit mask `matches`."""

    state: int
    matches: int
    length: int
    outputs: tuple[Cells, ...]  # by test


def collect_proposals(
    workspace: Workspace, *, near_misses: bool = True
) -> tuple[list[Proposal], list[float]]:
    """Return the states that are exact on all pairs, and the rival lengths.

    With `near_misses`, also return the states that are exact on all pairs but one of several. The
    rival lengths (see `rival_lengths`) count near-misses in either case.
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
    """Return for each pair the length of the shortest proposal that fits all other pairs but not this.

    The length is infinite if no proposal fits exactly the other pairs.
    """
    shortest: dict[int, float] = {}
    for proposal in proposals:
        known = shortest.get(proposal.matches, np.inf)
        shortest[proposal.matches] = min(proposal.length, known)
    everything = (1 << pairs) - 1
    return [shortest.get(everything ^ (1 << pair), np.inf) for pair in range(pairs)]


def support(length: int, rivals: Sequence[float]) -> float:
    """Return the leave-one-out support: the share of pairs that confirm a program of this length.

    Without one pair, the solver would choose the shortest proposal that fits all other pairs. The
    pair confirms the program if every proposal that fits all other pairs but not this one is
    longer. `rivals` holds the lengths from `rival_lengths`. A single pair confirms nothing, because
    no pair remains without it.
    """
    return sum(length < rival for rival in rivals) / len(rivals) if len(rivals) > 1 else 0.0
