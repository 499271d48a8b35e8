"""Targets: the changes between canvases and outputs that rules must account for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.rules.backgrounds import Background, find_background
from arcsolve.dsl.rules.scene import Scene
from arcsolve.dsl.values import Cells, Integers

WORD = 64  # bits
UNKNOWN = 255  # in place of a color

Cover = NDArray[np.uint64]  # (..., word): a bit for each changed cell of the pairs


@dataclass(frozen=True, eq=False)
class Target:
    """The scene of all inputs, a canvas for each of them, and the outputs of the pairs.

    `canvas` and `goal` are strips like that of the scene. The pairs come first. `goal` is UNKNOWN
    for the tests. `bits` has the number of the bit of each changed cell on the strip. It is -1 for
    the other cells and for the tests.
    """

    scene: Scene
    background: Background
    canvas: Cells
    goal: Cells
    bits: Integers
    pairs: int

    @cached_property
    def changes(self) -> int:
        """The number of changed cells."""
        return int(self.bits.max(initial=-1)) + 1

    @property
    def words(self) -> int:
        """The words of a cover."""
        return -(-self.changes // WORD)

    @cached_property
    def blank(self) -> Integers:
        """The background color at each place of the strip."""
        board = self.scene.board
        return np.repeat(board.backgrounds, np.diff(board.starts))

    @cached_property
    def full(self) -> Cover:
        """The cover of all changed cells."""
        return self.cover_of(self.bits[self.bits >= 0])

    @cached_property
    def by_pair(self) -> Cover:
        """The cover of the changed cells of each pair (pair, word)."""
        ends = self.scene.board.starts[: self.pairs + 1]
        pieces = [self.bits[start:end] for start, end in pairwise(ends)]
        return np.stack([self.cover_of(piece[piece >= 0]) for piece in pieces])

    def cover_of(self, numbers: Integers) -> Cover:
        """Return the cover with these bits."""
        flags = np.zeros(self.words * WORD, np.bool_)
        flags[numbers] = True
        return pack_bits(flags)


def pack_bits(flags: NDArray[np.bool_]) -> Cover:
    """Return flags (..., bit) as words (..., word); the first flag is the lowest bit."""
    missing = -flags.shape[-1] % WORD
    padded = np.pad(flags, [(0, 0)] * (flags.ndim - 1) + [(0, missing)])
    return np.packbits(padded, axis=-1, bitorder="little").view(np.uint64)


def build_target(
    inputs: Sequence[Cells],
    outputs: Sequence[Cells],
    background: Background,
    canvases: Sequence[Cells] | None = None,
    scene: Scene | None = None,
) -> Target | None:
    """Return the target of a problem whose outputs have the shapes of the canvases.

    The inputs of the pairs come before those of the tests. `canvases` are the inputs by default.
    `scene` may hold the same inputs with the same background, cut into parts before. Returns None
    if shapes differ or if nothing changes.
    """
    canvases = inputs if canvases is None else canvases
    shapes = [grid.shape for grid in (*inputs, *outputs)]
    if [grid.shape for grid in (*canvases, *canvases[: len(outputs)])] != shapes:
        return None
    if scene is None:
        scene = Scene(inputs, [find_background(grid, background) for grid in inputs])
    canvas = np.concatenate([grid.ravel() for grid in canvases])
    known = np.concatenate([grid.ravel() for grid in outputs])
    goal = np.full(len(canvas), UNKNOWN, np.uint8)
    goal[: len(known)] = known
    bits = np.full(len(canvas), -1, np.int64)
    changed = np.flatnonzero(canvas[: len(known)] != known)
    bits[changed] = np.arange(len(changed))
    if not len(changed):
        return None
    return Target(scene, background, canvas, goal, bits, len(outputs))
