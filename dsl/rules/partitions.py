"""Partitions: the ways to cut a grid into parts, declared with a decorator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from arcsolve.dsl.errors import BadProgram, suggestion
from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.kernels.scenery.panes import label_panels
from arcsolve.dsl.kernels.scenery.strips import label_components
from arcsolve.dsl.values import Cells, Integers

MOST_PARTS = 90  # of a grid; a grid of more parts is noise
MOST_CELLS = 40  # parts of one cell: more of them cost work and tell little

Split = Callable[[Cells, int], Integers]
"""From a grid and its background to the label (row, col) of each cell, -1 for no part."""

_registry: dict[str, Partition] = {}


@dataclass(frozen=True, slots=True)
class Partition:
    """A way to cut a grid into parts.

    `cost` is its description length in bits. `neighbors` names the partition of the parts that
    references lead to. A grid with more than `most` parts has none. `still` parts fill the grid, so
    that rules paint or restore their own cells only.
    """

    name: str
    split: Split
    cost: float
    neighbors: str
    most: int
    still: bool

    @property
    def doc(self) -> str:
        """The docstring of the function."""
        return self.split.__doc__ or ""


def partition(
    cost: float, neighbors: str = "", most: int = MOST_PARTS, still: bool = False
) -> Callable[[Split], Split]:
    """Register the decorated function as a partition, which parts may refer to `neighbors`."""

    def register(split: Split) -> Split:
        name = split.__name__
        _registry[name] = Partition(name, split, cost, neighbors or name, most, still)
        return split

    return register


def partitions() -> tuple[Partition, ...]:
    """Return all partitions, the cheapest first."""
    return tuple(sorted(_registry.values(), key=lambda each: (each.cost, each.name)))


def find_partition(name: str) -> Partition:
    """Return the partition of this name; raise BadProgram if there is none."""
    if name not in _registry:
        close = suggestion(name, tuple(_registry))
        raise BadProgram(f"there is no partition {name[:40]!r}{close}", name, 0)
    return _registry[name]


@partition(cost=0.5)
def objects_8(grid: Cells, background: int) -> Integers:
    """Objects: connected cells of one color, also over corners.

    >>> label("objects_8", "1200/0101")
    'AB../.A.C'
    """
    return label_components(grid, background, True, True)


@partition(cost=0.6)
def objects_4(grid: Cells, background: int) -> Integers:
    """Objects: connected cells of one color, only over edges.

    >>> label("objects_4", "1200/0101")
    'AB../.C.D'
    """
    return label_components(grid, background, False, True)


@partition(cost=0.7)
def blobs_8(grid: Cells, background: int) -> Integers:
    """Blobs: connected cells of any colors, also over corners.

    >>> label("blobs_8", "1200/0101")
    'AA../.A.B'
    """
    return label_components(grid, background, True, False)


@partition(cost=1.0)
def blobs_4(grid: Cells, background: int) -> Integers:
    """Blobs: connected cells of any colors, only over edges.

    >>> label("blobs_4", "1200/0020")
    'AA../..B.'
    """
    return label_components(grid, background, False, False)


@partition(cost=0.8, neighbors="objects_8", most=MOST_CELLS)
def single_cells(grid: Cells, background: int) -> Integers:
    """Cells: all cells that are not background.

    >>> label("single_cells", "1100/0002")
    'AB../...C'
    """
    filled = grid != background
    return np.where(filled, np.cumsum(filled).reshape(grid.shape) - 1, -1)


@partition(cost=0.9)
def color_groups(grid: Cells, background: int) -> Integers:
    """Color groups: all cells of one color.

    >>> label("color_groups", "1002/2001")
    'A..B/B..A'
    """
    present = [color for color in np.unique(grid) if color != background]
    numbers = np.full(NUM_COLORS, -1)
    numbers[present] = np.arange(len(present))
    return numbers[grid]


@partition(cost=0.45, still=True)
def all_colors(grid: Cells, background: int) -> Integers:
    """Colors: all cells of one color, which may be the background.

    >>> label("all_colors", "1002/2001")
    'BAAC/CAAB'
    """
    return np.searchsorted(np.unique(grid), grid)


@partition(cost=1.1)
def near_groups(grid: Cells, background: int) -> Integers:
    """Groups: cells with at most one background cell between them.

    >>> label("near_groups", "1020001")
    'A.A...B'
    """
    filled = np.pad(grid != background, 1)
    height, width = grid.shape
    windows = [
        filled[row : row + height, col : col + width] for row in range(3) for col in range(3)
    ]
    spread = np.logical_or.reduce(windows).astype(np.uint8)
    return np.where(grid != background, label_components(spread, 0, True, True), -1)


@partition(cost=0.8, neighbors="objects_8")
def holes(grid: Cells, background: int) -> Integers:
    """Holes: regions of background that do not reach the border of the grid.

    >>> label("holes", "11100/10101/11101")
    '...../.A.../.....'
    """
    labels = gaps(grid, background)
    border = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    numbers = np.arange(labels.max(initial=-1) + 2)  # the last number is that of no part, -1
    numbers[border] = -1
    numbers[-1] = -1
    kept = numbers >= 0
    return np.where(kept, np.cumsum(kept) - 1, -1)[labels]


@partition(cost=1.1, neighbors="objects_8")
def gaps(grid: Cells, background: int) -> Integers:
    """Gaps: regions of background that are connected over edges.

    >>> label("gaps", "1101/1011")
    '..A./.B..'
    """
    inverse = (grid == background).astype(np.uint8)
    return label_components(inverse, 0, False, True)


@partition(cost=0.5)
def panels(grid: Cells, background: int) -> Integers:
    """Panels: windows between full rows and columns of one color, with all their cells.

    >>> label("panels", "10502/00500")
    'AA.BB/AA.BB'
    """
    return label_panels(grid)


@partition(cost=1.0)
def tiles(grid: Cells, background: int) -> Integers:
    """Tiles: squares that the grid consists of, side by side or one below the other.

    >>> label("tiles", "1002/0120")
    'AABB/AABB'
    """
    height, width = grid.shape
    side, side_count = min(height, width), max(height, width) // min(height, width)
    if side_count < 2 or max(height, width) % side:
        return np.full(grid.shape, -1)
    return np.add.outer(np.arange(height) // side, np.arange(width) // side)
