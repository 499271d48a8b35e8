"""Regions: areas that the form of a part gives, such as its box, its frame or its holes."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.kernels.scenery.reaching import (
    ANY,
    BLANK,
    NOT_OWN,
    OWN,
    collect_boxes,
    collect_neighbors,
)
from arcsolve.dsl.kernels.scenery.strips import BOTTOM, LEFT, RIGHT, TOP, find_holes
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import Area, AreaColumn, term
from arcsolve.dsl.values import Flags, Integers

_NOWHERE = np.array([0, 0, -1, -1], np.int64)  # an empty box
_INWARD = np.array([1, 1, -1, -1], np.int64)


def boxes(parts: Parts, margin: int, kind: int, hollow: int | None = None) -> Area:
    """Return the cells of a kind in the box of each part, drawn in by a margin of cells.

    `hollow` is the margin of an inner box without cells, or None for no inner box.
    """
    box = parts.outline.boxes[parts.index]
    if hollow is None:
        inner = np.tile(_NOWHERE, (len(parts), 1))
    else:
        inner = box + hollow * _INWARD
    outer = box + margin * _INWARD
    return collect(parts, outer, inner, kind)


def collect(parts: Parts, outer: Integers, inner: Integers, kind: int) -> Area:
    """Return the cells of a kind in the outer box (row, 4) of each row but not in the inner box."""
    return Area(*collect_boxes(parts.board, parts.outline, parts.index, outer, inner, kind))


def keep(area: Area, wanted: Flags) -> Area:
    """Return the area with the wanted of its places only."""
    counts = np.concatenate([[0], np.cumsum(wanted)])
    return Area(counts[area.offsets], area.places[wanted])


def rows_of(area: Area) -> Integers:
    """Return the row of each place of an area."""
    return np.repeat(np.arange(len(area.offsets) - 1), np.diff(area.offsets))


@term(cost=0.2)
def itself(parts: Parts) -> AreaColumn:
    """It.

    All cells of the part.

    >>> paint("(fill itself 5)", "102", "(has color 2)")
    Grid('105')
    """
    return boxes(parts, 0, OWN)


@term(cost=1.0)
def box(parts: Parts) -> AreaColumn:
    """Its whole box.

    >>> paint("(fill box 5)", "1000/1100")
    Grid('5500/5500')
    """
    return boxes(parts, 0, ANY)


@term(cost=0.9)
def rest_of_box(parts: Parts) -> AreaColumn:
    """The rest of its box.

    >>> paint("(fill rest_of_box 5)", "1000/1100")
    Grid('1500/1100')
    """
    return boxes(parts, 0, NOT_OWN)


@term(cost=0.9)
def blank_of_box(parts: Parts) -> AreaColumn:
    """The background of its box.

    >>> paint("(fill blank_of_box 5)", "1110/1020/1110", "(has color 1)")
    Grid('1110/1520/1110')
    """
    return boxes(parts, 0, BLANK)


@term(cost=1.0)
def inside_of_box(parts: Parts) -> AreaColumn:
    """The inside of its box.

    The cells at the edge of the box do not belong to it.

    >>> paint("(fill inside_of_box 5)", "10000/00000/00001", partition="color_groups")
    Grid('10000/05550/00001')
    """
    return boxes(parts, 1, ANY)


@term(cost=1.0)
def edge_of_box(parts: Parts) -> AreaColumn:
    """The edge of its box.

    >>> paint("(fill edge_of_box 5)", "1000/0000/0001", partition="color_groups")
    Grid('5555/5005/5555')
    """
    return boxes(parts, 0, ANY, 1)


@term(cost=1.1)
def second_ring_of_box(parts: Parts) -> AreaColumn:
    """The ring of cells one step inside the edge of its box.

    >>> effect = "(fill second_ring_of_box 5)"
    >>> paint(effect, "10000/00000/00000/00000/00001", partition="color_groups")
    Grid('10000/05550/05050/05550/00001')
    """
    return boxes(parts, 1, ANY, 2)


@term(cost=1.0)
def ring(parts: Parts) -> AreaColumn:
    """The ring of cells around its box.

    >>> paint("(fill ring 5)", "0000/0110/0000")
    Grid('5555/5115/5555')
    """
    return boxes(parts, -1, ANY, 0)


@term(cost=1.1)
def blank_ring(parts: Parts) -> AreaColumn:
    """The background cells of the ring around its box.

    >>> paint("(fill blank_ring 5)", "0000/0110/0020", "(has color 1)")
    Grid('5555/5115/5525')
    """
    return boxes(parts, -1, BLANK, 0)


@term(cost=1.0)
def outline(parts: Parts) -> AreaColumn:
    """The background cells around it.

    They touch it over an edge or a corner.

    >>> paint("(fill outline 5)", "0000/0100/0010/0000")
    Grid('5550/5155/5515/0555')
    """
    return Area(*collect_neighbors(parts.board, parts.outline, parts.index, True))


@term(cost=1.1)
def edge_outline(parts: Parts) -> AreaColumn:
    """The background cells that share an edge with it.

    >>> paint("(fill edge_outline 5)", "0000/0110/0000")
    Grid('0550/5115/0550')
    """
    return Area(*collect_neighbors(parts.board, parts.outline, parts.index, False))


@term(cost=0.7)
def inner_holes(parts: Parts) -> AreaColumn:
    """The cells that it encloses.

    >>> paint("(fill inner_holes 5)", "1110/1010/1110")
    Grid('1110/1510/1110')
    """
    offsets, places, _ = find_holes(parts.board, parts.outline, parts.index)
    return Area(offsets, places)


@term(cost=1.0)
def center(parts: Parts) -> AreaColumn:
    """The middle cell of its box.

    A box with an even number of rows or columns has none.

    >>> paint("(fill center 5)", "1110/1010/1110")
    Grid('1110/1510/1110')
    """
    down, right = (parts.top + parts.bottom) // 2, (parts.left + parts.right) // 2
    middle = np.stack([down, right, down, right], axis=1)
    middle[(parts.height % 2 == 0) | (parts.width % 2 == 0)] = _NOWHERE
    return collect(parts, middle, np.tile(_NOWHERE, (len(parts), 1)), ANY)


def _corners(parts: Parts, margin: int) -> Area:
    """Return the four corners of each box, drawn in by a margin."""
    area = boxes(parts, margin, ANY, margin + 1)
    row = rows_of(area)
    grid = parts.grid[row]
    down, right = np.divmod(area.places - parts.board.starts[grid], parts.board.widths[grid])
    vertical = (down == parts.top[row] + margin) | (down == parts.bottom[row] - margin)
    horizontal = (right == parts.left[row] + margin) | (right == parts.right[row] - margin)
    return keep(area, vertical & horizontal)


@term(cost=1.1)
def corners(parts: Parts) -> AreaColumn:
    """The corners of its box.

    >>> paint("(fill corners 5)", "0100/1110/0100")
    Grid('5150/1110/5150')
    """
    return _corners(parts, 0)


@term(cost=1.2)
def outer_corners(parts: Parts) -> AreaColumn:
    """The cells diagonally outside the corners of its box.

    >>> paint("(fill outer_corners 5)", "0000/0110/0000")
    Grid('5005/0110/5005')
    """
    return _corners(parts, -1)


@term(cost=1.0)
def blank_rows(parts: Parts) -> AreaColumn:
    """The background cells of its rows.

    >>> paint("(fill blank_rows 5)", "0000/0120", "(has color 1)")
    Grid('0000/5125')
    """
    span = parts.outline.boxes[parts.index]
    span[:, LEFT], span[:, RIGHT] = 0, parts.grid_width - 1
    return collect(parts, span, np.tile(_NOWHERE, (len(parts), 1)), BLANK)


@term(cost=1.0)
def blank_cols(parts: Parts) -> AreaColumn:
    """The background cells of its columns.

    >>> paint("(fill blank_cols 5)", "00/10/20", "(has color 1)")
    Grid('50/10/20')
    """
    span = parts.outline.boxes[parts.index]
    span[:, TOP], span[:, BOTTOM] = 0, parts.grid_height - 1
    return collect(parts, span, np.tile(_NOWHERE, (len(parts), 1)), BLANK)


@term(cost=0.7)
def minor_cells(parts: Parts) -> AreaColumn:
    """Its cells in its rarest color.

    >>> paint("(fill minor_cells 5)", "1120", partition="blobs_8")
    Grid('1150')
    """
    area = itself(parts)
    return keep(area, parts.board.cells[area.places] == parts.minor[rows_of(area)])


@term(cost=0.7)
def main_cells(parts: Parts) -> AreaColumn:
    """Its cells in its commonest color.

    A part of one color has none.

    >>> paint("(fill main_cells 5)", "112033", partition="blobs_8")
    Grid('552033')
    """
    area = itself(parts)
    row = rows_of(area)
    main = parts.board.cells[area.places] == parts.color[row]
    return keep(area, main & (parts.colors[row] > 1))


@term(cost=0.8)
def other_cells(parts: Parts) -> AreaColumn:
    """Its cells outside its commonest color.

    >>> paint("(fill other_cells 5)", "11230", partition="blobs_8")
    Grid('11550')
    """
    area = itself(parts)
    return keep(area, parts.board.cells[area.places] != parts.color[rows_of(area)])
