"""Layers put in order, and put back together: on their canvas, in strips, or one cell each."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import blank, bounding_box, nothing, too_large
from arcsolve.dsl.kernels.layer_features import (
    layer_boxes,
    layer_sizes,
    main_color,
    main_colors,
    merge_layers,
)
from arcsolve.dsl.laws import (
    COPIES_CONTENT,
    IDEMPOTENT_IN_PLACE,
    IN_PLACE,
    INVOLUTION,
    ON_CANVAS,
    RECOLORS_ALIKE_BUT_ZERO,
)
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Count, Flags, Integers, Layers, Mask


@primitive(cost=2, laws=IN_PLACE)
def merge(layers: Layers) -> Cells:
    """Draw all layers on one grid, later layers over earlier ones.

    >>> merge(("120", "033"))
    Grid('133')
    """
    return merge_layers(layers, np.ones(len(layers), np.bool_))


@primitive(cost=4, laws=IN_PLACE)
def merge_reversed(layers: Layers) -> Cells:
    """Draw all layers on one grid, earlier layers over later ones.

    >>> merge_reversed(("120", "033"))
    Grid('123')
    """
    return merge_layers(layers[::-1].copy(), np.ones(len(layers), np.bool_))


@primitive(cost=4, laws=ON_CANVAS)
def overlaps(layers: Layers) -> Mask:
    """Select the cells that belong to at least two layers.

    >>> overlaps(("120", "033"))
    Grid('010')
    """
    covers = (layers != 0).sum(axis=0)
    return (covers > 1).astype(np.uint8)


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def count_layers(layers: Layers) -> Count:
    """Count the layers.

    >>> count_layers(("100", "020"))
    2
    """
    return len(layers)


@helper
def sort_layers(layers: Layers, scores: Integers) -> Layers:
    """Sort the layers by ascending score; layers with equal scores keep their order."""
    order = np.argsort(scores, kind="mergesort")
    result = np.zeros(layers.shape, np.uint8)
    for place in range(len(layers)):
        result[place] = layers[order[place]]
    return result


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def sort_by_size(layers: Layers) -> Layers:
    """Sort the layers by their number of cells, from the most to the fewest.

    >>> sort_by_size(("100", "022"))
    (Grid('022'), Grid('100'))
    """
    return sort_layers(layers, -layer_sizes(layers))


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def sort_left_to_right(layers: Layers) -> Layers:
    """Sort the layers by the first column of their bounding boxes.

    >>> sort_left_to_right(("001", "220"))
    (Grid('220'), Grid('001'))
    """
    return sort_layers(layers, layer_boxes(layers)[:, 1].copy())


@primitive(cost=3, laws=(INVOLUTION, *IN_PLACE))
def reverse_layers(layers: Layers) -> Layers:
    """Reverse the order of the layers.

    >>> reverse_layers(("100", "020"))
    (Grid('020'), Grid('100'))
    """
    return layers[::-1].copy()


@helper
def join_strip(layers: Layers, downward: bool) -> Cells:
    """Join the crops of the layers side by side, or below each other if `downward`."""
    box = layer_boxes(layers)
    heights, widths = box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]
    height = heights.sum() if downward else heights.max()
    width = widths.max() if downward else widths.sum()
    if too_large(height, width):
        return nothing()
    result = blank(height, width)
    row, col = 0, 0
    for index in range(len(layers)):
        top, left, bottom, right = bounding_box(layers[index])
        result[row : row + bottom - top, col : col + right - left] = layers[
            index, top:bottom, left:right
        ]
        row += bottom - top if downward else 0
        col += 0 if downward else right - left
    return result


@primitive(cost=3, laws=COPIES_CONTENT)
def beside(layers: Layers) -> Cells:
    """Crop the layers and put them side by side, aligned at the top.

    Undefined if all layers are blank and if the result is more than 30 cells wide.

    >>> beside(("10/10", "02/00"))
    Grid('12/10')
    """
    return join_strip(layers, False)


@primitive(cost=3, laws=COPIES_CONTENT)
def stacked(layers: Layers) -> Cells:
    """Crop the layers and stack them below each other, aligned at the left.

    Undefined if all layers are blank and if the result is more than 30 cells high.

    >>> stacked(("110", "002"))
    Grid('11/20')
    """
    return join_strip(layers, True)


@primitive(cost=3, laws=COPIES_CONTENT)
def overlay_crops(layers: Layers) -> Cells:
    """Crop the layers and draw them over each other, later layers on top.

    Undefined if the crops differ in size and if all layers are blank.

    >>> overlay_crops(("1100/1000", "0020/0002"))
    Grid('21/12')
    """
    top, left, bottom, right = bounding_box(layers[0])
    height, width = bottom - top, right - left
    if too_large(height, width):
        return nothing()
    result = blank(height, width)
    for index in range(len(layers)):
        top, left, bottom, right = bounding_box(layers[index])
        if bottom - top != height or right - left != width:
            return nothing()
        for row in range(height):
            for col in range(width):
                cell = layers[index, top + row, left + col]
                if cell != 0:
                    result[row, col] = cell
    return result


@helper
def draw_color_line(layers: Layers, downward: bool) -> Cells:
    """Write the main colors of the layers, one cell each, into a row or column."""
    height, width = (len(layers), 1) if downward else (1, len(layers))
    if too_large(height, width):
        return nothing()
    colors = main_colors(layers)
    result = blank(height, width)
    for index in range(len(layers)):
        result[index if downward else 0, 0 if downward else index] = colors[index]
    return result


@primitive(cost=3, laws=COPIES_CONTENT)
def color_row(layers: Layers) -> Cells:
    """Write the main color of each layer into a row, one cell per layer.

    The main color is the most common color other than 0. Undefined for more than 30 layers.

    >>> color_row(("110", "002"))
    Grid('12')
    """
    return draw_color_line(layers, False)


@primitive(cost=3, laws=COPIES_CONTENT)
def color_column(layers: Layers) -> Cells:
    """Write the main color of each layer into a column, one cell per layer.

    The main color is the most common color other than 0. Undefined for more than 30 layers.

    >>> color_column(("110", "002"))
    Grid('1/2')
    """
    return draw_color_line(layers, True)


@primitive(cost=4, laws=COPIES_CONTENT)
def size_bars(layers: Layers) -> Cells:
    """Draw a bar for each layer in its main color, as long as its number of cells.

    The bars start at the left, one below the other. Undefined if all layers are blank, and for more
    than 30 layers or more than 30 cells in a layer.

    >>> size_bars(("10/11", "02/00"))
    Grid('111/200')
    """
    sizes = layer_sizes(layers)
    if too_large(len(layers), sizes.max()):
        return nothing()
    result = blank(len(layers), sizes.max())
    for index in range(len(layers)):
        result[index, : sizes[index]] = main_color(layers[index])
    return result


@helper
def run_numbers(occupied: Flags) -> Integers:
    """Number the runs of True entries from 1 and return each entry's run; 0 between the runs."""
    numbers = np.zeros(len(occupied), np.int64)
    run = 0
    for index in range(len(occupied)):
        if occupied[index]:
            if index == 0 or not occupied[index - 1]:
                run += 1
            numbers[index] = run
    return numbers


@primitive(cost=3, laws=COPIES_CONTENT)
def layout(layers: Layers) -> Cells:
    """Draw one cell for each layer in its main color, arranged like the layers.

    Blank rows and columns of the canvas separate the rows and columns of the result. Undefined if
    two layers would share a cell and if a layer is blank.

    >>> layout(("2200/2200/0000/0000", "0000/0001/0000/0000", "0000/0000/0000/3000"))
    Grid('21/30')
    """
    content = merge_layers(layers, np.ones(len(layers), np.bool_)) != 0
    row_runs, col_runs = run_numbers(content.sum(axis=1) > 0), run_numbers(content.sum(axis=0) > 0)
    if row_runs.max() == 0:
        return nothing()
    result = blank(row_runs.max(), col_runs.max())
    for index in range(len(layers)):
        top, left, bottom, _ = bounding_box(layers[index])
        row, col = row_runs[top] - 1, col_runs[left] - 1
        if bottom == 0 or result[row, col] != 0:
            return nothing()
        result[row, col] = main_color(layers[index])
    return result
