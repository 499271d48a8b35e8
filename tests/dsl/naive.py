"""Slow, obviously right twins of the building blocks in dsl/kernels/grids.py, on sets and lists.

A grid is a list of rows here; a place is (row, col). A twin has its kernel's name and arguments
and returns the kernel's result as plain Python.
"""

from __future__ import annotations

Rows = list[list[int]]
Place = tuple[int, int]

EDGES = [(-1, 0), (0, 1), (1, 0), (0, -1)]
CORNERS = [(-1, -1), (-1, 1), (1, 1), (1, -1)]


def places(grid: Rows) -> dict[Place, int]:
    """Every place with its color, in reading order."""
    return {(r, c): color for r, row in enumerate(grid) for c, color in enumerate(row)}


def drawn(grid: Rows, marked: dict[Place, int]) -> Rows:
    """Rows of the grid's shape with the marked values, 0 elsewhere."""
    return [[marked.get((r, c), 0) for c in range(len(grid[0]))] for r in range(len(grid))]


def nothing() -> Rows:
    return []


def no_layers() -> list[Rows]:
    return []


def too_large(height: int, width: int) -> bool:
    return height not in range(1, 31) or width not in range(1, 31)


def blank(height: int, width: int) -> Rows:
    return [[0] * width for _ in range(height)]


def copy_grid(grid: Rows) -> Rows:
    return [list(row) for row in grid]


def color_counts(grid: Rows) -> list[int]:
    return [sum(row.count(color) for row in grid) for color in range(10)]


def most_common(counts: list[int], first: int) -> int:
    highest = max(counts[first:], default=0)
    return counts.index(highest, first) if highest > 0 else -1


def bounding_box(grid: Rows) -> tuple[int, int, int, int]:
    content = [place for place, color in places(grid).items() if color != 0]
    if not content:
        return 0, 0, 0, 0
    rows, cols = zip(*content, strict=True)
    return min(rows), min(cols), max(rows) + 1, max(cols) + 1


def crop(grid: Rows, top: int, left: int, bottom: int, right: int) -> Rows:
    rows = [row[left:right] for row in grid[top:bottom]]
    return rows if rows and rows[0] else []


def frame_cells(grid: Rows) -> list[int]:
    frame = [0] * (len(grid[0]) + 2)
    return [cell for row in (frame, *([0, *row, 0] for row in grid), frame) for cell in row]


def unframe_cells(cells: list[int], height: int, width: int) -> Rows:
    rows = [cells[(width + 2) * row + 1 :][:width] for row in range(1, height + 1)]
    return [list(row) for row in rows]


def neighbor_steps(width: int, eight: bool) -> list[int]:
    clockwise = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]
    return [dr * (width + 2) + dc for dr, dc in clockwise if eight or 0 in (dr, dc)]


def inside(grid: Rows, row: int, col: int) -> bool:
    return (row, col) in places(grid)


def on_border(grid: Rows, row: int, col: int) -> bool:
    return any((row + dr, col + dc) not in places(grid) for dr, dc in EDGES)


def turn_down(grid: Rows, direction: int) -> Rows:
    columns = [list(column) for column in zip(*grid, strict=True)]
    mirrored = [column[::-1] for column in columns[::-1]]
    return {0: grid[::-1], 2: columns, 4: grid, 6: mirrored}[direction]


def color_mask(grid: Rows, color: int) -> Rows:
    return [[int(cell == color) for cell in row] for row in grid]


def neighbors(place: Place, eight: bool) -> set[Place]:
    steps = EDGES + CORNERS if eight else EDGES
    return {(place[0] + dr, place[1] + dc) for dr, dc in steps}


def components(grid: Rows, eight: bool, one_color: bool) -> tuple[Rows, int]:
    """Merge sets of places until no two of them touch."""
    color_at = places(grid)
    groups: list[set[Place]] = []
    for place, color in color_at.items():
        if color == 0:
            continue
        near = {n for n in neighbors(place, eight) if not one_color or color_at.get(n) == color}
        touching = [group for group in groups if group & near]
        groups = [group for group in groups if group not in touching]
        groups.append({place}.union(*touching))
    groups.sort(key=min)
    labels = {place: label for label, group in enumerate(groups, 1) for place in group}
    return drawn(grid, labels), len(groups)


def flood(passable: Rows, seeds: Rows, eight: bool) -> Rows:
    """Spread from the seeds until nothing changes."""
    free = {place for place, value in places(passable).items() if value}
    reached = {place for place, value in places(seeds).items() if value} & free
    before: set[Place] = set()
    while reached != before:
        before = reached
        reached = reached.union(*(neighbors(place, eight) for place in reached)) & free
    return drawn(passable, dict.fromkeys(reached, 1))


def flood_from_border(passable: Rows, eight: bool) -> Rows:
    border = {place: 1 for place in places(passable) if on_border(passable, *place)}
    return flood(passable, drawn(passable, border), eight)


def enclosed_cells(passable: Rows, eight: bool) -> Rows:
    reached = flood_from_border(passable, eight)
    shut = {place: 1 - value for place, value in places(reached).items()}
    return drawn(passable, {place: shut[place] for place, p in places(passable).items() if p})


def paint_mask(grid: Rows, mask: Rows, color: int) -> Rows:
    cells = places(mask)
    return drawn(grid, {place: color if cells[place] else c for place, c in places(grid).items()})
