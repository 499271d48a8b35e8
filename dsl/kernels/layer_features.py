"""Building blocks for kernels on layers: features of each layer, and choices among layers.

A feature is an int64 array and a choice is a boolean array. Both have one entry per layer.
"""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.bits import count_filled, paint_over, put_over
from arcsolve.dsl.kernels.grids import (
    bounding_box,
    color_counts,
    color_mask,
    components,
    crop,
    enclosed_cells,
    no_layers,
    nothing,
)
from arcsolve.dsl.values import MAX_LAYERS, Cells, Flags, Integers, Layers, Mask


@helper
def split(grid: Cells, labels: Integers, count: int) -> Layers:
    """Return a layer for each label from 1 to `count`, with the grid's cells of that label.

    Returns `no_layers()` if `count` is 0 or above MAX_LAYERS.
    """
    height, width = grid.shape
    if count < 1 or count > MAX_LAYERS:
        return no_layers()
    layers = np.zeros((count, height, width), np.uint8)
    for row in range(height):
        for col in range(width):
            label = labels[row, col]
            if label > 0:
                layers[label - 1, row, col] = grid[row, col]
    return layers


@helper
def merge_layers(layers: Layers, keep: Flags) -> Cells:
    """Draw the kept layers on one grid, later layers on top; return `nothing()` if none is kept."""
    number, height, width = layers.shape
    if not keep.any():
        return nothing()
    union = np.zeros((height, width), np.uint8)
    for index in range(number):
        if keep[index]:
            put_over(union, layers[index])
    return union


@helper
def keep_layers(layers: Layers, keep: Flags) -> Layers:
    """Return the kept layers in their order; return `no_layers()` if none is kept."""
    number, height, width = layers.shape
    kept = 0
    for index in range(number):
        kept += keep[index]
    if kept == 0:
        return no_layers()
    result = np.zeros((kept, height, width), np.uint8)
    place = 0
    for index in range(number):
        if keep[index]:
            result[place] = layers[index]
            place += 1
    return result


@helper
def paint_layers(layers: Layers, colors: Integers) -> Cells:
    """Draw all layers on one grid, layer i in `colors[i]`.

    Returns `nothing()` if a color is not 0 to 9.
    """
    number, height, width = layers.shape
    union = np.zeros((height, width), np.uint8)
    for index in range(number):
        if colors[index] < 0 or colors[index] >= NUM_COLORS:
            return nothing()
        paint_over(union, layers[index], colors[index])
    return union


@helper
def layer_sizes(layers: Layers) -> Integers:
    """Count the non-zero cells of each layer."""
    sizes = np.zeros(len(layers), np.int64)
    for index in range(len(layers)):
        sizes[index] = count_filled(layers[index])
    return sizes


@helper
def layer_boxes(layers: Layers) -> Integers:
    """Return the bounding box (top, left, bottom, right) of each layer, ends exclusive.

    A blank layer has a box of zeros.
    """
    result = np.zeros((len(layers), 4), np.int64)
    for index in range(len(layers)):
        top, left, bottom, right = bounding_box(layers[index])
        result[index, 0], result[index, 1] = top, left
        result[index, 2], result[index, 3] = bottom, right
    return result


@helper
def main_color(layer: Cells) -> int:
    """Return the most common non-zero color of a layer, or 0 if the layer is blank.

    On a tie the color that comes first in reading order wins, and not the color with the lower
    number. Recoloring a grid therefore recolors the result.
    """
    counts = color_counts(layer)
    counts[0] = 0
    most = counts.max()
    for cell in layer.flat:
        if cell != 0 and counts[cell] == most:
            return int(cell)
    return 0


@helper
def main_colors(layers: Layers) -> Integers:
    """Return the `main_color` of each layer."""
    colors = np.zeros(len(layers), np.int64)
    for index in range(len(layers)):
        colors[index] = main_color(layers[index])
    return colors


@helper
def color_numbers(layers: Layers) -> Integers:
    """Count the non-zero colors of each layer."""
    numbers = np.zeros(len(layers), np.int64)
    for index in range(len(layers)):
        counts = color_counts(layers[index])
        for color in range(1, NUM_COLORS):
            if counts[color] > 0:
                numbers[index] += 1
    return numbers


@helper
def hole_labels(grid: Cells) -> tuple[Integers, int]:
    """Label the holes of a grid like `components` does, and return the number of holes.

    A hole is a region of 0, connected over edges, that is not connected to the border.
    """
    return components(enclosed_cells(color_mask(grid, 0), False), False, True)


@helper
def hole_numbers(layers: Layers) -> Integers:
    """Count the holes of each layer: regions of 0, connected over edges, that it encloses.

    Only the bounding box is searched, since every way outward is free at its edge.
    """
    holes = np.zeros(len(layers), np.int64)
    for index in range(len(layers)):
        top, left, bottom, right = bounding_box(layers[index])
        if bottom - top > 2 and right - left > 2:
            window = crop(layers[index], top, left, bottom, right)
            _, holes[index] = hole_labels(window)
    return holes


@helper
def fill_like_wall(grid: Cells) -> tuple[Cells, Integers, int]:
    """Fill the holes of a grid; return the result, the `hole_labels` and their number.

    Each hole takes the color of the cell above its first cell in reading order. That cell always
    belongs to the wall of the hole.
    """
    height, width = grid.shape
    labels, count = hole_labels(grid)
    wall = np.zeros(count + 1, np.uint8)
    result = grid.copy()
    for row in range(height):
        for col in range(width):
            label = labels[row, col]
            if label != 0:
                if wall[label] == 0:
                    wall[label] = grid[row - 1, col]
                result[row, col] = wall[label]
    return result, labels, count


@helper
def same_crop(one: Cells, box: Integers, other: Cells, other_box: Integers, colored: bool) -> bool:
    """Return whether two grids have the same shape within their boxes.

    If `colored`, the colors must be the same as well.
    """
    height, width = box[2] - box[0], box[3] - box[1]
    if other_box[2] - other_box[0] != height or other_box[3] - other_box[1] != width:
        return False
    for row in range(height):
        for col in range(width):
            cell = one[box[0] + row, box[1] + col]
            twin = other[other_box[0] + row, other_box[1] + col]
            if (cell != 0) != (twin != 0) or (colored and cell != twin):
                return False
    return True


@helper
def pattern_keys(layers: Layers, colored: bool) -> Integers:
    """Return for each layer the index of the first layer with the same crop.

    If `colored`, the colors of the crops must be the same as well.
    """
    number = len(layers)
    keys = np.arange(number)
    around = layer_boxes(layers)
    for index in range(number):
        for earlier in range(index):
            if keys[earlier] == earlier and same_crop(
                layers[index], around[index], layers[earlier], around[earlier], colored
            ):
                keys[index] = earlier
                break
    return keys


@helper
def turn_crop(layer: Cells, box: Integers, turn: int) -> Mask:
    """Return the mask of a layer's cells within a box, under one of the 8 symmetries of the square.

    `turn` is the number of the symmetry, from 0 (the identity) to 7.
    """
    height, width = box[2] - box[0], box[3] - box[1]
    swap = turn >= 4
    result = np.zeros((width if swap else height, height if swap else width), np.uint8)
    for row in range(height):
        for col in range(width):
            if layer[box[0] + row, box[1] + col] != 0:
                to_row = height - 1 - row if turn & 1 else row
                to_col = width - 1 - col if turn & 2 else col
                if swap:
                    to_row, to_col = to_col, to_row
                result[to_row, to_col] = 1
    return result


@helper
def form_keys(layers: Layers) -> Integers:
    """Return for each layer the index of the first layer of its shape, turned copies included.

    Mirrored copies count as well.
    """
    keys = pattern_keys(layers, False)
    around = layer_boxes(layers)
    for index in range(len(layers)):
        keys[index] = keys[keys[index]]
        for turn in range(1, 8):
            if keys[index] != index:
                break
            turned = turn_crop(layers[index], around[index], turn)
            box = np.array([0, 0, turned.shape[0], turned.shape[1]])
            for earlier in range(index):
                if keys[earlier] == earlier and same_crop(
                    turned, box, layers[earlier], around[earlier], False
                ):
                    keys[index] = earlier
                    break
    return keys


@helper
def occurrences(keys: Integers) -> Integers:
    """Count for each entry the entries that are equal to it, itself included."""
    counts = np.zeros(len(keys), np.int64)
    for index in range(len(keys)):
        for other in range(len(keys)):
            if keys[other] == keys[index]:
                counts[index] += 1
    return counts


@helper
def is_first(keys: Integers) -> Flags:
    """Return for each entry whether no earlier entry is equal to it."""
    firsts = np.ones(len(keys), np.bool_)
    for index in range(len(keys)):
        for earlier in range(index):
            if keys[earlier] == keys[index]:
                firsts[index] = False
    return firsts


@helper
def dense_ranks(scores: Integers) -> Integers:
    """Rank the scores from 1, the highest; equal scores share a rank and no rank is skipped."""
    ranks = np.ones(len(scores), np.int64)
    firsts = is_first(scores)
    for index in range(len(scores)):
        for other in range(len(scores)):
            if firsts[other] and scores[other] > scores[index]:
                ranks[index] += 1
    return ranks


@helper
def is_highest(scores: Integers) -> Flags:
    """Return for each entry whether it has the highest score."""
    return scores == scores.max()
