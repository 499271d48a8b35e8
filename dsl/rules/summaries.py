"""Summaries: new grids made from the parts of a grid, in place of a painted canvas.

    (summary 0 blobs_8 (show (most size) box))

The background is that of `arcsolve.dsl.rules.rule`. A summary names a partition and an expression
for a new grid. Rules may paint the new grid afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import MAX_SIDE
from arcsolve.dsl.rules.backgrounds import Background, find_background, price_background
from arcsolve.dsl.rules.expression import Expression
from arcsolve.dsl.rules.partitions import find_partition
from arcsolve.dsl.rules.rule import Rules
from arcsolve.dsl.rules.scene import Scene
from arcsolve.dsl.values import Cells

RULES_COST = 0.5  # bits of rules that paint a summary


@dataclass(frozen=True, slots=True)
class Summary:
    """A new grid from the parts of a grid by a partition."""

    background: Background
    partition: str
    grid: Expression

    @property
    def cost(self) -> float:
        """The description length in bits."""
        background = price_background(self.background)
        return background + find_partition(self.partition).cost + self.grid.cost

    def __str__(self) -> str:
        return f"(summary {self.background} {self.partition} {self.grid})"

    def run(self, scene: Scene) -> list[Cells | None]:
        """Return the new grid for each grid of a scene, None where there is none."""
        grids: Any = self.grid.evaluate(scene.parts(self.partition))
        return list(grids)

    def open_scene(self, grids: Sequence[Cells]) -> Scene:
        """Return the scene of some grids with the background of this summary."""
        return Scene(grids, [find_background(grid, self.background) for grid in grids])

    def apply(self, grid: Cells) -> Cells:
        """Return the new grid. Raises Undefined if there is none, and if the grid is too large."""
        (found,) = self.run(self.open_scene([grid]))
        if found is None:
            raise Undefined("the summary shows nothing")
        if max(found.shape) > MAX_SIDE:
            raise Undefined(f"the summary has more than {MAX_SIDE} cells a side")
        return found


@dataclass(frozen=True, slots=True)
class PaintedSummary:
    """A summary, and then rules that paint it.

    The rules see the parts of the summary, on the background color of the grid.
    """

    summary: Summary
    rules: Rules

    @property
    def cost(self) -> float:
        """The description length in bits."""
        return self.summary.cost + self.rules.cost + RULES_COST

    def __str__(self) -> str:
        return f"(painted {self.summary} {self.rules})"

    def apply(self, grid: Cells) -> Cells:
        """Return the painted summary. Raises Undefined as `Summary` and `Rules` do."""
        canvas = self.summary.apply(grid)
        scene = Scene([canvas], [find_background(grid, self.rules.background)])
        strip, painted = self.rules.paint(scene, canvas.ravel())
        if not painted[0]:
            raise Undefined("no rule applies")
        return strip.reshape(canvas.shape)
