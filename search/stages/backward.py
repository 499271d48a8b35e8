"""Inverse steps: a last step is undone on the outputs, and the search goes on from there.

What must come in for the last step to give the outputs is a set of goals like the outputs
themselves: states are matched with it, completed and stacked towards it. So both ends of a
program are worked on (Pohl, "Bi-directional search", 1971). Only steps are tried that bring
outputs back exactly on every pair.
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
from arcsolve.search.engine.goals import FlatGrids, flatten
from arcsolve.search.engine.workspace import Workspace
from arcsolve.search.stages.cover import Cover
from arcsolve.search.stages.lookup import Complete
from arcsolve.search.stages.stage import Stage

FINISHED = 16  # states, the cheapest, to which each last step is applied

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
"""Last steps, and what undoes them if anything does."""


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
    """Steps that all outputs may end with, and the goals before; symmetries or enlargements."""
    for step, undo in _parse_steps(enlarging):
        try:
            before = [_undo_step(step, undo, cells) for cells in outputs]
        except Undefined:
            continue
        yield step, flatten(before)


def _undo_step(step: Program, undo: Program, output: Cells) -> Cells:
    """What the step makes this output of; raises Undefined if there is no such grid."""
    cells: Cells = undo.values(output)[-1]
    if not np.array_equal(step.values(cells)[-1], output):
        raise Undefined("the step does not lead back")
    return cells


@dataclass(frozen=True, slots=True)
class Backward:
    """The stage that undoes a last step on the outputs and searches toward the results.

    Toward the goals before an enlargement, which are simpler than the outputs, the stages of
    `through` combine states. Symmetries are only matched.
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
            workspace.remeasure()


def _finish(workspace: Workspace, step: Program, pairs: int) -> None:
    """Apply the step to the cheapest states that are exact on all pairs."""
    arena = workspace.arena
    exact = np.flatnonzero(arena.matches[: arena.counters[0]] == (1 << pairs) - 1)
    for state in exact[np.argsort(arena.costs[exact], kind="stable")][:FINISHED]:
        _apply_program(workspace, step, int(state))


def _apply_program(workspace: Workspace, step: Program, state: int) -> int:
    """The state that a program gives whose input is a state; -1 if there is none."""
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
    """The state that is this constant on all examples; -1 if there is none."""
    arena, kind = workspace.arena, TYPES.index(constant.type)
    states = arena.members[kind, : arena.sizes[kind]]
    equal = (arena.offsets[states] == constant.value).all(axis=1)
    return int(states[equal.argmax()]) if equal.any() else -1
