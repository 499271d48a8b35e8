"""Scenes: the grids of a task on one strip of cells, cut into parts in several ways."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.kernels.scenery.strips import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    Board,
    Outline,
    find_touching,
    hash_shapes,
    pick_best,
)
from arcsolve.dsl.rules.partitions import Partition, find_partition
from arcsolve.dsl.values import Cells, Flags, Integers

MISSING = -1
"""The value of an attribute that a part does not have. No color and no number is negative."""


class Scene:
    """Grids on one strip of cells, with the background color of each grid.

    A rule reads each grid by itself: the value of an attribute never depends on another grid.
    """

    def __init__(self, grids: Sequence[Cells], backgrounds: Sequence[int]) -> None:
        shapes = np.array([grid.shape for grid in grids], np.int64).reshape(-1, 2)
        starts = np.concatenate([[0], np.cumsum(shapes.prod(axis=1))]).astype(np.int64)
        cells = np.concatenate([grid.ravel() for grid in grids]).astype(np.uint8)
        self.grids = tuple(np.array(grid, np.uint8) for grid in grids)  # kernels take writable ones
        self.board = Board(
            cells,
            starts,
            shapes[:, 0].copy(),
            shapes[:, 1].copy(),
            np.array(backgrounds, np.int64),
        )
        self._parts: dict[str, Parts] = {}

    def parts(self, name: str) -> Parts:
        """Return the parts of all grids by a partition. Raises BadProgram for an unknown name."""
        if name not in self._parts:
            partition = find_partition(name)
            labels, counts = self._label(partition)
            self._parts[name] = Parts(self, partition, _outline(self.board, labels, counts))
        return self._parts[name]

    def _label(self, partition: Partition) -> tuple[Integers, list[int]]:
        """Return the number of each cell's part on the strip, and the parts of each grid."""
        strips, counts = [], list[int]()
        for grid, background in zip(self.grids, self.board.backgrounds, strict=True):
            labels = partition.split(grid, int(background)).ravel()
            if (count := int(labels.max(initial=MISSING)) + 1) > partition.most:
                labels, count = np.full_like(labels, MISSING), 0
            strips.append(np.where(labels >= 0, labels + sum(counts), MISSING))
            counts.append(count)
        return np.concatenate(strips).astype(np.int64), counts

    def cut(self, strip: Cells) -> list[Cells]:
        """Return the grids whose cells stand on a strip of the shape of this scene's strip."""
        pieces = np.split(strip, self.board.starts[1:-1])
        return [piece.reshape(grid.shape) for piece, grid in zip(pieces, self.grids, strict=True)]


def _outline(board: Board, labels: Integers, counts: list[int]) -> Outline:
    """Return the parts of these labels, which are numbered grid by grid."""
    total = sum(counts)
    places = np.argsort(labels, kind="stable")[np.count_nonzero(labels < 0) :]
    offsets = np.searchsorted(labels[places], np.arange(total + 1)).astype(np.int64)
    grids = np.repeat(np.arange(len(counts)), counts).astype(np.int64)
    owner = grids[labels[places]]
    rows, cols = np.divmod(places - board.starts[owner], board.widths[owner])
    boxes = np.zeros((total, 4), np.int64)
    if total:
        boxes[:, TOP] = np.minimum.reduceat(rows, offsets[:-1])
        boxes[:, BOTTOM] = np.maximum.reduceat(rows, offsets[:-1])
        boxes[:, LEFT] = np.minimum.reduceat(cols, offsets[:-1])
        boxes[:, RIGHT] = np.maximum.reduceat(cols, offsets[:-1])
    return Outline(grids, boxes, offsets, places.astype(np.int64), labels)


class Parts:
    """The parts of all grids of a scene by one partition, as columns with one number a part.

    `index` names the part of each row. Areas and shifts are computed row by row: a search asks for
    many of them at once and repeats the parts (`tile`). All other columns have one row a part.
    """

    def __init__(
        self, scene: Scene, partition: Partition, outline: Outline, base: Parts | None = None
    ) -> None:
        self.scene, self.partition, self.outline = scene, partition, outline
        self.base, self.index = base or self, np.arange(len(outline.grids))
        self._values: dict[Hashable, Any] = {}

    def __len__(self) -> int:
        return len(self.index)

    def tile(self, times: int, rows: Integers | None = None) -> Parts:
        """Return these parts, or some of their rows, repeated so many times."""
        tiled = Parts(self.scene, self.partition, self.outline, self)
        tiled.index = np.tile(self.index if rows is None else self.index[rows], times)
        return tiled

    def remember(self, key: Hashable, compute: Callable[[], Any]) -> Any:
        """Return the value that `compute` gave for the key the first time."""
        if key not in self._values:
            self._values[key] = compute()
        return self._values[key]

    @property
    def board(self) -> Board:
        """The strip of the scene."""
        return self.scene.board

    @property
    def grid(self) -> Integers:
        """The grid of each row's part."""
        return self.outline.grids[self.index]

    @cached_property
    def top(self) -> Integers:
        """The first row of each part."""
        return self.outline.boxes[self.index, TOP]

    @cached_property
    def left(self) -> Integers:
        """The first column of each part."""
        return self.outline.boxes[self.index, LEFT]

    @cached_property
    def bottom(self) -> Integers:
        """The last row of each part."""
        return self.outline.boxes[self.index, BOTTOM]

    @cached_property
    def right(self) -> Integers:
        """The last column of each part."""
        return self.outline.boxes[self.index, RIGHT]

    @cached_property
    def height(self) -> Integers:
        """The rows of each part's box."""
        return self.bottom - self.top + 1

    @cached_property
    def width(self) -> Integers:
        """The columns of each part's box."""
        return self.right - self.left + 1

    @cached_property
    def size(self) -> Integers:
        """The number of cells of each part."""
        return np.diff(self.outline.offsets)[self.index]

    @property
    def grid_height(self) -> Integers:
        """The rows of the grid of each part."""
        return self.board.heights[self.grid]

    @property
    def grid_width(self) -> Integers:
        """The columns of the grid of each part."""
        return self.board.widths[self.grid]

    @property
    def background(self) -> Integers:
        """The background color of the grid of each part."""
        return self.board.backgrounds[self.grid]

    @cached_property
    def color_counts(self) -> Integers:
        """The cells of each color (part, color)."""
        if self.base is not self:
            return self.base.color_counts[self.index]
        colors = self.board.cells[self.outline.cells]
        keys = self.owner * NUM_COLORS + colors
        counts = np.bincount(keys, minlength=len(self.outline.grids) * NUM_COLORS)
        return counts.reshape(-1, NUM_COLORS)

    @property
    def owner(self) -> Integers:
        """The part of each of the outline's cells."""
        sizes = np.diff(self.outline.offsets)
        return np.repeat(np.arange(len(sizes)), sizes)

    @cached_property
    def color(self) -> Integers:
        """The commonest color of each part; of equally common colors the lowest."""
        if self.base is not self:
            return self.base.color[self.index]
        return self.color_counts.argmax(axis=1)

    @cached_property
    def minor(self) -> Integers:
        """The rarest color of each part of several colors, or MISSING."""
        if self.base is not self:
            return self.base.minor[self.index]
        counts = np.where(self.color_counts > 0, self.color_counts, np.iinfo(np.int64).max)
        rarest = NUM_COLORS - 1 - counts[:, ::-1].argmin(axis=1)
        return np.where(self.colors > 1, rarest, MISSING)

    @cached_property
    def colors(self) -> Integers:
        """The number of colors of each part."""
        return (self.color_counts > 0).sum(axis=1)

    @cached_property
    def shapes(self) -> Integers:
        """The hash of each part's mask after each symmetry of the square (part, symmetry)."""
        return hash_shapes(self.board, self.outline, False)[self.index]

    @cached_property
    def patterns(self) -> Integers:
        """The hash of each part's cells, with colors, after each symmetry (part, symmetry)."""
        return hash_shapes(self.board, self.outline, True)[self.index]

    @property
    def neighbors(self) -> Parts:
        """The parts that references lead to."""
        return self.scene.parts(self.partition.neighbors)

    @cached_property
    def meetings(self) -> Meetings:
        """All pairs of a part and a neighbor in its grid."""
        return Meetings(self, self.neighbors)


class Meetings:
    """All pairs of a part and a neighbor in its grid, the neighbors of one part after the other.

    Neighbors are the parts by the partition's `neighbors`. A part is no neighbor of itself.
    """

    def __init__(self, parts: Parts, neighbors: Parts) -> None:
        self.neighbors = neighbors
        first = np.searchsorted(neighbors.grid, parts.grid)
        counts = np.searchsorted(neighbors.grid, parts.grid, side="right") - first
        self.offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self.one = np.repeat(np.arange(len(parts)), counts)
        self.other = np.arange(self.offsets[-1]) - np.repeat(self.offsets[:-1] - first, counts)
        self._parts, self._first = parts, first

    def of_one(self, column: Integers) -> Integers:
        """Return the value of a column of the parts for the part of each pair."""
        return column[self.one]

    def of_other(self, column: Integers) -> Integers:
        """Return the value of a column of the neighbors for the neighbor of each pair."""
        return column[self.other]

    @cached_property
    def distinct(self) -> Flags:
        """True for each pair of two different parts."""
        parts, others = self._parts, self.neighbors
        if parts is others:
            return self.one != self.other
        shared = others.outline.labels[parts.outline.cells[parts.outline.offsets[:-1]]]
        return shared[self.one] != self.other

    @cached_property
    def gap_rows(self) -> Integers:
        """The steps from one box to the other over rows; 0 if they share a row."""
        down = self.of_other(self.neighbors.top) - self.of_one(self._parts.bottom)
        up = self.of_one(self._parts.top) - self.of_other(self.neighbors.bottom)
        return np.maximum(np.maximum(down, up), 0)

    @cached_property
    def gap_cols(self) -> Integers:
        """The steps from one box to the other over columns; 0 if they share a column."""
        right = self.of_other(self.neighbors.left) - self.of_one(self._parts.right)
        left = self.of_one(self._parts.left) - self.of_other(self.neighbors.right)
        return np.maximum(np.maximum(right, left), 0)

    @cached_property
    def distance(self) -> Integers:
        """The steps over rows and columns from one box to the other."""
        return self.gap_rows + self.gap_cols

    @cached_property
    def touching(self) -> Flags:
        """True if a cell of one part is next to a cell of the other, over an edge or a corner."""
        others = self.neighbors.outline.labels
        return find_touching(
            self._parts.board, self._parts.outline, others, self.offsets, self._first
        )

    @cached_property
    def inside(self) -> Flags:
        """True if the box of the part lies in the larger box of the neighbor."""
        return self._covers(self.neighbors, self.other, self._parts, self.one)

    @cached_property
    def around(self) -> Flags:
        """True if the box of the neighbor lies in the larger box of the part."""
        return self._covers(self._parts, self.one, self.neighbors, self.other)

    @staticmethod
    def _covers(big: Parts, outer: Integers, small: Parts, inner: Integers) -> Flags:
        covers = (big.top[outer] <= small.top[inner]) & (big.bottom[outer] >= small.bottom[inner])
        covers &= (big.left[outer] <= small.left[inner]) & (big.right[outer] >= small.right[inner])
        taller = big.height[outer] > small.height[inner]
        larger: Flags = covers & (taller | (big.width[outer] > small.width[inner]))
        return larger

    def pick(self, possible: Flags, keys: Integers | None = None) -> Integers:
        """Return for each part the possible neighbor with the least key, or MISSING.

        The default key is the distance, and then the neighbor's size.
        """
        if keys is None:
            keys = self.distance * self.neighbors.board.cells.size + self.of_other(
                self.neighbors.size
            )
        best = pick_best(self.offsets, possible & self.distinct, keys)
        if not len(self.other):
            return best
        return np.where(best >= 0, self.other[best], MISSING)
