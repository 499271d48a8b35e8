"""Walks: paths that parts take step by step, with a reaction to each color they meet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import compiled, helper
from arcsolve.dsl.kernels.scenery.reaching import STEP_COLS, STEP_ROWS, grow
from arcsolve.dsl.kernels.scenery.strips import Board, Outline
from arcsolve.dsl.values import Cells, Integers

STOP, PASS, OVER, LEFT, RIGHT, BACK = range(6)  # reactions: see `walk_cells`
REACTIONS = 6
END, BOUNCE, TURN_LEFT, TURN_RIGHT = range(4)  # what happens at the border
BORDERS = 4
MOST_STEPS = 1000  # of one walk
MOST_NODES = 150  # tables that are tried for the walks of one group in one direction
MOST_TABLES = 20  # tables that are kept for these

_UNKNOWN = -1  # in place of a reaction
_SUM_LEFT, _SUM_RIGHT = 6, 2  # turns by a quarter, in numbers of directions

Tables = NDArray[np.int8]  # (..., color): the reaction to each color


@helper
def _find_tip(board: Board, outline: Outline, part: int, direction: int) -> int:
    """Return the place of the part's one farthest cell in a direction, or -1 for several."""
    grid = outline.grids[part]
    first, width = board.starts[grid], board.widths[grid]
    best, tip = -(10**6), -1
    for place in outline.cells[outline.offsets[part] : outline.offsets[part + 1]]:
        row, col = (place - first) // width, (place - first) % width
        reach = row * STEP_ROWS[direction] + col * STEP_COLS[direction]
        if reach == best:
            tip = -1
        if reach > best:
            best, tip = reach, place
    return tip


@helper
def _direct(down: int, right: int) -> int:
    """Return the number of the direction of one step."""
    for direction in range(8):
        if STEP_ROWS[direction] == down and STEP_COLS[direction] == right:
            return direction
    return -1


@helper
def _leave(direction: int, outside_rows: bool, outside_cols: bool, border: int) -> int:
    """Return the direction after the border was met, or -1 if the walk ends."""
    if border in (TURN_LEFT, TURN_RIGHT):
        return (direction + (_SUM_LEFT if border == TURN_LEFT else _SUM_RIGHT)) % 8
    if border == END or direction % 2 == 0:
        return -1
    down = -STEP_ROWS[direction] if outside_rows else STEP_ROWS[direction]
    return _direct(down, -STEP_COLS[direction] if outside_cols else STEP_COLS[direction])


@helper
def _bounce(board: Board, grid: int, row: int, col: int, direction: int) -> int:
    """Return the direction after a walk at (row, col) bounced off the cell in its way.

    A diagonal keeps the part of its step that is free.
    """
    first, width = board.starts[grid], board.widths[grid]
    down, right, ground = STEP_ROWS[direction], STEP_COLS[direction], board.backgrounds[grid]
    if down != 0 and right != 0:
        below = board.cells[first + (row + down) * width + col] != ground
        beside = board.cells[first + row * width + col + right] != ground
        if below != beside:
            return _direct(-down, right) if below else _direct(down, -right)
    return (direction + 4) % 8


@helper
def _walk(
    board: Board,
    outline: Outline,
    part: int,
    direction: int,
    table: Tables,
    border: int,
    seen: Integers,
    number: int,
    out: Integers,
    size: int,
) -> tuple[int, int, bool]:
    """Add the places of a walk to `out`; return the size, the color without reaction, if bordered.

    The color is -1 if all colors met have a reaction. `seen` (place and direction) gets the number
    of the walk, which no other walk may have.
    """
    place, grid, bordered = _find_tip(board, outline, part, direction), outline.grids[part], False
    first, height, width = board.starts[grid], board.heights[grid], board.widths[grid]
    row, col = (place - first) // width, (place - first) % width
    while place >= 0 and seen[8 * place + direction] != number:
        seen[8 * place + direction] = number
        down, right = row + STEP_ROWS[direction], col + STEP_COLS[direction]
        if not (0 <= down < height and 0 <= right < width):
            bordered |= border != BOUNCE or direction % 2 == 1
            direction = _leave(direction, not 0 <= down < height, not 0 <= right < width, border)
            if direction < 0:
                break
            continue
        ahead = first + down * width + right
        color, reaction = board.cells[ahead], PASS
        if color == board.backgrounds[grid]:
            reaction = OVER
        elif outline.labels[ahead] != part:
            reaction = table[color]
        if reaction == _UNKNOWN:
            return size, int(np.int64(color)), bordered
        if reaction == STOP or size == len(out):
            break
        if reaction == BACK:
            direction = _bounce(board, grid, row, col, direction)
        if reaction == LEFT:
            direction = (direction + _SUM_LEFT) % 8
        if reaction == RIGHT:
            direction = (direction + _SUM_RIGHT) % 8
        if reaction not in (LEFT, RIGHT, BACK):
            row, col, place = down, right, ahead
        if reaction == OVER:
            out[size] = ahead
            size += 1
    return size, -1, bordered


@compiled
def walk_cells(
    board: Board,
    outline: Outline,
    parts: Integers,
    directions: Integers,
    tables: Tables,
    border: int,
) -> tuple[Integers, Integers]:
    """Return the cells of the walks of each row's part, in each of its directions.

    A walk starts at the part's one cell that is farthest in its direction, and covers background.
    `tables` (row, color) say what it does before a cell of another part. STOP ends it. PASS goes
    below the cell, OVER covers it. LEFT, RIGHT and BACK turn before the cell; a diagonal bounces
    back. At the border, END ends the walk, BOUNCE reflects diagonals, and the others turn.
    """
    offsets = np.zeros(len(parts) + 1, np.int64)
    places = np.empty(2 * MOST_STEPS + len(board.cells), np.int64)
    seen, number = np.zeros(8 * len(board.cells), np.int64), 0
    size = 0
    for row in range(len(parts)):
        for direction in range(8):
            if directions[row] >> direction & 1:
                number += 1
                places = grow(places, size + MOST_STEPS)
                size, _, _ = _walk(
                    board, outline, parts[row], direction, tables[row], border, seen, number,
                    places[: size + MOST_STEPS], size,
                )  # fmt: skip
        offsets[row + 1] = size
    return offsets, places[:size].copy()


@helper
def _try_table(
    board: Board,
    outline: Outline,
    goal: Cells,
    members: Integers,
    directions: Integers,
    table: Tables,
    border: int,
    seen: Integers,
    number: int,
    out: Integers,
) -> tuple[int, int, bool, int]:
    """Walk with all members of a group, and compare with the goal.

    Return the cells covered or -1 for a wrong cell, the color without a reaction or -1, whether a
    walk met the border, and the number of the last walk. All cells of a part need the same color,
    which is not the background.
    """
    total, bordered = 0, False
    for part in members:
        wanted = -1
        for direction in range(8):
            if directions[part] >> direction & 1 == 0:
                continue
            number += 1
            size, color, met = _walk(
                board, outline, part, direction, table, border, seen, number, out, 0
            )
            bordered |= met
            for place in out[:size]:
                painted = int(np.int64(goal[place]))
                wrong = painted == board.backgrounds[outline.grids[part]]
                if wrong or wanted not in (-1, painted):
                    return -1, -1, bordered, number
                wanted = painted
            if color >= 0:
                return 0, color, bordered, number
            total += size
    return total, -1, bordered, number


@compiled
def learn_tables(
    board: Board,
    outline: Outline,
    goal: Cells,
    members: Integers,
    directions: Integers,
) -> tuple[Integers, Tables]:
    """Return (direction, border, cells covered) and the reactions of walks as in the goal.

    `members` are parts of pairs that all walk, and `directions` (direction, part) are bit sets of
    which one row is tried at a time. A color gets a reaction when a walk meets it, and the search
    over reactions is depth first. Tables with the reaction -1 to a color never met that color.
    Borders are tried only where walks meet them. Plain rays are left out, and walks that a border
    does not change.
    """
    found, tables = np.empty((64, 3), np.int64), np.empty((64, NUM_COLORS), np.int8)
    stack = np.empty((NUM_COLORS * REACTIONS + 1, NUM_COLORS), np.int8)
    seen, number = np.zeros(8 * len(board.cells), np.int64), 0
    out = np.empty(MOST_STEPS, np.int64)
    size = 0
    for row in range(len(directions)):
        for border in range(BORDERS):
            stack[0], depth, nodes, kept, bordered = _UNKNOWN, 1, 0, 0, False
            while depth > 0 and nodes < MOST_NODES and kept < MOST_TABLES:
                depth, nodes = depth - 1, nodes + 1
                table = stack[depth].copy()
                cells, color, met, number = _try_table(
                    board, outline, goal, members, directions[row], table, border, seen, number, out
                )
                bordered |= met
                for reaction in range(REACTIONS if color >= 0 else 0):
                    stack[depth] = table
                    stack[depth, color] = REACTIONS - 1 - reaction
                    depth += 1
                acting = _varies(table) or (border != END and met)
                if cells > 0 and color < 0 and acting:
                    if size == len(found):
                        found = np.concatenate((found, np.empty_like(found)))
                        tables = np.concatenate((tables, np.empty_like(tables)))
                    found[size, 0], found[size, 1], found[size, 2] = row, border, cells
                    tables[size] = table
                    size, kept = size + 1, kept + 1
            if not bordered:
                break
    return found[:size].copy(), tables[:size].copy()


@helper
def _varies(table: Tables) -> bool:
    """Return whether a table turns or has different reactions: rays do the same everywhere."""
    first = -1
    for each in table:
        reaction = int(np.int64(each))
        if reaction > OVER or (reaction >= 0 and first not in (-1, reaction)):
            return True
        if reaction >= 0:
            first = reaction
    return False
