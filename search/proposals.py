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
    support: float
    outputs: tuple[Cells, ...]  # of the tests


def collect_proposals(workspace: Workspace, *, near_misses: bool = True) -> list[Proposal]:
    """Return the states that are exact on all pairs, or all but one of several; the best first.

    Without `near_misses`, return only those that are exact on all pairs.
    """
    arena, pairs = workspace.arena, workspace.problem.pairs
    matches = arena.matches[: workspace.states]
    counts = sum((matches >> pair) & 1 for pair in range(pairs))
    fitting = np.flatnonzero(counts >= max(1, pairs - 1))
    found = [(int(matches[state]), int(arena.costs[state]), state) for state in map(int, fitting)]
    rivals = rival_lengths(found, pairs)
    found.sort(key=lambda each: (-each[0].bit_count(), *each[1:]))
    return [
        Proposal(state, mask, length, support(length, rivals), _read_outputs(workspace, state))
        for mask, length, state in found
        if near_misses or mask.bit_count() == pairs
    ]


def _read_outputs(workspace: Workspace, state: int) -> tuple[Cells, ...]:
    problem = workspace.problem
    tests = range(problem.pairs, problem.pairs + problem.tests)
    return tuple(read_grid(workspace.arena, state, test) for test in tests)


def rival_lengths(found: Iterable[tuple[int, int, int]], pairs: int) -> list[float]:
    """Return for each pair the length of the shortest program that fits exactly the other pairs.

    `found` are (matches, length, state). The length is infinite if there is no such program.
    """
    shortest: dict[int, float] = {}
    for matches, length, _ in found:
        shortest[matches] = min(length, shortest.get(matches, np.inf))
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
