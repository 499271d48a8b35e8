"""Repair: rules that account for the difference between an output and a state of a search.

A state close to the outputs becomes the canvas that rules paint. Parts come from the inputs if all
shapes agree, and from the state itself otherwise, for example when the state is a crop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from arcsolve.dsl.program import Input, Node, Program, Rewrite
from arcsolve.dsl.rules.backgrounds import Background, NamedBackground, find_background
from arcsolve.dsl.values import Cells
from arcsolve.search.engine.arena import GRID, read_grid
from arcsolve.search.engine.workspace import Workspace
from arcsolve.search.problem import Problem
from arcsolve.search.reconstruct import reconstruct
from arcsolve.search.rules.induction import Explanation
from arcsolve.search.rules.target import Target, build_target
from arcsolve.search.views import PLAIN

MOST_COST = 8  # of a state in the search; costlier ones fit by accident
LEAST_BLANK = 0.125  # share of each input that 0 must cover to be the first background


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A program for the task and its values for all examples."""

    program: Program
    grids: tuple[Cells, ...]

    def build_program(self, target: Target, rules: Explanation) -> Program:
        """Return the program that paints the canvas by rules over the parts of the target."""
        nodes: dict[Node, int] = {node: at for at, node in enumerate(self.program.nodes)}
        canvas = len(nodes) - 1
        own_parts = all(map(np.array_equal, target.scene.grids, self.grids))
        grid = canvas if own_parts else nodes.setdefault(Input(), len(nodes))
        return Program((*nodes, Rewrite(rules.rules, grid, canvas)))


def find_drafts(workspace: Workspace, count: int) -> Iterator[Draft]:
    """Yield the states that come closest to the outputs without being equal to them.

    They have the shapes of the outputs, are closer than the input, and cost at most `MOST_COST`.
    """
    arena, examples = workspace.arena, workspace.problem.pairs + workspace.problem.tests
    states = arena.members[GRID, : arena.sizes[GRID]]
    distances = arena.distances[states]
    close = (distances > 0) & (distances < min(1.0, distances[0]))
    states = states[close & (arena.costs[states] <= MOST_COST)]
    order = np.lexsort((arena.costs[states], arena.distances[states]))
    for state in states[order][:count].tolist():
        grids = tuple(read_grid(arena, state, example) for example in range(examples))
        yield Draft(reconstruct(workspace, PLAIN, state), grids)


def build_repair(problem: Problem, canvas: Draft, seen: Target | None) -> Target | None:
    """Return the target of a canvas, or None if its shapes do not fit.

    `seen` is the target of the inputs, whose parts are used again, or None if the outputs have
    other shapes.
    """
    if seen is not None:
        return build_target(
            problem.inputs, problem.outputs, seen.background, canvas.grids, seen.scene
        )
    background = next(iter(find_backgrounds(canvas.grids)))
    return build_target(canvas.grids, problem.outputs, background)


def find_backgrounds(inputs: Sequence[Cells]) -> Iterator[Background]:
    """Yield the backgrounds to try: a constant one first, by its name if it has one.

    A rule with the name still means the same on grids with another background. Without a constant
    background, 0 comes first if each input has enough of it.
    """
    agreed = [
        named
        for named in NamedBackground
        if len({find_background(grid, named) for grid in inputs}) == 1
    ]
    common = NamedBackground.COMMONEST
    if agreed:
        yield from dict.fromkeys((agreed[0], common))
    else:
        blank = all(np.mean(grid == 0) >= LEAST_BLANK for grid in inputs)
        yield from (0, common) if blank else (common, 0)
