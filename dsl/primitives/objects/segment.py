"""Segmentation: a grid taken apart into layers, in reading order of their first cells."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.bits import put_bits
from arcsolve.dsl.kernels.components import BITS, LABEL, ROW, labeled_runs
from arcsolve.dsl.kernels.grids import bounding_box, color_mask, components, inside, no_layers
from arcsolve.dsl.kernels.layer_features import fill_like_wall, split
from arcsolve.dsl.laws import IN_PLACE, KEEPS_SHAPE
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import MAX_LAYERS, Cells, Integers, Layers


@helper
def component_layers(grid: Cells, eight: bool, one_color: bool) -> Layers:
    """Return a layer for each connected component; `no_layers()` for none or more than MAX_LAYERS.

    `eight` and `one_color` mean the same as in `arcsolve.dsl.kernels.grids.components`.
    """
    runs, count = labeled_runs(grid, eight, one_color)
    height, width = grid.shape
    if count < 1 or count > MAX_LAYERS:
        return no_layers()
    layers = np.zeros((count, height, width), np.uint8)
    for index in range(len(runs)):
        row = runs[index, ROW]
        target = ((runs[index, LABEL] - 1) * height + row) * width
        put_bits(layers, target, grid, row * width, runs[index, BITS])
    return layers


@primitive(cost=2, laws=IN_PLACE)
def objects_4(grid: Cells) -> Layers:
    """Split the grid into areas of one color, connected over edges.

    Undefined for a blank grid and for more than 64 areas.

    >>> objects_4("10/12")
    (Grid('10/10'), Grid('00/02'))
    """
    return component_layers(grid, False, True)


@primitive(cost=2, laws=IN_PLACE)
def objects_8(grid: Cells) -> Layers:
    """Split the grid into areas of one color, connected over edges and corners.

    Undefined for a blank grid and for more than 64 areas.

    >>> objects_8("102/012")
    (Grid('100/010'), Grid('002/002'))
    """
    return component_layers(grid, True, True)


@primitive(cost=3, laws=IN_PLACE)
def blobs_4(grid: Cells) -> Layers:
    """Split the grid into non-zero areas of any colors, connected over edges.

    Undefined for a blank grid and for more than 64 areas.

    >>> blobs_4("120/003")
    (Grid('120/000'), Grid('000/003'))
    """
    return component_layers(grid, False, False)


@primitive(cost=2, laws=IN_PLACE)
def blobs_8(grid: Cells) -> Layers:
    """Split the grid into non-zero areas of any colors, connected over edges and corners.

    Undefined for a blank grid and for more than 64 areas.

    >>> blobs_8("1200/0030/0000/4400")
    (Grid('1200/0030/0000/0000'), Grid('0000/0000/0000/4400'))
    """
    return component_layers(grid, True, False)


@primitive(cost=3, laws=IN_PLACE)
def color_layers(grid: Cells) -> Layers:
    """Split the grid into one layer per non-zero color; undefined for a blank grid.

    The layers stand in reading order of their first cells.

    >>> color_layers("20/12")
    (Grid('20/02'), Grid('00/10'))
    """
    height, width = grid.shape
    label_of = np.zeros(NUM_COLORS, np.int64)
    labels = np.zeros((height, width), np.int64)
    count = 0
    for row in range(height):
        for col in range(width):
            color = grid[row, col]
            if color != 0 and label_of[color] == 0:
                count += 1
                label_of[color] = count
            labels[row, col] = label_of[color]
    return split(grid, labels, count)


@primitive(cost=3, laws=IN_PLACE)
def holes(grid: Cells) -> Layers:
    """Split off the background regions that do not reach the border, each in the color of its wall.

    Regions are connected over edges. The color is the color above the region's first cell.
    Undefined if there is no such region or more than 64.

    >>> holes("111/101/111")
    (Grid('000/010/000'),)
    """
    filled, labels, count = fill_like_wall(grid)
    return split(filled, labels, count)


@primitive(cost=3, laws=(KEEPS_SHAPE,))
def zero_regions(grid: Cells) -> Layers:
    """Split off the background regions, connected over edges, each in color 1.

    Undefined if there is no such region or more than 64.

    >>> zero_regions("030/030")
    (Grid('100/100'), Grid('001/001'))
    """
    empty = color_mask(grid, 0)
    return component_layers(empty, False, True)


@helper
def grow_near(grid: Cells, labels: Integers, row: int, col: int, label: int) -> None:
    """Label everything that can be reached from (row, col) by steps of at most two cells."""
    height, width = grid.shape
    stack = np.empty((height * width, 2), np.int64)
    labels[row, col] = label
    stack[0, 0], stack[0, 1], size = row, col, 1
    while size > 0:
        size -= 1
        here_row, here_col = stack[size, 0], stack[size, 1]
        for r in range(here_row - 2, here_row + 3):
            for c in range(here_col - 2, here_col + 3):
                if inside(grid, r, c) and grid[r, c] != 0 and labels[r, c] == 0:
                    labels[r, c] = label
                    stack[size, 0], stack[size, 1] = r, c
                    size += 1


@primitive(cost=4, laws=IN_PLACE)
def near_groups(grid: Cells) -> Layers:
    """Split the grid into groups of cells of any colors that are at most one background cell apart.

    Undefined for a blank grid and for more than 64 groups.

    >>> near_groups("101002")
    (Grid('101000'), Grid('000002'))
    """
    height, width = grid.shape
    labels = np.zeros((height, width), np.int64)
    count = 0
    for row in range(height):
        for col in range(width):
            if grid[row, col] != 0 and labels[row, col] == 0:
                count += 1
                grow_near(grid, labels, row, col, count)
    return split(grid, labels, count)


@helper
def join_boxes(layers: Layers) -> int:
    """Merge layers with overlapping or touching boxes, in place; return the number of layers left.

    The layers that are left stand in front.
    """
    number, height, width = layers.shape
    index = 0
    while index < number:
        other = index + 1
        top, left, bottom, right = bounding_box(layers[index])
        while other < number:
            top_2, left_2, bottom_2, right_2 = bounding_box(layers[other])
            rows_meet = top <= bottom_2 and top_2 <= bottom
            if rows_meet and left <= right_2 and left_2 <= right:
                for row in range(height):
                    for col in range(width):
                        layers[index, row, col] |= layers[other, row, col]
                for later in range(other, number - 1):
                    layers[later] = layers[later + 1]
                number -= 1
                index = -1  # the larger box may now reach layers that were passed before
                break
            other += 1
        index += 1
    return number


@primitive(cost=4, laws=IN_PLACE)
def box_groups(grid: Cells) -> Layers:
    """Split the grid into areas and join areas whose bounding boxes overlap or touch.

    The areas have any colors and are connected over edges and corners. Undefined for a blank grid
    and for more than 64 areas.

    >>> box_groups("2220/0020/1020/0000/0005")
    (Grid('2220/0020/1020/0000/0000'), Grid('0000/0000/0000/0000/0005'))
    """
    layers = component_layers(grid, True, False)
    if len(layers) == 0:
        return layers
    return layers[: join_boxes(layers)].copy()


@helper
def line_layers(grid: Cells, by_row: bool) -> Layers:
    """Return a layer for each row (or column) that is not blank."""
    height, width = grid.shape
    layer_of = np.full(height if by_row else width, -1)
    for row in range(height):
        for col in range(width):
            if grid[row, col] != 0:
                layer_of[row if by_row else col] = 0
    count = 0
    for line in range(layer_of.size):
        if layer_of[line] == 0:
            layer_of[line], count = count, count + 1
    layers = np.zeros((count, height, width), np.uint8)
    for row in range(height):
        for col in range(width):
            layer = layer_of[row if by_row else col]
            if layer >= 0:
                layers[layer, row, col] = grid[row, col]
    return layers


@primitive(cost=4, laws=IN_PLACE)
def row_layers(grid: Cells) -> Layers:
    """Split the grid into one layer per row that is not blank; undefined for a blank grid.

    >>> row_layers("12/00/30")
    (Grid('12/00/00'), Grid('00/00/30'))
    """
    return line_layers(grid, True)


@primitive(cost=4, laws=IN_PLACE)
def col_layers(grid: Cells) -> Layers:
    """Split the grid into one layer per column that is not blank; undefined for a blank grid.

    >>> col_layers("103/200")
    (Grid('100/200'), Grid('003/000'))
    """
    return line_layers(grid, False)


@primitive(cost=4, laws=IN_PLACE)
def cell_layers(grid: Cells) -> Layers:
    """Split the grid into one layer per non-zero cell, in reading order.

    Undefined for a blank grid and for more than 64 cells.

    >>> cell_layers("110/002")
    (Grid('100/000'), Grid('010/000'), Grid('000/002'))
    """
    height, width = grid.shape
    labels = np.zeros((height, width), np.int64)
    count = 0
    for row in range(height):
        for col in range(width):
            if grid[row, col] != 0:
                count += 1
                labels[row, col] = count
    return split(grid, labels, count)


@helper
def is_outline(labels: Integers, label: int, top: int, left: int, bottom: int, right: int) -> bool:
    """Return whether a label covers the outline of a box (ends exclusive) and no cell inside it."""
    for row in range(top, bottom):
        for col in range(left, right):
            edge = row in (top, bottom - 1) or col in (left, right - 1)
            if (labels[row, col] == label) != edge:
                return False
    return bottom - top > 2 and right - left > 2


@primitive(cost=4, laws=IN_PLACE)
def framed_contents(grid: Cells) -> Layers:
    """Split off the contents of all hollow one-colored rectangles of at least 3 by 3 cells.

    A frame with nothing inside is left out. A frame inside another frame has its content to itself.
    Undefined if there is no content, and if the grid has more than 64 areas of one color.

    >>> framed_contents("3333/3123/3333")
    (Grid('0000/0120/0000'),)
    """
    frames, count = components(grid, False, True)
    if count > MAX_LAYERS:
        return no_layers()
    labels = np.zeros(grid.shape, np.int64)
    found = 0
    for label in range(1, count + 1):
        top, left, bottom, right = bounding_box((frames == label).astype(np.uint8))
        if is_outline(frames, label, top, left, bottom, right):
            content = labels[top + 1 : bottom - 1, left + 1 : right - 1]
            if grid[top + 1 : bottom - 1, left + 1 : right - 1].any():
                found += 1
                content[:] = found
    return split(grid, labels, found)
