"""Patterns: constant windows of cells around parts, drawn and learned.

A window is WINDOW x WINDOW codes: colors, OWN for the color of the part, and EMPTY for no cell. The
first cell of the part's box is at (ORIGIN, ORIGIN) of the window.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.jit import compiled
from arcsolve.dsl.kernels.scenery.reaching import grow
from arcsolve.dsl.kernels.scenery.strips import BOTTOM, LEFT, RIGHT, TOP, Board, Outline
from arcsolve.dsl.values import Cells, Integers

WINDOW, ORIGIN = 24, 8
OWN, EMPTY = 10, -1
LEAST_SEEN = 2  # members of a group that show a cell of its pattern

_UNKNOWN, _MIXED = -2, -3

Windows = NDArray[np.int8]  # (..., WINDOW, WINDOW)


@compiled
def draw_patterns(
    board: Board, outline: Outline, parts: Integers, colors: Integers, windows: Windows
) -> tuple[Integers, Integers, Cells]:
    """Return the cells of the window around each row's part, with their colors.

    `colors` are the colors of the parts, for cells of the code OWN. Cells outside the grid are
    dropped.
    """
    offsets = np.zeros(len(parts) + 1, np.int64)
    places = np.empty(len(board.cells) + WINDOW * WINDOW, np.int64)
    painted = np.empty(len(board.cells) + WINDOW * WINDOW, np.int64)
    size = 0
    for row in range(len(parts)):
        grid, box = outline.grids[parts[row]], outline.boxes[parts[row]]
        first, height, width = board.starts[grid], board.heights[grid], board.widths[grid]
        places = grow(places, size + WINDOW * WINDOW)
        painted = grow(painted, size + WINDOW * WINDOW)
        for down in range(max(ORIGIN - box[TOP], 0), min(ORIGIN - box[TOP] + height, WINDOW)):
            for right in range(max(ORIGIN - box[LEFT], 0), min(ORIGIN - box[LEFT] + width, WINDOW)):
                code = windows[row, down, right]
                if code == EMPTY:
                    continue
                at = (box[TOP] + down - ORIGIN) * width + box[LEFT] + right - ORIGIN
                places[size] = first + at
                painted[size] = colors[row] if code == OWN else code
                size += 1
        offsets[row + 1] = size
    return offsets, places[:size].copy(), painted[:size].astype(np.uint8)


@compiled
def learn_patterns(
    board: Board,
    outline: Outline,
    groups: Integers,
    count: int,
    colors: Integers,
    goal: Cells,
    margin: int,
) -> Windows:
    """Return the pattern in the goal that the parts of each group share (group, window).

    `groups` has the group of each part, or -1; only parts of pairs may be in groups. `colors` are
    those of the parts. A pattern has the cells up to a margin around the box that always get the
    same color or the part's color, and that change around some part. Background is learned only
    inside of boxes: around them, it is chance.
    """
    shared = np.full((count, WINDOW, WINDOW), _UNKNOWN, np.int8)
    own = np.ones((count, WINDOW, WINDOW), np.bool_)
    changes, seen = np.zeros(own.shape, np.bool_), np.zeros(own.shape, np.int64)
    first_color, several = np.full(count, -1, np.int64), np.zeros(count, np.bool_)
    for part in range(len(groups)):
        group = groups[part]
        if group < 0:
            continue
        several[group] |= first_color[group] not in (-1, colors[part])
        first_color[group] = colors[part]
        grid, box = outline.grids[part], outline.boxes[part]
        start, height, width = board.starts[grid], board.heights[grid], board.widths[grid]
        for row in range(max(box[TOP] - margin, 0), min(box[BOTTOM] + margin + 1, height)):
            for col in range(max(box[LEFT] - margin, 0), min(box[RIGHT] + margin + 1, width)):
                down, right = row - box[TOP] + ORIGIN, col - box[LEFT] + ORIGIN
                if not (0 <= down < WINDOW and 0 <= right < WINDOW):
                    continue
                place = start + row * width + col
                color = np.int64(goal[place])
                if color == board.backgrounds[grid] and not (
                    box[TOP] <= row <= box[BOTTOM] and box[LEFT] <= col <= box[RIGHT]
                ):
                    shared[group, down, right], own[group, down, right] = _MIXED, False
                    continue
                before = shared[group, down, right]
                shared[group, down, right] = color if before in (_UNKNOWN, color) else _MIXED
                own[group, down, right] &= color == colors[part]
                changes[group, down, right] |= color != board.cells[place]
                seen[group, down, right] += 1
    own &= several[:, np.newaxis, np.newaxis]
    found = np.full(shared.shape, EMPTY, np.int8)
    for group in range(count):
        for down in range(WINDOW):
            for right in range(WINDOW):
                if not changes[group, down, right] or seen[group, down, right] < LEAST_SEEN:
                    continue
                if shared[group, down, right] >= 0:
                    found[group, down, right] = shared[group, down, right]
                elif own[group, down, right]:
                    found[group, down, right] = OWN
    return found
