"""Agreement: several layers (panels, halves, objects) combined by the cells in which they agree."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import blank, nothing, too_large
from arcsolve.dsl.laws import COPIES, IN_PLACE, KEEPS_SHAPE, ON_ANY_CANVAS, ON_CANVAS, REARRANGES
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Flags, Integers, Layers, Mask


@helper
def count_filled_layers(layers: Layers) -> Integers:
    """Count for each cell the layers that are not 0 there (int64)."""
    count, height, width = layers.shape
    counts = np.zeros((height, width), np.int64)
    for index in range(count):
        for row in range(height):
            for col in range(width):
                counts[row, col] += layers[index, row, col] > 0
    return counts


@helper
def first_color_where(layers: Layers, wanted: Flags) -> Cells:
    """Return the color of the first non-zero layer at the `wanted` cells, and 0 elsewhere."""
    count, height, width = layers.shape
    result = blank(height, width)
    for index in range(count):
        for row in range(height):
            for col in range(width):
                if wanted[row, col] and result[row, col] == 0:
                    result[row, col] = layers[index, row, col]
    return result


@helper
def colors_at(layers: Layers, row: int, col: int) -> Integers:
    """Count for each color the layers that have it at a cell (int64)."""
    counts = np.zeros(NUM_COLORS, np.int64)
    for index in range(len(layers)):
        counts[layers[index, row, col]] += 1
    return counts


@helper
def disagreements(layers: Layers) -> Integers:
    """Count for each layer the cells of other layers that differ from its own cells (int64)."""
    count, height, width = layers.shape
    totals = np.zeros(count, np.int64)
    for row in range(height):
        for col in range(width):
            counts = colors_at(layers, row, col)
            for index in range(count):
                totals[index] += count - counts[layers[index, row, col]]
    return totals


@helper
def only_index(values: Integers, wanted: int) -> int:
    """Return the index of the only value that equals the wanted one; else -1."""
    place = -1
    for index in range(len(values)):
        if values[index] == wanted:
            if place >= 0:
                return -1
            place = index
    return place


@helper
def keep_alone(layers: Layers, place: int) -> Cells:
    """Keep the cells of one layer where all others are 0; return `nothing()` for a single layer."""
    if len(layers) < 2:
        return nothing()
    chosen = layers[place : place + 1]
    return first_color_where(chosen, (count_filled_layers(layers) == 1) & (chosen[0] > 0))


@primitive(cost=2, laws=IN_PLACE)
def in_all(layers: Layers) -> Cells:
    """Keep the cells of the first layer where no layer is 0 (logical AND).

    Undefined for a single layer.

    >>> in_all(("110", "022"))
    Grid('010')
    """
    if len(layers) < 2:
        return nothing()
    return first_color_where(layers, count_filled_layers(layers) == len(layers))


@primitive(cost=2, laws=ON_CANVAS)
def in_none(layers: Layers) -> Mask:
    """Select the cells where every layer is 0 (logical NOR).

    >>> in_none(("1100", "0220"))
    Grid('0001')
    """
    return (count_filled_layers(layers) == 0).astype(np.uint8)


@primitive(cost=3, laws=IN_PLACE)
def in_exactly_one(layers: Layers) -> Cells:
    """Keep the cells where exactly one layer is not 0 (logical XOR), in the color of that layer.

    Undefined for a single layer.

    >>> in_exactly_one(("110", "022"))
    Grid('102')
    """
    if len(layers) < 2:
        return nothing()
    return first_color_where(layers, count_filled_layers(layers) == 1)


@primitive(cost=3, laws=IN_PLACE)
def in_several(layers: Layers) -> Cells:
    """Keep the cells where at least two layers are not 0, in the color of the first of them.

    Undefined for a single layer.

    >>> in_several(("110", "022", "003"))
    Grid('012')
    """
    if len(layers) < 2:
        return nothing()
    return first_color_where(layers, count_filled_layers(layers) > 1)


@primitive(cost=3, laws=IN_PLACE)
def only_in_first(layers: Layers) -> Cells:
    """Keep the cells of the first layer where all other layers are 0; undefined for a single layer.

    >>> only_in_first(("110", "022"))
    Grid('100')
    """
    return keep_alone(layers, 0)


@primitive(cost=3, laws=IN_PLACE)
def only_in_last(layers: Layers) -> Cells:
    """Keep the cells of the last layer where all other layers are 0; undefined for a single layer.

    >>> only_in_last(("110", "022"))
    Grid('002')
    """
    return keep_alone(layers, len(layers) - 1)


@primitive(cost=3, laws=ON_ANY_CANVAS)
def disagreement(layers: Layers) -> Mask:
    """Select the cells where the layers do not all have the same color.

    Undefined for a single layer.

    >>> disagreement(("1102", "1201"))
    Grid('0101')
    """
    count, height, width = layers.shape
    if count < 2:
        return nothing()
    marks = blank(height, width)
    for index in range(1, count):
        for row in range(height):
            for col in range(width):
                if layers[index, row, col] != layers[0, row, col]:
                    marks[row, col] = 1
    return marks


@primitive(cost=3, laws=REARRANGES)
def majority_of_layers(layers: Layers) -> Cells:
    """Give each cell the color that most layers have there, 0 included.

    On a tie the color of the earliest layer wins. Undefined for fewer than three layers.

    >>> majority_of_layers(("120", "123", "020"))
    Grid('120')
    """
    count, height, width = layers.shape
    if count < 3:
        return nothing()
    result = layers[0].copy()
    for row in range(height):
        for col in range(width):
            counts = colors_at(layers, row, col)
            for index in range(1, count):
                if counts[layers[index, row, col]] > counts[result[row, col]]:
                    result[row, col] = layers[index, row, col]
    return result


@primitive(cost=3, laws=REARRANGES)
def odd_layer(layers: Layers) -> Cells:
    """Select the layer that differs most from the others, cell by cell.

    Undefined for fewer than three layers and on a tie.

    >>> odd_layer(("121", "121", "020"))
    Grid('020')
    """
    if len(layers) < 3:
        return nothing()
    totals = disagreements(layers)
    place = only_index(totals, totals.max())
    return layers[place].copy() if place >= 0 else nothing()


@primitive(cost=3, laws=(KEEPS_SHAPE,))
def layer_counts(layers: Layers) -> Cells:
    """Write into each cell the number of layers that are not 0 there.

    Undefined if a number is above 9.

    >>> layer_counts(("110", "120"))
    Grid('220')
    """
    counts = count_filled_layers(layers)
    return counts.astype(np.uint8) if counts.max() < NUM_COLORS else nothing()


@primitive(cost=3, laws=IN_PLACE)
def densest_below(layers: Layers) -> Cells:
    """Draw the layers over each other, those with the most cells at the bottom.

    Cells of 0 are transparent. On a tie the earlier layer is at the bottom.

    >>> densest_below(("120", "333"))
    Grid('123')
    """
    count, height, width = layers.shape
    sizes = np.zeros(count, np.int64)
    for index in range(count):
        sizes[index] = np.count_nonzero(layers[index])
    result = blank(height, width)
    for index in np.argsort(-sizes, kind="mergesort"):
        for row in range(height):
            for col in range(width):
                if layers[index, row, col] > 0:
                    result[row, col] = layers[index, row, col]
    return result


@primitive(cost=3, laws=COPIES)
def layers_in_row(layers: Layers) -> Cells:
    """Put the whole layers side by side, the first at the left.

    Undefined for a single layer and if the result is more than 30 cells wide.

    >>> layers_in_row(("1/2", "3/4"))
    Grid('13/24')
    """
    count, height, width = layers.shape
    if count < 2 or too_large(height, count * width):
        return nothing()
    result = blank(height, count * width)
    for index in range(count):
        result[:, index * width : (index + 1) * width] = layers[index]
    return result


@primitive(cost=3, laws=COPIES)
def layers_in_column(layers: Layers) -> Cells:
    """Stack the whole layers below each other, the first at the top.

    Undefined for a single layer and if the result is more than 30 cells high.

    >>> layers_in_column(("12", "34"))
    Grid('12/34')
    """
    count, height, width = layers.shape
    if count < 2 or too_large(count * height, width):
        return nothing()
    return layers.copy().reshape((count * height, width))
