"""The building blocks of kernels do what their naive twins do."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba.core.dispatcher import Dispatcher

from arcsolve.dsl import jit
from arcsolve.dsl.kernels import grids as kernels
from arcsolve.dsl.kernels.grids import COL_STEP, ROW_STEP
from arcsolve.dsl.strategies import colors, grids, masks, shapes
from arcsolve.dsl.values import DIRECTIONS
from tests.dsl import naive

arrays = grids(max_side=12).map(lambda grid: grid.cells.copy())
places = st.tuples(arrays, st.integers(-2, 13), st.integers(-2, 13))
eight = st.booleans()


def windows(draw: Any) -> tuple[Any, ...]:
    array = draw(arrays)
    top, bottom = (draw(st.integers(0, array.shape[0])) for _ in range(2))
    left, right = (draw(st.integers(0, array.shape[1])) for _ in range(2))
    return array, top, left, bottom, right


def floods(draw: Any) -> tuple[Any, ...]:
    shape = draw(shapes(12))
    passable, seeds = (draw(masks(shape=shape)).cells.copy() for _ in range(2))
    return passable, seeds, draw(eight)


def passages(draw: Any) -> tuple[Any, ...]:
    return draw(masks(max_side=12)).cells.copy(), draw(eight)


def paintings(draw: Any) -> tuple[Any, ...]:
    array = draw(arrays)
    return array, draw(masks(shape=array.shape)).cells.copy(), draw(colors())


def framed(array: Any) -> Any:
    return np.array(naive.frame_cells(array.tolist()), np.uint8)


def drawn_by(function: Any) -> Any:
    return st.composite(function)()


ARGUMENTS = {
    "blank": shapes(),
    "bounding_box": st.tuples(arrays),
    "color_mask": st.tuples(arrays, colors()),
    "color_counts": st.tuples(arrays),
    "components": st.tuples(arrays, eight, st.booleans()),
    "copy_grid": st.tuples(arrays),
    "crop": drawn_by(windows),
    "enclosed_cells": drawn_by(passages),
    "flood": drawn_by(floods),
    "flood_from_border": drawn_by(passages),
    "inside": places,
    "most_common": st.tuples(
        st.lists(st.integers(0, 3), min_size=10, max_size=10).map(np.array), colors()
    ),
    "neighbor_steps": st.tuples(st.integers(1, 30), eight),
    "no_layers": st.just(()),
    "nothing": st.just(()),
    "frame_cells": st.tuples(arrays),
    "too_large": st.tuples(st.integers(-2, 33), st.integers(-2, 33)),
    "turn_down": st.tuples(arrays, st.sampled_from((0, 2, 4, 6))),
    "unframe_cells": arrays.map(lambda grid: (framed(grid), *grid.shape)),
    "paint_mask": drawn_by(paintings),
}


def plain(value: Any) -> Any:
    """Arrays as lists, in tuples too; an empty array of any shape as the empty list."""
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if isinstance(value, np.ndarray):
        return value.tolist() if value.size else []
    return value


def test_every_building_block_has_a_naive_twin():
    compiled = {
        name
        for name, value in vars(kernels).items()
        if isinstance(value, Dispatcher) and value.__module__ == kernels.__name__
    }
    assert {name for name in compiled if not name.startswith("_")} == ARGUMENTS.keys()


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_building_block_does_what_its_naive_twin_does(name):
    kernel, twin = getattr(kernels, name), getattr(naive, name)

    @settings(max_examples=150)
    @given(ARGUMENTS[name])
    def check(arguments):
        before = plain(arguments)
        assert plain(kernel(*arguments)) == twin(*before)
        assert plain(arguments) == before

    check()


def test_a_copy_is_not_the_original():
    array = np.ones((2, 2), np.uint8)
    for copy in (kernels.copy_grid(array), kernels.crop(array, 0, 0, 2, 2)):
        assert not np.shares_memory(array, copy)


def test_steps_follow_the_names_of_the_directions():
    words = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}
    for name, row_step, col_step in zip(DIRECTIONS, ROW_STEP, COL_STEP, strict=True):
        expected = np.sum([words[word] for word in name.split("-")], axis=0)
        assert (row_step, col_step) == tuple(expected)


def test_a_kernel_is_cached_under_the_sources_it_is_compiled_from(tmp_path, monkeypatch):
    monkeypatch.setattr(jit, "cache_root", lambda: tmp_path)
    monkeypatch.setattr(jit, "_content", lambda file: Path(file).read_bytes())
    before = jit.cache_folder(seven)
    assert before == jit.cache_folder(seven)
    assert before.parent == tmp_path
    monkeypatch.setattr(jit, "_content", lambda file: Path(file).read_bytes() + b"# changed")
    assert before != jit.cache_folder(seven)


@pytest.mark.parametrize("name", ["seven", "sevens"])
def test_a_changed_constant_or_helper_makes_a_cached_kernel_stale(name, tmp_path, monkeypatch):
    monkeypatch.setattr(jit, "cache_root", lambda: tmp_path)
    kernel = globals()[name]
    before = jit.cache_folder(kernel)
    monkeypatch.setitem(globals(), "SEVEN", 8)
    changed_constant = jit.cache_folder(kernel)
    monkeypatch.setitem(globals(), "plus", jit.helper(naive.most_common))
    assert len({before, changed_constant, jit.cache_folder(kernel)}) == 3


def test_another_checkout_of_the_same_sources_finds_what_is_compiled(tmp_path, monkeypatch):
    monkeypatch.setattr(jit, "cache_root", lambda: tmp_path / "cache")
    scalar, hits = jit.NUMBA_TYPES["S"], []
    for checkout in ("first", "second"):
        (file := tmp_path / checkout / "lessons.py").parent.mkdir()
        file.write_text("def twice(number):\n    return 2 * number\n")
        sources = runpy.run_path(str(file))
        kernel = jit.compiled(sources["twice"], scalar(scalar))
        assert kernel(4) == 8
        assert jit.is_cached(sources["twice"])
        hits.append(kernel.stats.cache_hits.total())
    assert hits == [0, 1]


def test_kernels_are_cached_where_they_are_told_to_be(tmp_path, monkeypatch):
    monkeypatch.setattr(jit, "cache_root", lambda: tmp_path)
    scalar = jit.NUMBA_TYPES["S"]
    assert jit.compiled(seven, scalar(scalar))(0) == 7
    assert list(tmp_path.rglob("*seven*.nbi"))


SEVEN = 7


@jit.helper
def plus(left: int, right: int) -> int:
    return left + right


def seven(zero: int) -> int:
    return plus(zero, SEVEN)


def sevens(count: int) -> list[int]:
    return [plus(0, SEVEN) for _ in range(count)]
