"""Feature planes of a grid: colors along rays and opposite each cell, and classes of components.

A small network that trains for seconds does not learn by itself to find the nearest color to the
left, or the size of a component. With feature planes it can look them up and copy them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from arcsolve.dsl.grid import NUM_COLORS

Cells = NDArray[np.uint8]

NOTHING = 10  # the token of a plane that has no color or class at a cell
MOST = 9  # also stands for all larger counts and distances
SIZES = (1, 2, 3, 4, 6, 9, 15, 30, 60)  # cells of a component; upper ends of the classes
RAYS = ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1))
AROUND = np.ones((3, 3), bool)  # 8-connectivity
AXES = ((0, 1), (2, 3), (4, 7), (5, 6))  # pairs of opposite rays
COLOR_PLANES = 1 + len(RAYS) + 5 + 4 + len(AXES) + 5  # these come first; the others hold classes
NUM_PLANES = COLOR_PLANES + 14 + 10


def feature_planes(cells: Cells) -> Cells:
    """The feature planes of a grid: tokens up to `NOTHING`, (NUM_PLANES, height, width).

    Plane 0 holds the cells. The first `COLOR_PLANES` planes hold colors, so that an augmentation
    which recolors the cells recolors these planes too.
    """
    ground = _background(cells)
    rays = [_along_ray(cells, ground, step) for step in RAYS]
    same = _components_by_color(cells)
    objects, _ = ndimage.label(cells != ground, AROUND)
    nearest, distance = _nearest(cells, ground)
    colors = [cells, *rays, *_opposite(cells), *_line_colors(cells, ground), *_between(rays)]
    colors += [*_object_colors(objects, cells), _bordering_color(same, cells), nearest]
    kinds = [
        *_component_classes(same),
        *_component_classes(objects),
        *_neighbor_counts(cells, ground),
    ]
    kinds += [
        *_position_classes(cells, ground),
        distance,
        *_object_classes(objects, cells),
        *_stripes(cells.shape),
    ]
    return np.stack([*colors, *kinds, *_line_counts(cells, ground)]).astype(np.uint8)


def _background(cells: Cells) -> int:
    """The background color: 0 if the grid has any 0, else the most frequent color."""
    counts = np.bincount(cells.ravel(), minlength=NUM_COLORS)
    return 0 if counts[0] else int(counts.argmax())


def _along_ray(cells: Cells, ground: int, step: tuple[int, int]) -> Cells:
    """The first color other than the background that each cell sees in a direction."""
    down, right = step
    if not down:
        return _along_ray(cells.T, ground, (right, 0)).T
    colors = np.where(cells == ground, NOTHING, cells)
    visible = np.full_like(colors, NOTHING)
    height, width = cells.shape
    here, there = (slice(max(-by, 0), width - max(by, 0)) for by in (right, -right))
    for row in range(height - 2, -1, -1) if down > 0 else range(1, height):
        next_row = row + down  # its own ray is already known
        ahead = np.where(colors[next_row] == NOTHING, visible[next_row], colors[next_row])
        visible[row, here] = ahead[there]
    return visible


def _opposite(cells: Cells) -> list[Cells]:
    """The colors at the mirrored places; along the diagonals only if the grid is square."""
    square = cells.shape[0] == cells.shape[1]
    none = np.full_like(cells, NOTHING)
    diagonals = [cells.T, cells[::-1, ::-1].T] if square else [none, none]
    return [cells[:, ::-1], cells[::-1], cells[::-1, ::-1], *diagonals]


def _line_colors(cells: Cells, ground: int) -> list[Cells]:
    """The most frequent color besides the background: of the row, of the column, of the grid.

    The last plane holds the grid's rarest color besides the background.
    """
    counts = np.stack([cells == color for color in range(NUM_COLORS)])
    counts[ground] = False
    most = [
        np.where(sums.any(0), sums.argmax(0), NOTHING)
        for sums in (counts.sum(axis, keepdims=True) for axis in (2, 1, (1, 2)))
    ]
    present = counts.sum((1, 2))
    rarest = np.where(present > 0, present, cells.size + 1).argmin() if present.any() else NOTHING
    return [np.broadcast_to(value, cells.shape) for value in (*most, np.array([[rarest]]))]


def _components_by_color(cells: Cells) -> NDArray[np.intp]:
    """Number the 4-connected components of one color from 1, background components included."""
    labels, count = np.zeros(cells.shape, np.intp), 0
    for color in np.unique(cells):
        part, found = ndimage.label(cells == color)
        labels += np.where(part > 0, part + count, 0)
        count += found
    return labels


def _component_classes(labels: NDArray[Any]) -> list[Cells]:
    """Classes of each cell's component: size, rank by size, touches the border, fills its box."""
    inside = labels > 0
    sizes = np.bincount(labels.ravel(), minlength=2)
    sizes[0] = 0
    distinct = np.unique(sizes[1:])
    ranks = len(distinct) - np.searchsorted(distinct, sizes, "right")
    edge = np.zeros(len(sizes), bool)
    edge[np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])] = True
    full = np.zeros(len(sizes), np.intp)
    for number, box in enumerate(ndimage.find_objects(labels), 1):
        full[number] = labels[box].size == sizes[number]
    classes = (np.searchsorted(SIZES, sizes), ranks.clip(max=MOST), edge, full)
    return [np.where(inside, values[labels], NOTHING) for values in classes]


def _neighbor_counts(cells: Cells, ground: int) -> list[Cells]:
    """The number of neighbors that have the cell's color, and of those that are not background."""
    padded = np.pad(cells, 1, constant_values=NOTHING)
    near = np.lib.stride_tricks.sliding_window_view(padded, (3, 3)).reshape(*cells.shape, 9)
    alike = (near == cells[..., None]).sum(-1) - 1
    drawn = ((near != ground) & (near != NOTHING)).sum(-1).clip(max=MOST)
    return [alike, drawn]


def _position_classes(cells: Cells, ground: int) -> list[Cells]:
    """Distance to the nearer border along rows and columns, parity, rank of the cell's color."""
    rows, columns = (np.arange(side) for side in cells.shape)
    down, across = (np.minimum(p, p[::-1]).clip(max=MOST) for p in (rows, columns))
    parity = (rows[:, None] + columns) % 2
    counts = np.bincount(cells.ravel(), minlength=NUM_COLORS)
    rank = np.argsort(np.argsort(-counts, kind="stable"), kind="stable")
    planes = (down[:, None], across[None], parity, rank[cells])
    return [np.broadcast_to(plane, cells.shape) for plane in planes]


def _between(rays: list[Cells]) -> list[Cells]:
    """For each axis the color that the cell sees in both directions, if it is the same."""
    return [np.where(rays[one] == rays[other], rays[one], NOTHING) for one, other in AXES]


def _counts(labels: NDArray[Any], cells: Cells) -> NDArray[np.intp]:
    """Count the cells of each color in each component: (number, color); 0 for number 0."""
    counts = np.zeros((labels.max() + 1, NUM_COLORS), np.intp)
    np.add.at(counts, (labels.ravel(), cells.ravel()), 1)
    counts[0] = 0
    return counts


def _most(counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """The most frequent color in each row of counts."""
    return np.where(counts.any(1), counts.argmax(1), NOTHING)


def _object_colors(objects: NDArray[Any], cells: Cells) -> list[Cells]:
    """The most frequent and the rarest color of the cell's object, and the color of a box.

    The box is the smallest bounding box of an object around the cell. Its color is the most
    frequent color of its object.
    """
    counts = _counts(objects, cells)
    rarest = np.where(counts.any(1), np.where(counts, counts, cells.size + 1).argmin(1), NOTHING)
    most, boxed = _most(counts), np.full(cells.shape, NOTHING)
    boxes = list(enumerate(ndimage.find_objects(objects), 1))
    for number, box in sorted(boxes, key=lambda each: -objects[each[1]].size):
        boxed[box] = most[number]
    return [most[objects], rarest[objects], boxed]


def _bordering_color(same: NDArray[Any], cells: Cells) -> Cells:
    """The most frequent color along the outer edge of the cell's component of one color."""
    counts = np.zeros((same.max() + 1, NUM_COLORS), np.intp)
    for labels, colors in ((same, cells), (same.T, cells.T)):
        edge = labels[1:] != labels[:-1]
        np.add.at(counts, (labels[1:][edge], colors[:-1][edge]), 1)
        np.add.at(counts, (labels[:-1][edge], colors[1:][edge]), 1)
    beside: Cells = _most(counts)[same]
    return beside


def _nearest(cells: Cells, ground: int) -> tuple[Cells, Cells]:
    """The color of the nearest cell that is not background, and its Chebyshev distance."""
    free = cells == ground
    if free.all():
        return np.full_like(cells, NOTHING), np.full_like(cells, NOTHING)
    away, places = ndimage.distance_transform_cdt(free, "chessboard", return_indices=True)
    return cells[tuple(places)], away.clip(max=MOST)


def _object_classes(objects: NDArray[Any], cells: Cells) -> list[Cells]:
    """Classes of the cell's object: colors, rank from the smallest, holes, equal shapes, depth.

    The depth of a cell is its distance from the nearest side of the object's bounding box.
    """
    sizes = np.bincount(objects.ravel(), minlength=1)
    ranks = np.searchsorted(np.unique(sizes[1:]), sizes)
    boxes = ndimage.find_objects(objects)
    shapes = [objects[box] == number for number, box in enumerate(boxes, 1)]
    holes = [0, *(ndimage.label(np.pad(~own, 1, constant_values=True))[1] - 1 for own in shapes)]
    names = [(own.shape, own.tobytes()) for own in shapes]
    alike = [0, *(names.count(name) for name in names)]
    depth = np.full(objects.shape, NOTHING)
    for own, box in zip(shapes, boxes, strict=True):
        rows, columns = (np.minimum(p, p[::-1]) for p in map(np.arange, own.shape))
        inner = np.minimum(rows[:, None], columns).clip(max=MOST)
        depth[box] = np.where(own, inner, depth[box])
    raw = ((_counts(objects, cells) > 0).sum(1), ranks, holes, alike)
    classes = [np.minimum(values, MOST)[objects] for values in raw]
    return [*(np.where(objects > 0, values, NOTHING) for values in classes), depth]


def _stripes(shape: tuple[int, int]) -> list[Cells]:
    """The position of each cell within squares of two cells a side, and of three."""
    rows, columns = np.indices(shape)
    return [(rows % side * side + columns % side).astype(np.uint8) for side in (2, 3)]


def _line_counts(cells: Cells, ground: int) -> list[Cells]:
    """The number of cells in the row, and in the column, that are not background."""
    counts = ((cells != ground).sum(axis, keepdims=True).clip(max=MOST) for axis in (1, 0))
    return [np.broadcast_to(count, cells.shape) for count in counts]
