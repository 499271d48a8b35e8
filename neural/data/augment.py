"""Views: a task seen under a symmetry of the square and a permutation of colors, and back again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.task import Task

SYMMETRIES = 8
QUARTER_TURNS = 4


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Cells are recolored by `palette`, turned by `symmetry` % 4 quarters, transposed from 4 on.

    Works on the last two axes of an array of cells; `palette` has the new color for each color,
    and 10, which is no color, stays as it is.
    """

    symmetry: int
    palette: tuple[int, ...] = tuple(range(NUM_COLORS))

    @property
    def swaps_sides(self) -> bool:
        """Whether height and width change places."""
        return (self.symmetry % 2 == 1) != (self.symmetry >= QUARTER_TURNS)

    def apply(self, cells: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The cells as this view shows them."""
        palette = np.array((*self.palette, NUM_COLORS), np.uint8)  # what is no color stays
        turned = np.rot90(palette[cells], self.symmetry, axes=(-2, -1))
        return turned.swapaxes(-2, -1) if self.symmetry >= QUARTER_TURNS else turned

    def undo(self, cells: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The cells that `apply` made these from."""
        inverse = np.argsort(self.palette).astype(np.uint8)
        undone: NDArray[np.uint8] = inverse[self._undo_symmetry(cells)]
        return undone

    def undo_scores(self, scores: NDArray[np.floating]) -> NDArray[np.floating]:
        """The same for scores of all colors, shape (colors, height, width).

        Scores of further labels may follow those of the colors; they keep their place.
        """
        return self._undo_symmetry(scores[[*self.palette, *range(NUM_COLORS, len(scores))]])

    def _undo_symmetry(self, values: NDArray[Any]) -> NDArray[Any]:
        turned = values.swapaxes(-2, -1) if self.symmetry >= QUARTER_TURNS else values
        return np.rot90(turned, -self.symmetry, axes=(-2, -1))


def free_colors(task: Task) -> tuple[int, ...]:
    """The colors that the rule does not seem to name, so that permuting them keeps the rule.

    A color in every pair may be named by the rule, and one that an output has and its input has
    not must be. All others are free, those that occur nowhere among them.
    """
    seen = [(set(np.unique(p.input.cells)), set(np.unique(p.output.cells))) for p in task.pairs]
    always = set.intersection(*(before | after for before, after in seen))
    introduced = set.union(*(after - before for before, after in seen))
    return tuple(sorted(set(range(NUM_COLORS)) - always - introduced))


def draw_augmentation(
    free: tuple[int, ...], draws: np.random.Generator, symmetry: int | None = None
) -> Augmentation:
    """A view at random: any symmetry unless one is given, and the free colors permuted."""
    palette = list(range(NUM_COLORS))
    for color, place in zip(free, draws.permutation(len(free)).tolist(), strict=True):
        palette[color] = free[place]
    if symmetry is None:
        symmetry = int(draws.integers(SYMMETRIES))
    return Augmentation(symmetry, tuple(palette))
