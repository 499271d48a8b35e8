"""Layers put in order, and put back together: on their canvas, in strips, or one cell each."""

from __future__ import annotations

from typing import Any

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
from arcsolve.dsl.values import Cells, Count, Layers, Mask


@primitive(cost=2, laws=IN_PLACE)
def merge(layers: Layers) -> Cells:
    """All layers in one grid, later ones over earlier ones.

    >>> merge(("120", "033"))
    Grid('133')
    """
    return merge_layers(layers, np.ones(len(layers), np.bool_))


@primitive(cost=4, laws=IN_PLACE)
def merge_reversed(layers: Layers) -> Cells:
    """All layers in one grid, earlier ones over later ones.

    >>> merge_reversed(("120", "033"))
    Grid('123')
    """
    return merge_layers(layers[::-1].copy(), np.ones(len(layers), np.bool_))


@primitive(cost=4, laws=ON_CANVAS)
def overlaps(layers: Layers) -> Mask:
    """The cells that belong to two layers or more.

    >>> overlaps(("120", "033"))
    Grid('010')
    """
    covers = (layers != 0).sum(axis=0)
    return (covers > 1).astype(np.uint8)


@primitive(cost=3, laws=(RECOLORS_ALIKE_BUT_ZERO,))
def count_layers(layers: Layers) -> Count:
    """How many layers there are.

    >>> count_layers(("100", "020"))
    2
    """
    return len(layers)


@helper
def sort_layers(layers: Any, scores: Any) -> Any:
    """The layers by ascending score; layers of one score stay in their order."""
    order = np.argsort(scores, kind="mergesort")
    result = np.zeros(layers.shape, np.uint8)
    for place in range(len(layers)):
        result[place] = layers[order[place]]
    return result


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def sort_by_size(layers: Layers) -> Layers:
    """The layers from the most cells to the fewest.

    >>> sort_by_size(("100", "022"))
    (Grid('022'), Grid('100'))
    """
    return sort_layers(layers, -layer_sizes(layers))


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def sort_left_to_right(layers: Layers) -> Layers:
    """The layers by the first column of their bounding boxes.

    >>> sort_left_to_right(("001", "220"))
    (Grid('220'), Grid('001'))
    """
    return sort_layers(layers, layer_boxes(layers)[:, 1].copy())


@primitive(cost=3, laws=(INVOLUTION, *IN_PLACE))
def reverse_layers(layers: Layers) -> Layers:
    """The layers in reverse order.

    >>> reverse_layers(("100", "020"))
    (Grid('020'), Grid('100'))
    """
    return layers[::-1].copy()


@helper
def join_strip(layers: Any, downward: bool) -> Any:
    """The crops of the layers side by side, or below each other, from the top left."""
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
    """The layers cropped and put side by side, aligned at the top, over 0.

    Undefined if all are blank, or wider than 30 in all.

    >>> beside(("10/10", "02/00"))
    Grid('12/10')
    """
    return join_strip(layers, False)


@primitive(cost=3, laws=COPIES_CONTENT)
def stacked(layers: Layers) -> Cells:
    """The layers cropped and put below each other, aligned at the left, over 0.

    Undefined if all are blank, or higher than 30 in all.

    >>> stacked(("110", "002"))
    Grid('11/20')
    """
    return join_strip(layers, True)


@primitive(cost=3, laws=COPIES_CONTENT)
def overlay_crops(layers: Layers) -> Cells:
    """The layers cropped and laid over each other; undefined if they differ in height or width.

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
def draw_color_line(layers: Any, downward: bool) -> Any:
    """The main colors of the layers, one cell each, in a row or a column."""
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
    """The main colors of the layers in a row, one cell each; undefined above 30 layers.

    >>> color_row(("110", "002"))
    Grid('12')
    """
    return draw_color_line(layers, False)


@primitive(cost=3, laws=COPIES_CONTENT)
def color_column(layers: Layers) -> Cells:
    """The main colors of the layers in a column, one cell each; undefined above 30 layers.

    >>> color_column(("110", "002"))
    Grid('1/2')
    """
    return draw_color_line(layers, True)


@primitive(cost=4, laws=COPIES_CONTENT)
def size_bars(layers: Layers) -> Cells:
    """Below each other, for each layer a bar from the left: its number of cells, its main color.

    Undefined if all are blank, or above 30 layers or cells.

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
def run_numbers(occupied: Any) -> Any:
    """For each entry the number of its run of True entries, from 1; 0 between runs."""
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
    """One cell for each layer in its main color, arranged as the layers are.

    Blank rows and columns of the canvas separate the rows and columns of the result. Undefined
    if two layers would share a cell, or if a layer is blank.

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
