"""Masks: selections of cells, the logic of masks, and masks grown, shrunk and spread."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import COL_STEP, ROW_STEP, blank, bounding_box, nothing
from arcsolve.dsl.laws import (
    ASSOCIATIVE,
    COMMUTATIVE,
    IDEMPOTENT_IN_SHAPE,
    INVOLUTION,
    KEEPS_SHAPE,
    ON_ANY_CANVAS,
    ON_CANVAS,
)
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Direction, Mask


@helper
def _compare_to_color(grid: Cells, color: int, equal: bool) -> Mask:
    """Return the mask of the cells that have the color, or of the others if not `equal`."""
    height, width = grid.shape
    mask = blank(height, width)
    for row in range(height):
        for col in range(width):
            mask[row, col] = (grid[row, col] == color) == equal
    return mask


@primitive(cost=2, laws=ON_ANY_CANVAS)
def mask_of_color(grid: Cells, color: Color) -> Mask:
    """Select the cells of a color.

    >>> mask_of_color("12/23", 2)
    Grid('01/10')
    """
    return _compare_to_color(grid, color, True)


@primitive(cost=2, laws=ON_CANVAS)
def mask_nonzero(grid: Cells) -> Mask:
    """Select the non-zero cells.

    >>> mask_nonzero("12/03")
    Grid('11/01')
    """
    return _compare_to_color(grid, 0, False)


@primitive(cost=2, laws=ON_CANVAS)
def mask_zero(grid: Cells) -> Mask:
    """Select the background cells.

    >>> mask_zero("12/03")
    Grid('00/10')
    """
    return _compare_to_color(grid, 0, True)


@primitive(cost=3, laws=(COMMUTATIVE, *ON_ANY_CANVAS))
def mask_equal(grid: Cells, other: Cells) -> Mask:
    """Select the cells in which two grids agree; undefined if the shapes differ.

    >>> mask_equal("12/34", "15/04")
    Grid('10/01')
    """
    if grid.shape != other.shape:
        return nothing()
    return (grid == other).astype(np.uint8)


@primitive(cost=2, laws=ON_CANVAS)
def mask_to_grid(mask: Mask, color: Color) -> Cells:
    """Paint the cells of a mask in a color on a blank grid; undefined for color 0.

    >>> mask_to_grid("01/11", 4)
    Grid('04/44')
    """
    if color == 0:
        return nothing()
    return mask * np.uint8(color)


@primitive(cost=2, laws=(INVOLUTION, KEEPS_SHAPE))
def mask_not(mask: Mask) -> Mask:
    """Select the cells that a mask does not select.

    >>> mask_not("01/11")
    Grid('10/00')
    """
    return _compare_to_color(mask, 0, True)


@primitive(cost=2, laws=(COMMUTATIVE, ASSOCIATIVE, *IDEMPOTENT_IN_SHAPE))
def mask_and(mask: Mask, other: Mask) -> Mask:
    """Select the cells in both of two masks; undefined if the shapes differ.

    >>> mask_and("0011", "0101")
    Grid('0001')
    """
    return mask & other if mask.shape == other.shape else nothing()


@primitive(cost=2, laws=(COMMUTATIVE, ASSOCIATIVE, *IDEMPOTENT_IN_SHAPE))
def mask_or(mask: Mask, other: Mask) -> Mask:
    """Select the cells in at least one of two masks; undefined if the shapes differ.

    >>> mask_or("0011", "0101")
    Grid('0111')
    """
    return mask | other if mask.shape == other.shape else nothing()


@primitive(cost=3, laws=(COMMUTATIVE, ASSOCIATIVE, INVOLUTION, KEEPS_SHAPE))
def mask_xor(mask: Mask, other: Mask) -> Mask:
    """Select the cells in exactly one of two masks; undefined if the shapes differ.

    >>> mask_xor("0011", "0101")
    Grid('0110')
    """
    return mask ^ other if mask.shape == other.shape else nothing()


@primitive(cost=3, laws=IDEMPOTENT_IN_SHAPE)
def mask_minus(mask: Mask, other: Mask) -> Mask:
    """Select the cells in the first mask and not in the second; undefined if the shapes differ.

    >>> mask_minus("0011", "0101")
    Grid('0010')
    """
    return mask & (other ^ np.uint8(1)) if mask.shape == other.shape else nothing()


@helper
def _touches(mask: Mask, row: int, col: int, value: int, step: int) -> bool:
    """Return whether a neighbor has this value; cells outside the mask count as 0.

    The neighbors are the four over edges for `step` 2, and all eight for `step` 1.
    """
    height, width = mask.shape
    for way in range(0, 8, step):
        r, c = row + ROW_STEP[way], col + COL_STEP[way]
        inside = 0 <= r < height and 0 <= c < width
        if (mask[r, c] if inside else 0) == value:
            return True
    return False


@helper
def _spread_value(mask: Mask, value: int, step: int) -> Cells:
    """Copy the mask and give `value` to each cell that touches a cell of that value."""
    height, width = mask.shape
    changed = mask.copy()
    for row in range(height):
        for col in range(width):
            if mask[row, col] != value and _touches(mask, row, col, value, step):
                changed[row, col] = value
    return changed


@primitive(cost=3, laws=(KEEPS_SHAPE,))
def dilate(mask: Mask) -> Mask:
    """Add the cells that touch the mask over an edge.

    >>> dilate("000/010/000")
    Grid('010/111/010')
    """
    return _spread_value(mask, 1, 2)


@primitive(cost=3, laws=(KEEPS_SHAPE,))
def dilate_8(mask: Mask) -> Mask:
    """Add the cells that touch the mask over an edge or a corner.

    >>> dilate_8("0000/0100/0000")
    Grid('1110/1110/1110')
    """
    return _spread_value(mask, 1, 1)


@primitive(cost=3, laws=(KEEPS_SHAPE,))
def erode(mask: Mask) -> Mask:
    """Keep the cells of a mask whose four neighbors are all in the mask.

    Cells outside the canvas are not in the mask.

    >>> erode("0100/1110/0100")
    Grid('0000/0100/0000')
    """
    return _spread_value(mask, 0, 2)


@primitive(cost=3, laws=(KEEPS_SHAPE,))
def erode_8(mask: Mask) -> Mask:
    """Keep the cells of a mask whose eight neighbors are all in the mask.

    Cells outside the canvas are not in the mask.

    >>> erode_8("1110/1111/1111")
    Grid('0000/0100/0000')
    """
    return _spread_value(mask, 0, 1)


@primitive(cost=3, laws=IDEMPOTENT_IN_SHAPE)
def mask_border(mask: Mask) -> Mask:
    """Keep the cells of a mask that touch a cell outside it, over an edge or a corner.

    Cells outside the canvas are not in the mask.

    >>> mask_border("1111/1111/1111/1100")
    Grid('1111/1001/1111/1100')
    """
    return mask ^ _spread_value(mask, 0, 1)


@primitive(cost=3, laws=(KEEPS_SHAPE,))
def shift_mask(mask: Mask, direction: Direction) -> Mask:
    """Move a mask by one cell; cells that leave the canvas are lost.

    >>> shift_mask("110/001", 2)
    Grid('011/000')
    """
    height, width = mask.shape
    shifted = blank(height, width)
    for row in range(height):
        for col in range(width):
            r, c = row + ROW_STEP[direction], col + COL_STEP[direction]
            if 0 <= r < height and 0 <= c < width:
                shifted[r, c] = mask[row, col]
    return shifted


@primitive(cost=3, laws=IDEMPOTENT_IN_SHAPE)
def mask_box(mask: Mask) -> Mask:
    """Select the whole bounding box of a mask.

    >>> mask_box("0010/0100/0000")
    Grid('0110/0110/0000')
    """
    top, left, bottom, right = bounding_box(mask)
    box = blank(*mask.shape)
    box[top:bottom, left:right] = 1
    return box


@helper
def _mark_lines(mask: Mask, in_row: int, in_col: int) -> Mask:
    """Select rows with at least `in_row` cells of the mask, and columns with at least `in_col`."""
    height, width = mask.shape
    rows, cols = np.zeros(height, np.int64), np.zeros(width, np.int64)
    for row in range(height):
        for col in range(width):
            rows[row] += mask[row, col]
            cols[col] += mask[row, col]
    lines = blank(height, width)
    for row in range(height):
        for col in range(width):
            lines[row, col] = rows[row] >= in_row or cols[col] >= in_col
    return lines


@primitive(cost=3, laws=IDEMPOTENT_IN_SHAPE)
def mask_rows(mask: Mask) -> Mask:
    """Select all of each row that has a cell of a mask.

    >>> mask_rows("010/000/001")
    Grid('111/000/111')
    """
    return _mark_lines(mask, 1, mask.shape[0] + 1)


@primitive(cost=3, laws=IDEMPOTENT_IN_SHAPE)
def mask_cols(mask: Mask) -> Mask:
    """Select all of each column that has a cell of a mask.

    >>> mask_cols("010/000/001")
    Grid('011/011/011')
    """
    return _mark_lines(mask, mask.shape[1] + 1, 1)


@primitive(cost=3, laws=IDEMPOTENT_IN_SHAPE)
def full_lines(mask: Mask) -> Mask:
    """Select the rows and columns that lie in a mask from end to end.

    >>> full_lines("0111/1111/0110")
    Grid('0110/1111/0110')
    """
    return _mark_lines(mask, mask.shape[1], mask.shape[0])


@primitive(cost=3, laws=(KEEPS_SHAPE,))
def mask_edge(grid: Cells) -> Mask:
    """Select the outermost ring of the canvas.

    >>> mask_edge("1234/5678/9012")
    Grid('1111/1001/1111')
    """
    edge = blank(*grid.shape)
    edge[0] = edge[-1] = 1
    edge[:, 0] = edge[:, -1] = 1
    return edge
