"""Connected components, found by runs: stretches of cells in a row that belong together."""

from __future__ import annotations

from typing import Any

import numpy as np

from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.bits import first_bit, row_bits, same_bits

ROW, BITS, COLOR, LABEL = range(4)  # columns of runs; bit i of a run stands for column i


@helper
def labeled_runs(grid: Any, eight: bool, one_color: bool) -> tuple[Any, int]:
    """The runs of a grid as rows (ROW, BITS, COLOR, LABEL), int64, in reading order.

    Runs of one component (see `arcsolve.dsl.kernels.grids.components`) have the same label: 1, 2, …
    in reading order of the first cell. Returns the number of components, too.
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
def _add_runs(grid: Any, row: int, one_color: bool, runs: Any, size: int) -> int:
    """Append the runs of a row, each as its own root; returns the new number of runs."""
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
def _join(runs: Any, above: int, first: int, size: int, eight: bool, one_color: bool) -> None:
    """Unite each run from `first` on with those that it touches among the ones from `above` on."""
    for here in range(first, size):
        reach = runs[here, BITS]
        if eight:
            reach |= reach << 1 | reach >> 1
        while above < first and runs[above, BITS] < reach & -reach:
            above += 1  # ends before this run and all that follow
        other = above
        while other < first and runs[other, BITS] & -runs[other, BITS] <= reach:
            touches = runs[other, BITS] & reach != 0
            if touches and (runs[other, COLOR] == runs[here, COLOR] or not one_color):
                _unite(runs, here, other)
            other += 1


@helper
def _unite(runs: Any, one: int, other: int) -> None:
    """Make the earlier of two roots the root of both trees."""
    one, other = _root(runs, one), _root(runs, other)
    runs[max(one, other), LABEL] = min(one, other)


@helper
def _root(runs: Any, run: int) -> int:
    while runs[run, LABEL] != run:
        runs[run, LABEL] = runs[runs[run, LABEL], LABEL]  # halves the way for the next time
        run = runs[run, LABEL]
    return run


@helper
def _number(runs: Any) -> int:
    """Replace roots by labels; returns how many there are. A root stands before its tree."""
    count = 0
    for run in range(len(runs)):
        parent = runs[run, LABEL]
        if parent == run:
            count += 1
            runs[run, LABEL] = count
        else:
            runs[run, LABEL] = runs[parent, LABEL]
    return count
