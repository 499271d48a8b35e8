"""Stamps: parts drawn again at markers, and patterns drawn around parts."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import compiled, helper
from arcsolve.dsl.kernels.scenery.reaching import grow
from arcsolve.dsl.kernels.scenery.strips import BOTTOM, LEFT, RIGHT, TOP, Board, Outline
from arcsolve.dsl.values import Cells, Flags, Integers

MIDDLE, SAME, TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT = range(6)  # anchors: see `_place`
ANCHORS = 6


@helper
def _is_marker(outline: Outline, part: int, markers: Outline, marker: int, single: bool) -> bool:
    """Return whether a part is a marker for another part: outside of it, and a cell if `single`."""
    first, end = markers.offsets[marker], markers.offsets[marker + 1]
    return outline.labels[markers.cells[first]] != part and (not single or end - first == 1)


@helper
def _find_cell(board: Board, outline: Outline, part: int, color: int) -> int:
    """Return the place of the one cell of a part in a color, or -1 for none or several."""
    found = -1
    for place in outline.cells[outline.offsets[part] : outline.offsets[part + 1]]:
        if board.cells[place] == color:
            if found >= 0:
                return -1
            found = place
    return found


@helper
def _place_middle(low: int, high: int, own_low: int, own_high: int) -> tuple[int, bool]:
    """Return the shift that lines up the middles of two spans, and whether it is whole."""
    double = low + high - own_low - own_high
    return double // 2, double % 2 == 0


@helper
def _place(
    board: Board, outline: Outline, part: int, box: Integers, color: int, anchor: int
) -> tuple[int, int, bool]:
    """Return the shift (rows, cols) of a part to the box of a marker, and whether it exists.

    MIDDLE: middle on middle. SAME: its one cell of the marker's color on the marker. TOP_LEFT and
    the like: corner on corner.
    """
    own = outline.boxes[part]
    if anchor == SAME:
        place = _find_cell(board, outline, part, color)
        grid = outline.grids[part]
        at, width = place - board.starts[grid], board.widths[grid]
        return box[TOP] - at // width, box[LEFT] - at % width, place >= 0
    if anchor == MIDDLE:
        down, fits_down = _place_middle(box[TOP], box[BOTTOM], own[TOP], own[BOTTOM])
        right, fits_right = _place_middle(box[LEFT], box[RIGHT], own[LEFT], own[RIGHT])
        return down, right, fits_down and fits_right
    at_top, at_left = anchor in (TOP_LEFT, TOP_RIGHT), anchor in (TOP_LEFT, BOTTOM_LEFT)
    down = box[TOP] - own[TOP] if at_top else box[BOTTOM] - own[BOTTOM]
    return down, box[LEFT] - own[LEFT] if at_left else box[RIGHT] - own[RIGHT], True


@compiled
def draw_stamps(
    board: Board,
    outline: Outline,
    parts: Integers,
    markers: Outline,
    first_markers: Integers,
    single: bool,
    anchor: int,
    recolor: bool,
    blank: bool,
) -> tuple[Integers, Integers, Cells]:
    """Return the cells of each row's part at all markers of its grid, with their colors.

    `first_markers` has the number of the first marker of each grid, and the end. With `single`,
    only markers of one cell count; those in the part itself never do. With `recolor`, a copy takes
    the color of its marker. With `blank`, it covers only background.
    """
    offsets = np.zeros(len(parts) + 1, np.int64)
    places = np.empty(2 * len(board.cells) + 64, np.int64)
    colors = np.empty(2 * len(board.cells) + 64, np.int64)
    size = 0
    for row in range(len(parts)):
        part = parts[row]
        grid = outline.grids[part]
        first, height, width = board.starts[grid], board.heights[grid], board.widths[grid]
        own = outline.cells[outline.offsets[part] : outline.offsets[part + 1]]
        for marker in range(first_markers[grid], first_markers[grid + 1]):
            if len(own) < 2 or not _is_marker(outline, part, markers, marker, single):
                continue
            color = np.int64(board.cells[markers.cells[markers.offsets[marker]]])
            down, right, fits = _place(board, outline, part, markers.boxes[marker], color, anchor)
            if not fits:
                continue
            places, colors = grow(places, size + len(own)), grow(colors, size + len(own))
            for place in own:
                at_row, at_col = (place - first) // width + down, (place - first) % width + right
                if not (0 <= at_row < height and 0 <= at_col < width):
                    continue
                at = first + at_row * width + at_col
                if not blank or board.cells[at] == board.backgrounds[grid]:
                    places[size], colors[size] = at, color if recolor else board.cells[place]
                    size += 1
        offsets[row + 1] = size
    return offsets, places[:size].copy(), colors[:size].astype(np.uint8)


@helper
def _changes(board: Board, grid: int, own: Integers, down: int, right: int, changed: Flags) -> int:
    """Return 1 if cells change where shifted cells stand, and -1 if background stays there."""
    first, height, width = board.starts[grid], board.heights[grid], board.widths[grid]
    found = 0
    for place in own:
        at_row, at_col = (place - first) // width + down, (place - first) % width + right
        if 0 <= at_row < height and 0 <= at_col < width:
            at = first + at_row * width + at_col
            if changed[at]:
                found = 1
            elif board.cells[at] == board.backgrounds[grid]:
                return -1
    return found


@compiled
def fit_stamps(
    board: Board,
    outline: Outline,
    markers: Outline,
    first_markers: Integers,
    single: bool,
    known: int,
    changed: Flags,
) -> Flags:
    """Return for each anchor whether some part may be stamped there at all its markers.

    `changed` marks the cells that change. Only the `known` first parts count.
    """
    fits = np.zeros(ANCHORS, np.bool_)
    for anchor in range(ANCHORS):
        for part in range(known):
            grid, count, wrong = outline.grids[part], 0, False
            own = outline.cells[outline.offsets[part] : outline.offsets[part + 1]]
            for marker in range(first_markers[grid], first_markers[grid + 1]):
                if len(own) < 2 or not _is_marker(outline, part, markers, marker, single):
                    continue
                color = np.int64(board.cells[markers.cells[markers.offsets[marker]]])
                down, right, placed = _place(
                    board, outline, part, markers.boxes[marker], color, anchor
                )
                change = _changes(board, grid, own, down, right, changed) if placed else 0
                count += change
                if change < 0:
                    wrong = True
                    break
            if count > 0 and not wrong:
                fits[anchor] = True
                break
    return fits
