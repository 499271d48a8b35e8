"""Augmentations: symmetries of the square with permutations of colors, and their inverses."""

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
    """Recolors cells, rotates them by quarter turns and transposes them.

    Cells get the new color that `palette` has for their color. They are rotated by `symmetry` % 4
    quarter turns, and transposed if `symmetry` is 4 or more. Works on the last two axes of an
    array. The value 10, which is no color, stays as it is.
    """

    symmetry: int
    palette: tuple[int, ...] = tuple(range(NUM_COLORS))

    @property
    def swaps_sides(self) -> bool:
        """True if height and width are swapped."""
        return (self.symmetry % 2 == 1) != (self.symmetry >= QUARTER_TURNS)

    def apply(self, cells: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Augment cells."""
        palette = np.array((*self.palette, NUM_COLORS), np.uint8)  # a token that is no color stays
        rotated = np.rot90(palette[cells], self.symmetry, axes=(-2, -1))
        return rotated.swapaxes(-2, -1) if self.symmetry >= QUARTER_TURNS else rotated

    def undo(self, cells: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Restore the cells that `apply` augmented."""
        inverse = np.argsort(self.palette).astype(np.uint8)
        undone: NDArray[np.uint8] = inverse[self._undo_symmetry(cells)]
        return undone

    def undo_scores(self, scores: NDArray[np.floating]) -> NDArray[np.floating]:
        """Restore scores (labels, height, width) of augmented cells, one plane for each label.

        The planes of the ten colors come first and are permuted. Planes of further labels stay in
        place.
        """
        return self._undo_symmetry(scores[[*self.palette, *range(NUM_COLORS, len(scores))]])

    def _undo_symmetry(self, values: NDArray[Any]) -> NDArray[Any]:
        rotated = values.swapaxes(-2, -1) if self.symmetry >= QUARTER_TURNS else values
        return np.rot90(rotated, -self.symmetry, axes=(-2, -1))


def free_colors(task: Task) -> tuple[int, ...]:
    """The colors that may be permuted, because the rule of the task does not seem to name them.

    The rule may name a color that occurs in every pair. It must name a color that an output has and
    its input lacks. All other colors are free, including those that occur nowhere.
    """
    colors = [(set(np.unique(p.input.cells)), set(np.unique(p.output.cells))) for p in task.pairs]
    always = set.intersection(*(before | after for before, after in colors))
    introduced = set.union(*(after - before for before, after in colors))
    return tuple(sorted(set(range(NUM_COLORS)) - always - introduced))


def draw_augmentation(
    free: tuple[int, ...], draws: np.random.Generator, symmetry: int | None = None
) -> Augmentation:
    """Draw an augmentation: any symmetry unless one is given, and a permutation of the free colors.

    `free` are the colors to permute.
    """
    palette = list(range(NUM_COLORS))
    for color, place in zip(free, draws.permutation(len(free)).tolist(), strict=True):
        palette[color] = free[place]
    if symmetry is None:
        symmetry = int(draws.integers(SYMMETRIES))
    return Augmentation(symmetry, tuple(palette))
