"""Ranking: layers merged into one grid, each in a color that shows its rank, number or place."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.bits import paint_over
from arcsolve.dsl.kernels.layer_features import (
    dense_ranks,
    form_keys,
    hole_numbers,
    is_first,
    is_highest,
    layer_boxes,
    layer_sizes,
    merge_layers,
    occurrences,
    paint_layers,
    pattern_keys,
)
from arcsolve.dsl.laws import KEEPS_SHAPE, ON_CANVAS
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Flags, Integers, Layers


@primitive(cost=3, laws=(KEEPS_SHAPE,))
def color_by_size_rank(layers: Layers) -> Cells:
    """Paint the largest layers in color 1, the layers of the next size in 2, and so on.

    Undefined for more than 9 sizes.

    >>> color_by_size_rank(("3000", "0330", "0003"))
    Grid('2112')
    """
    return paint_layers(layers, dense_ranks(layer_sizes(layers)))


@primitive(cost=3, laws=(KEEPS_SHAPE,))
def color_by_size_rank_up(layers: Layers) -> Cells:
    """Paint the smallest layers in color 1, the layers of the next size in 2, and so on.

    Undefined for more than 9 sizes.

    >>> color_by_size_rank_up(("3000", "0330", "0003"))
    Grid('1221')
    """
    return paint_layers(layers, dense_ranks(-layer_sizes(layers)))


@primitive(cost=4, laws=(KEEPS_SHAPE,))
def color_by_height_rank(layers: Layers) -> Cells:
    """Paint the layers with the most rows in color 1, the next highest in 2, and so on.

    Undefined for more than 9 heights.

    >>> color_by_height_rank(("500/500", "000/055"))
    Grid('100/122')
    """
    box = layer_boxes(layers)
    return paint_layers(layers, dense_ranks(box[:, 2] - box[:, 0]))


@primitive(cost=3, laws=(KEEPS_SHAPE,))
def color_by_order(layers: Layers) -> Cells:
    """Paint the first layer in color 1, the second in 2, and so on; undefined above 9 layers.

    >>> color_by_order(("500", "050"))
    Grid('120')
    """
    return paint_layers(layers, np.arange(1, len(layers) + 1))


@primitive(cost=3, laws=(KEEPS_SHAPE,))
def color_by_size(layers: Layers) -> Cells:
    """Paint each layer in the color of its number of cells; undefined above 9 cells.

    >>> color_by_size(("550", "005"))
    Grid('221')
    """
    return paint_layers(layers, layer_sizes(layers))


@primitive(cost=3, laws=(KEEPS_SHAPE,))
def color_by_holes(layers: Layers) -> Cells:
    """Paint each layer in the color of its number of holes; undefined above 9 holes.

    A layer without holes becomes 0.

    >>> color_by_holes(("5550/5050/5550", "0005/0005/0005"))
    Grid('1110/1010/1110')
    """
    return paint_layers(layers, hole_numbers(layers))


@helper
def class_numbers(keys: Integers) -> Integers:
    """Return 1 for the entries equal to the first entry, 2 for those of the next value, etc."""
    firsts = is_first(keys)
    numbers = np.zeros(len(keys), np.int64)
    found = 0
    for index in range(len(keys)):
        if firsts[index]:
            found += 1
            for other in range(index, len(keys)):
                if keys[other] == keys[index]:
                    numbers[other] = found
    return numbers


@primitive(cost=4, laws=(KEEPS_SHAPE,))
def color_by_shape(layers: Layers) -> Cells:
    """Paint the layers of the first layer's shape in color 1, of the next shape in 2, and so on.

    Colors do not matter for a shape. Undefined for more than 9 shapes.

    >>> color_by_shape(("5000", "0550", "0005"))
    Grid('1221')
    """
    return paint_layers(layers, class_numbers(pattern_keys(layers, False)))


@primitive(cost=4, laws=(KEEPS_SHAPE,))
def color_by_form(layers: Layers) -> Cells:
    """Paint the layers by shape like color_by_shape, with turned and mirrored copies as one shape.

    Undefined for more than 9 shapes.

    >>> color_by_form(("5000/5000", "0550/0000", "0005/0000"))
    Grid('1112/1000')
    """
    return paint_layers(layers, class_numbers(form_keys(layers)))


@primitive(cost=4, laws=(KEEPS_SHAPE,))
def color_by_copies(layers: Layers) -> Cells:
    """Paint each layer in the color of the number of layers that have its shape.

    Colors do not matter for a shape. Undefined above 9 layers of one shape.

    >>> color_by_copies(("5000", "0550", "0005"))
    Grid('2112')
    """
    return paint_layers(layers, occurrences(pattern_keys(layers, False)))


@helper
def merge_and_paint(layers: Layers, keep: Flags, color: int) -> Cells:
    """Draw all layers on one grid, the kept layers in a color and on top."""
    result = merge_layers(layers, np.ones(len(layers), np.bool_))
    for index in range(len(layers)):
        if keep[index]:
            paint_over(result, layers[index], color)
    return result


@primitive(cost=3, laws=ON_CANVAS)
def paint_largest(layers: Layers, color: Color) -> Cells:
    """Merge the layers and paint those with the most cells in a color.

    >>> paint_largest(("110", "002"), 3)
    Grid('332')
    """
    return merge_and_paint(layers, is_highest(layer_sizes(layers)), color)


@primitive(cost=3, laws=ON_CANVAS)
def paint_smallest(layers: Layers, color: Color) -> Cells:
    """Merge the layers and paint those with the fewest cells in a color.

    >>> paint_smallest(("110", "002"), 3)
    Grid('113')
    """
    return merge_and_paint(layers, is_highest(-layer_sizes(layers)), color)
