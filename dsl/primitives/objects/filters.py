"""Filters: keep the layers that have a property, in their order; undefined if no layer has it."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import bounding_box, no_layers
from arcsolve.dsl.kernels.layer_features import (
    color_numbers,
    hole_numbers,
    is_first,
    is_highest,
    keep_layers,
    layer_boxes,
    layer_sizes,
    main_colors,
    occurrences,
    pattern_keys,
)
from arcsolve.dsl.laws import IDEMPOTENT_IN_PLACE, IN_PLACE
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Count, Flags, Layers


@helper
def has_color(layers: Layers, color: int) -> Flags:
    """Return which layers have a cell of a color; none for color 0."""
    found = np.zeros(len(layers), np.bool_)
    for index in range(len(layers)):
        for cell in layers[index].flat:
            if cell == color and color != 0:
                found[index] = True
    return found


@primitive(cost=2, laws=IDEMPOTENT_IN_PLACE)
def of_color(layers: Layers, color: Color) -> Layers:
    """Keep the layers that have a cell of a color; undefined for color 0.

    >>> of_color(("100", "023", "001"), 3)
    (Grid('023'),)
    """
    return keep_layers(layers, has_color(layers, color))


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def without_color(layers: Layers, color: Color) -> Layers:
    """Keep the layers that have no cell of a color; undefined for color 0.

    >>> without_color(("100", "023", "001"), 1)
    (Grid('023'),)
    """
    if color == 0:
        return no_layers()
    return keep_layers(layers, ~has_color(layers, color))


@helper
def touches_border(layers: Layers) -> Flags:
    """Return which layers have a cell in the first or last row or column."""
    box = layer_boxes(layers)
    _, height, width = layers.shape
    blank = box[:, 2] == 0
    low = (box[:, 0] == 0) | (box[:, 1] == 0)
    return ((low | (box[:, 2] == height)) | (box[:, 3] == width)) & ~blank


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def touching_border(layers: Layers) -> Layers:
    """Keep the layers with a cell at the border of the canvas.

    >>> touching_border(("000/010/000", "002/000/000"))
    (Grid('002/000/000'),)
    """
    return keep_layers(layers, touches_border(layers))


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def inner_layers(layers: Layers) -> Layers:
    """Keep the layers without a cell at the border of the canvas.

    >>> inner_layers(("000/010/000", "002/000/000"))
    (Grid('000/010/000'),)
    """
    return keep_layers(layers, ~touches_border(layers))


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def with_holes(layers: Layers) -> Layers:
    """Keep the layers that enclose a background region, connected over edges.

    >>> with_holes(("1110/1010/1110", "0002/0002/0002"))
    (Grid('1110/1010/1110'),)
    """
    return keep_layers(layers, hole_numbers(layers) > 0)


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def without_holes(layers: Layers) -> Layers:
    """Keep the layers that enclose no background region.

    >>> without_holes(("1110/1010/1110", "0002/0002/0002"))
    (Grid('0002/0002/0002'),)
    """
    return keep_layers(layers, hole_numbers(layers) == 0)


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def with_hole_count(layers: Layers, number: Count) -> Layers:
    """Keep the layers that enclose exactly a given number of background regions.

    >>> with_hole_count(("1110/1010/1110", "0002/0002/0002"), 1)
    (Grid('1110/1010/1110'),)
    """
    return keep_layers(layers, hole_numbers(layers) == number)


@helper
def mirrors_itself(layer: Cells) -> bool:
    """Return whether the cropped layer equals its mirror image, up-down or left-right."""
    top, left, bottom, right = bounding_box(layer)
    rows_match, cols_match = True, True
    for row in range(top, bottom):
        for col in range(left, right):
            cell = layer[row, col]
            rows_match &= cell == layer[top + bottom - 1 - row, col]
            cols_match &= cell == layer[row, left + right - 1 - col]
    return rows_match or cols_match


@helper
def are_symmetric(layers: Layers) -> Flags:
    """Return which layers mirror themselves."""
    found = np.zeros(len(layers), np.bool_)
    for index in range(len(layers)):
        found[index] = mirrors_itself(layers[index])
    return found


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def symmetric(layers: Layers) -> Layers:
    """Keep the layers whose crop equals its mirror image, up-down or left-right.

    >>> symmetric(("1000/1100", "0003/0033", "0200/0000"))
    (Grid('0200/0000'),)
    """
    return keep_layers(layers, are_symmetric(layers))


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def asymmetric(layers: Layers) -> Layers:
    """Keep the layers whose crop differs from both its mirror images.

    >>> asymmetric(("1000/1100", "0200/0000"))
    (Grid('1000/1100'),)
    """
    return keep_layers(layers, ~are_symmetric(layers))


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def rectangles(layers: Layers) -> Layers:
    """Keep the layers that fill their bounding box, single cells and blank layers included.

    >>> rectangles(("1000/1100", "0022/0022"))
    (Grid('0022/0022'),)
    """
    box = layer_boxes(layers)
    areas = (box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1])
    return keep_layers(layers, areas == layer_sizes(layers))


@primitive(cost=4, laws=IDEMPOTENT_IN_PLACE)
def square_boxes(layers: Layers) -> Layers:
    """Keep the layers whose bounding box is a square.

    >>> square_boxes(("1000/1100", "0222/0000"))
    (Grid('1000/1100'),)
    """
    box = layer_boxes(layers)
    return keep_layers(layers, box[:, 2] - box[:, 0] == box[:, 3] - box[:, 1])


@primitive(cost=4, laws=IDEMPOTENT_IN_PLACE)
def frames(layers: Layers) -> Layers:
    """Keep the layers that are exactly the outline of a rectangle of at least 3 by 3 cells.

    >>> frames(("1110/1010/1110", "0002/0002/0002"))
    (Grid('1110/1010/1110'),)
    """
    sizes = layer_sizes(layers)
    keep = np.zeros(len(layers), np.bool_)
    for index in range(len(layers)):
        top, left, bottom, right = bounding_box(layers[index])
        within = layers[index, top + 1 : bottom - 1, left + 1 : right - 1]
        outline = 2 * (bottom - top + right - left) - 4
        large = bottom - top > 2 and right - left > 2
        keep[index] = large and sizes[index] == outline and not within.any()
    return keep_layers(layers, keep)


@primitive(cost=4, laws=IDEMPOTENT_IN_PLACE)
def straight(layers: Layers) -> Layers:
    """Keep the layers that lie in one row or one column and have at least two cells.

    >>> straight(("1000/1100", "0022/0000"))
    (Grid('0022/0000'),)
    """
    box = layer_boxes(layers)
    one_wide = (box[:, 2] - box[:, 0] == 1) | (box[:, 3] - box[:, 1] == 1)
    return keep_layers(layers, one_wide & (layer_sizes(layers) > 1))


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def one_colored(layers: Layers) -> Layers:
    """Keep the layers of a single color.

    >>> one_colored(("1100", "0023"))
    (Grid('1100'),)
    """
    return keep_layers(layers, color_numbers(layers) == 1)


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def multicolored(layers: Layers) -> Layers:
    """Keep the layers of at least two colors.

    >>> multicolored(("1100", "0023"))
    (Grid('0023'),)
    """
    return keep_layers(layers, color_numbers(layers) > 1)


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def specks(layers: Layers) -> Layers:
    """Keep the layers of a single cell.

    >>> specks(("1100", "0002"))
    (Grid('0002'),)
    """
    return keep_layers(layers, layer_sizes(layers) == 1)


@primitive(cost=2, laws=IDEMPOTENT_IN_PLACE)
def without_specks(layers: Layers) -> Layers:
    """Keep the layers of at least two cells.

    >>> without_specks(("1100", "0002"))
    (Grid('1100'),)
    """
    return keep_layers(layers, layer_sizes(layers) > 1)


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def of_size(layers: Layers, size: Count) -> Layers:
    """Keep the layers with exactly a given number of cells.

    >>> of_size(("1100", "0002"), 2)
    (Grid('1100'),)
    """
    return keep_layers(layers, layer_sizes(layers) == size)


@primitive(cost=3, laws=IN_PLACE)
def without_largest(layers: Layers) -> Layers:
    """Remove the layers with the most cells.

    >>> without_largest(("1100", "0020", "0003"))
    (Grid('0020'), Grid('0003'))
    """
    return keep_layers(layers, ~is_highest(layer_sizes(layers)))


@primitive(cost=3, laws=IN_PLACE)
def without_smallest(layers: Layers) -> Layers:
    """Remove the layers with the fewest cells.

    >>> without_smallest(("1100", "0020", "0003"))
    (Grid('1100'),)
    """
    return keep_layers(layers, ~is_highest(-layer_sizes(layers)))


@primitive(cost=4, laws=IDEMPOTENT_IN_PLACE)
def of_common_color(layers: Layers) -> Layers:
    """Keep the layers whose main color is the main color of the most layers.

    The main color is the most common color other than 0.

    >>> of_common_color(("1000", "0200", "0001"))
    (Grid('1000'), Grid('0001'))
    """
    return keep_layers(layers, is_highest(occurrences(main_colors(layers))))


@primitive(cost=4, laws=IDEMPOTENT_IN_PLACE)
def of_common_size(layers: Layers) -> Layers:
    """Keep the layers with the number of cells that the most layers have.

    >>> of_common_size(("1000", "0220", "0001"))
    (Grid('1000'), Grid('0001'))
    """
    return keep_layers(layers, is_highest(occurrences(layer_sizes(layers))))


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def of_common_shape(layers: Layers) -> Layers:
    """Keep the layers with the shape that the most layers have, whatever their colors.

    >>> of_common_shape(("1000", "0220", "0003"))
    (Grid('1000'), Grid('0003'))
    """
    return keep_layers(layers, is_highest(occurrences(pattern_keys(layers, False))))


@primitive(cost=4, laws=IDEMPOTENT_IN_PLACE)
def repeated_patterns(layers: Layers) -> Layers:
    """Keep the layers whose crop looks like the crop of another layer, colors included.

    >>> repeated_patterns(("1000", "0200", "0001"))
    (Grid('1000'), Grid('0001'))
    """
    return keep_layers(layers, occurrences(pattern_keys(layers, True)) > 1)


@primitive(cost=4, laws=IDEMPOTENT_IN_PLACE)
def distinct_patterns(layers: Layers) -> Layers:
    """Remove the layers whose crop looks like the crop of an earlier layer, colors included.

    >>> distinct_patterns(("1000", "0200", "0001"))
    (Grid('1000'), Grid('0200'))
    """
    return keep_layers(layers, is_first(pattern_keys(layers, True)))
