"""Views: a task with transformed grids, for which a simpler program may do.

A view changes every input by one primitive, and another primitive undoes the change on the result.
A program found in a view is therefore a program for the task: ``restore(program(change(input)))``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from arcsolve.dsl.errors import BadInput, Undefined
from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.primitive import find
from arcsolve.dsl.program import Apply, Input, Node, Program, move_arguments
from arcsolve.dsl.values import Cells
from arcsolve.search.problem import Problem


@dataclass(frozen=True, slots=True)
class View:
    """The primitive `change` for each input and the primitive `restore` for the result.

    An empty name stands for no change. A view of colors renames the colors of each example by a
    permutation that depends on the input, and its `restore` takes the input as a second argument.
    The other views are symmetries. `original` is the input that the task itself has for an example.
    """

    name: str
    change: str = ""
    restore: str = ""

    @property
    def recolors(self) -> bool:
        """True if `restore` restores colors: it then takes the input as its second argument."""
        return bool(self.restore) and len(find(self.restore).argument_types) == 2

    def apply(self, problem: Problem) -> Problem | None:
        """Return the problem in this view; None if a grid has no such view or no input changes."""
        if not self.change:
            return problem
        try:
            inputs = tuple(map(self._change_grid, problem.inputs))
            outputs = tuple(map(self.find_goal, problem.outputs, problem.inputs))
        except Undefined:
            return None
        if all(map(np.array_equal, inputs, problem.inputs)):
            return None
        return Problem(inputs, outputs)

    def _change_grid(self, grid: Cells) -> Cells:
        cells: Cells = find(self.change).apply(grid.copy())
        return cells

    def undo(self, result: Cells, original: Cells) -> Cells:
        """Return a result in the view as one for the task; raise Undefined if there is none."""
        if not self.restore:
            return result
        extra = (original.copy(),) if self.recolors else ()
        cells: Cells = find(self.restore).apply(result.copy(), *extra)
        return cells

    def wrap(self, program: Program) -> Program:
        """Return the program for the task that a program in this view stands for."""
        if not self.change:
            return program
        nodes: list[Node] = [Input(), Apply(find(self.change), (0,))]
        places: list[int] = []
        for node in program.nodes:
            if isinstance(node, Input):
                places.append(1)
            else:
                nodes.append(move_arguments(node, places))
                places.append(len(nodes) - 1)
        if self.restore:
            extra = (0,) if self.recolors else ()
            nodes.append(Apply(find(self.restore), (places[-1], *extra)))
        return Program(tuple(nodes))

    def warm_up(self) -> None:
        """Load the kernels that `apply` and `undo` call."""
        for name in filter(None, (self.change, self.restore)):
            find(name).kernel  # noqa: B018 - loads it

    def find_goal(self, output: Cells, original: Cells) -> Cells:
        """Return the grid that a program must give in the view so that `undo` gives the output.

        Raises Undefined if no grid does.
        """
        if not self.change:
            return output
        if not self.recolors:
            return self._change_grid(output)
        palette = np.arange(NUM_COLORS, dtype=np.uint8)[np.newaxis]
        restored = self.undo(palette, original)[0]
        back = np.argsort(restored).astype(np.uint8)
        if not np.array_equal(restored[back], palette[0]):
            raise Undefined(f"{self.restore} is no permutation here")
        goal: Cells = back[output]
        return goal


PLAIN = View("plain")
VIEWS = (
    PLAIN,
    View("background", "normalize_background", "restore_background"),
    View("color ranks", "rank_colors", "restore_colors"),
    View("transposed", "transpose", "transpose"),
)


def view_problems(problem: Problem, names: tuple[str, ...]) -> Iterator[tuple[View, Problem]]:
    """Yield `PLAIN` and the views that change the problem, as far as they are in `names`.

    Each comes with the problem in the view. Raises BadInput for a name that no view has.
    """
    known = {view.name: view for view in VIEWS}
    for name in names:
        if name not in known:
            raise BadInput(f"there is no view {name!r}, there are {', '.join(known)}")
        if (seen := known[name].apply(problem)) is not None:
            yield known[name], seen
