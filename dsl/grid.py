"""Grid: a frozen rectangle of colors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.html import grid_html

MAX_SIDE = 30  # cells; the competition's limit for a side
NUM_COLORS = 10


class Grid:
    """Read-only cells with colors 0 to 9; grids are equal and hashable by content.

    A Grid is made from rows of ints, from a 2-D integer array, or from text in which ``/``
    separates rows: ``Grid([[1, 2], [3, 4]]) == Grid("12/34")``. The side limit `MAX_SIDE` applies
    to the grids of a task and is checked where files are read; a Grid itself may be larger. Raises
    BadInput for anything but a full rectangle of colors.
    """

    __slots__ = ("_hash", "cells")

    _hash: int
    cells: NDArray[np.uint8]
    """The cells as an array of shape (height, width), not writable."""

    def __init__(self, rows: str | Sequence[Sequence[int]] | NDArray[Any]) -> None:
        cells = _check_cells(_parse_digits(rows) if isinstance(rows, str) else rows)
        cells.flags.writeable = False
        object.__setattr__(self, "cells", cells)
        object.__setattr__(self, "_hash", hash((cells.shape, cells.tobytes())))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Grid is frozen")

    def __reduce__(self) -> tuple[type[Grid], tuple[NDArray[np.uint8]]]:
        return Grid, (np.array(self.cells),)

    @property
    def shape(self) -> tuple[int, int]:
        """Return (height, width) in cells."""
        height, width = self.cells.shape
        return height, width

    @property
    def height(self) -> int:
        """Return the number of rows."""
        return self.shape[0]

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return self.shape[1]

    def rows(self) -> list[list[int]]:
        """Return the cells as lists of ints, top row first."""
        rows: list[list[int]] = self.cells.tolist()
        return rows

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Grid) and np.array_equal(self.cells, other.cells)

    def __hash__(self) -> int:
        return self._hash

    def __str__(self) -> str:
        return "/".join("".join(map(str, row)) for row in self.rows())

    def __repr__(self) -> str:
        return f"Grid({str(self)!r})"

    def _repr_html_(self) -> str:
        return grid_html(self.cells)


def _parse_digits(text: str) -> list[list[int]]:
    if not text.isascii() or not text.replace("/", "").isdigit():
        raise BadInput(f"expected digits with rows separated by '/', found {text[:60]!r}")
    return [[int(digit) for digit in row] for row in text.split("/")]


def _check_cells(rows: Sequence[Sequence[int]] | NDArray[Any]) -> NDArray[np.uint8]:
    """Return a fresh uint8 copy of the rows; raise BadInput unless they are a rectangle of colors.

    The check comes before the cast, so that 300 is an error and does not become 44.
    """
    try:
        array = np.asarray(rows)
    except ValueError:
        raise BadInput("the rows have different lengths") from None
    if array.ndim != 2 or array.size == 0:
        raise BadInput(f"expected a non-empty 2-D grid, found shape {array.shape}")
    if array.dtype.kind not in "iu":
        raise BadInput(f"expected whole numbers, found {array.dtype}")
    if array.min() < 0 or array.max() >= NUM_COLORS:
        wrong = array[(array < 0) | (array >= NUM_COLORS)][0]
        raise BadInput(f"expected colors 0 to 9, found {wrong}")
    return np.array(array, dtype=np.uint8, order="C")
