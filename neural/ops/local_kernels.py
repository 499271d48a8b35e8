"""Kernels of the local mixer for CPUs: a depthwise convolution, and pooling over regions.

The regions of a grid (batch, height, width, c) are its rows, its columns and the whole grid. Arrays
of kind `K` and `F` are as in `arcsolve.neural.ops.kernels`.
"""

from __future__ import annotations

import math

import numpy as np

from arcsolve.neural.ops.kernels import NORM_EPSILON, Array, kernel
from arcsolve.neural.ops.simd import maximum, round_to, widen

SIDE = 3  # cells of the convolution


@kernel("F4", "F4", "K4")
def convolve(grid: Array, all_weights: Array, near: Array) -> None:
    """Depthwise convolution: sum the 3 x 3 cells around each cell, weighted for each channel.

    Each network has weights (3, 3, c), and computes its part of the batch.
    """
    batch, height, width, c = grid.shape
    networks, sums = len(all_weights), np.empty(c, np.float32)
    for example in range(batch):
        weights = all_weights[example * networks // batch]
        for row in range(height):
            for column in range(width):
                sums[:] = np.float32(0)
                for down in range(max(0, 1 - row), min(SIDE, height + 1 - row)):
                    for right in range(max(0, 1 - column), min(SIDE, width + 1 - column)):
                        for k in range(c):
                            cell = grid[example, row + down - 1, column + right - 1, k]
                            sums[k] += cell * weights[down, right, k]
                for k in range(c):
                    near[example, row, column, k] = round_to(sums[k], near)


@kernel("K4", "F4", "F4", "F4", "F4")
def convolve_backward(
    gradient: Array, grid: Array, all_weights: Array, to_grid: Array, to_all_weights: Array
) -> None:
    """Store the gradient of the grid, and add to the gradients of the weights."""
    batch, height, width, c = grid.shape
    networks, sums = len(all_weights), np.empty(c, np.float32)
    for example in range(batch):
        network = example * networks // batch
        weights, to_weights = all_weights[network], to_all_weights[network]
        for row in range(height):
            for column in range(width):
                sums[:] = np.float32(0)
                for down in range(max(0, 1 - row), min(SIDE, height + 1 - row)):
                    for right in range(max(0, 1 - column), min(SIDE, width + 1 - column)):
                        for k in range(c):
                            to = widen(gradient[example, row + down - 1, column + right - 1, k])
                            sums[k] += to * weights[2 - down, 2 - right, k]
                            to_weights[2 - down, 2 - right, k] += to * grid[example, row, column, k]
                for k in range(c):
                    to_grid[example, row, column, k] = sums[k]


@kernel("F4", "F2", "K3", "F3")
def pool(grid: Array, shares: Array, pooled: Array, tops: Array) -> None:
    """Pool over the second axis: sums times shares, and maxima of at least 0, as channels.

    The grid is (n, cells, m, c), `shares` (n, m), `pooled` (n, m, 2 * c). `tops` (n, m, c) stores
    the plain maxima. The axes can express rows, columns and all cells as regions.
    """
    n, cells, m, c = grid.shape
    sums = np.empty(c, np.float32)
    for i in range(n):
        for j in range(m):
            sums[:] = np.float32(0)
            tops[i, j] = np.float32(-np.inf)
            for cell in range(cells):
                for k in range(c):
                    sums[k] += grid[i, cell, j, k]
                    tops[i, j, k] = maximum(tops[i, j, k], grid[i, cell, j, k])
            for k in range(c):
                pooled[i, j, k] = round_to(sums[k] * shares[i, j], pooled)
                pooled[i, j, c + k] = round_to(maximum(tops[i, j, k], np.float32(0)), pooled)


@kernel("K3", "F4", "F2", "F3", "F4")
def pool_backward(gradient: Array, grid: Array, shares: Array, tops: Array, to_grid: Array) -> None:
    """Add to the gradient of the grid; the gradient of a tied maximum is divided evenly."""
    n, cells, m, c = grid.shape
    to_mean, to_top = np.empty(c, np.float32), np.empty(c, np.float32)
    for i in range(n):
        for j in range(m):
            to_top[:] = np.float32(0)
            for cell in range(cells):
                for k in range(c):
                    to_top[k] += np.float32(grid[i, cell, j, k] == tops[i, j, k])
            for k in range(c):
                to_mean[k] = widen(gradient[i, j, k]) * shares[i, j]
                counted = widen(gradient[i, j, c + k]) / to_top[k]
                to_top[k] = counted if tops[i, j, k] > np.float32(0) else np.float32(0)
            for cell in range(cells):
                for k in range(c):
                    reached = grid[i, cell, j, k] == tops[i, j, k]
                    to = to_top[k] if reached else np.float32(0)
                    to_grid[i, cell, j, k] += to_mean[k] + to


@kernel("F4", "K3")
def region_sums(grid: Array, sums: Array) -> None:
    """Sum over the second axis: (n, cells, m, c) to (n, m, c)."""
    n, cells, m, c = grid.shape
    total = np.empty(c, np.float32)
    for i in range(n):
        for j in range(m):
            total[:] = np.float32(0)
            for cell in range(cells):
                for k in range(c):
                    total[k] += grid[i, cell, j, k]
            for k in range(c):
                sums[i, j, k] = round_to(total[k], sums)


@kernel("F4", "K4", "K3", "K3", "K2", "F4", "F3")
def regions_norm(
    x: Array, near: Array, rows: Array, columns: Array, whole: Array, normed: Array, scale: Array
) -> None:
    """The sum of x, `near` and the regions' values at each cell, scaled as in `add_norm`."""
    batch, height, width, c = x.shape
    for b in range(batch):
        for i in range(height):
            for j in range(width):
                squares = np.float32(0)
                for k in range(c):
                    wide = widen(rows[b, i, k]) + widen(columns[b, j, k])
                    total = x[b, i, j, k] + widen(near[b, i, j, k]) + wide + widen(whole[b, k])
                    normed[b, i, j, k] = total
                    squares += total * total
                mean = squares / np.float32(c) + np.float32(NORM_EPSILON)
                factor = np.float32(1 / math.sqrt(mean))
                scale[b, i, j] = factor
                for k in range(c):
                    normed[b, i, j, k] *= factor
