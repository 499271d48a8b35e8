"""Rules: which parts of a grid change, and how.

    (rules 0 (rule objects_8 (has color 3) (fill itself 2)))

The number is the background color. In its place, a word may name the background of each grid (see
`arcsolve.dsl.rules.backgrounds`).
A rule names a partition, the test that chooses parts, and the effect on each chosen part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.rules.backgrounds import Background, find_background, price_background
from arcsolve.dsl.rules.expression import Expression
from arcsolve.dsl.rules.partitions import find_partition
from arcsolve.dsl.rules.scene import Scene
from arcsolve.dsl.rules.terms import Area, Strokes
from arcsolve.dsl.values import Cells, Flags, Integers

LIST_COST = 0.5  # bits of each rule after the first


@dataclass(frozen=True, slots=True)
class Rule:
    """An effect on the parts by a partition that pass a test."""

    partition: str
    test: Expression
    effect: Expression

    @property
    def cost(self) -> float:
        """The description length in bits."""
        return find_partition(self.partition).cost + self.test.cost + self.effect.cost

    def __str__(self) -> str:
        return f"(rule {self.partition} {self.test} {self.effect})"

    def choose(self, scene: Scene) -> Flags:
        """Return for each part of the scene whether it passes the test."""
        chosen: Any = self.test.evaluate(scene.parts(self.partition))
        return np.asarray(chosen, np.bool_)

    def draw(self, scene: Scene) -> Strokes:
        """Return the strokes for the chosen parts of the scene, with none for the others."""
        strokes: Any = self.effect.evaluate(scene.parts(self.partition))
        return choose_rows(strokes, self.choose(scene))


def choose_rows(strokes: Strokes, chosen: Flags) -> Strokes:
    """Return the strokes of the chosen rows, with none for the others."""
    offsets, kept = _choose(strokes.offsets, chosen)
    erased = strokes.erased
    if erased is not None:
        erased_offsets, erased_kept = _choose(erased.offsets, chosen)
        erased = Area(erased_offsets, erased.places[erased_kept])
    return Strokes(offsets, strokes.places[kept], strokes.colors[kept], erased)


def _choose(offsets: Integers, chosen: Flags) -> tuple[Integers, Flags]:
    """Return the offsets of the chosen rows alone, and a flag for each of the cells to keep."""
    sizes = np.diff(offsets)
    kept = np.repeat(chosen, sizes)
    return np.concatenate([[0], np.cumsum(np.where(chosen, sizes, 0))]), kept


@dataclass(frozen=True, slots=True)
class Rules:
    """A list of rules that paint a canvas one after the other.

    All rules see the parts of the same grid. All cells to erase become background first.
    """

    background: Background
    rules: tuple[Rule, ...]

    @property
    def cost(self) -> float:
        """The description length in bits."""
        lists = LIST_COST * (len(self.rules) - 1) + price_background(self.background)
        return sum(rule.cost for rule in self.rules) + lists

    def __str__(self) -> str:
        return f"(rules {self.background} {' '.join(map(str, self.rules))})"

    def open_scene(self, grids: Sequence[Cells]) -> Scene:
        """Return the scene of some grids with the background of these rules."""
        return Scene(grids, [find_background(grid, self.background) for grid in grids])

    def paint(self, scene: Scene, canvas: Cells) -> tuple[Cells, Flags]:
        """Return the painted strip, and for each grid whether a rule painted or erased a cell.

        `canvas` is a strip of the shape of the scene's strip.
        """
        drawn = [rule.draw(scene) for rule in self.rules]
        strip, touched = canvas.copy(), np.zeros(len(canvas), np.bool_)
        grid = np.repeat(np.arange(len(scene.grids)), np.diff(scene.board.starts))
        for strokes in drawn:
            if strokes.erased is not None:
                places = strokes.erased.places
                strip[places], touched[places] = scene.board.backgrounds[grid[places]], True
        for strokes in drawn:
            strip[strokes.places], touched[strokes.places] = strokes.colors, True
        return strip, np.logical_or.reduceat(touched, scene.board.starts[:-1])

    def apply(self, grid: Cells, canvas: Cells) -> Cells:
        """Return the canvas painted for the parts of the grid.

        Raises Undefined if the shapes differ and if no rule paints a cell.
        """
        if grid.shape != canvas.shape:
            raise Undefined("the canvas has another shape than the grid")
        strip, painted = self.paint(self.open_scene([grid]), canvas.ravel())
        if not painted[0]:
            raise Undefined("no rule applies")
        return strip.reshape(grid.shape)
