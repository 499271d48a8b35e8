"""Parts that the period or the symmetry of the rest of the grid restores."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.kernels.scenery.regularities import restore_grid
from arcsolve.dsl.program import Program
from arcsolve.dsl.rules.scene import Scene
from arcsolve.dsl.values import Cells, Integers

HIDDEN = 9
Cell = tuple[int, int]


def _apply(rule: str, grid: str) -> Grid:
    return Program.parse(f"(rewrite input input (rules 0 {rule}))").run(Grid(grid))


@pytest.mark.parametrize(
    ("regularity", "before", "after"),
    [
        ("period", "12121/34993/12991/34343/12121", "12121/34343/12121/34343/12121"),
        ("symmetry", "12321/45694/17271/78087", "12321/45654/17271/78087"),
    ],
)
@pytest.mark.parametrize("partition", ["color_groups", "all_colors"])
def test_a_part_is_restored_from_the_rest_of_the_grid(
    partition: str, regularity: str, before: str, after: str
) -> None:
    rule = f"(rule {partition} (has color 9) (restore {regularity}))"
    assert _apply(rule, before) == Grid(after)


def test_a_hidden_background_is_restored() -> None:
    rule = "(rule all_colors every (restore period))"
    assert _apply(rule, "12121/34003/12001/34343/12121") == Grid("12121/34343/12121/34343/12121")


def test_a_grid_without_regularity_restores_nothing() -> None:
    with pytest.raises(Undefined):
        _apply("(rule color_groups (has color 9) (restore period))", "1234/5691/7823")


def test_the_hidden_part_is_shown_as_the_rest_of_the_grid_tells_it() -> None:
    program = Program.parse("(summarize input (summary 0 all_colors (show_restored every period)))")
    assert program.run(Grid("121212/349934/129912/343434")) == Grid("34/12")


@st.composite
def tiled_grids(draw: st.DrawFn) -> Cells:
    """A grid that repeats a tile, with some of its cells hidden."""
    tile = draw(st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), max_size=3))
    tile = tile or [[1, 2, 3]]
    height, width = draw(st.integers(3, 8)), draw(st.integers(3, 8))
    shift, hidden = draw(st.integers(0, 2)), draw(st.sets(st.integers(0, 63), max_size=12))
    rows = len(tile)
    grid = [[tile[r % rows][(c + r // rows * shift) % 3] for c in range(width)]
            for r in range(height)]  # fmt: skip
    for place in hidden:
        grid[place // 8 % height][place % width] = HIDDEN
    return np.array(grid, np.uint8)


@st.composite
def mirrored_grids(draw: st.DrawFn) -> Cells:
    """A grid with a mirror line, with some of its cells hidden."""
    rows = draw(
        st.lists(st.lists(st.integers(0, 2), min_size=4, max_size=4), min_size=3, max_size=6)
    )
    grid = np.array([[*row, *row[::-1]] for row in rows], np.uint8)
    for place in draw(st.sets(st.integers(0, grid.size - 1), max_size=10)):
        grid.ravel()[place] = HIDDEN
    return grid.T.copy() if draw(st.booleans()) else grid


def _known(grid: Cells) -> dict[Cell, int]:
    cells = {cell: int(color) for cell, color in np.ndenumerate(grid)}
    return {(r, c): color for (r, c), color in cells.items() if color != HIDDEN}


def _tiles(height: int, width: int, most: int) -> Iterator[tuple[int, int, int]]:
    """Yield rows, columns and shift of all tiles of up to `most` cells, the smallest first."""
    sizes = product(range(1, height + 1), range(1, width + 1))
    for rows, cols in sorted(sizes, key=lambda size: (size[0] * size[1], size[0])):
        if rows * cols <= most:
            yield from ((rows, cols, shift) for shift in range(cols if rows < height else 1))


def repeat_slowly(grid: Cells) -> Integers:
    """The twin of `restore_grid` for periods."""
    known = _known(grid)
    for rows, cols, shift in _tiles(*grid.shape, most=len(known) // 2):
        told: dict[Cell, set[int]] = {}
        for (r, c), color in known.items():
            told.setdefault((r % rows, (c + r // rows * shift) % cols), set()).add(color)
        if all(len(colors) == 1 for colors in told.values()):
            found = np.full(grid.shape, -1, np.int64)
            for r, c in np.ndindex(*grid.shape):
                found[r, c] = min(told.get((r % rows, (c + r // rows * shift) % cols), {-1}))
            return found
    return np.where(grid == HIDDEN, -1, grid.astype(np.int64))


def _mirrors(height: int, width: int) -> Iterator[dict[Cell, Cell]]:
    """Yield the images of the cells of a grid for each mirror line."""
    inside = set(np.ndindex(height, width))
    for place in range(-height, height + width):
        for image in (
            lambda r, c, p=place: (r, p - c),
            lambda r, c, p=place: (p - r, c),
            lambda r, c, p=place: (c + p, r - p),
            lambda r, c, p=place: (p - c, p - r),
        ):
            yield {cell: image(*cell) for cell in inside if image(*cell) in inside}


def mirror_slowly(grid: Cells) -> Integers:
    """The twin of `restore_grid` for mirror lines."""
    known, size = _known(grid), grid.size
    counts = np.bincount(list(known.values()), minlength=10)
    rare = len(known) - counts.max()
    valid = []
    for images in _mirrors(*grid.shape):
        pairs = [(known[a], known[b]) for a, b in images.items() if a in known and b in known]
        distinctive = sum(one != counts.argmax() for one, _ in pairs)
        if all(one == other for one, other in pairs) and distinctive and 3 * distinctive >= rare:
            valid.append(images)
    changed = 3 * len(known) >= size
    while changed:
        told = {a: known[b] for each in valid for a, b in each.items() if b in known}
        changed = bool(told.keys() - known.keys())
        known = {**told, **known}
    found = np.full(grid.shape, -1, np.int64)
    for cell, color in known.items():
        found[cell] = color
    return found


def _restore(grid: Cells, periods: bool) -> Integers:
    return restore_grid(Scene([grid], [0]).board, 0, HIDDEN, periods)


@given(tiled_grids())
def test_periods_tell_the_same_as_their_naive_twin(grid: Cells) -> None:
    assert _restore(grid, True).tolist() == repeat_slowly(grid).tolist()


@given(mirrored_grids())
def test_mirrors_tell_the_same_cells_as_their_naive_twin(grid: Cells) -> None:
    found, expected = _restore(grid, False), mirror_slowly(grid)
    assert ((found >= 0) == (expected >= 0)).all()
    assert (found[grid != HIDDEN] == grid[grid != HIDDEN]).all()
