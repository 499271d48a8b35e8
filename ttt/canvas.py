"""Canvases: how an input reaches a network whose canvas has the size of the output."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dsl.task import Task

__all__ = ["Canvas", "Enlarged", "Panels", "Resampled", "SameSize", "canvas_of"]

Cells = NDArray[np.uint8]
MAX_PARTS = 9  # panels of an input, and cells of the output for one of the input
MAX_GAP = 1  # cells of a line that separates panels


class Canvas(Protocol):
    """Turns an input into planes (planes, height, width) of the size of the output."""

    def planes(self, cells: Cells) -> Cells | None:
        """The planes for an input, None if this canvas has none for its size."""


@dataclass(frozen=True, slots=True)
class SameSize:
    """The output has the size of the input: one plane, the input."""

    def planes(self, cells: Cells) -> Cells | None:
        return cells[None]


@dataclass(frozen=True, slots=True)
class Enlarged:
    """The output is some times as large: the input repeated, and its cells enlarged."""

    rows: int
    columns: int

    def planes(self, cells: Cells) -> Cells | None:
        tiled = np.tile(cells, (self.rows, self.columns))
        return np.stack([tiled, cells.repeat(self.rows, 0).repeat(self.columns, 1)])


@dataclass(frozen=True, slots=True)
class Panels:
    """The input is panels of the output's size, `gap` cells apart: a plane each."""

    rows: int
    columns: int
    gap: int

    def planes(self, cells: Cells) -> Cells | None:
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
class Resampled:
    """All outputs have one size: the nearest cell of the input, and the input's first corner."""

    height: int
    width: int

    def planes(self, cells: Cells) -> Cells | None:
        rows = np.arange(self.height) * cells.shape[0] // self.height
        columns = np.arange(self.width) * cells.shape[1] // self.width
        wrapped = np.ix_(
            np.arange(self.height) % cells.shape[0], np.arange(self.width) % cells.shape[1]
        )
        return np.stack([cells[np.ix_(rows, columns)], cells[wrapped]])


def canvas_of(task: Task) -> Canvas | None:
    """The first canvas that gives the size of the output in every pair; None if none does."""
    for canvas in _canvases(task):
        shapes = [(canvas.planes(p.input.cells), p.output.shape) for p in task.pairs]
        if all(planes is not None and planes.shape[1:] == shape for planes, shape in shapes):
            return canvas
    return None


def _canvases(task: Task) -> Iterator[Canvas]:
    """Those that the sizes of the first pair allow."""
    inputs, outputs = task.pairs[0].input.shape, task.pairs[0].output.shape
    yield SameSize()
    larger = [out // side for side, out in zip(inputs, outputs, strict=True)]
    if min(larger) >= 1 and larger[0] * larger[1] <= MAX_PARTS:
        yield Enlarged(*larger)
    for gap in range(MAX_GAP + 1):
        parts = [(side + gap) // (out + gap) for side, out in zip(inputs, outputs, strict=True)]
        if min(parts) >= 1 and parts[0] * parts[1] <= MAX_PARTS:
            yield Panels(parts[0], parts[1], gap)
    yield Resampled(*outputs)
