"""Similarities: the ways in which a grid can be like the outputs before it equals them.

A missing last step may crop, move or recolor the grid, and each similarity overlooks one of these
differences. A dissimilarity is a number from 0 (alike) to 1, the mean over the pairs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import compiled, helper
from arcsolve.dsl.kernels.grids import bounding_box
from arcsolve.dsl.values import Cells, Flags, Integers
from arcsolve.search.engine.arena import Arena, States, grid_at, unpack_shape
from arcsolve.search.engine.goals import FlatGrids
from arcsolve.search.engine.intrinsics import borrow, view

SIMILARITIES = ("cells", "size", "patches", "colors", "place")
"""`cells` compares cell by cell (see `engine.goals.measure`), `size` height and width, `patches`
the 2 x 2 patches in any place (right objects in the wrong place), `colors` the cells after the best
recoloring, and `place` the nonzero content in any place (right up to a shift)."""

_CELLS, _SIZE, _PATCHES, _COLORS, _PLACE = range(len(SIMILARITIES))
_BAG_BITS = 8
_BAG = 1 << _BAG_BITS  # bins of patches
_SPREAD = 0x9E3779B1  # 2**32 divided by the golden ratio (multiplicative hashing, Knuth 6.4)


class Targets(NamedTuple):
    """The outputs of the pairs, with the data that the similarities need."""

    cells: Cells  # this and the next two as in `FlatGrids`
    offsets: Integers
    shapes: Integers
    bags: Integers  # (pair, bin): number of patches that fall into the bin
    wanted: Flags  # by similarity: the others are not computed


def build_targets(goals: FlatGrids, similarities: tuple[str, ...]) -> Targets:
    """Return the outputs prepared for `measure_dissimilarity` by these similarities."""
    wanted = np.array([name in similarities for name in SIMILARITIES])
    targets = Targets(*goals, np.zeros((goals.shapes.size, _BAG), np.int64), wanted)
    fill_bags(targets)
    return targets


@helper
def _goal_at(targets: Targets, pair: int) -> Cells:
    _, height, width = unpack_shape(targets.shapes[pair])
    return view(targets.cells, targets.offsets[pair], (height, width))


@helper
def _count_patches(grid: Cells, bag: Integers) -> None:
    """Count in each bin the 2 x 2 patches that are not blank.

    The cells to the left of the grid and below it are 0.
    """
    height, width = grid.shape
    bag[:] = 0
    for row in range(height):
        upper, lower = 0, 0
        for col in range(width):
            below = grid[row + 1, col] if row + 1 < height else 0
            upper = upper % NUM_COLORS * NUM_COLORS + grid[row, col]
            lower = lower % NUM_COLORS * NUM_COLORS + below
            patch = upper * NUM_COLORS**2 + lower
            if patch != 0:
                bag[((patch * _SPREAD) & 0xFFFFFFFF) >> (32 - _BAG_BITS)] += 1


@helper
def _compare_patches(grid: Cells, goal_bag: Integers, bag: Integers) -> float:
    """Return the share of patches that the two bags do not have in common."""
    _count_patches(grid, bag)
    common, ours, theirs = 0, 0, 0
    for key in range(_BAG):
        common += min(bag[key], goal_bag[key])
        ours += bag[key]
        theirs += goal_bag[key]
    return 1 - common / max(ours, theirs, 1)


@helper
def _compare_colors(grid: Cells, goal: Cells, counts: Integers) -> float:
    """Return the share of cells that differ after the best recoloring; 1 if the shapes differ."""
    if grid.shape != goal.shape:
        return 1.0
    counts[:] = 0
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            counts[grid[row, col], goal[row, col]] += 1
    alike = 0
    for color in range(NUM_COLORS):
        alike += counts[color].max()
    return 1 - alike / grid.size


@helper
def _compare_content(grid: Cells, goal: Cells) -> float:
    """Return the share of cells that differ between the nonzero bounding boxes.

    It is 1 if the boxes differ in shape or are empty.
    """
    top, left, bottom, right = bounding_box(grid)
    goal_top, goal_left, goal_bottom, goal_right = bounding_box(goal)
    height, width = bottom - top, right - left
    if height != goal_bottom - goal_top or width != goal_right - goal_left or height == 0:
        return 1.0
    differing = 0
    for row in range(height):
        for col in range(width):
            differing += grid[top + row, left + col] != goal[goal_top + row, goal_left + col]
    return differing / (height * width)


@compiled
def fill_bags(targets: Targets) -> None:
    """Count the patches of each output in its bag."""
    for pair in range(targets.shapes.size):
        _count_patches(_goal_at(targets, pair), targets.bags[pair])


@compiled
def measure_dissimilarity(arena: Arena, targets: Targets, states: States) -> NDArray[np.float32]:
    """Return the dissimilarity (state, similarity) of grid states; 1 if it is not wanted."""
    arena, targets = borrow(arena), borrow(targets)
    pairs, wanted = targets.shapes.size, targets.wanted
    found = np.ones((states.size, wanted.size), np.float32)
    bag, counts = np.empty(_BAG, np.int64), np.empty((NUM_COLORS, NUM_COLORS), np.int64)
    for i in range(states.size):
        size, patches, colors, place = 0.0, 0.0, 0.0, 0.0
        for pair in range(pairs):
            grid, goal = grid_at(arena, states[i], pair), _goal_at(targets, pair)
            wrong = (grid.shape[0] != goal.shape[0]) + (grid.shape[1] != goal.shape[1])
            size += wrong / 2
            if wanted[_PATCHES]:
                patches += _compare_patches(grid, targets.bags[pair], bag)
            if wanted[_COLORS]:
                colors += _compare_colors(grid, goal, counts)
            if wanted[_PLACE]:
                place += _compare_content(grid, goal)
        sums = (arena.distances[states[i]] * pairs, size, patches, colors, place)
        for number in range(wanted.size):
            if wanted[number]:
                found[i, number] = sums[number] / pairs
    return found
