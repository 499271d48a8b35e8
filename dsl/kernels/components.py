"""Connected components, found from runs: stretches of connected cells within one row."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.bits import first_bit, row_bits, same_bits
from arcsolve.dsl.values import Cells, Integers

ROW, BITS, COLOR, LABEL = range(4)  # columns of runs; bit i of a run is the grid's column i


@helper
def labeled_runs(grid: Cells, eight: bool, one_color: bool) -> tuple[Integers, int]:
    """Return the runs of a grid and the number of connected components.

    Each run is a row (ROW, BITS, COLOR, LABEL) of an int64 array; the runs stand in reading order.
    Runs of one component share a label. Labels are 1, 2, … in reading order of the components'
    first cells. `eight` and `one_color` mean the same as in
    `arcsolve.dsl.kernels.grids.components`.
    """
    height, width = grid.shape
    runs = np.empty((height * width, 4), np.int64)
    above, size = 0, 0
    for row in range(height):
        first = size
        size = _add_runs(grid, row, one_color, runs, size)
        _join(runs, above, first, size, eight, one_color)
        above = first
    runs = runs[:size]
    return runs, _number(runs)


@helper
def _add_runs(grid: Cells, row: int, one_color: bool, runs: Integers, size: int) -> int:
    """Append the runs of a row, each as its own root, and return the new number of runs."""
    start, width = row * grid.shape[1], grid.shape[1]
    filled = row_bits(grid, row)
    joined = filled << 1
    if one_color:
        joined = same_bits(grid, start + 1, grid, start, width - 1) << 1
    begins = filled & ~joined
    breaks = ~filled | begins
    while begins != 0:
        col = first_bit(begins)
        begins &= begins - 1
        end = first_bit(breaks & (-2 << col))
        runs[size, ROW], runs[size, BITS] = row, (1 << end) - (1 << col)
        runs[size, COLOR], runs[size, LABEL] = grid[row, col], size
        size += 1
    return size


@helper
def _join(runs: Integers, above: int, first: int, size: int, eight: bool, one_color: bool) -> None:
    """Unite each run from `first` on with the runs from `above` on that it touches."""
    for here in range(first, size):
        reach = runs[here, BITS]
        if eight:
            reach |= reach << 1 | reach >> 1
        while above < first and runs[above, BITS] < reach & -reach:
            above += 1  # it ends before this run and before all later runs
        other = above
        while other < first and runs[other, BITS] & -runs[other, BITS] <= reach:
            touches = runs[other, BITS] & reach != 0
            if touches and (runs[other, COLOR] == runs[here, COLOR] or not one_color):
                _unite(runs, here, other)
            other += 1


@helper
def _unite(runs: Integers, one: int, other: int) -> None:
    """Make the earlier of two roots the root of both trees."""
    one, other = _root(runs, one), _root(runs, other)
    runs[max(one, other), LABEL] = min(one, other)


@helper
def _root(runs: Integers, run: int) -> int:
    while runs[run, LABEL] != run:
        runs[run, LABEL] = runs[runs[run, LABEL], LABEL]  # halves the path for later calls
        run = runs[run, LABEL]
    return run


@helper
def _number(runs: Integers) -> int:
    """Replace the roots by labels and return the number of labels.

    A root stands before all other runs of its tree.
    """
    count = 0
    for run in range(len(runs)):
        parent = runs[run, LABEL]
        if parent == run:
            count += 1
            runs[run, LABEL] = count
        else:
            runs[run, LABEL] = runs[parent, LABEL]
    return count
