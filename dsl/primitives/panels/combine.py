"""Two grids, or a grid and a mask, of one shape combined cell by cell."""

from __future__ import annotations

from typing import Any

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
def _select_cells(grid: Any, other: Any, key: Any) -> Any:
    """The grid where the key is not 0, the other elsewhere; `nothing` unless all shapes agree."""
    height, width = grid.shape
    if other.shape != grid.shape or key.shape != grid.shape:
        return nothing()
    result = blank(height, width)
    for row in range(height):
        for col in range(width):
            result[row, col] = grid[row, col] if key[row, col] != 0 else other[row, col]
    return result


@helper
def _keep_cells(grid: Any, key: Any, nonzero: bool) -> Any:
    """The grid where the key is not 0 (or where it is 0), and 0 elsewhere."""
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
def _keep_agreeing(grid: Any, other: Any, equal: bool) -> Any:
    """The grid where the other has the same (or not the same) color, and 0 elsewhere."""
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
    """The first grid's cells that are not 0, over the second grid; undefined if shapes differ.

    >>> overlay("10/20", "34/05")
    Grid('14/25')
    """
    return _select_cells(top, bottom, top)


@primitive(cost=2, laws=IDEMPOTENT_IN_PLACE)
def within(grid: Cells, other: Cells) -> Cells:
    """The grid's cells where another grid is not 0, and 0 elsewhere; undefined if shapes differ.

    >>> within("12/34", "05/50")
    Grid('02/30')
    """
    return _keep_cells(grid, other, True)


@primitive(cost=2, laws=IDEMPOTENT_IN_PLACE)
def without(grid: Cells, other: Cells) -> Cells:
    """The grid's cells where another grid is 0, and 0 elsewhere; undefined if shapes differ.

    >>> without("12/34", "05/50")
    Grid('10/04')
    """
    return _keep_cells(grid, other, False)


@primitive(cost=3, laws=(COMMUTATIVE, *ON_CANVAS))
def exclusive(grid: Cells, other: Cells) -> Cells:
    """The cells in which only one of two grids is not 0; undefined if their shapes differ.

    >>> exclusive("1200", "0340")
    Grid('1040')
    """
    if grid.shape != other.shape:
        return nothing()
    return _keep_cells(grid, other, False) | _keep_cells(other, grid, False)


@primitive(cost=3, laws=(COMMUTATIVE, ASSOCIATIVE, *IDEMPOTENT_IN_PLACE))
def common(grid: Cells, other: Cells) -> Cells:
    """The cells in which two grids agree, and 0 elsewhere; undefined if their shapes differ.

    >>> common("1234", "1032")
    Grid('1030')
    """
    return _keep_agreeing(grid, other, True)


@primitive(cost=3, laws=IN_PLACE)
def difference(grid: Cells, other: Cells) -> Cells:
    """The cells that differ from another grid's, and 0 elsewhere; undefined if shapes differ.

    >>> difference("1234", "1032")
    Grid('0204')
    """
    return _keep_agreeing(grid, other, False)


@primitive(cost=2, laws=IDEMPOTENT_IN_PLACE)
def keep_where(grid: Cells, mask: Mask) -> Cells:
    """The grid's cells in the mask, and 0 elsewhere; undefined if the shapes differ.

    >>> keep_where("12/34", "01/10")
    Grid('02/30')
    """
    return _keep_cells(grid, mask, True)


@primitive(cost=2, laws=IDEMPOTENT_IN_PLACE)
def erase_where(grid: Cells, mask: Mask) -> Cells:
    """The grid with 0 in the cells of the mask; undefined if the shapes differ.

    >>> erase_where("12/34", "01/10")
    Grid('10/04')
    """
    return _keep_cells(grid, mask, False)


@primitive(cost=2, laws=IDEMPOTENT_ON_ANY_CANVAS)
def paint_where(grid: Cells, mask: Mask, color: Color) -> Cells:
    """The grid with a color in the cells of the mask; undefined if the shapes differ.

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
    """The grid in the cells of the mask, the other grid elsewhere; undefined if shapes differ.

    >>> choose("12/34", "56/78", "01/10")
    Grid('52/38')
    """
    return _select_cells(grid, other, mask)
