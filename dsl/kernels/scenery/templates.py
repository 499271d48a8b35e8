"""Templates: parts that are drawn again where their marker cells stand in the grid."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.jit import compiled, helper
from arcsolve.dsl.kernels.scenery.reaching import grow
from arcsolve.dsl.kernels.scenery.strips import BOTTOM, LEFT, RIGHT, SYMMETRIES, TOP, Board, Outline
from arcsolve.dsl.values import Cells, Integers

FREE, CUT, MET = range(3)  # what may stand in the way of a body: see `complete_templates`
MOST_PLACES = 400  # matches of one template
LEAST_CELLS = 3  # of a template

_MATCH = 6  # columns of matches: rank, symmetry, scale, row, column, color to paint or -1


@helper
def _read(board: Board, outline: Outline, part: int, markers: int, out: Integers) -> int:
    """Write (row, col, color) of the cells of a part, markers first; return their number.

    `markers` has a bit for each color of a marker. Rows and columns count from the part's box.
    """
    grid, size = outline.grids[part], 0
    for wanted in range(1, -1, -1):
        for place in outline.cells[outline.offsets[part] : outline.offsets[part + 1]]:
            color = int(np.int64(board.cells[place]))
            if markers >> color & 1 == wanted:
                at = place - board.starts[grid]
                out[size, 0] = at // board.widths[grid] - outline.boxes[part, TOP]
                out[size, 1] = at % board.widths[grid] - outline.boxes[part, LEFT]
                out[size, 2] = color
                size += 1
        if wanted == 1:
            marks = size
    return marks


@helper
def _turn(
    cells: Integers, size: int, tall: int, wide: int, symmetry: int, scale: int, out: Integers
) -> int:
    """Write the cells of a tall x wide box after a symmetry, each as a square; return their number.

    The bits of `symmetry` mean the same as in `arcsolve.dsl.kernels.scenery.placing.turn_cells`.
    """
    if symmetry & 4:
        tall, wide = wide, tall
    count = 0
    for cell in range(size):
        row, col = cells[cell, 0], cells[cell, 1]
        if symmetry & 4:
            row, col = col, row
        if symmetry & 2:
            row = tall - 1 - row
        if symmetry & 1:
            col = wide - 1 - col
        for extra in range(scale * scale):
            out[count, 0] = row * scale + extra // scale
            out[count, 1] = col * scale + extra % scale
            out[count, 2] = cells[cell, 2]
            count += 1
    return count


@helper
def _meets_markers(
    board: Board, labels: Integers, part: int, grid: int, top: int, left: int, turned: Integers
) -> bool:
    """Return whether all cells of a turned template stand in the grid outside the part."""
    first, height, width = board.starts[grid], board.heights[grid], board.widths[grid]
    for cell in range(len(turned)):
        row, col = top + turned[cell, 0], left + turned[cell, 1]
        if not (0 <= row < height and 0 <= col < width):
            return False
        place = first + row * width + col
        if board.cells[place] != turned[cell, 2] or labels[place] == part:
            return False
    return True


@helper
def _weigh(
    board: Board, grid: int, top: int, left: int, body: Integers
) -> tuple[int, int, int, int]:
    """Return how many cells of a body are there, are over others, are outside, and the color met.

    The color met is -1 if the body meets no other cell or several colors.
    """
    first, height, width = board.starts[grid], board.heights[grid], board.widths[grid]
    there, over, outside, met = 0, 0, 0, -1
    for cell in range(len(body)):
        row, col = top + body[cell, 0], left + body[cell, 1]
        if not (0 <= row < height and 0 <= col < width):
            outside += 1
            continue
        color = int(np.int64(board.cells[first + row * width + col]))
        if color != board.backgrounds[grid]:
            met = color if met == -1 or met == color else -2
        if color == body[cell, 2]:
            there += 1
        elif color != board.backgrounds[grid]:
            over += 1
    return there, over, outside, max(met, -1)


@helper
def _find_matches(
    board: Board,
    labels: Integers,
    part: int,
    grid: int,
    marks: int,
    turned: Integers,
    symmetry: int,
    scale: int,
    way: int,
    out: Integers,
    size: int,
) -> int:
    """Add the places where a turned template matches to `out`, and return their number.

    `marks` is the number of markers before scaling.
    """
    first, height, width = board.starts[grid], board.heights[grid], board.widths[grid]
    least = marks * scale * scale
    for at in range(height * width):
        if board.cells[first + at] != turned[0, 2] or size == len(out):
            continue
        top, left = at // width - turned[0, 0], at % width - turned[0, 1]
        if not _meets_markers(board, labels, part, grid, top, left, turned[:least]):
            continue
        there, over, outside, met = _weigh(board, grid, top, left, turned[least:])
        if way == MET:
            if met < 0 or outside > 0:
                continue
            there += over
        elif over > 0 or (way == FREE and outside > 0):
            continue
        out[size, 0] = (scale << 40) + (there << 20) - symmetry
        out[size, 1], out[size, 2], out[size, 3], out[size, 4] = symmetry, scale, top, left
        out[size, 5] = met if way == MET else -1
        size += 1
    return size


@helper
def _claim(
    board: Board, grid: int, top: int, left: int, markers: Integers, claimed: Integers, part: int
) -> bool:
    """Claim the places of markers for a row; return False if one of them is claimed already."""
    first, width = board.starts[grid], board.widths[grid]
    for cell in range(len(markers)):
        if claimed[first + (top + markers[cell, 0]) * width + left + markers[cell, 1]] == part:
            return False
    for cell in range(len(markers)):
        claimed[first + (top + markers[cell, 0]) * width + left + markers[cell, 1]] = part
    return True


@helper
def _paint(
    board: Board,
    grid: int,
    top: int,
    left: int,
    body: Integers,
    color: int,
    places: Integers,
    colors: Integers,
    size: int,
) -> int:
    """Add the missing cells of a body, in one color if that is not negative; return the size."""
    first, height, width = board.starts[grid], board.heights[grid], board.widths[grid]
    for cell in range(len(body)):
        down, right = top + body[cell, 0], left + body[cell, 1]
        wanted = color if color >= 0 else body[cell, 2]
        if not (0 <= down < height and 0 <= right < width):
            continue
        if board.cells[first + down * width + right] != wanted:
            places[size], colors[size] = first + down * width + right, wanted
            size += 1
    return size


@compiled
def complete_templates(
    board: Board,
    outline: Outline,
    parts: Integers,
    markers: Integers,
    symmetries: int,
    scales: int,
    way: int,
) -> tuple[Integers, Integers, Cells]:
    """Return the bodies that each row's part misses where its markers match, with their colors.

    `markers` (row,) and `symmetries` are bit sets of the colors of markers and of the symmetries
    tried. Scales are 1 to `scales`. Markers match equal cells of the grid outside the part. The
    other cells of the part are its body. FREE: the body stands on background or equal cells. CUT:
    the same, but cells may be outside the grid. MET: it is inside the grid, meets cells of one
    color, and gets this color. Larger markers come first, then
    bodies with more cells there already. No marker cell serves two of them.
    """
    offsets = np.zeros(len(parts) + 1, np.int64)
    places = np.empty(len(board.cells) + 64, np.int64)
    colors = np.empty(len(board.cells) + 64, np.int64)
    cells = np.empty((len(board.cells), 3), np.int64)
    turned = np.empty((scales * scales * len(board.cells), 3), np.int64)
    matches = np.empty((MOST_PLACES, _MATCH), np.int64)
    claimed = np.full(len(board.cells), -1, np.int64)
    size = 0
    for row in range(len(parts)):
        offsets[row + 1] = size
        part = parts[row]
        grid, count = outline.grids[part], outline.offsets[part + 1] - outline.offsets[part]
        marks = _read(board, outline, part, markers[row], cells)
        if marks in (0, count) or count < LEAST_CELLS:
            continue
        box = outline.boxes[part]
        tall, wide = box[BOTTOM] - box[TOP] + 1, box[RIGHT] - box[LEFT] + 1
        found = 0
        for scale in range(1, scales + 1):
            for symmetry in range(SYMMETRIES):
                if symmetries >> symmetry & 1 == 0:
                    continue
                total = _turn(cells, count, tall, wide, symmetry, scale, turned)
                found = _find_matches(
                    board, outline.labels, part, grid, marks, turned[:total], symmetry, scale, way,
                    matches, found,
                )  # fmt: skip
        for match in np.argsort(-matches[:found, 0], kind="mergesort"):
            symmetry, scale, top, left, color = matches[match, 1:]
            total = _turn(cells, count, tall, wide, symmetry, scale, turned)
            least = marks * scale * scale
            if _claim(board, grid, top, left, turned[:least], claimed, row):
                places, colors = grow(places, size + total), grow(colors, size + total)
                body = turned[least:total]
                size = _paint(board, grid, top, left, body, color, places, colors, size)
        offsets[row + 1] = size
    return offsets, places[:size].copy(), colors[:size].astype(np.uint8)
