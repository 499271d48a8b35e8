"""Selection: the one object with the most, the least or a unique value of a feature, as a grid.

Layers that share the decisive value are merged, so that no choice depends on their order.
"""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import COL_STEP, ROW_STEP, color_counts, nothing
from arcsolve.dsl.kernels.layer_features import (
    color_numbers,
    dense_ranks,
    form_keys,
    hole_numbers,
    is_highest,
    layer_boxes,
    layer_sizes,
    main_colors,
    merge_layers,
    occurrences,
    pattern_keys,
)
from arcsolve.dsl.laws import IN_PLACE
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Count, Direction, Integers, Layers


@primitive(cost=2, laws=IN_PLACE)
def largest(layers: Layers) -> Cells:
    """Select the layer with the most cells; merge several such layers.

    >>> largest(("110", "002"))
    Grid('110')
    """
    return merge_layers(layers, is_highest(layer_sizes(layers)))


@primitive(cost=2, laws=IN_PLACE)
def smallest(layers: Layers) -> Cells:
    """Select the layer with the fewest cells, which may be blank; merge several such layers.

    >>> smallest(("110", "002"))
    Grid('002')
    """
    return merge_layers(layers, is_highest(-layer_sizes(layers)))


@primitive(cost=3, laws=IN_PLACE)
def nth_largest(layers: Layers, rank: Count) -> Cells:
    """Select the layers whose number of cells has a given rank, 1 for the largest number.

    Undefined if no layer has this rank.

    >>> nth_largest(("1110", "0002", "3300"), 2)
    Grid('3300')
    """
    return merge_layers(layers, dense_ranks(layer_sizes(layers)) == rank)


@primitive(cost=3, laws=IN_PLACE)
def tallest(layers: Layers) -> Cells:
    """Select the layers whose bounding box has the most rows.

    >>> tallest(("10/10", "02/00"))
    Grid('10/10')
    """
    box = layer_boxes(layers)
    return merge_layers(layers, is_highest(box[:, 2] - box[:, 0]))


@primitive(cost=3, laws=IN_PLACE)
def widest(layers: Layers) -> Cells:
    """Select the layers whose bounding box has the most columns.

    >>> widest(("10/10", "02/22"))
    Grid('02/22')
    """
    box = layer_boxes(layers)
    return merge_layers(layers, is_highest(box[:, 3] - box[:, 1]))


@helper
def densities(layers: Layers) -> Integers:
    """Return the share of its bounding box that each layer fills, in whole millionths."""
    box = layer_boxes(layers)
    areas = (box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1])
    # Different shares of boxes with up to 900 cells differ by at least 1 / (900 * 900).
    return layer_sizes(layers) * 1_000_000 // np.maximum(areas, 1)


@primitive(cost=4, laws=IN_PLACE)
def densest(layers: Layers) -> Cells:
    """Select the layers that fill the largest share of their bounding box.

    >>> densest(("100/110", "002/002"))
    Grid('002/002')
    """
    return merge_layers(layers, is_highest(densities(layers)))


@primitive(cost=4, laws=IN_PLACE)
def sparsest(layers: Layers) -> Cells:
    """Select the layers that fill the smallest share of their bounding box.

    A blank layer fills no share.

    >>> sparsest(("100/110", "002/002"))
    Grid('100/110')
    """
    return merge_layers(layers, is_highest(-densities(layers)))


@primitive(cost=3, laws=IN_PLACE)
def farthest(layers: Layers, direction: Direction) -> Cells:
    """Select the layers whose center lies farthest in a direction: up selects the topmost layers.

    >>> farthest(("10/00", "00/02"), 4)
    Grid('00/02')
    """
    box = layer_boxes(layers)
    rows, cols = box[:, 0] + box[:, 2], box[:, 1] + box[:, 3]
    return merge_layers(layers, is_highest(rows * ROW_STEP[direction] + cols * COL_STEP[direction]))


@primitive(cost=4, laws=IN_PLACE)
def most_central(layers: Layers) -> Cells:
    """Select the layers whose center is nearest to the center of the canvas.

    >>> most_central(("100/000/000", "000/020/000"))
    Grid('000/020/000')
    """
    box = layer_boxes(layers)
    rows = box[:, 0] + box[:, 2] - layers.shape[1]
    cols = box[:, 1] + box[:, 3] - layers.shape[2]
    return merge_layers(layers, is_highest(-(rows * rows + cols * cols)))


@primitive(cost=3, laws=IN_PLACE)
def most_holes(layers: Layers) -> Cells:
    """Select the layers that enclose the most background regions; undefined if none has a hole.

    >>> most_holes(("1110/1010/1110", "0002/0002/0002"))
    Grid('1110/1010/1110')
    """
    numbers = hole_numbers(layers)
    return merge_layers(layers, (numbers == numbers.max()) & (numbers > 0))


@primitive(cost=3, laws=IN_PLACE)
def most_colors(layers: Layers) -> Cells:
    """Select the layers with the most different colors.

    >>> most_colors(("1200", "0033"))
    Grid('1200')
    """
    return merge_layers(layers, is_highest(color_numbers(layers)))


@primitive(cost=3, laws=IN_PLACE)
def most_of_color(layers: Layers, color: Color) -> Cells:
    """Select the layers with the most cells of a color.

    Undefined for color 0 and if no layer has the color.

    >>> most_of_color(("1100", "0012"), 2)
    Grid('0012')
    """
    numbers = np.zeros(len(layers), np.int64)
    for index in range(len(layers)):
        numbers[index] = color_counts(layers[index])[color]
    if color == 0:
        return nothing()
    return merge_layers(layers, (numbers == numbers.max()) & (numbers > 0))


@primitive(cost=3, laws=IN_PLACE)
def most_spots(layers: Layers) -> Cells:
    """Select the layers with the most cells that do not have the layer's most common color.

    Undefined if there is no such cell.

    >>> most_spots(("33300", "00445"))
    Grid('00445')
    """
    spots = layer_sizes(layers)
    for index in range(len(layers)):
        counts = color_counts(layers[index])
        spots[index] -= counts[1:].max()
    return merge_layers(layers, (spots == spots.max()) & (spots > 0))


@helper
def merge_unique(layers: Layers, keys: Integers) -> Cells:
    """Merge the layers whose key no other layer has; return `nothing()` if there is none."""
    return merge_layers(layers, occurrences(keys) == 1)


@primitive(cost=3, laws=IN_PLACE)
def unique_color(layers: Layers) -> Cells:
    """Select the layers whose main color no other layer has; undefined if there is none.

    The main color is the most common color other than 0.

    >>> unique_color(("100", "020", "001"))
    Grid('020')
    """
    return merge_unique(layers, main_colors(layers))


@primitive(cost=3, laws=IN_PLACE)
def unique_size(layers: Layers) -> Cells:
    """Select the layers whose number of cells no other layer has; undefined if there is none.

    >>> unique_size(("1000", "0220", "0001"))
    Grid('0220')
    """
    return merge_unique(layers, layer_sizes(layers))


@primitive(cost=3, laws=IN_PLACE)
def unique_shape(layers: Layers) -> Cells:
    """Select the layers whose shape no other layer has, whatever the colors; undefined if none.

    >>> unique_shape(("1000", "0220", "0003"))
    Grid('0220')
    """
    return merge_unique(layers, pattern_keys(layers, False))


@primitive(cost=3, laws=IN_PLACE)
def unique_pattern(layers: Layers) -> Cells:
    """Select the layers whose crop looks like no other crop, colors included; undefined if none.

    >>> unique_pattern(("1000", "0200", "0001"))
    Grid('0200')
    """
    return merge_unique(layers, pattern_keys(layers, True))


@primitive(cost=4, laws=IN_PLACE)
def unique_form(layers: Layers) -> Cells:
    """Select the layers whose shape no other layer has, not even turned or mirrored.

    Colors do not matter. Undefined if there is none.

    >>> unique_form(("1000/1000", "0220/0000", "0003/0000"))
    Grid('0003/0000')
    """
    return merge_unique(layers, form_keys(layers))


@primitive(cost=2, laws=IN_PLACE)
def first(layers: Layers) -> Cells:
    """Select the first layer.

    >>> first(("100", "020"))
    Grid('100')
    """
    return layers[0].copy()


@primitive(cost=3, laws=IN_PLACE)
def last(layers: Layers) -> Cells:
    """Select the last layer.

    >>> last(("100", "020"))
    Grid('020')
    """
    return layers[-1].copy()


@primitive(cost=3, laws=IN_PLACE)
def nth(layers: Layers, position: Count) -> Cells:
    """Select the layer at a position, counted from 1; undefined if there are fewer layers.

    >>> nth(("100", "020", "003"), 2)
    Grid('020')
    """
    if position < 1 or position > len(layers):
        return nothing()
    return layers[position - 1].copy()
