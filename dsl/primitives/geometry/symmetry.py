"""Symmetries of the square, and grids joined or tiled with their own mirror images."""

from __future__ import annotations

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import COL_STEP, ROW_STEP, blank, nothing, too_large
from arcsolve.dsl.laws import (
    COMMUTES_WITH_SYMMETRIES,
    COPIES,
    INVOLUTION,
    REARRANGES,
    CommutesWith,
    InverseOf,
)
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Count, Direction


@helper
def orient(grid: Cells, rows_reversed: bool, cols_reversed: bool, transposed: bool) -> Cells:
    """Return one of the eight orientations of a grid.

    The grid is reversed in rows and in columns and then transposed, each only if the flag says so.
    """
    height, width = grid.shape
    turned = blank(width, height) if transposed else blank(height, width)
    for row in range(height):
        to_row = height - 1 - row if rows_reversed else row
        for col in range(width):
            to_col = width - 1 - col if cols_reversed else col
            if transposed:
                turned[to_col, to_row] = grid[row, col]
            else:
                turned[to_row, to_col] = grid[row, col]
    return turned


@primitive(
    cost=2,
    laws=(INVOLUTION, *REARRANGES, CommutesWith("flip_cols")),
)
def flip_rows(grid: Cells) -> Cells:
    """Turn the grid upside down.

    >>> flip_rows("12/34")
    Grid('34/12')
    """
    return orient(grid, True, False, False)


@primitive(cost=2, laws=(INVOLUTION, *REARRANGES))
def flip_cols(grid: Cells) -> Cells:
    """Mirror the grid left to right.

    >>> flip_cols("12/34")
    Grid('21/43')
    """
    return orient(grid, False, True, False)


@primitive(
    cost=2,
    laws=(INVOLUTION, *COPIES, CommutesWith("anti_transpose")),
)
def transpose(grid: Cells) -> Cells:
    """Mirror the grid across its main diagonal: rows become columns.

    >>> transpose("123/456")
    Grid('14/25/36')
    """
    return orient(grid, False, False, True)


@primitive(cost=2, laws=(INVOLUTION, *COPIES))
def anti_transpose(grid: Cells) -> Cells:
    """Mirror the grid across the diagonal from the bottom left to the top right.

    >>> anti_transpose("123/456")
    Grid('63/52/41')
    """
    return orient(grid, True, True, True)


@primitive(cost=2, laws=(InverseOf("rotate_270"), *COPIES))
def rotate_90(grid: Cells) -> Cells:
    """Rotate the grid a quarter turn clockwise.

    >>> rotate_90("123/456")
    Grid('41/52/63')
    """
    return orient(grid, True, False, True)


@primitive(cost=2, laws=(INVOLUTION, *REARRANGES, *COMMUTES_WITH_SYMMETRIES))
def rotate_180(grid: Cells) -> Cells:
    """Rotate the grid by a half turn.

    >>> rotate_180("123/456")
    Grid('654/321')
    """
    return orient(grid, True, True, False)


@primitive(cost=2, laws=(InverseOf("rotate_90"), *COPIES))
def rotate_270(grid: Cells) -> Cells:
    """Rotate the grid a quarter turn counterclockwise.

    >>> rotate_270("123/456")
    Grid('36/25/14')
    """
    return orient(grid, False, True, True)


@helper
def _mirror_index(index: int, size: int, step: int, shared: int) -> int:
    """Return the line of a grid that shows at an index of the grid joined to its mirror image.

    The image stands after the grid for `step` 1 and before it for -1. `shared` edge lines coincide.
    """
    if step > 0:
        return index if index < size else 2 * size - 1 - shared - index
    if step < 0:
        return size - 1 - index if index < size else index - size + shared
    return index


@helper
def _join_mirror_image(grid: Cells, direction: int, shared: int) -> Cells:
    height, width = grid.shape
    row_step, col_step = ROW_STEP[direction], COL_STEP[direction]
    tall = height if row_step == 0 else 2 * height - shared
    wide = width if col_step == 0 else 2 * width - shared
    if too_large(tall, wide):
        return nothing()
    joined = blank(tall, wide)
    for row in range(tall):
        from_row = _mirror_index(row, height, row_step, shared)
        for col in range(wide):
            joined[row, col] = grid[from_row, _mirror_index(col, width, col_step, shared)]
    return joined


@primitive(cost=2, laws=COPIES)
def mirror(grid: Cells, direction: Direction) -> Cells:
    """Join the grid to its mirror image on a side; for a diagonal direction, make four images.

    >>> mirror("12/34", 2)
    Grid('1221/3443')
    >>> mirror("12/34", 1)
    Grid('3443/1221/1221/3443')
    """
    return _join_mirror_image(grid, direction, 0)


@primitive(cost=4, laws=COPIES)
def mirror_over_edge(grid: Cells, direction: Direction) -> Cells:
    """Join the grid to its mirror image on a side so that both share the edge line.

    >>> mirror_over_edge("123/456", 2)
    Grid('12321/45654')
    """
    return _join_mirror_image(grid, direction, 1)


@primitive(cost=3, laws=COPIES)
def pinwheel(grid: Cells) -> Cells:
    """Join a square grid to its three rotations, clockwise from the top left.

    Undefined unless the grid is square.

    >>> pinwheel("12/34")
    Grid('1231/3442/2443/1321')
    """
    side = grid.shape[0]
    if grid.shape[1] != side or too_large(2 * side, 2 * side):
        return nothing()
    wheel = blank(2 * side, 2 * side)
    last = 2 * side - 1
    for row in range(side):
        for col in range(side):
            wheel[row, col] = wheel[col, last - row] = grid[row, col]
            wheel[last - row, last - col] = wheel[last - col, row] = grid[row, col]
    return wheel


@primitive(cost=3, laws=REARRANGES)
def roll(grid: Cells, direction: Direction) -> Cells:
    """Move the grid by one cell; cells that leave on one side return on the other side.

    >>> roll("123/456", 2)
    Grid('312/645')
    """
    height, width = grid.shape
    rolled = blank(height, width)
    for row in range(height):
        to_row = (row + ROW_STEP[direction]) % height
        for col in range(width):
            rolled[to_row, (col + COL_STEP[direction]) % width] = grid[row, col]
    return rolled


@helper
def _mirror_tiles(grid: Cells, rows: int, cols: int, mirror_rows: int, mirror_cols: int) -> Cells:
    """Return rows x cols copies of the grid; two bit masks say which of them are mirrored.

    Bit 0 of `mirror_rows` turns the copies in odd tile rows upside down, bit 1 those in odd tile
    columns. `mirror_cols` does the same for left and right.
    """
    height, width = grid.shape
    if rows < 1 or cols < 1 or too_large(height * rows, width * cols):
        return nothing()
    result = blank(height * rows, width * cols)
    for row in range(height * rows):
        for col in range(width * cols):
            odd = (row // height) % 2 + 2 * ((col // width) % 2)
            r, c = row % height, col % width
            r = height - 1 - r if (odd & mirror_rows) in (1, 2) else r
            c = width - 1 - c if (odd & mirror_cols) in (1, 2) else c
            result[row, col] = grid[r, c]
    return result


@primitive(cost=3, laws=COPIES)
def tile_mirrored(grid: Cells, count: Count) -> Cells:
    """Tile the grid n times down and across, each copy the mirror image of its neighbors.

    Undefined for a count below 2.

    >>> tile_mirrored("12", 2)
    Grid('1221/1221')
    """
    return _mirror_tiles(grid, count, count, 1, 2) if count > 1 else nothing()


@primitive(cost=3, laws=COPIES)
def tile_alternating(grid: Cells, count: Count) -> Cells:
    """Tile the grid n times down and across; mirror every second row of copies left to right.

    Undefined for a count below 2.

    >>> tile_alternating("12", 2)
    Grid('1212/2121')
    """
    return _mirror_tiles(grid, count, count, 0, 1) if count > 1 else nothing()


@primitive(cost=3, laws=(*COPIES, *COMMUTES_WITH_SYMMETRIES))
def kaleidoscope(grid: Cells) -> Cells:
    """Tile the grid 3 times down and across, each copy the mirror image of its neighbors.

    The copy in the middle is the grid itself.

    >>> kaleidoscope("12")
    Grid('211221/211221/211221')
    """
    return _mirror_tiles(grid[::-1, ::-1].copy(), 3, 3, 1, 2)
