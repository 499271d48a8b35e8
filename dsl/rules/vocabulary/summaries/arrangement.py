"""Arrangement: new grids that show chosen parts in an order, or only their colors and lengths."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import (
    Choice,
    FlagColumn,
    GridNumbers,
    NewGrids,
    NumberColumn,
    OrderColumn,
    term,
)
from arcsolve.dsl.rules.vocabulary.summaries.extraction import Showing, picture, split_by_grid
from arcsolve.dsl.values import Cells, Flags, Integers

MOST_SIDE = 30  # cells a side of a new grid


def _rank(parts: Parts, *keys: Integers) -> Integers:
    """Return the place of each part among the parts of its grid, sorted by the keys."""
    places = np.empty(len(parts), np.int64)
    places[np.lexsort((*keys[::-1], parts.grid))] = np.arange(len(parts))
    return places - np.searchsorted(parts.grid, parts.grid)


@term(cost=0.2)
def reading(parts: Parts) -> OrderColumn:
    """From top to bottom, then from left to right.

    >>> measure("reading", "001/000/200")
    [0, 1]
    """
    return _rank(parts, parts.top, parts.left)


@term(cost=0.2)
def left_to_right(parts: Parts) -> OrderColumn:
    """From left to right, then from top to bottom.

    >>> measure("left_to_right", "001/000/200")
    [1, 0]
    """
    return _rank(parts, parts.left, parts.top)


@term(cost=0.5)
def from_least(parts: Parts, number: NumberColumn) -> OrderColumn:
    """From the least to the greatest {0}.

    >>> measure("(from_least size)", "1110202203")
    [3, 0, 2, 1]
    """
    return _rank(parts, number, parts.top, parts.left)


@term(cost=0.4)
def from_greatest(parts: Parts, number: NumberColumn) -> OrderColumn:
    """From the greatest to the least {0}.

    >>> measure("(from_greatest size)", "1110202203")
    [0, 2, 1, 3]
    """
    return _rank(parts, -number, parts.top, parts.left)


def arrange(parts: Parts, flag: Flags, order: Integers) -> list[Integers]:
    """Return for each grid the parts with the flag, in the order."""
    sequence = np.lexsort((order, parts.grid))
    return split_by_grid(parts, sequence[flag[sequence]])


class Joining(Choice):
    """The arrangement of several pictures in one grid."""

    ROW = ("side_by_side", 0.2)
    COL = ("one_below_the_other", 0.2)
    SPACED_ROW = ("side_by_side_with_gaps", 0.4)
    SPACED_COL = ("one_below_the_other_with_gaps", 0.4)
    STACK = ("one_over_the_other", 0.4)  # the first on top, background is transparent


def join(pieces: Sequence[Cells], background: int, joining: Joining) -> Cells | None:
    """Return pictures on one grid; background fills the gaps.

    Returns None if the grid is too large, and for stacked pictures of different shapes.
    """
    if joining is Joining.STACK:
        return _stack(pieces, background)
    upright = joining in (Joining.COL, Joining.SPACED_COL)
    gap = int(joining in (Joining.SPACED_ROW, Joining.SPACED_COL))
    turned = [piece.T if upright else piece for piece in pieces]
    height = max(piece.shape[0] for piece in turned)
    width = sum(piece.shape[1] for piece in turned) + gap * (len(turned) - 1)
    if max(height, width) > MOST_SIDE:
        return None
    grid, left = np.full((height, width), background, np.uint8), 0
    for piece in turned:
        grid[: piece.shape[0], left : left + piece.shape[1]] = piece
        left += piece.shape[1] + gap
    return np.ascontiguousarray(grid.T) if upright else grid


def _stack(pieces: Sequence[Cells], background: int) -> Cells | None:
    if len({piece.shape for piece in pieces}) > 1:
        return None
    grid = pieces[-1]
    for piece in pieces[-2::-1]:
        grid = np.where(piece != background, piece, grid)
    return grid


@term(cost=0.8)
def line_up(
    parts: Parts, flag: FlagColumn, order: OrderColumn, showing: Showing, joining: Joining
) -> NewGrids:
    """The {2} of each part {0}, {3}, {1}.

    >>> make("(line_up every (from_least size) box side_by_side)", "2200/0000/0001")
    Grid('122')
    """
    found: list[Cells | None] = []
    for number, chosen in enumerate(arrange(parts, flag, order)):
        pieces = [picture(parts, np.array([part]), showing) for part in chosen]
        whole = [piece for piece in pieces if piece is not None]
        complete = pieces and len(whole) == len(pieces)
        background = int(parts.board.backgrounds[number])
        found.append(join(whole, background, joining) if complete else None)
    return found


class ColorLayout(Choice):
    """The arrangement of colors in a grid."""

    COL = ("column", 0.2, "a column")
    ROW = ("row", 0.2, "a row")
    ROWS = ("square_of_rows", 0.5, "the rows of a square")
    COLS = ("square_of_columns", 0.5, "the columns of a square")
    ALONG = ("line_as_they_stand", 0.4, "a line, the way they stand")
    SQUARE_ALONG = (
        "square_as_they_stand",
        0.6,
        "the rows or columns of a square, the way they stand",
    )
    RINGS = ("rings", 0.4, "rings around a single cell")
    WIDE_RINGS = ("rings_around_a_square", 0.5, "rings around a square of four cells")


def _draw_rings(colors: Cells, core: int) -> Cells:
    """Return nested rings, the first color outside, around a square of `core` cells a side."""
    side = 2 * (len(colors) - 1) + core
    border = np.minimum(np.arange(side), np.arange(side)[::-1])
    rings: Cells = colors[np.minimum.outer(border, border)]
    return rings


COLOR_LAYOUTS: dict[ColorLayout, Callable[[Cells], Cells]] = {
    ColorLayout.COL: lambda colors: colors[:, np.newaxis],
    ColorLayout.ROW: lambda colors: colors[np.newaxis],
    ColorLayout.ROWS: lambda colors: np.repeat(colors[:, np.newaxis], len(colors), axis=1),
    ColorLayout.COLS: lambda colors: np.repeat(colors[np.newaxis], len(colors), axis=0),
    ColorLayout.RINGS: lambda colors: _draw_rings(colors, 1),
    ColorLayout.WIDE_RINGS: lambda colors: _draw_rings(colors, 2),
}


@term(cost=0.6)
def line_up_colors(
    parts: Parts, flag: FlagColumn, order: OrderColumn, layout: ColorLayout
) -> NewGrids:
    """The colors of all parts {0}, as {2}, {1}.

    >>> make("(line_up_colors every (from_least size) row)", "2200/0000/0001")
    Grid('12')
    """
    found: list[Cells | None] = []
    for chosen in arrange(parts, flag, order):
        colors, drawn = parts.color[chosen].astype(np.uint8), layout
        if layout in STANDING:
            drawn = STANDING[layout][int(stand_side_by_side(parts, chosen))]
        fits = 0 < len(chosen) <= MOST_SIDE // (2 if layout in _NESTED else 1)
        found.append(COLOR_LAYOUTS[drawn](colors) if fits else None)
    return found


_NESTED = (ColorLayout.RINGS, ColorLayout.WIDE_RINGS)
STANDING = {
    ColorLayout.ALONG: (ColorLayout.COL, ColorLayout.ROW),
    ColorLayout.SQUARE_ALONG: (ColorLayout.ROWS, ColorLayout.COLS),
}
"""The layouts of parts that stand one below the other, and of parts side by side."""


def stand_side_by_side(parts: Parts, chosen: Integers) -> bool:
    """Return whether the parts of one grid spread more over columns than over rows."""
    right, down = parts.left[chosen] + parts.right[chosen], parts.top[chosen] + parts.bottom[chosen]
    return len(chosen) > 0 and bool(np.ptp(right) > np.ptp(down))


class Filling(Choice):
    """The order in which cells of a canvas are filled."""

    ROWS = ("row_by_row", 0.2)
    COLS = ("column_by_column", 0.3)
    SNAKE = ("there_and_back", 0.4, "row by row there and back")


def list_places(shape: tuple[int, ...], filling: Filling) -> Integers:
    """Return the places (row * width + col) of the cells of a canvas in the order of filling."""
    places = np.arange(math.prod(shape)).reshape(shape)
    if filling is Filling.COLS:
        return places.T.ravel()
    if filling is Filling.SNAKE:
        places[1::2] = places[1::2, ::-1].copy()
    return places.ravel()


def fill_canvas(
    colors: Cells, background: int, height: int, width: int, filling: Filling
) -> Cells | None:
    """Return a canvas whose first cells have the colors, or None if there are too many colors."""
    if not (0 < height <= MOST_SIDE and 0 < width <= MOST_SIDE and len(colors) <= height * width):
        return None
    canvas = np.full(height * width, background, np.uint8)
    canvas[list_places((height, width), filling)[: len(colors)]] = colors
    return canvas.reshape(height, width)


@term(cost=0.6)
def fill_in_colors(
    parts: Parts,
    flag: FlagColumn,
    order: OrderColumn,
    heights: GridNumbers,
    widths: GridNumbers,
    filling: Filling,
) -> NewGrids:
    """The colors of all parts {0}, {1}, {4} on a canvas whose height is {2} and width {3}.

    >>> make("(fill_in_colors every reading 2 2 row_by_row)", "10203")
    Grid('12/30')
    """
    found: list[Cells | None] = []
    for number, chosen in enumerate(arrange(parts, flag, order)):
        colors = parts.color[chosen].astype(np.uint8)
        shape = int(heights[number]), int(widths[number])
        background = int(parts.board.backgrounds[number])
        found.append(fill_canvas(colors, background, *shape, filling) if len(chosen) else None)
    return found


class Side(Choice):
    """The side from which bars grow."""

    LEFT = ("left", 0.2)
    RIGHT = ("right", 0.3)
    TOP = ("top", 0.3)
    BOTTOM = ("bottom", 0.3)


def draw_bars(colors: Cells, lengths: Integers, background: int, side: Side) -> Cells | None:
    """Return bars of these colors and lengths, the first at the top or at the left.

    Returns None if they are too long or too many.
    """
    if not 0 < len(colors) <= MOST_SIDE or lengths.min() < 0:
        return None
    if not 0 < lengths.max() <= MOST_SIDE:
        return None
    along = np.arange(lengths.max())
    bars = np.where(along < lengths[:, np.newaxis], colors[:, np.newaxis], background)
    if side in (Side.RIGHT, Side.BOTTOM):
        bars = bars[:, ::-1]
    upright = side in (Side.TOP, Side.BOTTOM)
    return np.ascontiguousarray(bars.T if upright else bars).astype(np.uint8)


@term(cost=0.7)
def bars(
    parts: Parts, flag: FlagColumn, order: OrderColumn, lengths: NumberColumn, side: Side
) -> NewGrids:
    """A bar in its color for each part {0}, growing from the {3}, whose length is {2}, {1}.

    >>> make("(bars every reading size left)", "10220333")
    Grid('100/220/333')
    """
    found: list[Cells | None] = []
    for number, chosen in enumerate(arrange(parts, flag, order)):
        background = int(parts.board.backgrounds[number])
        colors = parts.color[chosen].astype(np.uint8)
        found.append(draw_bars(colors, lengths[chosen], background, side))
    return found
