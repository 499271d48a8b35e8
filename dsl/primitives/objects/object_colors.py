"""Colors of objects: every layer recolored from its own colors."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import color_counts, no_layers
from arcsolve.dsl.kernels.layer_features import color_numbers, main_color
from arcsolve.dsl.laws import IDEMPOTENT_IN_PLACE, IN_PLACE
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Layers


@helper
def rare_color(layer: Cells) -> int:
    """Return the least common non-zero color of a layer, or 0 if it is blank.

    On a tie the color whose first cell comes last wins. For two colors the result is always the
    color that `main_color` does not return.
    """
    counts = color_counts(layer)
    seen = np.zeros(NUM_COLORS, np.bool_)
    rare = 0
    for cell in layer.flat:
        if cell != 0 and not seen[cell]:
            seen[cell] = True
            if rare == 0 or counts[cell] <= counts[rare]:
                rare = int(cell)
    return rare


@helper
def recolor_layer(layer: Cells, color: int, other: int, rest: int) -> Cells:
    """Paint the cells of `color` in `other`, and all other non-zero cells in `rest`."""
    height, width = layer.shape
    result = np.zeros((height, width), np.uint8)
    for row in range(height):
        for col in range(width):
            if layer[row, col] != 0:
                result[row, col] = other if layer[row, col] == color else rest
    return result


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def paint_main_color(layers: Layers) -> Layers:
    """Paint every layer in its most common color other than 0.

    >>> paint_main_color(("1120",))
    (Grid('1110'),)
    """
    result = np.zeros(layers.shape, np.uint8)
    for index in range(len(layers)):
        color = main_color(layers[index])
        result[index] = recolor_layer(layers[index], color, color, color)
    return result


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def paint_rare_color(layers: Layers) -> Layers:
    """Paint every layer in its least common color other than 0.

    >>> paint_rare_color(("1120",))
    (Grid('2220'),)
    """
    result = np.zeros(layers.shape, np.uint8)
    for index in range(len(layers)):
        color = rare_color(layers[index])
        result[index] = recolor_layer(layers[index], color, color, color)
    return result


@primitive(cost=4, laws=IDEMPOTENT_IN_PLACE)
def keep_main_color(layers: Layers) -> Layers:
    """Keep only the cells of each layer's most common color other than 0.

    >>> keep_main_color(("1120",))
    (Grid('1100'),)
    """
    result = np.zeros(layers.shape, np.uint8)
    for index in range(len(layers)):
        color = main_color(layers[index])
        result[index] = recolor_layer(layers[index], color, color, 0)
    return result


@primitive(cost=4, laws=IN_PLACE)
def drop_main_color(layers: Layers) -> Layers:
    """Erase the cells of each layer's most common color other than 0.

    Undefined if no layer has a second color.

    >>> drop_main_color(("1120",))
    (Grid('0020'),)
    """
    result = layers.copy()
    for index in range(len(layers)):
        color = main_color(layers[index])
        for row in range(layers.shape[1]):
            for col in range(layers.shape[2]):
                if layers[index, row, col] == color:
                    result[index, row, col] = 0
    return result if result.any() else no_layers()


@primitive(cost=4, laws=IN_PLACE)
def swap_colors_each(layers: Layers) -> Layers:
    """Swap the two colors of every layer that has exactly two colors; the other layers stay.

    Undefined if there is no such layer.

    >>> swap_colors_each(("1120", "0003"))
    (Grid('2210'), Grid('0003'))
    """
    numbers = color_numbers(layers)
    if not (numbers == 2).any():
        return no_layers()
    result = layers.copy()
    for index in range(len(layers)):
        if numbers[index] == 2:
            color, other = main_color(layers[index]), rare_color(layers[index])
            result[index] = recolor_layer(layers[index], color, other, color)
    return result
