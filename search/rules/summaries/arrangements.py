"""Arrangements: the parts that pass a test side by side, or only their colors and lengths."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.rules.terms import Kind
from arcsolve.dsl.rules.vocabulary.summaries.arrangement import (
    COLOR_LAYOUTS,
    STANDING,
    ColorLayout,
    Filling,
    Joining,
    Side,
    draw_bars,
    join,
    list_places,
)
from arcsolve.dsl.rules.vocabulary.summaries.extraction import Showing
from arcsolve.dsl.values import Cells, Flags, Integers
from arcsolve.search.rules.enumeration import call, plain_calls
from arcsolve.search.rules.summaries.material import Material, Suggestion

MOST_LINES = 4  # tests and orders that are proposed for one kind of arrangement
MOST_JOINED = 1500  # tests with an order that are drawn to compare them with the outputs
_RADIX = 1000  # codes a color and a length as one number


def propose_arrangements(material: Material) -> Iterator[Suggestion]:
    """Yield arrangements that equal the outputs."""
    yield from _color_layouts(material)
    yield from _fillings(material)
    yield from _bars(material)
    yield from _lines(material)


def _sequences(
    material: Material, column: Integers, needed: list[Integers]
) -> Iterator[tuple[float, int, int]]:
    """Yield (cost, test, order) whose parts have the needed values of a column in each pair."""
    lengths = np.array([len(each) for each in needed])
    rows = np.flatnonzero((material.counts[:, : material.pairs] == lengths).all(axis=1))
    if not len(rows) or lengths.min() < 1 or lengths.max() < 2:
        return
    values, known = np.concatenate(needed), material.known
    found = []
    for number, order in enumerate(material.orders.values):
        sequence = np.lexsort((order[:known], material.parts.grid[:known]))
        flags, sorted_column = material.flags[rows][:, sequence], column[sequence]
        for row, flag in zip(rows, flags, strict=True):
            if np.array_equal(sorted_column[flag], values):
                cost = float(material.costs[row] + material.orders.costs[number])
                found.append((cost, int(row), number))
    yield from sorted(found)[:MOST_LINES]


def _color_layouts(material: Material) -> Iterator[Suggestion]:
    for layout in ColorLayout:
        needed = [_read_layout(output, layout) for output in material.outputs]
        if any(each is None for each in needed):
            continue
        given = [each.astype(np.int64) for each in needed if each is not None]
        for _, row, number in _sequences(material, material.parts.color, given):
            terms = material.tests.expressions[row], material.orders.expressions[number]
            grid = call("line_up_colors", *terms, layout)
            yield Suggestion(grid.cost, grid)


def _read_layout(output: Cells, layout: ColorLayout) -> Cells | None:
    """Return the colors that a layout shows as this output, None if there are none."""
    if layout in STANDING:
        readings = [_read_layout(output, each) for each in STANDING[layout]]
        return next((each for each in readings if each is not None), None)
    diagonal: Cells = np.diagonal(output)
    colors: Cells = {
        ColorLayout.COL: output[:, 0],
        ColorLayout.ROW: output[0],
        ColorLayout.RINGS: diagonal[: (len(output) + 1) // 2],
        ColorLayout.WIDE_RINGS: diagonal[: len(output) // 2],
    }.get(layout, diagonal)
    if not len(colors) or not np.array_equal(COLOR_LAYOUTS[layout](colors), output):
        return None
    return colors


def _fillings(material: Material) -> Iterator[Suggestion]:
    flat = all(1 in output.shape for output in material.outputs)
    for filling in (Filling.ROWS,) if flat else Filling:
        cells = [
            output.ravel()[list_places(output.shape, filling)].astype(np.int64)
            for output in material.outputs
        ]
        needed = [
            row[: np.flatnonzero(row != blank)[-1] + 1] if (row != blank).any() else row[:0]
            for row, blank in zip(cells, material.backgrounds, strict=True)
        ]
        for _, row, number in _sequences(material, material.parts.color, needed):
            terms = material.tests.expressions[row], material.orders.expressions[number]
            for height, width in material.sides:
                grid = call("fill_in_colors", *terms, height, width, filling)
                yield Suggestion(grid.cost, grid)


def _bars(material: Material) -> Iterator[Suggestion]:
    for side in Side:
        needed = []
        for output, blank in zip(material.outputs, material.backgrounds, strict=True):
            lines = output if side in (Side.LEFT, Side.RIGHT) else output.T
            lengths, colors = (
                (lines != blank).sum(axis=1),
                lines[:, 0 if side in (Side.LEFT, Side.TOP) else -1],
            )
            drawn = draw_bars(colors, lengths, int(blank), side)
            if drawn is None or not np.array_equal(drawn, output):
                break
            needed.append(colors * np.int64(_RADIX) + lengths)
        if len(needed) < material.pairs or all((each % _RADIX == 1).all() for each in needed):
            continue
        for length in plain_calls(Kind.NUMBER):
            column = material.parts.color * _RADIX + length.evaluate(material.parts)
            for _, row, number in _sequences(material, column, needed):
                terms = material.tests.expressions[row], material.orders.expressions[number]
                grid = call("bars", *terms, length, side)
                yield Suggestion(grid.cost, grid)


def _lines(material: Material) -> Iterator[Suggestion]:
    for joining in Joining:
        rows = np.flatnonzero(_joinable(material, joining))
        if not len(rows):
            continue
        for showing in (Showing.BOX, Showing.OWN, Showing.ZERO):
            found = 0
            for row, number in _cheapest(material, rows):
                if found < MOST_LINES and _joins(material, row, number, showing, joining):
                    found += 1
                    terms = material.tests.expressions[row], material.orders.expressions[number]
                    grid = call("line_up", *terms, showing, joining)
                    yield Suggestion(grid.cost, grid)


def _cheapest(material: Material, rows: Integers) -> list[tuple[int, int]]:
    """Return tests with orders, the cheapest first, that arrange the parts of pairs differently."""
    costs: NDArray[np.float64] = np.add.outer(material.costs[rows], material.orders.costs)
    places = np.argsort(costs, axis=None, kind="stable")[:MOST_JOINED]
    first, second = np.unravel_index(places, costs.shape)
    return list(zip(rows[first].tolist(), second.tolist(), strict=True))


def _joinable(material: Material, joining: Joining) -> Flags:
    """Return the tests whose parts have the shapes of the outputs together."""
    parts, pairs = material.parts, material.pairs
    shapes = np.array([grid.shape for grid in material.outputs])
    if joining is Joining.STACK:
        return _stackable(material)
    upright = joining in (Joining.COL, Joining.SPACED_COL)
    along, across = (parts.height, parts.width) if upright else (parts.width, parts.height)
    length, depth = shapes.T if upright else shapes.T[::-1]
    counts = material.counts[:, :pairs]
    gap = (counts - 1) * (joining in (Joining.SPACED_ROW, Joining.SPACED_COL))
    fits = (material.total(along) + gap == length) & (material.extreme(across) == depth)
    several: Flags = fits.all(axis=1) & (counts > 1).any(axis=1)
    return several


def _stackable(material: Material) -> Flags:
    """Return the tests whose parts all have the shapes of the outputs."""
    parts, pairs = material.parts, material.pairs
    shapes = np.array([grid.shape for grid in material.outputs])
    owners = np.minimum(parts.grid, pairs - 1)
    fits = (parts.height == shapes[owners, 0]) & (parts.width == shapes[owners, 1])
    fitting = material.count(material.flags & fits)[:, :pairs]
    counts = material.counts[:, :pairs]
    stackable: Flags = (fitting == counts).all(axis=1) & (counts > 0).all(axis=1)
    return stackable & (counts > 1).all(axis=1)


def _joins(material: Material, row: int, number: int, showing: Showing, joining: Joining) -> bool:
    """Return whether the pictures of parts equal the outputs, joined in an order."""
    parts, order = material.parts, material.orders.values[number]
    for pair, output in enumerate(material.outputs):
        members = np.flatnonzero(material.flags[row] & (parts.grid == pair))
        members = members[np.argsort(order[members])]
        pieces = [material.picture(int(part), showing) for part in members]
        whole = [piece for piece in pieces if piece is not None]
        found = join(whole, int(material.backgrounds[pair]), joining) if whole else None
        if found is None or not np.array_equal(found, output):
            return False
    return True
