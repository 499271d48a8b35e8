"""Drawings: outputs that show a number or a color of the grid, or that a table looks up."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.rules.expression import Expression, GridTable, Literal
from arcsolve.dsl.rules.scene import MISSING
from arcsolve.dsl.rules.terms import Kind
from arcsolve.dsl.rules.vocabulary.summaries.arrangement import Filling, list_places
from arcsolve.dsl.rules.vocabulary.summaries.drawn_numbers import (
    Repeating,
    draw_diagonal,
    repeat_grid,
)
from arcsolve.dsl.values import Integers
from arcsolve.search.rules.enumeration import call
from arcsolve.search.rules.rule_pool import ONCE_COST
from arcsolve.search.rules.summaries.material import Material, Suggestion, Values

MOST_ENTRY_CELLS = 36  # cells of a grid in a table
MOST_TABLES = 6  # tables that are proposed


def propose_drawings(material: Material) -> Iterator[Suggestion]:
    """Yield drawings of numbers and colors that equal the outputs."""
    yield from _growths(material)
    painted = [np.unique(output) for output in material.outputs]
    if all(len(each) <= 2 for each in painted):
        yield from _diagonals(material)
        yield from _fills(material)
    if all(len(each) == 1 for each in painted):
        yield from _canvases(material)


def _diagonals(material: Material) -> Iterator[Suggestion]:
    numbers = np.array([len(output) for output in material.outputs])
    colors = np.array([output[0, 0] for output in material.outputs]).astype(np.int64)
    known = zip(numbers, colors, material.backgrounds, strict=True)
    drawn = [draw_diagonal(*map(int, each)) for each in known]
    if len(np.unique(numbers)) > 1 and all(map(np.array_equal, drawn, material.outputs)):
        needed = material.find_numbers(numbers), material.find_colors(colors)
        for number, color in product(*needed):
            grid = call("diagonal_line", number, color)
            yield Suggestion(grid.cost, grid)


def _fills(material: Material) -> Iterator[Suggestion]:
    if len({output.shape for output in material.outputs}) > 1:
        return
    height, width = material.outputs[0].shape
    sides = [Literal(Kind.GRID_NUMBER, height), Literal(Kind.GRID_NUMBER, width)]
    for filling in Filling if height > 1 < width else (Filling.ROWS,):
        order = list_places((height, width), filling)
        rows = np.stack([output.ravel()[order] for output in material.outputs]).astype(np.int64)
        numbers = (rows == rows[:, :1]).sum(axis=1)
        changes = (np.diff(rows, axis=1) != 0).sum(axis=1)
        blanks = rows[:, -1]
        if changes.max(initial=0) > 1 or len(np.unique(numbers)) == 1:
            continue
        rest = _name_blank(material, np.where(changes > 0, blanks, MISSING))
        if rest is None:
            continue
        for number in material.find_numbers(numbers):
            for color in material.find_colors(rows[:, 0]):
                grid = call("fill_in", number, color, rest, *sides, filling)
                yield Suggestion(grid.cost, grid)


def _name_blank(material: Material, blanks: Integers) -> Expression | None:
    """Return the color of the rest of canvases, which is MISSING for a full canvas."""
    seen = blanks >= 0
    if (blanks == material.backgrounds)[seen].all():
        return call("grid_background")
    colors = np.unique(blanks[seen])
    return Literal(Kind.GRID_COLOR, int(colors[0])) if len(colors) == 1 else None


def _canvases(material: Material) -> Iterator[Suggestion]:
    colors = np.array([output[0, 0] for output in material.outputs]).astype(np.int64)
    shapes = {output.shape for output in material.outputs}
    if len(np.unique(colors)) == len(shapes) == 1:
        return
    for (height, width), color in product(material.sides, material.find_colors(colors)):
        grid = call("canvas", height, width, color)
        yield Suggestion(grid.cost, grid)


def _growths(material: Material) -> Iterator[Suggestion]:
    grids = material.parts.scene.grids[: material.pairs]
    pairs = list(zip(grids, material.outputs, strict=True))
    for repeating in Repeating:
        axis = int(repeating is Repeating.TILE_ROW)
        numbers = np.array([output.shape[axis] // grid.shape[axis] for grid, output in pairs])
        if numbers.min() < 1 or len(np.unique(numbers)) == 1:
            continue
        grown = [
            repeat_grid(grid, int(number), repeating)
            for (grid, _), number in zip(pairs, numbers, strict=True)
        ]
        if all(
            each is not None and np.array_equal(each, output)
            for each, (_, output) in zip(grown, pairs, strict=True)
        ):
            for number in material.find_numbers(numbers):
                grid = call("grow", call("input"), number, repeating)
                yield Suggestion(grid.cost, grid)


def propose_tables(material: Material) -> Iterator[Suggestion]:
    """Yield tables from a number, color or shape to the outputs of the pairs."""
    if max(output.size for output in material.outputs) > MOST_ENTRY_CELLS:
        return
    outputs = [Grid(output) for output in material.outputs]
    if len(set(outputs)) < 2:
        return
    numbers = {output: n for n, output in enumerate(dict.fromkeys(outputs))}
    ids = np.array([numbers[output] for output in outputs])
    if len(set(outputs)) == len(outputs):
        return  # nothing supports a table of entries that are seen once
    found = list(_tables(material, material.keys, outputs, ids))
    yield from sorted(found, key=lambda each: each.cost)[:MOST_TABLES]


def _tables(
    material: Material, keys: Values, outputs: list[Grid], ids: Integers
) -> Iterator[Suggestion]:
    if not keys.expressions:
        return
    values, tests = keys.values[:, : len(ids)], keys.values[:, len(ids) :]
    same = values[:, :, np.newaxis] == values[:, np.newaxis]
    clash = (same & (ids[:, np.newaxis] != ids)).any(axis=(1, 2))
    known = (tests[:, :, np.newaxis] == values[:, np.newaxis]).any(axis=(1, 2))
    for row in np.flatnonzero(~clash & known & (values >= 0).all(axis=1)):
        entries = {int(value): output for value, output in zip(values[row], outputs, strict=True)}
        once = sum((values[row] == value).sum() == 1 for value in entries)
        grid = GridTable(keys.expressions[row], tuple(sorted(entries.items(), key=lambda e: e[0])))
        yield Suggestion(grid.cost + ONCE_COST * once, grid)
