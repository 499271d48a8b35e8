"""Directions: constant ones, and those that the form of a part shows."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.kernels.scenery.reaching import STEP_COLS, STEP_ROWS
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import DirectionColumn, term
from arcsolve.dsl.values import DIRECTIONS, Integers

UP, UP_RIGHT, RIGHT, DOWN_RIGHT, DOWN, DOWN_LEFT, LEFT, UP_LEFT = (
    1 << number for number in range(len(DIRECTIONS))
)
STRAIGHT = UP | RIGHT | DOWN | LEFT
DIAGONAL = UP_RIGHT | DOWN_RIGHT | DOWN_LEFT | UP_LEFT
NEARLY_EQUAL = 1e-6  # differences of mean positions below are rounding

_NUMBER = {step: 1 << n for n, step in enumerate(zip(STEP_ROWS, STEP_COLS, strict=True))}
_BITS = np.array([[_NUMBER.get((down, right), 0) for right in (-1, 0, 1)] for down in (-1, 0, 1)])


def find_directions(down: Integers, right: Integers) -> Integers:
    """Return the direction of steps, whose signs count; no direction for no step."""
    bits: Integers = _BITS[np.sign(down) + 1, np.sign(right) + 1]
    return bits


def turn_back(directions: Integers) -> Integers:
    """Return the opposite of each direction."""
    half = len(DIRECTIONS) // 2
    return (directions << half | directions >> half) & (1 << len(DIRECTIONS)) - 1


def _constant(parts: Parts, bits: int) -> Integers:
    return np.full(len(parts), bits)


@term(cost=0.5)
def up(parts: Parts) -> DirectionColumn:
    """Up.

    >>> paint("(fill (ray up its_cells below) 5)", "000/010/000")
    Grid('050/010/000')
    """
    return _constant(parts, UP)


@term(cost=0.5)
def down(parts: Parts) -> DirectionColumn:
    """Down.

    >>> paint("(fill (ray down its_cells below) 5)", "000/010/000")
    Grid('000/010/050')
    """
    return _constant(parts, DOWN)


@term(cost=0.5)
def left(parts: Parts) -> DirectionColumn:
    """Left.

    >>> paint("(fill (ray left its_cells below) 5)", "000/010/000")
    Grid('000/510/000')
    """
    return _constant(parts, LEFT)


@term(cost=0.5)
def right(parts: Parts) -> DirectionColumn:
    """Right.

    >>> paint("(fill (ray right its_cells below) 5)", "000/010/000")
    Grid('000/015/000')
    """
    return _constant(parts, RIGHT)


@term(cost=0.6)
def up_and_down(parts: Parts) -> DirectionColumn:
    """Up and down.

    >>> paint("(fill (ray up_and_down its_cells below) 5)", "000/010/000")
    Grid('050/010/050')
    """
    return _constant(parts, UP | DOWN)


@term(cost=0.6)
def left_and_right(parts: Parts) -> DirectionColumn:
    """Left and right.

    >>> paint("(fill (ray left_and_right its_cells below) 5)", "000/010/000")
    Grid('000/515/000')
    """
    return _constant(parts, LEFT | RIGHT)


@term(cost=0.7)
def straight(parts: Parts) -> DirectionColumn:
    """In the four straight directions.

    >>> paint("(fill (ray straight its_cells below) 5)", "000/010/000")
    Grid('050/515/050')
    """
    return _constant(parts, STRAIGHT)


@term(cost=0.7)
def diagonal(parts: Parts) -> DirectionColumn:
    """In the four diagonal directions.

    >>> paint("(fill (ray diagonal its_cells below) 5)", "000/010/000")
    Grid('505/010/505')
    """
    return _constant(parts, DIAGONAL)


@term(cost=0.9)
def everywhere(parts: Parts) -> DirectionColumn:
    """In all eight directions.

    >>> paint("(fill (ray everywhere its_cells below) 5)", "000/010/000")
    Grid('555/515/555')
    """
    return _constant(parts, STRAIGHT | DIAGONAL)


@term(cost=0.7)
def up_left(parts: Parts) -> DirectionColumn:
    """Diagonally up and left.

    >>> paint("(fill (ray up_left its_cells below) 5)", "000/010/000")
    Grid('500/010/000')
    """
    return _constant(parts, UP_LEFT)


@term(cost=0.7)
def up_right(parts: Parts) -> DirectionColumn:
    """Diagonally up and right.

    >>> paint("(fill (ray up_right its_cells below) 5)", "000/010/000")
    Grid('005/010/000')
    """
    return _constant(parts, UP_RIGHT)


@term(cost=0.7)
def down_left(parts: Parts) -> DirectionColumn:
    """Diagonally down and left.

    >>> paint("(fill (ray down_left its_cells below) 5)", "000/010/000")
    Grid('000/010/500')
    """
    return _constant(parts, DOWN_LEFT)


@term(cost=0.7)
def down_right(parts: Parts) -> DirectionColumn:
    """Diagonally down and right.

    >>> paint("(fill (ray down_right its_cells below) 5)", "000/010/000")
    Grid('000/010/005')
    """
    return _constant(parts, DOWN_RIGHT)


@term(cost=0.8)
def falling(parts: Parts) -> DirectionColumn:
    """Both ways along the diagonal that falls to the right.

    >>> paint("(fill (ray falling its_cells below) 5)", "000/010/000")
    Grid('500/010/005')
    """
    return _constant(parts, UP_LEFT | DOWN_RIGHT)


@term(cost=0.8)
def rising(parts: Parts) -> DirectionColumn:
    """Both ways along the diagonal that rises to the right.

    >>> paint("(fill (ray rising its_cells below) 5)", "000/010/000")
    Grid('005/010/500')
    """
    return _constant(parts, UP_RIGHT | DOWN_LEFT)


@term(cost=0.9)
def lengthwise(parts: Parts) -> DirectionColumn:
    """Both ways along its longer side.

    >>> paint("(fill (ray lengthwise its_cells below) 5)", "0000/0110/0000")
    Grid('0000/5115/0000')
    """
    longer = np.where(parts.height > parts.width, UP | DOWN, LEFT | RIGHT)
    return np.where(parts.height == parts.width, 0, longer)


@term(cost=1.1)
def crosswise(parts: Parts) -> DirectionColumn:
    """Both ways across its longer side.

    >>> paint("(fill (ray crosswise its_cells below) 5)", "0000/0110/0000")
    Grid('0550/0110/0550')
    """
    across = np.where(parts.height > parts.width, LEFT | RIGHT, UP | DOWN)
    return np.where(parts.height == parts.width, 0, across)


def _mean(parts: Parts, positions: Integers, of_minor: bool) -> np.ndarray:
    """Return the mean position of the cells of the rarest color, or of the others."""
    colors = parts.board.cells[parts.outline.cells]
    chosen = (colors == parts.minor[parts.owner]) == of_minor
    sums = np.bincount(parts.owner[chosen], positions[chosen], minlength=len(parts))
    counts = np.bincount(parts.owner[chosen], minlength=len(parts))
    return sums / np.maximum(counts, 1)


def _positions(parts: Parts) -> tuple[Integers, Integers]:
    """Return the row and the column of each of the parts' cells."""
    grid = parts.grid[parts.owner]
    return np.divmod(parts.outline.cells - parts.board.starts[grid], parts.board.widths[grid])


def _to_minor(parts: Parts) -> tuple[np.ndarray, np.ndarray]:
    """Return the steps from the mean of the other cells to that of the rarest color."""
    rows, cols = _positions(parts)
    steps = (_mean(parts, p, True) - _mean(parts, p, False) for p in (rows, cols))
    down, right = (np.where(parts.colors > 1, step, 0.0) for step in steps)
    return down, right


def _dominant(down: np.ndarray, right: np.ndarray) -> Integers:
    """Return the straight direction of the longer of two steps, none for equal steps."""
    tie = np.abs(np.abs(down) - np.abs(right)) < NEARLY_EQUAL
    vertical = np.abs(down) > np.abs(right)
    down = np.where(vertical, np.sign(down), 0).astype(np.int64)
    right = np.where(vertical, 0, np.sign(right)).astype(np.int64)
    return np.where(tie, 0, find_directions(down, right))


@term(cost=1.0)
def to_minor(parts: Parts) -> DirectionColumn:
    """Toward its cells in its rarest color.

    The direction is straight and starts at the middle of its other cells.

    >>> measure("to_minor", "1120/0000/0003/0004/0004", "blobs_8")
    ['right', 'up']
    """
    return _dominant(*_to_minor(parts))


@term(cost=1.2)
def to_minor_corner(parts: Parts) -> DirectionColumn:
    """Diagonally toward its cells in its rarest color.

    The direction starts at the middle of its other cells.

    >>> measure("to_minor_corner", "1100/1200/0000/0034/0044", "blobs_8")
    ['down-right', 'up-left']
    """
    down, right = _to_minor(parts)
    slanted = (np.abs(down) > 0.3) & (np.abs(right) > 0.3)
    return np.where(
        slanted, find_directions(np.sign(down).astype(int), np.sign(right).astype(int)), 0
    )


def _side_counts(parts: Parts) -> Integers:
    """Return the cells in the top row, right column, bottom row and left column of each box."""
    rows, cols = _positions(parts)
    owner = parts.owner
    sides = (rows == parts.top[owner], cols == parts.right[owner],
             rows == parts.bottom[owner], cols == parts.left[owner])  # fmt: skip
    return np.stack([np.bincount(owner[side], minlength=len(parts)) for side in sides], axis=1)


@term(cost=1.1)
def open_side(parts: Parts) -> DirectionColumn:
    """Toward the side of its box that it fills least.

    >>> measure("open_side", "1110220/1010200/0000220")
    ['down', 'right']
    """
    lengths = np.stack([parts.width, parts.height, parts.width, parts.height], axis=1)
    shares = _side_counts(parts) / lengths
    order = np.argsort(shares, axis=1, kind="stable")
    rows = np.arange(len(parts))
    unique = shares[rows, order[:, 0]] < shares[rows, order[:, 1]] - NEARLY_EQUAL
    wide = np.minimum(parts.height, parts.width) > 1
    sides = np.array([UP, RIGHT, DOWN, LEFT])
    return np.where(unique & wide, sides[order[:, 0]], 0)


@term(cost=1.2)
def open_corner(parts: Parts) -> DirectionColumn:
    """Toward the one corner of its box that it leaves empty.

    >>> measure("open_corner", "11022/10002")
    ['down-right', 'down-left']
    """
    corners = (
        (parts.top, parts.left, UP_LEFT),
        (parts.top, parts.right, UP_RIGHT),
        (parts.bottom, parts.left, DOWN_LEFT),
        (parts.bottom, parts.right, DOWN_RIGHT),
    )
    bits = np.zeros(len(parts), np.int64)
    for row, col, direction in corners:
        place = parts.board.starts[parts.grid] + row * parts.grid_width + col
        empty = parts.outline.labels[place] != np.arange(len(parts))
        bits |= np.where(empty, direction, 0)
    one = (bits & bits - 1) == 0
    return np.where(one & (np.minimum(parts.height, parts.width) > 1), bits, 0)


@term(cost=1.3)
def heavy_side(parts: Parts) -> DirectionColumn:
    """Toward the side of its box where most of its cells are.

    >>> measure("heavy_side", "1110020/0100222")
    ['up', 'down']
    """
    rows, cols = _positions(parts)
    down = np.bincount(parts.owner, rows, len(parts)) / parts.size - (parts.top + parts.bottom) / 2
    right = np.bincount(parts.owner, cols, len(parts)) / parts.size - (parts.left + parts.right) / 2
    return _dominant(down, right)


@term(cost=1.1)
def to_border(parts: Parts) -> DirectionColumn:
    """Toward the nearest border of the grid.

    >>> measure("to_border", "00100/00000/00000/20000/00000")
    ['up', 'left']
    """
    gaps = np.stack([parts.top, parts.grid_width - 1 - parts.right,
                     parts.grid_height - 1 - parts.bottom, parts.left], axis=1)  # fmt: skip
    order = np.argsort(gaps, axis=1, kind="stable")
    rows = np.arange(len(parts))
    unique = gaps[rows, order[:, 0]] < gaps[rows, order[:, 1]]
    return np.where(unique, np.array([UP, RIGHT, DOWN, LEFT])[order[:, 0]], 0)


@term(cost=0.2)
def opposite(parts: Parts, directions: DirectionColumn) -> DirectionColumn:
    """The reverse of {0}.

    >>> measure("(opposite to_border)", "00100/00000/00000/20000/00000")
    ['down', 'right']
    """
    return turn_back(directions)
