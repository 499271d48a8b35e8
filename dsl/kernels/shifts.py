"""Moving parts of a grid: loops that kernels for gravity and movement share."""

from __future__ import annotations

from typing import Any

import numpy as np

from arcsolve.dsl.grid import MAX_SIDE
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.grids import nothing

TOP, LEFT, BOTTOM, RIGHT = 0, 1, 2, 3  # the columns of `label_boxes`, ends exclusive


@helper
def extract_label(grid: Any, labels: Any, label: int) -> Any:
    """The grid's cells of one label; the others are 0.

    Plain loops, here and below: numba takes seconds to compile `numpy.where`.
    """
    result = np.empty_like(grid)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            result[row, col] = grid[row, col] * (labels[row, col] == label)
    return result


@helper
def put_label(labels: Any, grid: Any, color: int, label: int) -> None:
    """Give the cells of a color a label, in place."""
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if grid[row, col] == color:
                labels[row, col] = label


@helper
def body_sizes(labels: Any, count: int) -> Any:
    """How many cells each label from 1 to `count` has (int64); 0 at place 0."""
    sizes = np.zeros(count + 1, np.int64)
    for row in range(labels.shape[0]):
        for col in range(labels.shape[1]):
            sizes[labels[row, col]] += 1
    sizes[0] = 0
    return sizes


@helper
def move_labels(grid: Any, labels: Any, down: Any, right: Any) -> Any:
    """The grid with the cells of each label moved by its own step; what leaves the grid is lost.

    Cells of label 0 stay and lie below.
    """
    height, width = grid.shape
    result = extract_label(grid, labels, 0)
    for row in range(height):
        for col in range(width):
            label = labels[row, col]
            # Negative numbers wrap to large ones, which are no cells either.
            r, c = np.uint64(row + down[label]), np.uint64(col + right[label])
            if label != 0 and r < height and c < width:
                result[r, c] = grid[row, col]
    return result


@helper
def shift_grid(grid: Any, down: int, right: int) -> Any:
    """The grid moved by a step; what leaves it is lost. `nothing` if no cell is left."""
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
def label_boxes(labels: Any, count: int) -> Any:
    """The bounding box of each label, as rows (top, left, bottom, right), ends exclusive."""
    result = np.zeros((count + 1, 4), np.int64)
    result[:, TOP], result[:, LEFT] = MAX_SIDE, MAX_SIDE
    for row in range(labels.shape[0]):
        for col in range(labels.shape[1]):
            box = result[labels[row, col]]
            box[TOP], box[LEFT] = min(box[TOP], row), min(box[LEFT], col)
            box[BOTTOM], box[RIGHT] = max(box[BOTTOM], row + 1), max(box[RIGHT], col + 1)
    return result
