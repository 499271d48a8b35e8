"""Training examples: copies that keep the rule, hidden features, and held-out pairs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Pair, Task
from arcsolve.neural.config import PRESETS
from arcsolve.neural.data.augment import Augmentation
from arcsolve.neural.data.batches import Example, collate
from arcsolve.neural.data.canvas import SameSize
from arcsolve.neural.data.copies import translate_to_corners
from arcsolve.neural.data.features import COLOR_PLANES, NOTHING, feature_planes
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.training.supervision import Schedule
from arcsolve.ttt import adapt as adaptation
from arcsolve.ttt.adapt import Recipe, adapt, config_for
from arcsolve.ttt.examples import (
    AUGMENTATIONS,
    COPY_SHARE,
    MAX_EXAMPLES,
    TrainingExamples,
    encode_examples,
)

SMALL = replace(PRESETS["local"], width=16, hidden=16, task_width=16, supervision_steps=1)
grids = st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(0, 99)).map(
    lambda s: np.random.default_rng(s[2]).choice(np.array([0, 0, 0, 3], np.uint8), s[:2])
)


def recoloring(pairs: int = 3) -> Task:
    draws = np.random.default_rng(4)
    inputs = [draws.choice(np.array([0, 1, 4], np.uint8), (3, 4)) for _ in range(pairs + 1)]
    grids = [(Grid(c), Grid(np.where(c == 1, 2, c).astype(np.uint8))) for c in inputs]
    return Task("recolor", tuple(Pair(*both) for both in grids[:-1]), (grids[-1][0],))


def studied(task: Task, *augmentations: str) -> TrainingExamples:
    return encode_examples(task, SameSize(), True, augmentations)


def recipe_for(examples: TrainingExamples, **knobs: float) -> Recipe:
    return Recipe(SMALL, 60, Schedule(halting=0.0), **knobs)


def model_for(examples: TrainingExamples) -> TinyRecursiveModel:
    return TinyRecursiveModel(examples.pairs[0][0].input.fit_config(SMALL, 8))


@given(grids)
def test_moved_copies_keep_all_that_is_drawn(cells: np.ndarray) -> None:
    pair = Pair(Grid(cells), Grid(np.where(cells == 3, 5, cells).astype(np.uint8)))
    drawn = np.argwhere(cells != np.bincount(cells.ravel()).argmax())
    for copy in translate_to_corners(pair):
        there = np.argwhere(copy.input.cells != np.bincount(cells.ravel()).argmax())
        assert len({tuple(step) for step in there - drawn}) == 1, "all moved by one step"
        assert np.array_equal(copy.input.cells == 3, copy.output.cells == 5)


def test_a_drawing_moves_to_the_corners_that_are_free_in_both_grids() -> None:
    pair = Pair(Grid("000/010/000"), Grid("000/011/000"))
    assert {str(copy.input) for copy in translate_to_corners(pair)} == {
        "100/000/000", "010/000/000", "000/000/100", "000/000/010",
    }  # fmt: skip
    assert not list(translate_to_corners(Pair(Grid("12/34"), Grid("43/21"))))
    assert not list(translate_to_corners(Pair(Grid("010"), Grid("1"))))


def test_augmentations_are_those_asked_for() -> None:
    given = replace(recoloring(), pairs=(Pair(Grid("0100"), Grid("0200")),))
    plain, everything = studied(given), studied(given, *AUGMENTATIONS)
    assert plain.draw_augmentations(9, np.random.default_rng(0)) == [Augmentation(0)]
    views = everything.draw_augmentations(20, np.random.default_rng(0))
    assert [view.symmetry for view in views] == [n % 8 for n in range(20)]
    assert views[7] == Augmentation(7)
    assert views[8].palette != Augmentation(0).palette
    assert [len(copies) for copies in plain.pairs] == [1]
    assert [len(copies) for copies in everything.pairs] == [3]


def test_features_are_hidden_from_examples_but_never_the_input() -> None:
    examples = studied(recoloring())
    model = model_for(examples)

    def shown(hidden: float) -> np.ndarray:
        draw = examples.batch_sampler(range(3), 5, hidden, model, np.random.default_rng(0))
        return draw().inputs.numpy()

    assert (shown(1.0)[:, 1:] == NOTHING).all()
    assert (shown(1.0)[:, 0] < NOTHING).all()
    blank = (shown(0.5) == NOTHING).all((2, 3)).mean() - (shown(0.0) == NOTHING).all((2, 3)).mean()
    assert 0.2 < blank < 0.6


def drawn_slowly(
    examples: TrainingExamples, size: int, draws: np.random.Generator
) -> list[np.ndarray]:
    """The arrays of a batch, with every example drawn and augmented by itself."""
    swaps = [
        [s for s in examples.symmetries if Augmentation(s).swaps_sides == w] for w in (False, True)
    ]
    turns = [symmetries for symmetries in swaps if symmetries]
    symmetries, places = turns[draws.integers(len(turns))], list(range(len(examples.pairs)))
    order = np.concatenate([draws.permutation(places) for _ in range(size)])[:size]
    batch = []
    for place in order:
        symmetry, palette = int(draws.choice(symmetries)), np.arange(10)
        palette[list(examples.free)] = draws.permutation(np.array(examples.free, np.int64))
        view = Augmentation(symmetry, tuple(palette.tolist()))
        shown, *copies = examples.pairs[place]
        if copies and draws.random() < COPY_SHARE:
            shown = copies[draws.integers(len(copies))]
        turned = feature_planes(Augmentation(symmetry).apply(shown.input.planes[0]))
        planes = np.append(palette, NOTHING).astype(np.uint8)[turned]
        planes[COLOR_PLANES:] = turned[COLOR_PLANES:]
        planes[1:][draws.random(len(planes) - 1) < 0.3] = NOTHING
        batch.append(Example(planes, view.apply(shown.labels), symmetry))
    return [part.numpy() for part in collate(batch, 10)]


@pytest.mark.parametrize("augmentations", [(), ("symmetries", "colors"), AUGMENTATIONS])
def test_batches_are_those_of_slow_drawing(augmentations: tuple[str, ...]) -> None:
    other = Pair(Grid("0100"), Grid("0200"))
    examples = studied(replace(recoloring(), pairs=(*recoloring().pairs, other)), *augmentations)
    quick, slow = np.random.default_rng(5), np.random.default_rng(5)
    draw = examples.batch_sampler(range(4), 14, 0.3, model_for(examples), quick)
    for _ in range(20):
        for one, twin in zip(draw(), drawn_slowly(examples, 14, slow), strict=True):
            assert np.array_equal(one.numpy(), twin)
    assert quick.random() == slow.random()


def test_networks_over_positions_get_the_canvas_that_all_grids_fit_on() -> None:
    examples = studied(recoloring())
    assert config_for(examples, "local", {"mixer": "mlp"}).tokens == examples.side**2 == 16
    changes = {"mixer": "mlp", "width": 16, "task_width": 16}
    recipe = replace(recipe_for(examples), config=config_for(examples, "local", changes))
    (adapted,) = adapt(examples, recipe, 60_000, [0])
    assert adapted.losses
    assert adaptation.predict(adapted, 0, 10**9, 8, 0)[0].scores.shape[1:] == (3, 4)


@pytest.mark.parametrize("trained", [False, True])
def test_networks_and_what_they_are_shown_are_on_the_device_of_the_recipe(trained: bool) -> None:
    """The meta device stands for a GPU."""
    examples = studied(recoloring())
    start = model_for(examples) if trained else None
    recipe = replace(recipe_for(examples), start=start, device="meta")
    model = adaptation._build_start(examples, recipe, 0)
    assert {weight.device.type for weight in model.state_dict().values()} == {"meta"}
    draw = examples.batch_sampler(range(3), 5, 0.3, model, np.random.default_rng(0))
    assert {part.device.type for part in draw()} == {"meta"}


def test_a_pair_that_is_left_out_is_tested_and_then_trained_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    examples, seen = studied(recoloring(), "symmetries"), list[list[int]]()
    batch_sampler = TrainingExamples.batch_sampler

    def watched(self: TrainingExamples, places: list[int], *rest: object) -> object:
        draw = batch_sampler(self, places, *rest)
        return lambda: (seen.append(list(places)), draw())[1]

    monkeypatch.setattr(TrainingExamples, "batch_sampler", watched)
    (adapted,) = adapt(examples, recipe_for(examples, held_out=0.5), 300_000, [1])
    assert adapted.held_out is not None
    assert 0.0 <= adapted.held_out <= 1.0
    assert seen[0] == [0, 2]
    assert seen[-1] == [0, 2, 1]
    assert 0.3 < sum(len(places) == 2 for places in seen) / len(seen) < 0.7


def test_a_pair_that_is_predicted_before_it_is_trained_on_ends_the_training(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(adaptation, "_predicted_share", lambda *_: 1.0)
    examples = studied(recoloring())
    (trusted,) = adapt(examples, recipe_for(examples, held_out=0.5), 300_000, [1])
    assert trusted.held_out == 1.0
    assert 0.5 <= trusted.spent < 0.7


def test_of_two_pairs_none_is_left_out() -> None:
    examples = studied(recoloring(pairs=2))
    (adapted,) = adapt(examples, recipe_for(examples, held_out=0.5), 60_000, [0])
    assert adapted.held_out is None


def test_batches_are_as_large_as_is_asked_for_and_hold_every_pair_or_four_at_least() -> None:
    examples = studied(recoloring())
    assert examples.area == 12
    assert [examples.batch_size(cells) for cells in (1, 60, 10**6)] == [3, 5, MAX_EXAMPLES]


def test_networks_side_by_side_are_seen_by_themselves() -> None:
    examples = studied(recoloring(), "symmetries")
    first, second = adapt(examples, recipe_for(examples, held_out=0.5), 300_000, [3, 4])
    assert first.losses == second.losses
    assert not torch.equal(first.model.tokens, second.model.tokens)
    assert first.evaluations
    assert not second.evaluations
    assert None not in (first.held_out, second.held_out)
    assert [len(adaptation.predict(each, 0, 10**9, 8, 0)) for each in (first, second)] == [8, 8]
