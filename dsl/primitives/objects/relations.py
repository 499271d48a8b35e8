"""Relations: layers chosen or recolored by their relation to the content of another grid."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import (
    COL_STEP,
    ROW_STEP,
    bounding_box,
    components,
    inside,
    no_layers,
)
from arcsolve.dsl.kernels.layer_features import (
    keep_layers,
    layer_boxes,
    main_color,
    main_colors,
    same_crop,
    split,
)
from arcsolve.dsl.laws import IDEMPOTENT_IN_PLACE, IDEMPOTENT_ON_CANVAS, ON_CANVAS
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Layers


@helper
def differ_in_shape(layers: Layers, grid: Cells) -> bool:
    """Return whether the grid and the canvas of the layers differ in shape."""
    return layers.shape[1] != grid.shape[0] or layers.shape[2] != grid.shape[1]


@helper
def beside_content(layer: Cells, grid: Cells) -> bool:
    """Return whether the layer shares an edge with non-zero grid cells that are not its own."""
    height, width = grid.shape
    for row in range(height):
        for col in range(width):
            if layer[row, col] == 0:
                continue
            for way in range(0, 8, 2):
                r, c = row + ROW_STEP[way], col + COL_STEP[way]
                if inside(grid, r, c) and grid[r, c] != 0 and layer[r, c] == 0:
                    return True
    return False


@helper
def keep_touching(layers: Layers, grid: Cells, wanted: bool) -> Layers:
    """Keep the layers that are next to content of the grid, or the others if not `wanted`."""
    if differ_in_shape(layers, grid):
        return no_layers()
    keep = np.zeros(len(layers), np.bool_)
    for index in range(len(layers)):
        keep[index] = beside_content(layers[index], grid) == wanted
    return keep_layers(layers, keep)


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def touching(layers: Layers, grid: Cells) -> Layers:
    """Keep the layers that share an edge with a non-zero cell of the grid outside the layer.

    Undefined if there is none and if the grid does not have the layers' size.

    >>> touching(("1000", "0002"), "0300")
    (Grid('1000'),)
    """
    return keep_touching(layers, grid, True)


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def not_touching(layers: Layers, grid: Cells) -> Layers:
    """Keep the layers that share no edge with a non-zero cell of the grid outside the layer.

    Undefined if there is none and if the grid does not have the layers' size.

    >>> not_touching(("1000", "0002"), "0300")
    (Grid('0002'),)
    """
    return keep_touching(layers, grid, False)


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def overlapping(layers: Layers, grid: Cells) -> Layers:
    """Keep the layers that share a cell with the non-zero cells of the grid.

    Undefined if there is none and if the grid does not have the layers' size.

    >>> overlapping(("1100", "0002"), "0300")
    (Grid('1100'),)
    """
    if differ_in_shape(layers, grid):
        return no_layers()
    keep = np.zeros(len(layers), np.bool_)
    for index in range(len(layers)):
        keep[index] = ((layers[index] != 0) & (grid != 0)).any()
    return keep_layers(layers, keep)


@primitive(cost=4, laws=IDEMPOTENT_IN_PLACE)
def inside_box_of(layers: Layers, grid: Cells) -> Layers:
    """Keep the layers whose bounding box lies within the bounding box of the grid's content.

    Undefined if there is none and if the grid does not have the layers' size.

    >>> inside_box_of(("0000/0100", "0002/0000"), "3300/3330")
    (Grid('0000/0100'),)
    """
    if differ_in_shape(layers, grid):
        return no_layers()
    top, left, bottom, right = bounding_box(grid)
    box = layer_boxes(layers)
    rows_fit = (box[:, 0] >= top) & (box[:, 2] <= bottom)
    cols_fit = (box[:, 1] >= left) & (box[:, 3] <= right)
    return keep_layers(layers, rows_fit & cols_fit)


@helper
def keep_shapes(layers: Layers, grid: Cells, wanted: bool) -> Layers:
    """Keep the layers with the shape of the grid's content, or the others if not `wanted`."""
    box = np.array(bounding_box(grid))
    around = layer_boxes(layers)
    keep = np.zeros(len(layers), np.bool_)
    for index in range(len(layers)):
        keep[index] = same_crop(layers[index], around[index], grid, box, False) == wanted
    return keep_layers(layers, keep)


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def same_shape_as(layers: Layers, grid: Cells) -> Layers:
    """Keep the layers with the shape of the grid's content, whatever the colors.

    Undefined if there is none.

    >>> same_shape_as(("1100", "0002"), "33")
    (Grid('1100'),)
    """
    return keep_shapes(layers, grid, True)


@primitive(cost=4, laws=IDEMPOTENT_IN_PLACE)
def other_shapes(layers: Layers, grid: Cells) -> Layers:
    """Keep the layers whose shape differs from the grid's content, whatever the colors.

    Undefined if there is none.

    >>> other_shapes(("1100", "0002"), "33")
    (Grid('0002'),)
    """
    return keep_shapes(layers, grid, False)


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def same_color_as(layers: Layers, grid: Cells) -> Layers:
    """Keep the layers whose main color is the main color of the grid.

    The main color is the most common color other than 0. Undefined if there is none.

    >>> same_color_as(("1100", "0002"), "23/20")
    (Grid('0002'),)
    """
    color = main_color(grid)
    return keep_layers(layers, (main_colors(layers) == color) & (color != 0))


@primitive(cost=3, laws=ON_CANVAS)
def box_contents(layers: Layers, grid: Cells) -> Layers:
    """Give each layer everything that the grid has in the layer's bounding box.

    Undefined if the grid does not have the layers' size.

    >>> box_contents(("1100/1000",), "1130/1402")
    (Grid('1100/1400'),)
    """
    if differ_in_shape(layers, grid):
        return no_layers()
    result = np.zeros(layers.shape, np.uint8)
    for index in range(len(layers)):
        top, left, bottom, right = bounding_box(layers[index])
        result[index, top:bottom, left:right] = grid[top:bottom, left:right]
    return result


@helper
def paint_layer(layer: Cells, color: int) -> Cells:
    """Paint all non-zero cells of the layer in a color; return an unchanged copy for color 0."""
    height, width = layer.shape
    result = layer.copy()
    for row in range(height):
        for col in range(width):
            if layer[row, col] != 0 and color != 0:
                result[row, col] = color
    return result


@primitive(cost=4, laws=IDEMPOTENT_ON_CANVAS)
def color_under(layers: Layers, grid: Cells) -> Layers:
    """Paint each layer in the main color of the grid cells that the layer covers.

    The main color is the most common color other than 0. A layer that covers only 0 keeps its
    colors. Undefined if the grid does not have the layers' size.

    >>> color_under(("1110", "0001"), "0300")
    (Grid('3330'), Grid('0001'))
    """
    if differ_in_shape(layers, grid):
        return no_layers()
    result = np.zeros(layers.shape, np.uint8)
    for index in range(len(layers)):
        covered = np.where(layers[index] != 0, grid, np.uint8(0))
        result[index] = paint_layer(layers[index], main_color(covered))
    return result


@helper
def surrounding_cells(layer: Cells, grid: Cells) -> Cells:
    """Return the grid's cells around the layer, over edges and corners, on a canvas of 0."""
    height, width = grid.shape
    around = np.zeros((height, width), np.uint8)
    for row in range(height):
        for col in range(width):
            if layer[row, col] != 0:
                for way in range(8):
                    r, c = row + ROW_STEP[way], col + COL_STEP[way]
                    if inside(grid, r, c) and layer[r, c] == 0:
                        around[r, c] = grid[r, c]
    return around


@primitive(cost=4, laws=IDEMPOTENT_ON_CANVAS)
def color_beside(layers: Layers, grid: Cells) -> Layers:
    """Paint each layer in the main color of the grid cells around the layer, corners included.

    The main color is the most common color other than 0. A layer with nothing around it keeps its
    colors. Undefined if the grid does not have the layers' size.

    >>> color_beside(("1100", "0001"), "1130")
    (Grid('3300'), Grid('0003'))
    """
    if differ_in_shape(layers, grid):
        return no_layers()
    result = np.zeros(layers.shape, np.uint8)
    for index in range(len(layers)):
        result[index] = paint_layer(
            layers[index], main_color(surrounding_cells(layers[index], grid))
        )
    return result


@primitive(cost=4, laws=ON_CANVAS)
def color_of_twin(layers: Layers, grid: Cells) -> Layers:
    """Paint each layer in the color of the grid's first object of the same shape in another color.

    The grid's objects are 8-connected areas of one color. A layer without such an object keeps its
    colors. Undefined if the grid is blank or has more than 64 objects.

    >>> color_of_twin(("5500", "0005"), "0230/0030")
    (Grid('5500'), Grid('0002'))
    """
    labels, count = components(grid, True, True)
    objects = split(grid, labels, count)
    if len(objects) == 0:
        return no_layers()
    result = layers.copy()
    around, around_objects = layer_boxes(layers), layer_boxes(objects)
    own, colors = main_colors(layers), main_colors(objects)
    for index in range(len(layers)):
        for twin in range(len(objects)):
            if colors[twin] != own[index] and same_crop(
                layers[index], around[index], objects[twin], around_objects[twin], False
            ):
                result[index] = paint_layer(layers[index], colors[twin])
                break
    return result
