"""Drawn numbers: new grids that show a number, or whose size is a number."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import Choice, GridColors, GridNumbers, NewGrids, term
from arcsolve.dsl.rules.vocabulary.summaries.arrangement import MOST_SIDE, Filling, fill_canvas
from arcsolve.dsl.values import Cells


@term(cost=0.9)
def diagonal_line(parts: Parts, numbers: GridNumbers, colors: GridColors) -> NewGrids:
    """A diagonal line in {1} whose length is {0}.

    It runs from the top left to the bottom right.

    >>> make("(diagonal_line (count every) 5)", "10203")
    Grid('500/050/005')
    """
    backgrounds = parts.board.backgrounds
    return [
        draw_diagonal(int(n), int(c), int(b)) if 0 < n <= MOST_SIDE and c >= 0 else None
        for n, c, b in zip(numbers, colors, backgrounds, strict=True)
    ]


def draw_diagonal(number: int, color: int, background: int) -> Cells:
    """Return a square with a diagonal of so many cells of a color."""
    return np.where(np.eye(number, dtype=np.bool_), color, background).astype(np.uint8)


@term(cost=0.5)
def canvas(parts: Parts, heights: GridNumbers, widths: GridNumbers, colors: GridColors) -> NewGrids:
    """A canvas whose height is {0} and width {1}, in {2}.

    >>> make("(canvas 1 (count every) 5)", "10203")
    Grid('555')
    """
    found: list[Cells | None] = []
    for height, width, color in zip(heights, widths, colors, strict=True):
        fits = 0 < height <= MOST_SIDE and 0 < width <= MOST_SIDE and color >= 0
        found.append(np.full((height, width), color, np.uint8) if fits else None)
    return found


@term(cost=0.6)
def fill_in(
    parts: Parts,
    numbers: GridNumbers,
    colors: GridColors,
    blanks: GridColors,
    heights: GridNumbers,
    widths: GridNumbers,
    filling: Filling,
) -> NewGrids:
    """As many cells in {1} as {0}, {5} on a canvas in {2} whose height is {3} and width {4}.

    >>> make("(fill_in (count every) 5 0 2 2 row_by_row)", "10203")
    Grid('55/50')
    """
    found: list[Cells | None] = []
    for number, color, blank, *shape in zip(numbers, colors, blanks, heights, widths, strict=True):
        known = min(number, color, blank) >= 0
        row = np.full(max(number, 0), max(color, 0), np.uint8)
        height, width = map(int, shape)
        found.append(fill_canvas(row, int(blank), height, width, filling) if known else None)
    return found


@term(cost=0.3)
def input_(parts: Parts) -> NewGrids:
    """The grid.

    >>> make("(grow input 2 tiled_to_the_right)", "120")
    Grid('120120')
    """
    return list(parts.scene.grids)


class Repeating(Choice):
    """The way in which a number enlarges a grid."""

    SCALE = ("scaled", 0.3, "enlarged")
    TILE = ("tiled", 0.3, "tiled")
    TILE_ROW = ("tiled_to_the_right", 0.4, "repeated to the right")
    TILE_COL = ("tiled_downward", 0.4, "repeated downward")


def repeat_grid(grid: Cells, number: int, repeating: Repeating) -> Cells | None:
    """Return the grid, repeated by a number, or None if it is too large."""
    down = 1 if repeating is Repeating.TILE_ROW else number
    right = 1 if repeating is Repeating.TILE_COL else number
    if number < 1 or grid.shape[0] * down > MOST_SIDE or grid.shape[1] * right > MOST_SIDE:
        return None
    if repeating is Repeating.SCALE:
        return np.repeat(np.repeat(grid, number, axis=0), number, axis=1)
    return np.tile(grid, (down, right))


@term(cost=0.3)
def grow(parts: Parts, grids: NewGrids, numbers: GridNumbers, repeating: Repeating) -> NewGrids:
    """{0}, {2} by a factor of {1}.

    >>> make("(grow input (count every) scaled)", "10/02")
    Grid('1100/1100/0022/0022')
    """
    return [
        None if grid is None else repeat_grid(grid, int(number), repeating)
        for grid, number in zip(grids, numbers, strict=True)
    ]


def merge_repeats(grid: Cells) -> Cells:
    """Return the grid with equal neighboring rows merged into one, and columns as well."""
    for axis in (0, 1):
        fresh = (np.diff(grid.astype(np.int64), axis=axis) != 0).any(axis=1 - axis)
        grid = np.compress(np.concatenate([[True], fresh]), grid, axis=axis)
    return np.ascontiguousarray(grid)


@term(cost=0.6)
def condense(parts: Parts, grids: NewGrids) -> NewGrids:
    """{0}, with equal neighboring rows and columns merged.

    >>> make("(condense input)", "1122/1122/3344")
    Grid('12/34')
    """
    return [None if grid is None else merge_repeats(grid) for grid in grids]
