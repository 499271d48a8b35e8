"""Gravity: cells and objects that fall, slide or are attracted until they touch something."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import MAX_SIDE
from arcsolve.dsl.jit import helper
from arcsolve.dsl.kernels.bits import fill_bits, row_bits, value_bits
from arcsolve.dsl.kernels.grids import COL_STEP, ROW_STEP, components, nothing
from arcsolve.dsl.kernels.raycast import (
    SIGHT_BITS,
    extract_color,
    remove_color,
    seen_colors,
    sights,
    underlay,
)
from arcsolve.dsl.kernels.shifts import body_sizes, extract_label, move_labels, put_label
from arcsolve.dsl.laws import IDEMPOTENT_IN_PLACE, IN_PLACE, ON_CANVAS
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells, Color, Direction, Flags, Integers, Layers


@helper
def _room(grid: Cells, row: int, col: int, way: int) -> int:
    """Count the steps that a cell can go in a direction before it leaves the grid."""
    room = MAX_SIDE
    if ROW_STEP[way] != 0:
        room = row if ROW_STEP[way] < 0 else grid.shape[0] - 1 - row
    if COL_STEP[way] != 0:
        room = min(room, col if COL_STEP[way] < 0 else grid.shape[1] - 1 - col)
    return room


@helper
def _gaps(labels: Integers, way: int) -> Integers:
    """Return the limits to the fall of each label: (label, steps, label below) as (n, 3), int64.

    There is one entry for each cell without a cell of its own label next ahead. The steps are the
    cells of 0 up to the next cell in the direction. The label below is the label of that cell, or 0
    for the border.
    """
    height, width = labels.shape
    down, right = ROW_STEP[way], COL_STEP[way]
    free, ahead = np.zeros((height, width), np.int64), np.zeros((height, width), np.int64)
    gaps, size = np.empty((height * width + 1, 3), np.int64), 0
    for i in range(height):
        row = height - 1 - i if down > 0 else i
        for j in range(width):
            col = width - 1 - j if right > 0 else j
            r, c = np.uint64(row + down), np.uint64(col + right)
            label, room, other = labels[row, col], 0, 0
            if r < height and c < width:  # false for negative numbers too, which wrap to large ones
                near = labels[r, c]
                room = free[r, c] + 1 if near == 0 else 0
                other = ahead[r, c] if near == 0 else near
            free[row, col], ahead[row, col] = room, other
            gaps[size, 0], gaps[size, 1], gaps[size, 2] = label, room, other
            size += (label != 0) & (other != label)
    return gaps[:size]


@helper
def _drop_bodies(grid: Cells, labels: Integers, reach: Integers, way: int) -> Cells:
    """Let the labeled bodies fall, each rigid, until they meet the border or one another.

    `reach` holds the most steps that each label may go; 0 holds a body fast. A body falls as far as
    the least sum of its gap to a body below and that body's fall. This is a shortest path, so the
    result does not depend on an order.
    """
    gaps = _gaps(labels, way)
    changed = True
    while changed:
        changed = False
        for index in range(len(gaps)):
            label, limit = gaps[index, 0], gaps[index, 1] + reach[gaps[index, 2]]
            if limit < reach[label]:
                reach[label], changed = limit, True
    return move_labels(grid, labels, reach * ROW_STEP[way], reach * COL_STEP[way])


@helper
def _free_reach(count: int) -> Integers:
    """Return a `reach` for `_drop_bodies` that lets labels 1 to `count` fall freely."""
    reach = np.full(count + 1, MAX_SIDE, np.int64)
    reach[0] = 0
    return reach


@helper
def _drop_cells(grid: Cells, loose: Flags, way: int) -> Cells:
    """Let the loose cells (a mask) fall one by one until they meet the border or another cell."""
    height, width = grid.shape
    down, right = ROW_STEP[way], COL_STEP[way]
    free = np.zeros((height, width), np.int64)
    result = extract_label(grid, loose, 0)
    for i in range(height):
        row = height - 1 - i if down > 0 else i
        for j in range(width):
            col = width - 1 - j if right > 0 else j
            r, c = np.uint64(row + down), np.uint64(col + right)
            steps = 0
            if r < height and c < width:  # as in `_gaps`
                empty = grid[r, c] == 0
                steps = (free[r, c] + empty) * (empty | (loose[r, c] != 0))
            free[row, col] = steps
            if loose[row, col]:
                place = np.uint64(row + steps * down), np.uint64(col + steps * right)
                result[place] = grid[row, col]
    return result


@primitive(cost=2, laws=IDEMPOTENT_IN_PLACE)
def gravity(grid: Cells, direction: Direction) -> Cells:
    """Let every cell fall by itself in a direction, until the border or another cell.

    >>> gravity("120/000/003", 4)
    Grid('000/000/123')
    """
    return _drop_cells(grid, grid != 0, direction)


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def drop_color(grid: Cells, color: Color, direction: Direction) -> Cells:
    """Let the cells of one color fall one by one in a direction, until the border or another cell.

    Undefined for color 0.

    >>> drop_color("120/000/003", 1, 4)
    Grid('020/000/103')
    """
    return _drop_cells(grid, grid == color, direction) if color != 0 else nothing()


@primitive(cost=2, laws=IDEMPOTENT_IN_PLACE)
def drop_objects(grid: Cells, direction: Direction) -> Cells:
    """Let objects fall in a direction, each as a rigid body, until the border or another object.

    Objects are 8-connected and may have several colors.

    >>> drop_objects("1200/0300/0004/0000", 4)
    Grid('0000/0000/1200/0304')
    """
    labels, count = components(grid, True, False)
    return _drop_bodies(grid, labels, _free_reach(count), direction)


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def drop_pieces(grid: Cells, direction: Direction) -> Cells:
    """Let pieces fall in a direction, each as a rigid body, until the border or another piece.

    A piece is a 4-connected area of one color.

    >>> drop_pieces("220/021/000", 4)
    Grid('000/220/021')
    """
    labels, count = components(grid, False, True)
    return _drop_bodies(grid, labels, _free_reach(count), direction)


@primitive(cost=3, laws=IN_PLACE)
def drop_onto(grid: Cells, color: Color, direction: Direction) -> Cells:
    """Let all objects fall, each as a rigid body, while the cells of a color stay in place.

    Objects are 8-connected and may have several colors. They fall until the border, another object
    or a cell of the color. Undefined for color 0.

    >>> drop_onto("110/010/000/505", 5, 4)
    Grid('000/000/110/515')
    """
    if color == 0:
        return nothing()
    labels, count = components(remove_color(grid, color), True, False)
    put_label(labels, grid, color, count + 1)
    reach = _free_reach(count + 1)
    reach[count + 1] = 0
    return _drop_bodies(grid, labels, reach, direction)


@primitive(cost=3, laws=IDEMPOTENT_IN_PLACE)
def slide_color(grid: Cells, color: Color, direction: Direction) -> Cells:
    """Slide the cells of one color as one body in a direction, until the border or another cell.

    Undefined for color 0.

    >>> slide_color("10002/11000/00000", 1, 2)
    Grid('00012/00011/00000')
    """
    if color == 0:
        return nothing()
    return _slide(grid, color, ROW_STEP[direction], COL_STEP[direction])


@helper
def _slide(grid: Cells, color: int, down: int, right: int) -> Cells:
    """Move the cells of a color by a step, as often as they stay on the grid and hit nothing."""
    height, width = grid.shape
    body, wall = np.empty(height, np.int64), np.empty(height, np.int64)
    for row in range(height):
        body[row] = value_bits(grid, row * width, width, color)
        wall[row] = row_bits(grid, row) ^ body[row]
    steps = 0
    while steps < MAX_SIDE and _fits(body, wall, width, (steps + 1) * down, (steps + 1) * right):
        steps += 1
    result = remove_color(grid, color)
    for row in range(height):
        if body[row] != 0:
            start = (row + steps * down) * width + steps * right
            fill_bits(result, start, body[row], color)
    return result


@helper
def _fits(body: Integers, wall: Integers, width: int, down: int, right: int) -> bool:
    """Return whether a body, moved by a step, lies on the grid and on no wall cell.

    `body` and `wall` hold the bits of each row.
    """
    for row in range(len(body)):
        if body[row] == 0:
            continue
        moved = body[row] << right if right > 0 else body[row] >> -right
        lost = moved >> width != 0 or body[row] & ((1 << max(0, -right)) - 1) != 0
        r = row + down
        if r < 0 or r >= len(body) or lost or moved & wall[r] != 0:
            return False
    return True


@helper
def _flatten_layers(layers: Layers) -> tuple[Cells, Integers]:
    """Return all layers on one grid, later ones on top, and the label (layer + 1) of each cell."""
    number, height, width = layers.shape
    grid, labels = np.zeros((height, width), np.uint8), np.zeros((height, width), np.int64)
    for index in range(number):
        for row in range(height):
            for col in range(width):
                if layers[index, row, col] != 0:
                    labels[row, col] = index + 1
                    grid[row, col] = layers[index, row, col]
    return grid, labels


@primitive(cost=2, laws=IN_PLACE)
def drop_layers(layers: Layers, direction: Direction) -> Cells:
    """Let layers fall in a direction, each as a rigid body, and merge them into one grid.

    A layer falls until the border or another layer.

    >>> drop_layers(("110/000/000", "000/030/000"), 4)
    Grid('000/110/030')
    """
    grid, labels = _flatten_layers(layers)
    return _drop_bodies(grid, labels, _free_reach(len(layers)), direction)


@helper
def _attract(grid: Cells, labels: Integers, count: int, anchor: Cells) -> Cells:
    """Move each body along a row or column until it touches the anchor.

    A body takes the shortest way from one of its cells to a cell of the anchor and ignores other
    bodies. A body that sees no anchor stays.
    """
    ways, nearest = np.zeros(count + 1, np.int64), np.full(count + 1, MAX_SIDE, np.int64)
    for way in range(0, 8, 2):
        seen = sights(anchor, way)
        for row in range(grid.shape[0]):
            for col in range(grid.shape[1]):
                label, steps = labels[row, col], seen[row, col] >> SIGHT_BITS
                if label != 0 and 0 < steps < nearest[label]:
                    nearest[label], ways[label] = steps, way
    for label in range(count + 1):
        nearest[label] = 0 if nearest[label] == MAX_SIDE else nearest[label] - 1
    return move_labels(grid, labels, nearest * ROW_STEP[ways], nearest * COL_STEP[ways])


@primitive(cost=3, laws=IN_PLACE)
def attract_objects(grid: Cells, color: Color) -> Cells:
    """Move objects along a row or column until they touch the cells of a color.

    Objects are 8-connected and may have several colors. Objects that see no such cell stay.
    Undefined for color 0.

    >>> attract_objects("50000/50022/00020", 5)
    Grid('50000/52200/02000')
    """
    if color == 0:
        return nothing()
    labels, count = components(remove_color(grid, color), True, False)
    return _attract(grid, labels, count, extract_color(grid, color))


@primitive(cost=3, laws=IN_PLACE)
def attract_to_largest(grid: Cells) -> Cells:
    """Move objects along a row or column until they touch the largest object.

    Objects are 8-connected and may have several colors. The first of several largest objects
    attracts. Undefined for fewer than two objects.

    >>> attract_to_largest("11000/11020/00000")
    Grid('11000/11200/00000')
    """
    labels, count = components(grid, True, False)
    if count < 2:
        return nothing()
    largest = np.argmax(body_sizes(labels, count))
    anchor = extract_label(grid, labels, largest)
    put_label(labels, labels.copy(), largest, 0)
    return _attract(grid, labels, count, anchor)


@primitive(cost=3, laws=ON_CANVAS)
def attract_layers(layers: Layers, anchor: Cells) -> Cells:
    """Move layers along a row or column until they touch another grid's cells.

    The result is one grid with the layers and those cells. Layers that see none of these cells
    stay. Undefined if the shapes differ.

    >>> attract_layers(("0002/0002", "3000/0000"), "0100/0000")
    Grid('3120/0020')
    """
    if layers.shape[1] != anchor.shape[0] or layers.shape[2] != anchor.shape[1]:
        return nothing()
    grid, labels = _flatten_layers(layers)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if anchor[row, col] != 0:
                labels[row, col] = 0
    return _attract(underlay(anchor, grid), labels, len(layers), anchor)


@primitive(cost=3, laws=IN_PLACE)
def attract_cells(grid: Cells, color: Color) -> Cells:
    """Move every cell by itself along its row or column toward the cells of a color that it sees.

    Cells look past all cells of other colors, and they pile up. A cell that sees no cell of the
    color stays. A cell that sees several takes the first way of up, right, down, left. Undefined
    for color 0.

    >>> attract_cells("50302/50000/00002", 5)
    Grid('53200/50000/00002')
    """
    if color == 0:
        return nothing()
    anchor = extract_color(grid, color)
    result, waiting = grid.copy(), (grid != 0) & (grid != color)
    for way in range(0, 8, 2):
        loose = waiting & (seen_colors(anchor, way) != 0)
        result, waiting = _drop_cells(result, loose, way), waiting & ~loose
    return result


@helper
def _nearest_same(grid: Cells, single: Flags, row: int, col: int) -> tuple[int, int]:
    """Return the direction and distance of the nearest cell of the same color that is not single.

    Only the row and the column of the cell are searched. The result is (0, 0) if there is none.
    """
    nearest = (0, 0)
    for way in range(0, 8, 2):
        for steps in range(1, _room(grid, row, col, way) + 1):
            r, c = row + steps * ROW_STEP[way], col + steps * COL_STEP[way]
            if grid[r, c] == grid[row, col] and not single[r, c]:
                if nearest[1] == 0 or steps < nearest[1]:
                    nearest = (way, steps)
                break
    return nearest


@primitive(cost=4, laws=IN_PLACE)
def attract_same(grid: Cells) -> Cells:
    """Move single cells along their row or column until they touch an object of their color.

    An object is 8-connected, has one color and at least two cells. A single cell moves past
    everything in between, and it vanishes if it sees no such object. Undefined if there are no
    single cells.

    >>> attract_same("10000/10021/00000")
    Grid('10000/11000/00000')
    """
    labels, count = components(grid, True, True)
    sizes = body_sizes(labels, count)
    single = np.zeros(grid.shape, np.bool_)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            single[row, col] = sizes[labels[row, col]] == 1
    result = extract_label(grid, single, 0)
    for row in range(grid.shape[0]):
        for col in range(grid.shape[1]):
            if single[row, col]:
                way, steps = _nearest_same(grid, single, row, col)
                if steps > 0:
                    r, c = row + (steps - 1) * ROW_STEP[way], col + (steps - 1) * COL_STEP[way]
                    result[r, c] = grid[row, col]
    return result if single.any() else nothing()
