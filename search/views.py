"""Views: a task with its grids transformed, in which a simpler program may do.

A view changes every input by one primitive and undoes that on the result by another, so that a
program found in a view is a program for the task: ``restore(program(change(input)))``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dsl.errors import Undefined
from dsl.grid import NUM_COLORS
from dsl.primitive import find
from search.problem import Cells, Problem

__all__ = ["PLAIN", "VIEWS", "View", "seen_problems"]


@dataclass(frozen=True, slots=True)
class View:
    """`change` is applied to each input, `restore` to the result (empty names: nothing is done).

    A `colors` view renames the colors of each example by a permutation that depends on the input;
    its `restore` takes the original input as second argument. The others are symmetries.
    """

    name: str
    change: str = ""
    restore: str = ""
    colors: bool = False

    def see(self, problem: Problem) -> Problem | None:
        """The problem in this view; None if it is not defined on all grids or changes nothing."""
        if not self.change:
            return problem
        change = find(self.change)
        try:
            inputs = tuple(change.apply(grid.copy()) for grid in problem.inputs)
            outputs = tuple(map(self.goal, problem.outputs, problem.inputs))
        except Undefined:
            return None
        same = all(map(np.array_equal, inputs, problem.inputs))
        return None if same else Problem(inputs, outputs)

    def restored(self, result: Cells, original: Cells) -> Cells:
        """What a result in the view is for the task; raises Undefined if it is nothing."""
        if not self.restore:
            return result
        extra = (original.copy(),) if self.colors else ()
        cells: Cells = find(self.restore).apply(result.copy(), *extra)
        return cells

    def warm_up(self) -> None:
        """Load the kernels that `see` and `restored` call."""
        for name in filter(None, (self.change, self.restore)):
            find(name).kernel  # noqa: B018 - loads it

    def goal(self, output: Cells, original: Cells) -> Cells:
        """What a program must give in the view, so that restoring it gives the output.

        Raises Undefined if nothing does.
        """
        if not self.change:
            return output
        if not self.colors:
            changed: Cells = find(self.change).apply(output.copy())
            return changed
        palette = np.arange(NUM_COLORS, dtype=np.uint8)[np.newaxis]
        restored = find(self.restore).apply(palette, original.copy())[0]
        back = np.argsort(restored).astype(np.uint8)
        if not np.array_equal(restored[back], palette[0]):
            raise Undefined(f"{self.restore} is no permutation here")
        goal: Cells = back[output]
        return goal


PLAIN = View("plain")
VIEWS = (
    PLAIN,
    View("background", "normalize_background", "restore_background", colors=True),
    View("color ranks", "rank_colors", "restore_colors", colors=True),
    View("transposed", "transpose", "transpose"),
)


def seen_problems(problem: Problem, names: tuple[str, ...]) -> Iterator[tuple[View, Problem]]:
    """The views of these names that make a difference, with the problem as each sees it."""
    for view in VIEWS:
        if view.name in names and (seen := view.see(problem)) is not None:
            yield view, seen
