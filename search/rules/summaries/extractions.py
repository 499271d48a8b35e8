"""Extractions: pictures of the one part, or of all the parts, that pass a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple

import numpy as np

from arcsolve.dsl.rules.expression import Expression, Literal
from arcsolve.dsl.rules.scene import MISSING
from arcsolve.dsl.rules.terms import Kind
from arcsolve.dsl.rules.vocabulary.copying.restoring import Regularity
from arcsolve.dsl.rules.vocabulary.effects import Symmetry
from arcsolve.dsl.rules.vocabulary.summaries.drawn_numbers import (
    Repeating,
    merge_repeats,
    repeat_grid,
)
from arcsolve.dsl.rules.vocabulary.summaries.extraction import (
    Showing,
    counterpart,
    paint_grid,
    transform,
)
from arcsolve.dsl.values import Cells, Flags, Integers
from arcsolve.search.rules.enumeration import call
from arcsolve.search.rules.summaries.material import Material, Suggestion

MOST_TESTS = 4  # tests that are proposed for one kind of picture
GROWTHS = [(Repeating.SCALE, 2), (Repeating.SCALE, 3), (Repeating.SCALE, 4),
           (Repeating.TILE, 2), (Repeating.TILE_ROW, 2), (Repeating.TILE_COL, 2)]  # fmt: skip


class Variant(NamedTuple):
    """A change of a picture: the expression, the grid, and whether shapes allow it."""

    wrap: Callable[[Expression], Expression]
    change: Callable[[Cells], Cells | None]
    fits: Callable[[Integers, Integers, Integers, Integers], Flags]
    """From heights and widths of pictures and of outputs to whether they may be equal."""


def _same(high: Integers, wide: Integers, tall: Integers, broad: Integers) -> Flags:
    fits: Flags = (high == tall) & (wide == broad)
    return fits


PLAIN = Variant(lambda each: each, lambda grid: grid, _same)
CONDENSED = Variant(
    lambda each: call("condense", each),
    merge_repeats,
    lambda high, wide, tall, broad: (high >= tall) & (wide >= broad) & (high * wide > tall * broad),
)


def _variants() -> Iterator[Variant]:
    yield PLAIN
    yield from map(_turn, Symmetry)
    yield from (_growth(*each) for each in GROWTHS)
    yield CONDENSED


def _turn(symmetry: Symmetry) -> Variant:
    swaps = symmetry in (Symmetry.DIAGONAL, Symmetry.LEFT, Symmetry.RIGHT)
    return Variant(
        lambda each: call("turned", each, symmetry),
        lambda grid: transform(grid, symmetry),
        (lambda high, wide, tall, broad: _same(wide, high, tall, broad)) if swaps else _same,
    )


def _growth(repeating: Repeating, number: int) -> Variant:
    down = 1 if repeating is Repeating.TILE_ROW else number
    right = 1 if repeating is Repeating.TILE_COL else number
    return Variant(
        lambda each: call("grow", each, Literal(Kind.GRID_NUMBER, number), repeating),
        lambda grid: repeat_grid(grid, number, repeating),
        lambda high, wide, tall, broad: _same(high * down, wide * right, tall, broad),
    )


VARIANTS = tuple(_variants())


def propose_changes(material: Material) -> Iterator[Suggestion]:
    """Yield changes of the whole grid that equal the outputs."""
    grids = material.parts.scene.grids[: material.pairs]
    for variant in VARIANTS:
        changed = map(variant.change, grids)
        pairs = zip(changed, material.outputs, strict=True)
        if all(grid is not None and np.array_equal(grid, output) for grid, output in pairs):
            whole = variant.wrap(call("input"))
            yield Suggestion(whole.cost, whole)


def propose_extractions(material: Material) -> Iterator[Suggestion]:
    """Yield pictures of one part that equal the outputs."""
    for showing in Showing:
        for variant in VARIANTS:
            matching = _match(material, showing, variant)
            if matching is None:
                continue
            for cost, test in choose_tests(material, matching):
                grid = variant.wrap(call("show", test, showing))
                yield Suggestion(grid.cost - test.cost + cost, grid)


def propose_paintings(material: Material) -> Iterator[Suggestion]:
    """Yield pictures of one part, painted in a color of the grid, that equal the outputs."""
    colors = np.full(material.pairs, MISSING)
    for pair, (output, background) in enumerate(
        zip(material.outputs, material.backgrounds, strict=True)
    ):
        painted = np.unique(output[output != background])
        if len(painted) != 1:
            return
        colors[pair] = painted[0]
    paints = material.find_colors(colors)
    for showing in Showing if paints else ():
        for variant in (PLAIN, CONDENSED):
            matching = _match(material, showing, variant, colors)
            if matching is None:
                continue
            for (cost, test), color in product(choose_tests(material, matching), paints):
                grid = call("paint", variant.wrap(call("show", test, showing)), color)
                yield Suggestion(grid.cost - test.cost + cost, grid)


def propose_counterparts(material: Material) -> Iterator[Suggestion]:
    """Yield boxes of one part in the turned grid that equal the outputs."""
    fits = _fitting(material, Showing.BOX, PLAIN)
    if fits is None:
        return
    for symmetry in Symmetry:
        grids = [transform(grid, symmetry) for grid in material.parts.scene.grids[: material.pairs]]
        matching = np.zeros(material.known, np.bool_)
        for part in np.flatnonzero(fits):
            pair = material.parts.grid[part]
            found = counterpart(material.parts, int(part), grids[pair])
            matching[part] = found is not None and np.array_equal(found, material.outputs[pair])
        if _in_each_pair(material, matching):
            for _, test in choose_tests(material, matching):
                grid = call("show_counterpart", test, symmetry)
                yield Suggestion(grid.cost, grid)


def propose_restored(material: Material) -> Iterator[Suggestion]:
    """Yield the box of the hidden color, as each regularity of the grid tells it."""
    if material.parts.partition.still and _fitting(material, Showing.BOX, PLAIN) is not None:
        for regularity in Regularity:
            grid = call("show_restored", call("every"), regularity)
            yield Suggestion(grid.cost, grid)


def _fitting(material: Material, showing: Showing, variant: Variant) -> Flags | None:
    """Return which parts have pictures of the right shape, None if a pair has no such part."""
    parts, known = material.parts, material.known
    shapes = np.array([grid.shape for grid in material.outputs])[parts.grid[:known]]
    drawn_in = 2 * int(showing is Showing.INSIDE)
    height, width = parts.height[:known] - drawn_in, parts.width[:known] - drawn_in
    fits = variant.fits(height, width, *shapes.T)
    return fits if _in_each_pair(material, fits) else None


def _in_each_pair(material: Material, flags: Flags) -> bool:
    return len(np.unique(material.parts.grid[: material.known][flags])) == material.pairs


def _match(
    material: Material, showing: Showing, variant: Variant, colors: Integers | None = None
) -> Flags | None:
    """Return which parts have pictures that equal the outputs, None if a pair has no such part.

    `colors` are those that pictures are painted in, by pair.
    """
    fits = _fitting(material, showing, variant)
    if fits is None:
        return None
    for part in np.flatnonzero(fits):
        found = material.picture(int(part), showing)
        changed = None if found is None else variant.change(found)
        pair = int(material.parts.grid[part])
        if changed is not None and colors is not None:
            changed = paint_grid(changed, int(material.backgrounds[pair]), int(colors[pair]))
        output = material.outputs[pair]
        fits[part] = changed is not None and np.array_equal(changed, output)
    return fits if _in_each_pair(material, fits) else None


def choose_tests(material: Material, matching: Flags) -> list[tuple[float, Expression]]:
    """Return tests that matching parts of each pair pass, and no other parts of the pairs.

    The tests are single ones, the cheapest first, and then tests of two conditions.
    """
    pairs = material.pairs
    wanted = np.zeros(len(material.parts), np.bool_)
    wanted[: material.known] = matching
    good = material.count(material.flags & wanted)[:, :pairs]
    useful = np.flatnonzero((good > 0).all(axis=1))
    single = (material.counts[useful, :pairs] == good[useful]).all(axis=1)
    single &= material.counts[useful, pairs:].any(axis=1)
    found = [
        (material.costs[n], material.tests.expressions[n]) for n in useful[single][:MOST_TESTS]
    ]
    return [*found, *_join_tests(material, wanted, useful[~single])]


def _join_tests(
    material: Material, wanted: Flags, useful: Integers
) -> list[tuple[float, Expression]]:
    """Return pairs of tests that together choose one or more wanted parts of each pair."""
    flags, pairs = material.flags[useful].astype(np.float32), material.pairs
    good = np.ones((len(useful), len(useful)), np.bool_)
    for pair in range(pairs):
        inside = flags[:, material.parts.grid == pair]
        right = (inside * wanted[material.parts.grid == pair]) @ inside.T
        good &= (right > 0) & (right == inside @ inside.T)
    shared = flags[:, material.known :] @ flags[:, material.known :].T
    first, second = np.nonzero(np.triu(good & (shared > 0), 1))
    costs = material.costs[useful[first]] + material.costs[useful[second]]
    found = []
    for n in np.argsort(costs, kind="stable")[:MOST_TESTS]:
        tests = [material.tests.expressions[useful[side[n]]] for side in (first, second)]
        both = call("both", *tests)
        found.append((both.cost, both))
    return found


def propose_unions(material: Material) -> Iterator[Suggestion]:
    """Yield pictures of the box around all parts that pass a test, where shapes are right."""
    parts, high = material.parts, np.array([grid.shape[0] for grid in material.outputs])
    wide = np.array([grid.shape[1] for grid in material.outputs])
    bottom = material.extreme(parts.bottom)
    top = material.extreme(1000 - parts.top)
    left, right = material.extreme(1000 - parts.left), material.extreme(parts.right)
    height, width = bottom - (1000 - top) + 1, right - (1000 - left) + 1
    several = (material.counts[:, : material.pairs] > 1).any(axis=1)
    passed = (material.counts[:, : material.pairs] > 0).all(axis=1)
    for showing in Showing:
        drawn_in = 2 * int(showing is Showing.INSIDE)
        fits = _same(height - drawn_in, width - drawn_in, high, wide).all(axis=1)
        for row in np.flatnonzero(fits & several & passed)[:MOST_TESTS]:
            grid = call("show_all", material.tests.expressions[row], showing)
            yield Suggestion(grid.cost, grid)


def near_extractions(material: Material) -> Iterator[tuple[int, Suggestion]]:
    """Yield pictures of one part that have the shapes of the outputs, and how many cells differ."""
    tests, chosen = material.choices
    for showing, variant in (
        (Showing.BOX, PLAIN),
        (Showing.INSIDE, PLAIN),
        (Showing.OWN, CONDENSED),
    ):
        fits = _fitting(material, showing, variant)
        if fits is None:
            continue
        right = fits[chosen[:, : material.pairs]].all(axis=1)
        for row in np.flatnonzero(right):
            differing = _count_differing(material, chosen[row], showing, variant)
            if differing is not None:
                grid = variant.wrap(call("show", tests[row], showing))
                yield differing, Suggestion(grid.cost, grid)


def _count_differing(
    material: Material, chosen: Integers, showing: Showing, variant: Variant
) -> int | None:
    """Return the number of cells that differ from the outputs, None for other shapes."""
    differing = 0
    for part, output in zip(chosen, material.outputs, strict=False):
        found = material.picture(int(part), showing)
        changed = None if found is None else variant.change(found)
        if changed is None or changed.shape != output.shape:
            return None
        differing += int((changed != output).sum())
    return differing
