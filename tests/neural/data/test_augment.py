"""Augmentations are undone and keep rules, and canvases show the input at the right places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Pair, Task
from arcsolve.neural.data.augment import SYMMETRIES, Augmentation, draw_augmentation, free_colors
from arcsolve.neural.data.canvas import (
    Cropped,
    Enlarged,
    Panels,
    Resampled,
    SameSize,
    choose_canvas,
)
from arcsolve.neural.data.features import COLOR_PLANES, NOTHING, NUM_PLANES, RAYS, feature_planes
from arcsolve.neural.data.inputs import NetworkInput

views = st.builds(
    Augmentation, st.integers(0, SYMMETRIES - 1), st.permutations(range(10)).map(tuple)
)
stacks = st.tuples(st.integers(1, 3), st.integers(1, 5), st.integers(1, 5), st.integers(0, 99)).map(
    lambda s: np.random.default_rng(s[3]).integers(0, 10, s[:3]).astype(np.uint8)
)


def task_of(*pairs: str) -> Task:
    """A task of pairs spelled ``input>output``."""
    grids = [tuple(map(Grid, pair.split(">"))) for pair in pairs]
    return Task("t", tuple(Pair(*both) for both in grids), (grids[0][0],))


@given(views, stacks)
def test_undoing_a_view_gives_the_cells_back(view: Augmentation, cells: np.ndarray) -> None:
    assert np.array_equal(view.undo(view.apply(cells)), cells)
    assert view.swaps_sides == (view.apply(cells[:, :1, :]).shape[1] != 1) or cells.shape[2] == 1


@given(views, stacks)
def test_scores_are_undone_like_cells(view: Augmentation, cells: np.ndarray) -> None:
    """The scores are certain of the cells."""
    sure = np.eye(10)[view.apply(cells[0])].transpose(2, 0, 1)
    assert np.array_equal(view.undo_scores(sure).argmax(0), cells[0])


def test_the_symmetries_are_all_eight_of_the_square() -> None:
    cells = np.arange(4, dtype=np.uint8).reshape(2, 2)
    assert len({Augmentation(s).apply(cells).tobytes() for s in range(SYMMETRIES)}) == 8


def test_colors_that_a_rule_may_name_are_not_free() -> None:
    task = task_of("01>02", "03>02", "04>44")  # 0 is in every pair, 2 appears from nowhere
    assert free_colors(task) == (1, 3, 4, 5, 6, 7, 8, 9)
    palettes = [
        draw_augmentation(free_colors(task), np.random.default_rng(s)).palette for s in range(20)
    ]
    assert all(palette[0] == 0 and palette[2] == 2 for palette in palettes)
    assert all(sorted(palette) == list(range(10)) for palette in palettes)
    assert len({palette[1] for palette in palettes}) > 3


@pytest.mark.parametrize(
    ("pair", "canvas"),
    [
        ("12/34>43/21", SameSize()),
        ("12>1212/1212", Enlarged(2, 2)),
        ("12034>12", Panels(1, 2, 1)),
        ("1234>12", Panels(1, 2, 0)),
        ("12/34/56>123", Resampled(1, 3)),
    ],
)
def test_the_canvas_is_chosen_by_the_sizes_of_all_pairs(pair: str, canvas: object) -> None:
    assert choose_canvas(task_of(pair)) == canvas
    assert choose_canvas(task_of(pair, pair)) == canvas
    assert choose_canvas(task_of(pair, "111/111>1111/1111/1111/1111/1111")) is None


def test_a_crop_is_a_mask_over_the_input() -> None:
    task = task_of("0120/0340>12/34", "500>5")
    canvas = choose_canvas(task, crops=True)
    assert canvas == Cropped()
    assert choose_canvas(task) is None
    labels = canvas.labels(task.pairs[0])
    assert labels is not None
    assert labels.tolist() == [[10, 1, 2, 10], [10, 3, 4, 10]]
    assert canvas.output(labels) == Grid("12/34")
    labels[0, 1] = 10
    assert canvas.output(labels) is None  # the box has a hole
    assert canvas.output(np.full((2, 2), 10, np.uint8)) is None


@given(views, stacks)
def test_a_view_of_the_features_is_the_features_of_the_view(
    view: Augmentation, cells: np.ndarray
) -> None:
    """The background may depend on the colors, so the palette keeps it here."""
    palette = (0, *(1 + np.argsort(view.palette[1:])))
    view, cells = Augmentation(view.symmetry, tuple(int(c) for c in palette)), cells[:1].copy()
    cells[0, 0, 0] = 0
    seen = NetworkInput(cells, features=True).augment(view)
    direct = feature_planes(view.apply(cells[0]))
    counted = [*range(14, 18), *range(22, 26), COLOR_PLANES + 13]  # which of equals may change
    others = np.delete(np.arange(NUM_PLANES), counted)
    assert np.array_equal(seen[others], direct[others])


def test_rays_show_the_first_color_that_a_walk_in_their_direction_meets() -> None:
    draws = np.random.default_rng(0)
    for shape in ((1, 1), (1, 6), (5, 1), (4, 7), (7, 4)):
        cells = (draws.integers(0, 4, shape) * draws.integers(0, 2, shape)).astype(np.uint8)
        cells.flat[0] = 0
        planes = feature_planes(cells)[1 : 1 + len(RAYS)]
        for plane, (down, right) in zip(planes, RAYS, strict=True):
            for (row, column), shown in np.ndenumerate(plane):
                path = [(row + n * down, column + n * right) for n in range(1, 8)]
                inside = [p for p in path if 0 <= p[0] < shape[0] and 0 <= p[1] < shape[1]]
                assert shown == next((cells[p] for p in inside if cells[p]), NOTHING)


def test_features_look_along_rays_across_and_at_components() -> None:
    planes = feature_planes(Grid("010/000/203").cells)
    assert planes.shape == (NUM_PLANES, 3, 3)
    up, left, mirrored = planes[1], planes[3], planes[9]
    assert up.tolist() == [[10, 10, 10], [10, 1, 10], [10, 1, 10]]
    assert left.tolist() == [[10, 10, 1], [10, 10, 10], [10, 2, 2]]
    assert mirrored.tolist() == [[0, 1, 0], [0, 0, 0], [3, 0, 2]]


def test_features_tell_what_lies_between_around_and_near() -> None:
    planes = feature_planes(Grid("20002/11100/10100/11103").cells)
    across, most, rarest, boxed, edge, nearest = (planes[n] for n in (19, 22, 23, 24, 25, 26))
    assert across[0].tolist() == [10, 2, 2, 2, 10]
    assert most[1].tolist() == [1, 1, 1, 10, 10]
    assert rarest[1].tolist() == [2, 2, 2, 10, 10]
    assert boxed[2].tolist() == [1, 1, 1, 10, 10]
    assert edge[2].tolist() == [0, 1, 0, 1, 1]
    assert nearest[2].tolist() == [1, 1, 1, 1, 3]
    away, colors, smallest, holes, alike, depth = planes[COLOR_PLANES + 14 : COLOR_PLANES + 20]
    assert away[2].tolist() == [0, 1, 0, 1, 1]
    assert colors[1].tolist() == [2, 2, 2, 10, 10]
    assert [smallest[3, 4], smallest[3, 0], holes[1, 0], alike[0, 4]] == [0, 1, 1, 2]
    assert depth[1].tolist() == [0, 1, 0, 10, 10]


def test_planes_show_panels_copies_and_samples() -> None:
    cells = Grid("12034/56078").cells
    planes = Panels(1, 2, 1).planes(cells)
    assert planes is not None
    assert planes.tolist() == [[[1, 2], [5, 6]], [[3, 4], [7, 8]]]
    assert Panels(1, 2, 0).planes(cells) is None
    assert Panels(3, 1, 0).planes(cells) is None
    tiled = Enlarged(1, 2).planes(Grid("12").cells)
    assert tiled is not None
    assert Enlarged(1, 2).planes(Grid("1" * 15).cells) is not None
    assert Enlarged(1, 2).planes(Grid("1" * 16).cells) is None
    assert Enlarged(2, 1).planes(Grid("/".join("1" * 16)).cells) is None
    assert tiled.tolist() == [[[1, 2, 1, 2]], [[1, 1, 2, 2]]]
    sampled = Resampled(1, 2).planes(Grid("1234").cells)
    assert sampled is not None
    assert sampled.tolist() == [[[1, 3]], [[1, 2]]]
