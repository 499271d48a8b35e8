"""Panels: the parts of a grid between separator lines, or its equal parts."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.kernels.grids import blank, copy_grid, no_layers, nothing
from arcsolve.dsl.kernels.separators import (
    cut,
    equal_parts,
    line_color,
    paint_panels,
    panel_bounds,
    panel_dominants,
    panel_shape,
    panel_sizes,
    separating_color,
)
from arcsolve.dsl.laws import (
    COPIES,
    COPIES_CONTENT,
    IDEMPOTENT_IN_PLACE,
    IN_PLACE,
    ON_CANVAS,
    RECOLORS_ALIKE_BUT_ZERO,
)
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import MAX_LAYERS, Cells, Color, Count, Layers, Mask


@primitive(cost=2, laws=COPIES_CONTENT)
def panels(grid: Cells) -> Layers:
    """Split the grid into the panels between separator lines, in reading order.

    Separators are full rows and columns of one non-zero color. Undefined unless there are 2 to 64
    panels of one shape.

    >>> panels("152/555/453")
    (Grid('1'), Grid('2'), Grid('4'), Grid('3'))
    """
    rows, cols = panel_bounds(grid, separating_color(grid))
    return cut(grid, rows, cols)


@primitive(cost=3, laws=COPIES)
def panels_between(grid: Cells, color: Color) -> Layers:
    """Split the grid into the panels between full rows and columns of a color, in reading order.

    The color may be 0. Undefined unless there are 2 to 64 panels of one shape.

    >>> panels_between("11022/00000/33044", 0)
    (Grid('11'), Grid('22'), Grid('33'), Grid('44'))
    """
    rows, cols = panel_bounds(grid, color)
    return cut(grid, rows, cols)


@primitive(cost=3, laws=IN_PLACE)
def panel_layers(grid: Cells) -> Layers:
    """Split the grid into the panels between separator lines, each in its place on the canvas.

    Separators are full rows and columns of one non-zero color; the panels may have different
    shapes. Undefined unless there are 2 to 64 panels.

    >>> panel_layers("1523/5555/4533")
    (Grid('1000/0000/0000'), Grid('0023/0000/0000'), Grid('0000/0000/4000'), Grid('0000/0000/0033'))
    """
    rows, cols = panel_bounds(grid, separating_color(grid))
    count = len(rows) * len(cols)
    if not 0 < count <= MAX_LAYERS:
        return no_layers()
    layers = np.zeros((count, grid.shape[0], grid.shape[1]), np.uint8)
    for index in range(count):
        top, bottom = rows[index // len(cols), 0], rows[index // len(cols), 1]
        left, right = cols[index % len(cols), 0], cols[index % len(cols), 1]
        layers[index, top:bottom, left:right] = grid[top:bottom, left:right]
    return layers


@primitive(cost=2, laws=COPIES)
def squares(grid: Cells) -> Layers:
    """Cut the grid along its longer side into squares.

    A single separator line between two squares is dropped. If the grid can be cut with and without
    separators, it is cut without. Undefined if the grid is square and if it does not divide into at
    least two squares.

    >>> squares("1234/5678")
    (Grid('12/56'), Grid('34/78'))
    >>> squares("12534/67589")
    (Grid('12/67'), Grid('34/89'))
    """
    height, width = grid.shape
    side, length = min(height, width), max(height, width)
    count = length // side if length % side == 0 else (length + 1) // (side + 1)
    if count < 2 or (length != count * side and length != count * (side + 1) - 1):
        return no_layers()
    return cut(
        grid,
        equal_parts(grid, count if height > width else 1, True),
        equal_parts(grid, 1 if height > width else count, False),
    )


@primitive(cost=3, laws=COPIES)
def row_parts(grid: Cells, count: Count) -> Layers:
    """Cut the grid into a number of equal parts, one below the other.

    A single separator line of one color between two parts is dropped. Undefined for fewer than two
    parts and if the rows do not divide evenly.

    >>> row_parts("12/55/34", 2)
    (Grid('12'), Grid('34'))
    """
    if count < 2:
        return no_layers()
    return cut(grid, equal_parts(grid, count, True), equal_parts(grid, 1, False))


@primitive(cost=3, laws=COPIES)
def col_parts(grid: Cells, count: Count) -> Layers:
    """Cut the grid into a number of equal parts, side by side.

    A single separator line of one color between two parts is dropped. Undefined for fewer than two
    parts and if the columns do not divide evenly.

    >>> col_parts("112233/112233", 3)
    (Grid('11/11'), Grid('22/22'), Grid('33/33'))
    """
    if count < 2:
        return no_layers()
    return cut(grid, equal_parts(grid, 1, True), equal_parts(grid, count, False))


@primitive(cost=3, laws=COPIES)
def quarters(grid: Cells) -> Layers:
    """Cut the grid into its four quarters, in reading order.

    A middle row or column of one color is dropped. Undefined if the grid does not divide evenly.

    >>> quarters("105/000/201")
    (Grid('1'), Grid('5'), Grid('2'), Grid('1'))
    """
    return cut(grid, equal_parts(grid, 2, True), equal_parts(grid, 2, False))


@primitive(cost=2, laws=COPIES_CONTENT)
def panel_colors(grid: Cells) -> Cells:
    """Reduce each panel to one cell of its most common color other than 0, or 0 if it is empty.

    Undefined unless separator lines make at least two panels.

    >>> panel_colors("11500/02500/55555/00533/00503")
    Grid('10/03')
    """
    rows, cols = panel_bounds(grid, separating_color(grid))
    return panel_dominants(grid, rows, cols)


@primitive(cost=3)
def panel_counts(grid: Cells) -> Cells:
    """Reduce each panel to one cell with the number of its non-zero cells.

    Undefined unless separator lines make at least two panels, and if a number is above 9.

    >>> panel_counts("11500/02500/55555/00533/00503")
    Grid('30/03')
    """
    rows, cols = panel_bounds(grid, separating_color(grid))
    sizes = panel_sizes(grid, rows, cols)
    if sizes.size == 0 or sizes.max() > 9:
        return nothing()
    return sizes.astype(np.uint8)


@primitive(cost=3, laws=ON_CANVAS)
def fullest_panels(grid: Cells) -> Mask:
    """Select all cells of the panels with the most non-zero cells.

    Undefined unless separator lines make at least two panels, and if all panels tie.

    >>> fullest_panels("11500/02500/55555/00533/00500")
    Grid('11000/11000/00000/00000/00000')
    """
    rows, cols = panel_bounds(grid, separating_color(grid))
    sizes = panel_sizes(grid, rows, cols)
    if sizes.size == 0 or sizes.max() == sizes.min():
        return nothing()
    marks = (sizes == sizes.max()).astype(np.uint8)
    return paint_panels(blank(grid.shape[0], grid.shape[1]), marks, rows, cols)


@primitive(cost=3, laws=IN_PLACE)
def fill_panels(grid: Cells) -> Cells:
    """Fill each panel with its most common color other than 0; the separators stay.

    Undefined unless separator lines make at least two panels.

    >>> fill_panels("11500/02500/55555/00533/00503")
    Grid('11500/11500/55555/00533/00533')
    """
    rows, cols = panel_bounds(grid, separating_color(grid))
    if len(rows) == 0:
        return nothing()
    return paint_panels(grid, panel_dominants(grid, rows, cols), rows, cols)


@primitive(cost=3)
def expand_to_panels(small: Cells, grid: Cells) -> Cells:
    """Fill each panel of the second grid with the color that the first grid has in its place.

    Undefined unless the first grid has one cell for each panel.

    >>> expand_to_panels("12/03", "00500/00500/55555/00500/00500")
    Grid('11522/11522/55555/00533/00533')
    """
    rows, cols = panel_bounds(grid, separating_color(grid))
    if len(rows) == 0 or small.shape != (len(rows), len(cols)):
        return nothing()
    return paint_panels(grid, small, rows, cols)


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def stamp_panels(small: Cells, grid: Cells) -> Cells:
    """Draw the first grid into every panel of the second grid, with 0 as transparent.

    Undefined unless every panel has the shape of the first grid.

    >>> stamp_panels("10/22", "00500/03500")
    Grid('10510/22522')
    """
    rows, cols = panel_bounds(grid, separating_color(grid))
    if panel_shape(rows, cols) != small.shape:
        return nothing()
    stamped = copy_grid(grid)
    for top in rows[:, 0]:
        for left in cols[:, 0]:
            for row in range(small.shape[0]):
                for col in range(small.shape[1]):
                    if small[row, col] > 0:
                        stamped[top + row, left + col] = small[row, col]
    return stamped


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def join_panels(layers: Layers, grid: Cells) -> Cells:
    """Replace the panels of the grid with the layers, in reading order.

    Undefined unless there is one layer of the right shape for each panel.

    >>> join_panels(("3/0", "0/4"), "152/051")
    Grid('350/054')
    """
    rows, cols = panel_bounds(grid, separating_color(grid))
    parts = cut(grid, rows, cols)
    if len(parts) == 0 or parts.shape != layers.shape:
        return nothing()
    joined = copy_grid(grid)
    for index in range(len(layers)):
        top, left = rows[index // len(cols), 0], cols[index % len(cols), 0]
        joined[top : top + layers.shape[1], left : left + layers.shape[2]] = layers[index]
    return joined


@primitive(cost=3, laws=COPIES_CONTENT)
def remove_separators(grid: Cells) -> Cells:
    """Remove the separator lines and move the panels together.

    Undefined unless separator lines make at least two panels.

    >>> remove_separators("1523/5555/4533")
    Grid('123/433')
    """
    color = separating_color(grid)
    if color < 0:
        return nothing()
    height, width = grid.shape
    keep_rows = np.array([line_color(grid, row, True) != color for row in range(height)])
    keep_cols = np.array([line_color(grid, col, False) != color for col in range(width)])
    return grid[keep_rows][:, keep_cols].copy()


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def separators(grid: Cells) -> Cells:
    """Keep only the separator lines; the panels become 0.

    Undefined unless separator lines make at least two panels.

    >>> separators("1523/5555/4533")
    Grid('0500/5555/0500')
    """
    rows, cols = panel_bounds(grid, separating_color(grid))
    if len(rows) == 0:
        return nothing()
    return paint_panels(grid, blank(len(rows), len(cols)), rows, cols)


@primitive(cost=2, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def separator_color(grid: Cells) -> Color:
    """Return the color of the full rows and columns that split the grid into panels.

    Undefined unless separator lines make at least two panels.

    >>> separator_color("1523/5555/4533")
    5
    """
    return separating_color(grid)
