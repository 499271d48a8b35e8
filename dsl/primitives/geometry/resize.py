"""Grids made larger or smaller: framed, scaled, tiled, joined, and placed on another canvas."""

from __future__ import annotations

from math import gcd

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import COL_STEP, ROW_STEP, blank, bounding_box, nothing, too_large
from arcsolve.dsl.laws import (
    ASSOCIATIVE,
    COMMUTES_WITH_SYMMETRIES,
    COPIES,
    COPIES_CONTENT,
    IDEMPOTENT,
    IDEMPOTENT_ON_ANY_CANVAS,
    KEEPS_COLORS,
    RECOLORS_ALIKE,
)
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Count, Direction


@primitive(cost=2, laws=IDEMPOTENT_ON_ANY_CANVAS)
def canvas(grid: Cells, color: Color) -> Cells:
    """Make a grid of the same shape in a single color.

    >>> canvas("12/34", 5)
    Grid('55/55')
    """
    filled = blank(*grid.shape)
    filled[:] = color
    return filled


@primitive(cost=3, laws=(RECOLORS_ALIKE,))
def pad(grid: Cells, color: Color) -> Cells:
    """Add a border of one cell in a color around the grid.

    Undefined if the result has more than 30 cells a side.

    >>> pad("12", 5)
    Grid('5555/5125/5555')
    """
    height, width = grid.shape
    if too_large(height + 2, width + 2):
        return nothing()
    padded = blank(height + 2, width + 2)
    padded[:] = color
    padded[1:-1, 1:-1] = grid
    return padded


@helper
def _scale(grid: Cells, tall: int, wide: int) -> Cells:
    """Draw each cell as a block of tall x wide cells."""
    height, width = grid.shape[0] * tall, grid.shape[1] * wide
    if too_large(height, width):
        return nothing()
    scaled = blank(height, width)
    for row in range(height):
        for col in range(width):
            scaled[row, col] = grid[row // tall, col // wide]
    return scaled


@primitive(cost=2, laws=COPIES)
def scale_up(grid: Cells, count: Count) -> Cells:
    """Draw each cell as a square block of n by n cells; undefined for a count below 2.

    >>> scale_up("12", 2)
    Grid('1122/1122')
    """
    return _scale(grid, count, count) if count > 1 else nothing()


@primitive(cost=3, laws=COPIES)
def stretch_rows(grid: Cells, count: Count) -> Cells:
    """Repeat each row n times; undefined for a count below 2.

    >>> stretch_rows("12/34", 2)
    Grid('12/12/34/34')
    """
    return _scale(grid, count, 1) if count > 1 else nothing()


@primitive(cost=3, laws=COPIES)
def stretch_cols(grid: Cells, count: Count) -> Cells:
    """Repeat each column n times; undefined for a count below 2.

    >>> stretch_cols("12/34", 2)
    Grid('1122/3344')
    """
    return _scale(grid, 1, count) if count > 1 else nothing()


@primitive(cost=3, laws=(*COPIES, *COMMUTES_WITH_SYMMETRIES))
def scale_by_size(grid: Cells) -> Cells:
    """Draw each cell as a block as large as the grid.

    >>> scale_by_size("12")
    Grid('1122')
    """
    return _scale(grid, grid.shape[0], grid.shape[1])


@primitive(cost=3, laws=COPIES)
def scale_to(grid: Cells, reference: Cells) -> Cells:
    """Draw each cell as a block so that the result has the size of a reference grid.

    Undefined unless the reference's sides are multiples of the grid's sides.

    >>> scale_to("12", "0000/0000/0000")
    Grid('1122/1122/1122')
    """
    tall, rest = divmod(reference.shape[0], grid.shape[0])
    wide, other_rest = divmod(reference.shape[1], grid.shape[1])
    return _scale(grid, tall, wide) if rest == 0 and other_rest == 0 else nothing()


@primitive(cost=3, laws=(KEEPS_COLORS,))
def scale_down(grid: Cells, count: Count) -> Cells:
    """Reduce each square block of n by n cells to one cell of the block's most common color.

    The lower color wins a tie. Undefined for a count below 2 and unless both sides are multiples of
    it.

    >>> scale_down("1122/1522/3344/3344", 2)
    Grid('12/34')
    """
    height, width = grid.shape
    if count < 2 or height % count != 0 or width % count != 0:
        return nothing()
    reduced = blank(height // count, width // count)
    for block_row in range(height // count):
        counts = np.zeros((width // count, NUM_COLORS), np.int64)
        for row in range(block_row * count, (block_row + 1) * count):
            for col in range(width):
                counts[col // count, grid[row, col]] += 1
        for block_col in range(width // count):
            reduced[block_row, block_col] = counts[block_col].argmax()
    return reduced


@primitive(cost=2, laws=(IDEMPOTENT, *COPIES, *COMMUTES_WITH_SYMMETRIES))
def shrink(grid: Cells) -> Cells:
    """Reduce a scaled grid to the smallest grid with one cell for each square block.

    >>> shrink("1122/1122/3344/3344")
    Grid('12/34')
    """
    height, width = grid.shape
    factor = gcd(height, width)
    for row in range(height):
        if factor == 1:
            break
        for col in range(width):
            if row > 0 and grid[row, col] != grid[row - 1, col]:
                factor = gcd(factor, row)
            if col > 0 and grid[row, col] != grid[row, col - 1]:
                factor = gcd(factor, col)
    return grid[::factor, ::factor].copy()


@helper
def _tile_canvas(grid: Cells, height: int, width: int) -> Cells:
    """Fill a canvas of this size with copies of the grid, from the top left on."""
    if too_large(height, width):
        return nothing()
    tiled = blank(height, width)
    for row in range(height):
        for col in range(width):
            tiled[row, col] = grid[row % grid.shape[0], col % grid.shape[1]]
    return tiled


@primitive(cost=2, laws=COPIES)
def tile(grid: Cells, count: Count) -> Cells:
    """Tile copies of the grid, n down by n across; undefined for a count below 2.

    >>> tile("12", 2)
    Grid('1212/1212')
    """
    return (
        _tile_canvas(grid, grid.shape[0] * count, grid.shape[1] * count) if count > 1 else nothing()
    )


@primitive(cost=2, laws=COPIES)
def tile_rows(grid: Cells, count: Count) -> Cells:
    """Stack n copies of the grid below each other; undefined for a count below 2.

    >>> tile_rows("12", 3)
    Grid('12/12/12')
    """
    return _tile_canvas(grid, grid.shape[0] * count, grid.shape[1]) if count > 1 else nothing()


@primitive(cost=2, laws=COPIES)
def tile_cols(grid: Cells, count: Count) -> Cells:
    """Put n copies of the grid side by side; undefined for a count below 2.

    >>> tile_cols("12", 3)
    Grid('121212')
    """
    return _tile_canvas(grid, grid.shape[0], grid.shape[1] * count) if count > 1 else nothing()


@primitive(cost=3, laws=(*COPIES, *COMMUTES_WITH_SYMMETRIES))
def tile_by_size(grid: Cells) -> Cells:
    """Tile as many copies of the grid, down and across, as the grid has rows and columns.

    >>> tile_by_size("12/30")
    Grid('1212/3030/1212/3030')
    """
    height, width = grid.shape
    return _tile_canvas(grid, height * height, width * width)


@primitive(cost=3, laws=COPIES)
def tile_to(grid: Cells, reference: Cells) -> Cells:
    """Tile copies of the grid from the top left and cut them to the size of a reference grid.

    >>> tile_to("12", "00000/00000")
    Grid('12121/12121')
    """
    return _tile_canvas(grid, reference.shape[0], reference.shape[1])


@primitive(cost=2, laws=(ASSOCIATIVE, RECOLORS_ALIKE))
def hstack(left: Cells, right: Cells) -> Cells:
    """Put the second grid to the right of the first; undefined unless they have equal heights.

    >>> hstack("1/2", "34/56")
    Grid('134/256')
    """
    height, width = left.shape[0], left.shape[1] + right.shape[1]
    if right.shape[0] != height or too_large(height, width):
        return nothing()
    joined = blank(height, width)
    joined[:, : left.shape[1]] = left
    joined[:, left.shape[1] :] = right
    return joined


@primitive(cost=2, laws=(ASSOCIATIVE, RECOLORS_ALIKE))
def vstack(top: Cells, bottom: Cells) -> Cells:
    """Put the second grid below the first; undefined unless they have equal widths.

    >>> vstack("12", "34/56")
    Grid('12/34/56')
    """
    height, width = top.shape[0] + bottom.shape[0], top.shape[1]
    if bottom.shape[1] != width or too_large(height, width):
        return nothing()
    joined = blank(height, width)
    joined[: top.shape[0]] = top
    joined[top.shape[0] :] = bottom
    return joined


@helper
def _place(grid: Cells, height: int, width: int, row_step: int, col_step: int) -> Cells:
    """Draw the grid on a blank canvas of this size at the sides that the two steps name.

    A step of 0 means the middle. Returns `nothing()` if the grid does not fit and if there is no
    exact middle.
    """
    free_rows, free_cols = height - grid.shape[0], width - grid.shape[1]
    if free_rows < 0 or free_cols < 0:
        return nothing()
    if (row_step == 0 and free_rows % 2 == 1) or (col_step == 0 and free_cols % 2 == 1):
        return nothing()
    top = free_rows * (row_step + 1) // 2
    left = free_cols * (col_step + 1) // 2
    placed = blank(height, width)
    placed[top : top + grid.shape[0], left : left + grid.shape[1]] = grid
    return placed


@primitive(cost=3, laws=COPIES_CONTENT)
def place_in_center(grid: Cells, reference: Cells) -> Cells:
    """Draw the grid in the middle of a blank canvas of the reference's size.

    Undefined if the grid does not fit and if there is no exact middle.

    >>> place_in_center("12", "0000/0000/0000")
    Grid('0000/0120/0000')
    """
    return _place(grid, reference.shape[0], reference.shape[1], 0, 0)


@primitive(cost=3, laws=COPIES_CONTENT)
def place_at_side(grid: Cells, reference: Cells, direction: Direction) -> Cells:
    """Draw the grid at the middle of a side or in a corner of a blank canvas.

    The canvas has the reference's size. Undefined if the grid does not fit and if the side has no
    exact middle.

    >>> place_at_side("12", "0000/0000/0000", 3)
    Grid('0000/0000/0012')
    """
    row_step, col_step = ROW_STEP[direction], COL_STEP[direction]
    return _place(grid, reference.shape[0], reference.shape[1], row_step, col_step)


@primitive(cost=3, laws=COPIES_CONTENT)
def uncrop(grid: Cells, reference: Cells) -> Cells:
    """Draw the grid on a blank canvas where the reference grid has its content.

    The canvas has the reference's size. Undefined unless the bounding box of the reference's
    content has the size of the grid.

    >>> uncrop("21", "000/012/000")
    Grid('000/021/000')
    """
    top, left, bottom, right = bounding_box(reference)
    if (bottom - top, right - left) != grid.shape:
        return nothing()
    restored = blank(*reference.shape)
    restored[top:bottom, left:right] = grid
    return restored
