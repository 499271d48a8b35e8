"""Combinations, cell by cell, of two grids or of a grid and a mask of the same shape."""

from __future__ import annotations

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import blank, nothing
from arcsolve.dsl.laws import (
    ASSOCIATIVE,
    COMMUTATIVE,
    IDEMPOTENT_IN_PLACE,
    IDEMPOTENT_ON_ANY_CANVAS,
    IDEMPOTENT_ON_CANVAS,
    IN_PLACE,
    ON_ANY_CANVAS,
    ON_CANVAS,
)
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Mask


@helper
def _select_cells(grid: Cells, other: Cells, key: Cells) -> Cells:
    """Take the grid's cells where the key is not 0, and the other grid's cells elsewhere.

    Returns `nothing()` unless all three shapes are equal.
    """
    height, width = grid.shape
    if other.shape != grid.shape or key.shape != grid.shape:
        return nothing()
    result = blank(height, width)
    for row in range(height):
        for col in range(width):
            result[row, col] = grid[row, col] if key[row, col] != 0 else other[row, col]
    return result


@helper
def _keep_cells(grid: Cells, key: Cells, nonzero: bool) -> Cells:
    """Keep the grid's cells where the key is not 0, or where it is 0 if not `nonzero`."""
    height, width = grid.shape
    if key.shape != grid.shape:
        return nothing()
    result = blank(height, width)
    for row in range(height):
        for col in range(width):
            if (key[row, col] != 0) == nonzero:
                result[row, col] = grid[row, col]
    return result


@helper
def _keep_agreeing(grid: Cells, other: Cells, equal: bool) -> Cells:
    """Keep the grid's cells that equal the other grid's cells, or that differ if not `equal`."""
    height, width = grid.shape
    if other.shape != grid.shape:
        return nothing()
    result = blank(height, width)
    for row in range(height):
        for col in range(width):
            if (grid[row, col] == other[row, col]) == equal:
                result[row, col] = grid[row, col]
    return result


@primitive(cost=2, laws=(ASSOCIATIVE, *IDEMPOTENT_ON_CANVAS))
def overlay(top: Cells, bottom: Cells) -> Cells:
    """Draw the first grid over the second grid, with 0 as transparent; undefined if shapes differ.

    >>> overlay("10/20", "34/05")
    Grid('14/25')
    """
    return _select_cells(top, bottom, top)


@primitive(cost=2, laws=IDEMPOTENT_IN_PLACE)
def within(grid: Cells, other: Cells) -> Cells:
    """Keep the cells where another grid is not 0; undefined if the shapes differ.

    >>> within("12/34", "05/50")
    Grid('02/30')
    """
    return _keep_cells(grid, other, True)


@primitive(cost=2, laws=IDEMPOTENT_IN_PLACE)
def without(grid: Cells, other: Cells) -> Cells:
    """Keep the cells where another grid is 0; undefined if the shapes differ.

    >>> without("12/34", "05/50")
    Grid('10/04')
    """
    return _keep_cells(grid, other, False)


@primitive(cost=3, laws=(COMMUTATIVE, *ON_CANVAS))
def exclusive(grid: Cells, other: Cells) -> Cells:
    """Keep the cells where only one of two grids is not 0; undefined if the shapes differ.

    >>> exclusive("1200", "0340")
    Grid('1040')
    """
    if grid.shape != other.shape:
        return nothing()
    return _keep_cells(grid, other, False) | _keep_cells(other, grid, False)


@primitive(cost=3, laws=(COMMUTATIVE, ASSOCIATIVE, *IDEMPOTENT_IN_PLACE))
def common(grid: Cells, other: Cells) -> Cells:
    """Keep the cells in which two grids agree; undefined if the shapes differ.

    >>> common("1234", "1032")
    Grid('1030')
    """
    return _keep_agreeing(grid, other, True)


@primitive(cost=3, laws=IN_PLACE)
def difference(grid: Cells, other: Cells) -> Cells:
    """Keep the cells that differ from the other grid's cells; undefined if the shapes differ.

    >>> difference("1234", "1032")
    Grid('0204')
    """
    return _keep_agreeing(grid, other, False)


@primitive(cost=2, laws=IDEMPOTENT_IN_PLACE)
def keep_where(grid: Cells, mask: Mask) -> Cells:
    """Keep the cells in a mask; undefined if the shapes differ.

    >>> keep_where("12/34", "01/10")
    Grid('02/30')
    """
    return _keep_cells(grid, mask, True)


@primitive(cost=2, laws=IDEMPOTENT_IN_PLACE)
def erase_where(grid: Cells, mask: Mask) -> Cells:
    """Erase the cells in a mask; undefined if the shapes differ.

    >>> erase_where("12/34", "01/10")
    Grid('10/04')
    """
    return _keep_cells(grid, mask, False)


@primitive(cost=2, laws=IDEMPOTENT_ON_ANY_CANVAS)
def paint_where(grid: Cells, mask: Mask, color: Color) -> Cells:
    """Paint the cells in a mask in a color; undefined if the shapes differ.

    >>> paint_where("12/34", "01/10", 5)
    Grid('15/54')
    """
    if mask.shape != grid.shape:
        return nothing()
    painted = grid.copy()
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if mask[row, col] != 0:
                painted[row, col] = color
    return painted


@primitive(cost=3, laws=ON_ANY_CANVAS)
def choose(grid: Cells, other: Cells, mask: Mask) -> Cells:
    """Take the first grid's cells in a mask and the second grid's cells elsewhere.

    Undefined if the shapes differ.

    >>> choose("12/34", "56/78", "01/10")
    Grid('52/38')
    """
    return _select_cells(grid, other, mask)
