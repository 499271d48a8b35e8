"""Edits of objects: every layer changed by itself, in its place and within its bounding box."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import (
    COL_STEP,
    ROW_STEP,
    bounding_box,
    color_mask,
    crop,
    enclosed_cells,
    inside,
    no_layers,
    paint_mask,
)
from arcsolve.dsl.kernels.layer_features import main_color
from arcsolve.dsl.laws import (
    IDEMPOTENT_IN_PLACE,
    IDEMPOTENT_ON_CANVAS,
    IN_PLACE,
    INVOLUTION,
    CommutesWith,
)
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Direction, Layers


@helper
def flip_each(layers: Layers, rows: bool, cols: bool) -> Layers:
    """Mirror every layer in its bounding box, upside down if `rows`, left to right if `cols`."""
    result = np.zeros(layers.shape, np.uint8)
    for index in range(len(layers)):
        top, left, bottom, right = bounding_box(layers[index])
        for row in range(top, bottom):
            for col in range(left, right):
                from_row = top + bottom - 1 - row if rows else row
                from_col = left + right - 1 - col if cols else col
                result[index, row, col] = layers[index, from_row, from_col]
    return result


@primitive(cost=3, laws=(INVOLUTION, *IN_PLACE))
def flip_each_rows(layers: Layers) -> Layers:
    """Turn every layer upside down within its bounding box.

    >>> flip_each_rows(("100/110/000", "000/002/020"))
    (Grid('110/100/000'), Grid('000/020/002'))
    """
    return flip_each(layers, True, False)


@primitive(cost=3, laws=(INVOLUTION, *IN_PLACE, CommutesWith("flip_each_rows")))
def flip_each_cols(layers: Layers) -> Layers:
    """Mirror every layer left to right within its bounding box.

    >>> flip_each_cols(("120", "003"))
    (Grid('210'), Grid('003'))
    """
    return flip_each(layers, False, True)


@helper
def fill_in_box(layer: Cells, color: int, outline_only: bool) -> Cells:
    """Fill the cells of 0 in a layer's bounding box, or on the outline of the box only."""
    top, left, bottom, right = bounding_box(layer)
    result = layer.copy()
    for row in range(top, bottom):
        for col in range(left, right):
            edge = row in (top, bottom - 1) or col in (left, right - 1)
            if layer[row, col] == 0 and (edge or not outline_only):
                result[row, col] = color
    return result


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def solid_boxes(layers: Layers) -> Layers:
    """Fill the bounding box of every layer with the layer's main color, over background cells.

    The main color is the most common color other than 0.

    >>> solid_boxes(("1020/1110",))
    (Grid('1120/1110'),)
    """
    result = np.zeros(layers.shape, np.uint8)
    for index in range(len(layers)):
        result[index] = fill_in_box(layers[index], main_color(layers[index]), False)
    return result


@primitive(cost=3, laws=IDEMPOTENT_ON_CANVAS)
def fill_boxes(layers: Layers, color: Color) -> Layers:
    """Fill the background cells in the bounding box of every layer with a color.

    >>> fill_boxes(("1010/1110",), 2)
    (Grid('1210/1110'),)
    """
    result = np.zeros(layers.shape, np.uint8)
    for index in range(len(layers)):
        result[index] = fill_in_box(layers[index], color, False)
    return result


@primitive(cost=4, laws=IDEMPOTENT_IN_PLACE)
def box_outlines(layers: Layers) -> Layers:
    """Complete the outline of every layer's bounding box in the layer's main color.

    The main color is the most common color other than 0.

    >>> box_outlines(("1100/0000/0010",))
    (Grid('1110/1010/1110'),)
    """
    result = np.zeros(layers.shape, np.uint8)
    for index in range(len(layers)):
        result[index] = fill_in_box(layers[index], main_color(layers[index]), True)
    return result


@primitive(cost=3, laws=IDEMPOTENT_ON_CANVAS)
def fill_each(layers: Layers, color: Color) -> Layers:
    """Fill the background cells that each layer encloses by itself with a color.

    Enclosed regions are connected over edges and do not reach the border.

    >>> fill_each(("1110/1010/1110",), 2)
    (Grid('1110/1210/1110'),)
    """
    result = layers.copy()
    for index in range(len(layers)):
        top, left, bottom, right = bounding_box(layers[index])
        if bottom - top > 2 and right - left > 2:
            window = crop(layers[index], top, left, bottom, right)
            holes = enclosed_cells(color_mask(window, 0), False)
            result[index, top:bottom, left:right] = paint_mask(window, holes, color)
    return result


@primitive(cost=4, laws=IDEMPOTENT_IN_PLACE)
def box_centers(layers: Layers) -> Layers:
    """Reduce every layer to the center of its bounding box, in the layer's main color.

    The center has two rows or columns along a side of even length. The main color is the most
    common color other than 0.

    >>> box_centers(("1110/0010/0010",))
    (Grid('0000/0100/0000'),)
    """
    result = np.zeros(layers.shape, np.uint8)
    for index in range(len(layers)):
        top, left, bottom, right = bounding_box(layers[index])
        if bottom > 0:
            rows = slice((top + bottom - 1) // 2, (top + bottom) // 2 + 1)
            cols = slice((left + right - 1) // 2, (left + right) // 2 + 1)
            result[index, rows, cols] = main_color(layers[index])
    return result


@helper
def stamp(layer: Cells, row_shift: int, col_shift: int, target: Cells) -> None:
    """Draw the layer's cells on the target, moved; cells that leave the canvas are lost."""
    for row in range(layer.shape[0]):
        for col in range(layer.shape[1]):
            r, c = row + row_shift, col + col_shift
            if layer[row, col] != 0 and inside(layer, r, c):
                target[r, c] = layer[row, col]


@primitive(cost=3, laws=IN_PLACE)
def shift_each(layers: Layers, direction: Direction) -> Layers:
    """Move every layer by one cell in a direction; cells that leave the canvas are lost.

    >>> shift_each(("100", "022"), 2)
    (Grid('010'), Grid('002'))
    """
    result = np.zeros(layers.shape, np.uint8)
    for index in range(len(layers)):
        stamp(layers[index], ROW_STEP[direction], COL_STEP[direction], result[index])
    return result


@helper
def steps_to_border(layer: Cells, direction: int) -> int:
    """Count the steps in a direction that bring the layer's bounding box to the border."""
    top, left, bottom, right = bounding_box(layer)
    height, width = layer.shape
    steps = max(height, width)
    if ROW_STEP[direction] != 0:
        steps = min(steps, top if ROW_STEP[direction] < 0 else height - bottom)
    if COL_STEP[direction] != 0:
        steps = min(steps, left if COL_STEP[direction] < 0 else width - right)
    return steps


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def slide_each(layers: Layers, direction: Direction) -> Layers:
    """Move every layer in a direction up to the border, through the other layers.

    >>> slide_each(("1000", "0220"), 2)
    (Grid('0001'), Grid('0022'))
    """
    result = np.zeros(layers.shape, np.uint8)
    for index in range(len(layers)):
        steps = steps_to_border(layers[index], direction)
        row_shift, col_shift = steps * ROW_STEP[direction], steps * COL_STEP[direction]
        stamp(layers[index], row_shift, col_shift, result[index])
    return result


@primitive(cost=4, laws=IN_PLACE)
def mirror_each(layers: Layers, direction: Direction) -> Layers:
    """Add to every layer its mirror image next to it on a side.

    Cells that leave the canvas are lost. Undefined for diagonal directions.

    >>> mirror_each(("12000/10000",), 2)
    (Grid('12210/10010'),)
    """
    if direction % 2 == 1:
        return no_layers()
    result = layers.copy()
    upright = direction % 4 == 0
    images = flip_each(layers, upright, not upright)
    for index in range(len(layers)):
        top, left, bottom, right = bounding_box(layers[index])
        row_shift = (bottom - top) * ROW_STEP[direction]
        stamp(images[index], row_shift, (right - left) * COL_STEP[direction], result[index])
    return result


@helper
def repeat_with_gap(layers: Layers, direction: int, gap: int) -> Layers:
    """Repeat every layer up to the border, at distances of its box size plus the gap."""
    result = np.zeros(layers.shape, np.uint8)
    for index in range(len(layers)):
        top, left, bottom, right = bounding_box(layers[index])
        row_step = (bottom - top + gap) * ROW_STEP[direction]
        col_step = (right - left + gap) * COL_STEP[direction]
        row_shift, col_shift = 0, 0
        while bottom > 0 and inside(layers[index], abs(row_shift), abs(col_shift)):
            stamp(layers[index], row_shift, col_shift, result[index])
            row_shift += row_step
            col_shift += col_step
    return result


@primitive(cost=4, laws=IN_PLACE)
def repeat_each(layers: Layers, direction: Direction) -> Layers:
    """Repeat every layer edge to edge in a direction, up to the border.

    >>> repeat_each(("12000",), 2)
    (Grid('12121'),)
    """
    return repeat_with_gap(layers, direction, 0)


@primitive(cost=4, laws=IN_PLACE)
def repeat_each_spaced(layers: Layers, direction: Direction) -> Layers:
    """Repeat every layer in a direction, with one cell between the copies, up to the border.

    >>> repeat_each_spaced(("120000",), 2)
    (Grid('120120'),)
    """
    return repeat_with_gap(layers, direction, 1)
