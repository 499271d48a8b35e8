"""Canvases: the layout of an input for a network that labels every cell of a canvas.

Most canvases have the size of the output. The canvas for crops has the size of the input.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.grid import MAX_SIDE, NUM_COLORS, Grid
from arcsolve.dsl.task import Pair, Task

Cells = NDArray[np.uint8]
MAX_PARTS = 9  # panels of an input, and output cells for each input cell
MAX_GAP = 1  # cells, the width of a line that separates panels
OUTSIDE = NUM_COLORS  # the label of a canvas cell that is not part of the output


class Canvas(Protocol):
    """Converts an input to planes (planes, height, width), and a pair to labels (height, width)."""

    classes: ClassVar[int]
    """The number of labels: the colors, and `OUTSIDE` if the canvas uses it."""

    def planes(self, cells: Cells) -> Cells | None:
        """The planes for an input, None if the canvas does not fit the input's size."""

    def labels(self, pair: Pair) -> Cells | None:
        """The correct labels for a pair, None if this canvas cannot show its output."""

    def output(self, labels: Cells) -> Grid | None:
        """The output that labels stand for, None if they stand for none."""


class _Whole:
    """A canvas of the size of the output: every cell of the canvas is a cell of the output."""

    classes: ClassVar[int] = NUM_COLORS

    def labels(self, pair: Pair) -> Cells | None:
        """The colors of the output."""
        return pair.output.cells

    def output(self, labels: Cells) -> Grid | None:
        """The labels as colors."""
        return Grid(labels)


@dataclass(frozen=True, slots=True)
class Cropped:
    """The output is a crop of the input: the labels mark the crop and give its colors.

    If the output occurs several times in the input, the first place in reading order counts.
    """

    classes: ClassVar[int] = NUM_COLORS + 1

    def planes(self, cells: Cells) -> Cells | None:
        """The input itself as the only plane."""
        return cells[None]

    def labels(self, pair: Pair) -> Cells | None:
        """The colors of the crop where it occurs in the input, `OUTSIDE` elsewhere."""
        cells, part = pair.input.cells, pair.output.cells
        if part.shape[0] > cells.shape[0] or part.shape[1] > cells.shape[1]:
            return None
        windows = np.lib.stride_tricks.sliding_window_view(cells, part.shape)
        places = np.argwhere((windows == part).all((2, 3)))
        if not len(places):
            return None
        (row, column), (height, width) = places[0], part.shape
        labels = np.full_like(cells, OUTSIDE)
        labels[row : row + height, column : column + width] = part
        return labels

    def output(self, labels: Cells) -> Grid | None:
        """The bounding box of the cells inside the crop, None unless the box is full."""
        rows, columns = np.nonzero(labels != OUTSIDE)
        if not len(rows):
            return None
        part = labels[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        return Grid(part) if (part != OUTSIDE).all() else None


@dataclass(frozen=True, slots=True)
class SameSize(_Whole):
    """The output has the size of the input: one plane, the input."""

    def planes(self, cells: Cells) -> Cells | None:
        """The input itself as the only plane."""
        return cells[None]


@dataclass(frozen=True, slots=True)
class Enlarged(_Whole):
    """The output is larger by whole factors: one plane repeats the input, one enlarges its cells.

    There are no planes for an input whose output would exceed the largest grid.
    """

    rows: int
    columns: int

    def planes(self, cells: Cells) -> Cells | None:
        """The repeated input and the enlarged input."""
        if max(cells.shape[0] * self.rows, cells.shape[1] * self.columns) > MAX_SIDE:
            return None
        tiled = np.tile(cells, (self.rows, self.columns))
        return np.stack([tiled, cells.repeat(self.rows, 0).repeat(self.columns, 1)])


@dataclass(frozen=True, slots=True)
class Panels(_Whole):
    """The input consists of panels of the output's size, `gap` cells apart; each is a plane."""

    rows: int
    columns: int
    gap: int

    def planes(self, cells: Cells) -> Cells | None:
        """The panels in reading order."""
        height, width = (
            (side - self.gap * (parts - 1)) / parts
            for side, parts in zip(cells.shape, (self.rows, self.columns), strict=True)
        )
        if not (height.is_integer() and width.is_integer() and min(height, width) >= 1):
            return None
        h, w, gap = int(height), int(width), self.gap
        corners = ((r * (h + gap), c * (w + gap)) for r, c in np.ndindex(self.rows, self.columns))
        return np.stack([cells[top : top + h, left : left + w] for top, left in corners])


@dataclass(frozen=True, slots=True)
class Resampled(_Whole):
    """All outputs have one size: one plane has the nearest input cells, one the input's corner."""

    height: int
    width: int

    def planes(self, cells: Cells) -> Cells | None:
        """The nearest input cells, and the input repeated from its corner."""
        rows = np.arange(self.height) * cells.shape[0] // self.height
        columns = np.arange(self.width) * cells.shape[1] // self.width
        wrapped = np.ix_(
            np.arange(self.height) % cells.shape[0], np.arange(self.width) % cells.shape[1]
        )
        return np.stack([cells[np.ix_(rows, columns)], cells[wrapped]])


def choose_canvas(task: Task, crops: bool = False) -> Canvas | None:
    """The first canvas that can show the output of every pair, None if none can.

    Without `crops`, only canvases on which every label is a color count.
    """
    able = (canvas for canvas in _canvases(task) if _shows(canvas, task.pairs))
    return next((canvas for canvas in able if crops or canvas.classes == NUM_COLORS), None)


def _shows(canvas: Canvas, pairs: Sequence[Pair]) -> bool:
    for pair in pairs:
        planes, labels = canvas.planes(pair.input.cells), canvas.labels(pair)
        if planes is None or labels is None or planes.shape[1:] != labels.shape:
            return False
    return True


def _canvases(task: Task) -> Iterator[Canvas]:
    """Yield the canvases that the sizes of the first pair allow."""
    inputs, outputs = task.pairs[0].input.shape, task.pairs[0].output.shape
    yield SameSize()
    larger = [out // side for side, out in zip(inputs, outputs, strict=True)]
    if min(larger) >= 1 and larger[0] * larger[1] <= MAX_PARTS:
        yield Enlarged(*larger)
    for gap in range(MAX_GAP + 1):
        parts = [(side + gap) // (out + gap) for side, out in zip(inputs, outputs, strict=True)]
        if min(parts) >= 1 and parts[0] * parts[1] <= MAX_PARTS:
            yield Panels(parts[0], parts[1], gap)
    yield Cropped()
    yield Resampled(*outputs)
