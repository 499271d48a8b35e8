"""Moves of labeled parts of a grid: loops that the kernels for gravity and motion share."""

from __future__ import annotations

from typing import Any

import numpy as np

from arcsolve.dsl.grid import MAX_SIDE
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import nothing
from arcsolve.dsl.values import Cells, Flags, Integers

TOP, LEFT, BOTTOM, RIGHT = 0, 1, 2, 3  # columns of `label_boxes`


@helper
def extract_label(grid: Cells, labels: Integers | Flags, label: int) -> Cells:
    """Keep the grid's cells of one label; the others become 0.

    This function and the ones below are plain loops because numba takes seconds to compile
    `numpy.where`.
    """
    result = np.empty_like(grid)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            result[row, col] = grid[row, col] * (labels[row, col] == label)
    return result


@helper
def put_label(labels: Cells | Integers, grid: Cells | Integers, color: int, label: int) -> None:
    """Give the cells of a color a label, in place."""
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if grid[row, col] == color:
                labels[row, col] = label


@helper
def body_sizes(labels: Integers, count: int) -> Integers:
    """Count the cells of each label from 1 to `count` (int64); entry 0 is 0."""
    sizes = np.zeros(count + 1, np.int64)
    for row in range(labels.shape[0]):
        for col in range(labels.shape[1]):
            sizes[labels[row, col]] += 1
    sizes[0] = 0
    return sizes


@helper
def move_labels(grid: Cells, labels: Integers, down: Integers, right: Integers) -> Cells:
    """Move the cells of each label by the label's own step; cells that leave the grid are lost.

    `down` and `right` hold one step per label. Cells of label 0 stay and lie below all others.
    """
    height, width = grid.shape
    result = extract_label(grid, labels, 0)
    for row in range(height):
        for col in range(width):
            label = labels[row, col]
            # A negative number wraps to a large one, which is outside the grid as well.
            r, c = np.uint64(row + down[label]), np.uint64(col + right[label])
            if label != 0 and r < height and c < width:
                result[r, c] = grid[row, col]
    return result


@helper
def shift_grid(grid: Cells, down: int, right: int) -> Cells:
    """Move the whole grid by a step; cells that leave it are lost.

    Returns `nothing()` if no non-zero cell is left.
    """
    height, width = grid.shape
    result = np.zeros_like(grid)
    found: Any = 0
    for row in range(max(0, down), min(height, height + down)):
        from_row = np.uint64(row - down)
        for col in range(max(0, right), min(width, width + right)):
            cell = grid[from_row, np.uint64(col - right)]
            result[row, col] = cell
            found |= cell
    return result if found != 0 else nothing()


@helper
def label_boxes(labels: Integers, count: int) -> Integers:
    """Return the bounding box (top, left, bottom, right) of each label, ends exclusive."""
    result = np.zeros((count + 1, 4), np.int64)
    result[:, TOP], result[:, LEFT] = MAX_SIDE, MAX_SIDE
    for row in range(labels.shape[0]):
        for col in range(labels.shape[1]):
            box = result[labels[row, col]]
            box[TOP], box[LEFT] = min(box[TOP], row), min(box[LEFT], col)
            box[BOTTOM], box[RIGHT] = max(box[BOTTOM], row + 1), max(box[RIGHT], col + 1)
    return result
