"""Rays and boxes: cells that parts reach, row by row, as (offsets, places on the strip)."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import compiled, helper
from arcsolve.dsl.kernels.scenery.strips import BOTTOM, LEFT, RIGHT, TOP, Board, Outline
from arcsolve.dsl.values import Integers

STEP_ROWS = (-1, -1, 0, 1, 1, 1, 0, -1)  # of the directions, clockwise from up
STEP_COLS = (0, 1, 1, 1, 0, -1, -1, -1)

FACE, CENTER, CORNER, MIDDLE, TIP = range(5)  # where a ray starts: see `_starts`
OVER, UNDER, BLOCKED, HIT = range(4)  # how a ray meets other cells: see `cast_rays`
ANY, BLANK, NOT_OWN, OWN = range(4)  # which cells of a box count


@helper
def grow(places: Integers, needed: int) -> Integers:
    """Return the array, or a longer copy if it has not enough places."""
    if needed <= len(places):
        return places
    longer = np.empty(2 * needed, np.int64)
    longer[: len(places)] = places
    return longer


@helper
def _starts(
    board: Board, outline: Outline, part: int, minor: int, direction: int, start: int, out: Integers
) -> int:
    """Write the (row, col) of the cells where the rays of a part start, and return their number.

    FACE: all cells. CENTER: the middle of the side of the box. CORNER: the corner of the box, for a
    diagonal. MIDDLE: the middle cell of a box with odd sides. TIP: the cells of the rarest color.
    """
    box, grid = outline.boxes[part], outline.grids[part]
    down, right = STEP_ROWS[direction], STEP_COLS[direction]
    height, width = box[BOTTOM] - box[TOP] + 1, box[RIGHT] - box[LEFT] + 1
    size = 0
    if start in (FACE, TIP):
        for place in outline.cells[outline.offsets[part] : outline.offsets[part + 1]]:
            if start == TIP and board.cells[place] != minor:
                continue
            at = place - board.starts[grid]
            out[size, 0], out[size, 1] = at // board.widths[grid], at % board.widths[grid]
            size += 1
    elif start == CORNER:
        if down != 0 and right != 0:
            out[0, 0] = box[TOP] if down < 0 else box[BOTTOM]
            out[0, 1] = box[LEFT] if right < 0 else box[RIGHT]
            size = 1
    elif start == MIDDLE:
        if height % 2 == 1 and width % 2 == 1 and height * width > 1:
            out[0, 0], out[0, 1] = (box[TOP] + box[BOTTOM]) // 2, (box[LEFT] + box[RIGHT]) // 2
            size = 1
    elif down == 0 or right == 0:
        for extra in range(1 if (width if down != 0 else height) % 2 == 1 else 2):
            if down != 0:
                out[size, 0] = box[TOP] if down < 0 else box[BOTTOM]
                out[size, 1] = (box[LEFT] + box[RIGHT]) // 2 + extra
            else:
                out[size, 0] = (box[TOP] + box[BOTTOM]) // 2 + extra
                out[size, 1] = box[LEFT] if right < 0 else box[RIGHT]
            size += 1
    return size


@compiled
def cast_rays(
    board: Board,
    outline: Outline,
    parts: Integers,
    minors: Integers,
    directions: Integers,
    start: int,
    meet: int,
    limits: Integers,
) -> tuple[Integers, Integers]:
    """Return the cells of the rays of each row's part, without the part's own cells.

    `directions` are bit sets. A ray ends at the border of the grid, and after as many steps as its
    row of `limits` says, if that is not negative. OVER: it covers the cells in its way. UNDER: it
    passes below them. BLOCKED: it ends before the first one. HIT: the same, and a ray that meets
    none has no cells. From MIDDLE and TIP, the rays cover the part's own cells as well.
    """
    offsets = np.zeros(len(parts) + 1, np.int64)
    places = np.empty(4 * len(board.cells) + 64, np.int64)
    starts = np.empty((len(board.cells) + 4, 2), np.int64)
    size = 0
    for row in range(len(parts)):
        part = parts[row]
        grid, through = outline.grids[part], start in (MIDDLE, TIP)
        first, height, width = board.starts[grid], board.heights[grid], board.widths[grid]
        for direction in range(8):
            if directions[row] >> direction & 1 == 0:
                continue
            count = _starts(board, outline, part, minors[row], direction, start, starts)
            places = grow(places, size + count * (height + width))
            for which in range(count):
                down, right = starts[which, 0], starts[which, 1]
                begin, steps, hit = size, 0, False
                while steps != limits[row]:
                    down, right = down + STEP_ROWS[direction], right + STEP_COLS[direction]
                    if not (0 <= down < height and 0 <= right < width):
                        break
                    place = first + down * width + right
                    if outline.labels[place] == part and not through:
                        continue
                    steps += 1
                    if board.cells[place] != board.backgrounds[grid]:
                        hit = True
                        if meet >= BLOCKED:
                            break
                        if meet == UNDER:
                            continue
                    places[size] = place
                    size += 1
                if meet == HIT and not hit:
                    size = begin
        offsets[row + 1] = size
    return offsets, places[:size].copy()


@compiled
def find_contacts(
    board: Board,
    outline: Outline,
    parts: Integers,
    minors: Integers,
    directions: Integers,
    start: int,
    before: bool,
) -> tuple[Integers, Integers]:
    """Return the first cells that the rays of each row's part meet.

    With `before`, return the last cells before these instead, as far as they are not the part's.
    """
    offsets = np.zeros(len(parts) + 1, np.int64)
    places = np.empty(2 * len(board.cells) + 64, np.int64)
    starts = np.empty((len(board.cells) + 4, 2), np.int64)
    size = 0
    for row in range(len(parts)):
        part = parts[row]
        grid = outline.grids[part]
        first, height, width = board.starts[grid], board.heights[grid], board.widths[grid]
        for direction in range(8):
            if directions[row] >> direction & 1 == 0:
                continue
            count = _starts(board, outline, part, minors[row], direction, start, starts)
            places = grow(places, size + count)
            for which in range(count):
                down, right = starts[which, 0], starts[which, 1]
                last = first + down * width + right
                while True:
                    down, right = down + STEP_ROWS[direction], right + STEP_COLS[direction]
                    if not (0 <= down < height and 0 <= right < width):
                        break
                    place = first + down * width + right
                    own = outline.labels[place] == part
                    if own or board.cells[place] == board.backgrounds[grid]:
                        last = place
                        continue
                    if not before:
                        places[size] = place
                        size += 1
                    elif outline.labels[last] != part:
                        places[size] = last
                        size += 1
                    break
        offsets[row + 1] = size
    return offsets, places[:size].copy()


@compiled
def collect_boxes(
    board: Board, outline: Outline, parts: Integers, outer: Integers, inner: Integers, kind: int
) -> tuple[Integers, Integers]:
    """Return the cells in the outer box (row, 4) of each row, but not in the inner box.

    Boxes are cut at the border of the grid. `kind` says which cells count: ANY, BLANK (background),
    NOT_OWN or OWN (cells of the row's part).
    """
    offsets = np.zeros(len(parts) + 1, np.int64)
    places = np.empty(len(board.cells) + 64, np.int64)
    size = 0
    for row in range(len(parts)):
        part = parts[row]
        grid = outline.grids[part]
        first, height, width = board.starts[grid], board.heights[grid], board.widths[grid]
        places = grow(places, size + height * width)
        for down in range(max(outer[row, TOP], 0), min(outer[row, BOTTOM] + 1, height)):
            for right in range(max(outer[row, LEFT], 0), min(outer[row, RIGHT] + 1, width)):
                if (
                    inner[row, TOP] <= down <= inner[row, BOTTOM]
                    and inner[row, LEFT] <= right <= inner[row, RIGHT]
                ):
                    continue
                place = first + down * width + right
                own = outline.labels[place] == part
                if kind == BLANK and board.cells[place] != board.backgrounds[grid]:
                    continue
                if (kind == NOT_OWN and own) or (kind == OWN and not own):
                    continue
                places[size] = place
                size += 1
        offsets[row + 1] = size
    return offsets, places[:size].copy()


@compiled
def collect_neighbors(
    board: Board, outline: Outline, parts: Integers, eight: bool
) -> tuple[Integers, Integers]:
    """Return the background cells next to each row's part, also over corners if `eight`."""
    offsets = np.zeros(len(parts) + 1, np.int64)
    places = np.empty(8 * len(board.cells) + 64, np.int64)
    size = 0
    for row in range(len(parts)):
        part = parts[row]
        grid = outline.grids[part]
        first, height, width = board.starts[grid], board.heights[grid], board.widths[grid]
        own = outline.cells[outline.offsets[part] : outline.offsets[part + 1]]
        places = grow(places, size + 8 * len(own))
        for place in own:
            for direction in range(0, 8, 1 if eight else 2):
                down = (place - first) // width + STEP_ROWS[direction]
                right = (place - first) % width + STEP_COLS[direction]
                if not (0 <= down < height and 0 <= right < width):
                    continue
                other = first + down * width + right
                if board.cells[other] == board.backgrounds[grid]:
                    if outline.labels[other] != part:
                        places[size] = other
                        size += 1
        offsets[row + 1] = size
    return offsets, places[:size].copy()


@compiled
def connect_corners(
    board: Board, grids: Integers, own: Integers, other: Integers, wanted: Integers, way: int
) -> tuple[Integers, Integers]:
    """Return the cells on the way from the first cell of one box to that of another, row by row.

    The ends are left out. The way 0 is a diagonal, 1 goes along the row first, and 2 along the
    column first. Rows that are not wanted have no cells.
    """
    offsets = np.zeros(len(grids) + 1, np.int64)
    places = np.empty(len(board.cells) + 64 * len(grids) + 64, np.int64)
    size = 0
    for row in range(len(grids)):
        offsets[row + 1] = size
        down, right = other[row, TOP] - own[row, TOP], other[row, LEFT] - own[row, LEFT]
        if not wanted[row] or (way == 0 and abs(down) != abs(right)):
            continue
        first = board.starts[grids[row]]
        width = board.widths[grids[row]]
        at_row, at_col = own[row, TOP], own[row, LEFT]
        steps = abs(down) if way == 0 else abs(down) + abs(right)
        for step in range(1, steps):
            vertical = step > abs(right) if way == 1 else step <= abs(down)
            if way == 0 or vertical:
                at_row += np.sign(down)
            if way == 0 or not vertical:
                at_col += np.sign(right)
            places[size] = first + at_row * width + at_col
            size += 1
        offsets[row + 1] = size
    return offsets, places[:size].copy()
