"""Repair: rules that account for the difference between an output and a state of a search.

A state close to the outputs becomes the canvas that rules paint. Parts come from the inputs if all
shapes agree, and from the state itself otherwise, for example when the state is a crop.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from arcsolve.dsl.program import Input, Node, Program, Rewrite
from arcsolve.dsl.values import Cells
from arcsolve.search.engine.arena import GRID, read_grid
from arcsolve.search.engine.workspace import Workspace
from arcsolve.search.problem import Problem
from arcsolve.search.reconstruct import reconstruct
from arcsolve.search.rules.induction import Explanation, Induction
from arcsolve.search.rules.target import Target, build_target
from arcsolve.search.views import PLAIN


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """A program for the task and its values for all examples."""

    program: Program
    grids: tuple[Cells, ...]

    def build_program(self, target: Target, rules: Explanation) -> Program:
        """Return the program that paints the canvas by rules over the parts of the target."""
        nodes: dict[Node, int] = {node: at for at, node in enumerate(self.program.nodes)}
        canvas = len(nodes) - 1
        own_parts = target.scene.grids[0] is self.grids[0]
        grid = canvas if own_parts else nodes.setdefault(Input(), len(nodes))
        return Program((*nodes, Rewrite(rules.rules, grid, canvas)))


def find_canvases(workspace: Workspace, count: int) -> Iterator[Canvas]:
    """Yield the states that come closest to the outputs without being equal to them.

    They have the shapes of the outputs, and are closer than the input.
    """
    arena, examples = workspace.arena, workspace.problem.pairs + workspace.problem.tests
    states = arena.members[GRID, : arena.sizes[GRID]]
    distances = arena.distances[states]
    close = states[(distances > 0) & (distances < min(1.0, arena.distances[states[0]]))]
    order = np.lexsort((arena.costs[close], arena.distances[close]))
    for state in close[order][:count].tolist():
        grids = tuple(read_grid(arena, state, example) for example in range(examples))
        yield Canvas(reconstruct(workspace, PLAIN, state), grids)


def repair(
    problem: Problem, canvas: Canvas, background: int | None, induction: Induction, work: int
) -> tuple[Target | None, list[Explanation], int]:
    """Return the target of a canvas, the rules that repair the canvas, and the work that is left."""
    same = [grid.shape for grid in canvas.grids] == [grid.shape for grid in problem.inputs]
    inputs = problem.inputs if same else canvas.grids
    target = build_target(inputs, problem.outputs, background, canvas.grids)
    if target is None or work <= 0:
        return None, [], work
    found, work = induction.induce(target, work)
    return target, found, work
