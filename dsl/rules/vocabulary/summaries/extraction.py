"""Extraction: new grids that show the chosen parts of a grid."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import Choice, FlagColumn, GridColors, NewGrids, term
from arcsolve.dsl.rules.vocabulary.effects import Symmetry
from arcsolve.dsl.values import Cells, Flags, Integers


class Showing(Choice):
    """The cells that a picture of parts shows."""

    BOX = ("box", 0.2)
    OWN = ("own_cells", 0.4, "cells")
    ZERO = ("own_cells_on_0", 0.6, "cells on black")
    INSIDE = ("inside", 0.5)


def picture(parts: Parts, chosen: Integers, showing: Showing) -> Cells | None:
    """Return the picture of the box around the chosen parts of one grid.

    Returns None if there are no parts, and if the picture holds no cell.
    """
    if not len(chosen):
        return None
    number, margin = int(parts.grid[chosen[0]]), int(showing is Showing.INSIDE)
    grid = parts.scene.grids[number]
    top, left = parts.top[chosen].min() + margin, parts.left[chosen].min() + margin
    end, right_end = parts.bottom[chosen].max() + 1 - margin, parts.right[chosen].max() + 1 - margin
    if top >= end or left >= right_end:
        return None
    window = grid[top:end, left:right_end]
    if showing not in (Showing.OWN, Showing.ZERO):
        return window
    first = parts.board.starts[number]
    labels = parts.outline.labels[first : first + grid.size].reshape(grid.shape)
    own = np.isin(labels[top:end, left:right_end], chosen)
    other = 0 if showing is Showing.ZERO else int(parts.board.backgrounds[number])
    return np.where(own, window, other).astype(np.uint8)


def split_by_grid(parts: Parts, chosen: Integers) -> list[Integers]:
    """Return parts, which stand in the order of their grids, as one array for each grid."""
    ends = np.searchsorted(parts.grid[chosen], np.arange(1, len(parts.scene.grids)))
    return np.split(chosen, ends)


def find_only(parts: Parts, flag: Flags) -> Integers:
    """Return the one part of each grid that has the flag, and -1 where none or several have it."""
    found = np.full(len(parts.scene.grids), -1)
    counts = np.bincount(parts.grid[flag], minlength=len(found))
    found[parts.grid[flag]] = np.flatnonzero(flag)
    found[counts != 1] = -1
    return found


@term(cost=0.0)
def show(parts: Parts, flag: FlagColumn, showing: Showing) -> NewGrids:
    """The {1} of the part {0}.

    Several such parts must look the same.

    >>> make("(show (most size) box)", "1100/0002")
    Grid('11')
    """
    chosen = split_by_grid(parts, np.flatnonzero(flag))
    return [_show_equal(parts, each, showing) for each in chosen]


def _show_equal(parts: Parts, chosen: Integers, showing: Showing) -> Cells | None:
    """Return the picture that each of the parts has, None if the pictures differ."""
    pictures = [picture(parts, chosen[n : n + 1], showing) for n in range(len(chosen))]
    first = pictures[0] if pictures else None
    if first is None:
        return None
    same = all(each is not None and np.array_equal(each, first) for each in pictures)
    return first if same else None


@term(cost=0.5)
def show_all(parts: Parts, flag: FlagColumn, showing: Showing) -> NewGrids:
    """The {1} of all parts {0}, in one picture.

    >>> make("(show_all (has color 2) own_cells)", "2010/0020/0000")
    Grid('200/002')
    """
    chosen = split_by_grid(parts, np.flatnonzero(flag))
    return [picture(parts, each, showing) for each in chosen]


_TURNS: dict[Symmetry, Callable[[Cells], Cells]] = {
    Symmetry.COLS: lambda grid: grid[:, ::-1],
    Symmetry.ROWS: lambda grid: grid[::-1],
    Symmetry.HALF: lambda grid: grid[::-1, ::-1],
    Symmetry.DIAGONAL: lambda grid: grid.T,
    Symmetry.RIGHT: lambda grid: np.rot90(grid, -1),
    Symmetry.LEFT: np.rot90,
}


def transform(grid: Cells, symmetry: Symmetry) -> Cells:
    """Return the grid, turned or mirrored."""
    return np.ascontiguousarray(_TURNS[symmetry](grid))


@term(cost=0.4)
def turned(parts: Parts, grids: NewGrids, symmetry: Symmetry) -> NewGrids:
    """{0}, {1}.

    >>> make("(turned (show (most size) box) left_right)", "1202/1100/0000", "blobs_8")
    Grid('21/11')
    """
    return [None if grid is None else transform(grid, symmetry) for grid in grids]


@term(cost=0.6)
def show_counterpart(parts: Parts, flag: FlagColumn, symmetry: Symmetry) -> NewGrids:
    """The content of the box of the part {0} once the grid is {1}.

    >>> make("(show_counterpart (has color 9) left_right)", "12399/45699")
    Grid('21/54')
    """
    chosen = zip(parts.scene.grids, find_only(parts, flag), strict=True)
    return [
        counterpart(parts, int(part), transform(grid, symmetry)) if part >= 0 else None
        for grid, part in chosen
    ]


def counterpart(parts: Parts, part: int, grid: Cells) -> Cells | None:
    """Return the box of a part in another grid, None if the box leaves the grid."""
    bottom, right = parts.bottom[part] + 1, parts.right[part] + 1
    if bottom > grid.shape[0] or right > grid.shape[1]:
        return None
    return grid[parts.top[part] : bottom, parts.left[part] : right]


@term(cost=0.5)
def paint(parts: Parts, grids: NewGrids, colors: GridColors) -> NewGrids:
    """{0}, with all cells but the background painted in {1}.

    >>> make("(paint (show (most size) own_cells) 5)", "1102/1000")
    Grid('55/50')
    """
    return [
        None if grid is None or color < 0 else paint_grid(grid, int(background), int(color))
        for grid, background, color in zip(grids, parts.board.backgrounds, colors, strict=True)
    ]


def paint_grid(grid: Cells, background: int, color: int) -> Cells:
    """Return the grid with all cells but the background in a color."""
    return np.where(grid == background, background, color).astype(np.uint8)
