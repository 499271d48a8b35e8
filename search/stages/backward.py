"""Backward steps: undo a last step on the outputs, and search toward the results.

The grids before the last step are goals like the outputs: states are matched with them, completed
and stacked toward them. The search thus works on both ends of a program (Pohl, "Bi-directional
search", 1971). Only steps that bring the outputs back exactly on every pair are tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

import numpy as np

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.program import Apply, Constant, Program
from arcsolve.dsl.values import Cells
from arcsolve.search.engine.arena import TYPES
from arcsolve.search.engine.goals import FlatGrids, flatten, remeasure
from arcsolve.search.engine.workspace import Workspace
from arcsolve.search.stages.cover import Cover
from arcsolve.search.stages.lookup import Complete
from arcsolve.search.stages.stage import Stage

FINISHED = 16  # cheapest states to which each last step is applied

_SYMMETRIES = (
    ("(flip_rows input)", "(flip_rows input)"),
    ("(flip_cols input)", "(flip_cols input)"),
    ("(transpose input)", "(transpose input)"),
    ("(anti_transpose input)", "(anti_transpose input)"),
    ("(rotate_90 input)", "(rotate_270 input)"),
    ("(rotate_180 input)", "(rotate_180 input)"),
    ("(rotate_270 input)", "(rotate_90 input)"),
)
_ENLARGEMENTS = (
    ("(kaleidoscope input)", "(half input up-left)"),
    ("(pinwheel input)", "(half input up-left)"),
    *((f"(scale_up input {count})", f"(scale_down input {count})") for count in (2, 3)),
    *(
        (f"(mirror input {way})", f"(half input {back})")
        for way, back in (("right", "left"), ("left", "right"), ("down", "up"), ("up", "down"))
    ),
    *(
        (f"({tile} input 2)", f"(half input {way})")
        for tile, way in (("tile", "up-left"), ("tile_rows", "up"), ("tile_cols", "left"))
    ),
    *((f"(pad input {color})", "(trim_border input)") for color in range(1, NUM_COLORS)),
)
"""(last step, step that may undo it)."""


@cache
def _parse_steps(enlarging: bool) -> tuple[tuple[Program, Program], ...]:
    texts = _ENLARGEMENTS if enlarging else _SYMMETRIES
    return tuple((Program.parse(step), Program.parse(undo)) for step, undo in texts)


def warm_up() -> None:
    """Parse all last steps, and load the kernels that they call."""
    for enlarging in (False, True):
        for program in chain(*_parse_steps(enlarging)):
            program.warm_up()


def last_steps(outputs: Sequence[Cells], *, enlarging: bool) -> Iterator[tuple[Program, FlatGrids]]:
    """Yield the steps that all `outputs` may end with, each with the goals before the step.

    The steps are enlargements if `enlarging` is set, else symmetries.
    """
    for step, undo in _parse_steps(enlarging):
        try:
            before = [_undo_step(step, undo, cells) for cells in outputs]
        except Undefined:
            continue
        yield step, flatten(before)


def _undo_step(step: Program, undo: Program, output: Cells) -> Cells:
    """Return the grid that the step turns into this output; raise Undefined if none exists."""
    cells: Cells = undo.values(output)[-1]
    if not np.array_equal(step.values(cells)[-1], output):
        raise Undefined("the last step does not restore the output")
    return cells


@dataclass(frozen=True, slots=True)
class Backward:
    """The stage that undoes a last step on the outputs and searches toward the results.

    The goals before an enlargement are simpler than the outputs: the stages of `through` combine
    states toward them. The goals before a symmetry are only matched.
    """

    through: tuple[Stage, ...] = (Complete(), Cover())

    def extend(self, workspace: Workspace) -> None:
        """Add to the arena the states that reach the outputs by a last step."""
        outputs = workspace.problem.outputs
        workspace.add_output_colors()
        tried = False
        for enlarging in (False, True):
            for step, goals in last_steps(outputs, enlarging=enlarging):
                before = workspace.retarget(goals)
                for stage in self.through if enlarging else ():
                    stage.extend(before)
                _finish(workspace, step, len(outputs))
                tried = True
        if tried:
            remeasure(workspace.arena, workspace.goals)


def _finish(workspace: Workspace, step: Program, pairs: int) -> None:
    """Apply the step to the cheapest states that are exact on all pairs."""
    arena = workspace.arena
    exact = np.flatnonzero(arena.matches[: arena.counters[0]] == (1 << pairs) - 1)
    for state in exact[np.argsort(arena.costs[exact], kind="stable")][:FINISHED]:
        _apply_program(workspace, step, int(state))


def _apply_program(workspace: Workspace, step: Program, state: int) -> int:
    """Return the state that a program gives for a state as its input; -1 if there is none."""
    states: list[int] = []
    for node in step.nodes:
        if isinstance(node, Apply):
            arguments = (states[position] for position in node.arguments)
            states.append(workspace.apply(node.primitive.name, *arguments))
        elif isinstance(node, Constant):
            states.append(_find_constant(workspace, node))
        else:
            states.append(state)
    return states[-1]


def _find_constant(workspace: Workspace, constant: Constant) -> int:
    """Return the state that is this constant on all examples; -1 if there is none."""
    arena, kind = workspace.arena, TYPES.index(constant.type)
    states = arena.members[kind, : arena.sizes[kind]]
    equal = (arena.offsets[states] == constant.value).all(axis=1)
    return int(states[equal.argmax()]) if equal.any() else -1
