"""Colors that a part has or that stand around it."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.kernels.scenery.reaching import NOT_OWN
from arcsolve.dsl.rules.scene import MISSING, Parts
from arcsolve.dsl.rules.terms import ColorColumn, term
from arcsolve.dsl.rules.vocabulary.regions import boxes
from arcsolve.dsl.values import Flags, Integers


@term(cost=0.3)
def color(parts: Parts) -> ColorColumn:
    """Its color.

    Its commonest color, if it has several.

    >>> measure("color", "102")
    [1, 2]
    """
    return parts.color


@term(cost=0.9)
def minor_color(parts: Parts) -> ColorColumn:
    """Its rarest color.

    A part of one color has none.

    >>> measure("minor_color", "1120304", "blobs_8")
    [2, None, None]
    """
    return parts.minor


@term(cost=0.8)
def background(parts: Parts) -> ColorColumn:
    """The background color.

    >>> paint("(fill itself background)", "102", "(has color 1)")
    Grid('002')
    """
    return parts.background


@term(cost=1.1)
def box_color(parts: Parts) -> ColorColumn:
    """The commonest other color in its box.

    The background does not count.

    >>> measure("box_color", "1110/1220/1110")
    [2, None]
    """
    offsets, places = boxes(parts, 0, NOT_OWN)
    owners = np.repeat(np.arange(len(parts)), np.diff(offsets))
    keys = owners * NUM_COLORS + parts.board.cells[places]
    counts = np.bincount(keys, minlength=len(parts) * NUM_COLORS).reshape(-1, NUM_COLORS)
    rows = np.arange(len(parts))
    counts[rows, parts.background] = 0
    counts[rows, parts.color] = 0
    return np.where(counts.any(axis=1), counts.argmax(axis=1), MISSING)


def _look(parts: Parts, rows: Integers, cols: Integers, seen: Flags) -> Integers:
    """Return the color of a cell for each part, MISSING outside the grid and for the background."""
    inside = (rows >= 0) & (rows < parts.grid_height) & (cols >= 0) & (cols < parts.grid_width)
    place = parts.board.starts[parts.grid] + rows * parts.grid_width + cols
    found = parts.board.cells[np.where(inside, place, 0)].astype(np.int64)
    return np.where(inside & seen & (found != parts.background), found, MISSING)


@term(cost=1.3)
def left_end_color(parts: Parts) -> ColorColumn:
    """The color at the left end of its row.

    The part has one row.

    >>> measure("left_end_color", "20100")
    [2, 2]
    """
    return _look(parts, parts.top, np.zeros_like(parts.top), parts.height == 1)


@term(cost=1.3)
def right_end_color(parts: Parts) -> ColorColumn:
    """The color at the right end of its row.

    The part has one row.

    >>> measure("right_end_color", "00102")
    [2, 2]
    """
    return _look(parts, parts.top, parts.grid_width - 1, parts.height == 1)


@term(cost=1.3)
def top_end_color(parts: Parts) -> ColorColumn:
    """The color at the top of its column.

    The part has one column.

    >>> measure("top_end_color", "2/0/1/0")
    [2, 2]
    """
    return _look(parts, np.zeros_like(parts.left), parts.left, parts.width == 1)


@term(cost=1.3)
def bottom_end_color(parts: Parts) -> ColorColumn:
    """The color at the bottom of its column.

    The part has one column.

    >>> measure("bottom_end_color", "0/1/0/2")
    [2, 2]
    """
    return _look(parts, parts.grid_height - 1, parts.left, parts.width == 1)


def _beside(parts: Parts, down: int, right: int) -> Integers:
    """Return the color next to the middle of one side of the box."""
    rows = (parts.top + parts.bottom) // 2
    cols = (parts.left + parts.right) // 2
    rows = rows if down == 0 else np.where(down < 0, parts.top - 1, parts.bottom + 1)
    cols = cols if right == 0 else np.where(right < 0, parts.left - 1, parts.right + 1)
    return _look(parts, rows, cols, np.ones(len(parts), np.bool_))


@term(cost=1.4)
def color_to_left(parts: Parts) -> ColorColumn:
    """The color to the left of its middle.

    >>> measure("color_to_left", "0100/3100/0100")
    [3, None]
    """
    return _beside(parts, 0, -1)


@term(cost=1.4)
def color_to_right(parts: Parts) -> ColorColumn:
    """The color to the right of its middle.

    >>> measure("color_to_right", "0100/0130/0100")
    [3, None]
    """
    return _beside(parts, 0, 1)


@term(cost=1.4)
def color_above(parts: Parts) -> ColorColumn:
    """The color above its middle.

    >>> measure("color_above", "030/111/000")
    [None, 3]
    """
    return _beside(parts, -1, 0)


@term(cost=1.4)
def color_below(parts: Parts) -> ColorColumn:
    """The color below its middle.

    >>> measure("color_below", "000/111/030")
    [3, None]
    """
    return _beside(parts, 1, 0)


def _by_frequency(parts: Parts, rank: int) -> Integers:
    """Return the color of a rank in each grid, 0 for the commonest, without the background."""
    board = parts.board
    owners = np.repeat(np.arange(len(board.heights)), np.diff(board.starts))
    counts = np.bincount(
        owners * NUM_COLORS + board.cells, minlength=len(board.heights) * NUM_COLORS
    )
    counts = counts.reshape(-1, NUM_COLORS)
    counts[np.arange(len(counts)), board.backgrounds] = 0
    order = np.argsort(-counts, axis=1, kind="stable")
    present = (counts > 0).sum(axis=1)
    position = np.where(rank < 0, present + rank, rank)
    safe = np.clip(position, 0, NUM_COLORS - 1)[:, np.newaxis]
    colors = np.take_along_axis(order, safe, axis=1)[:, 0]
    return np.where((position >= 0) & (position < present), colors, MISSING)[parts.grid]


@term(cost=1.2)
def commonest_color(parts: Parts) -> ColorColumn:
    """The commonest color of the grid.

    The background does not count.

    >>> measure("commonest_color", "111022003")
    [1, 1, 1]
    """
    return _by_frequency(parts, 0)


@term(cost=1.2)
def second_color(parts: Parts) -> ColorColumn:
    """The second commonest color of the grid.

    The background does not count.

    >>> measure("second_color", "111022003")
    [2, 2, 2]
    """
    return _by_frequency(parts, 1)


@term(cost=1.2)
def rarest_color(parts: Parts) -> ColorColumn:
    """The rarest color of the grid.

    >>> measure("rarest_color", "111022003")
    [3, 3, 3]
    """
    return _by_frequency(parts, -1)
