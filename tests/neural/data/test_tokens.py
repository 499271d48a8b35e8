"""Official networks get grids as the official code encodes them; others get plain colors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.strategies import grids
from arcsolve.neural.checkpoints.native import load_checkpoint, save_checkpoint
from arcsolve.neural.checkpoints.official import load_official
from arcsolve.neural.checkpoints.transfer import start_from
from arcsolve.neural.config import ModelConfig
from arcsolve.neural.data.batches import Example, collate
from arcsolve.neural.data.tokens import color_tokens, encode
from arcsolve.neural.losses import IGNORED
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.pretraining.metrics import measure

DATA = Path(__file__).parents[2] / "data"
OFFICIAL = replace(ModelConfig(), vocabulary=12, padding=None, tokens=36)
FIXED = replace(ModelConfig(), mixer="mlp", tokens=36)


def naive(rows: list[list[int]], side: int) -> list[list[int]]:
    """Encode cell by cell: colors from 2, end marks (1) below and to the right, 0 elsewhere."""
    height, width = len(rows), len(rows[0])
    canvas = [[0] * side for _ in range(side)]
    for row in range(side):
        for col in range(side):
            if row < height and col < width:
                canvas[row][col] = rows[row][col] + 2
            elif (row == height and col < width) or (col == width and row < height):
                canvas[row][col] = 1
    return canvas


@given(grids(max_side=6), grids(max_side=6))
def test_official_canvases_are_those_of_the_twin(before: Grid, after: Grid) -> None:
    inputs, labels, tasks = encode([Example(before.cells[None], after.cells, 3)], OFFICIAL)
    assert inputs[0, 0].tolist() == naive(before.rows(), 6)
    expected = np.array(naive(after.rows(), 6))
    assert np.array_equal(labels[0], np.where(expected == 0, IGNORED, expected))
    assert tasks.tolist() == [3]


@given(grids(max_side=5), st.integers(0, 9))
def test_our_canvases_are_those_of_batches(grid: Grid, task: int) -> None:
    examples = [Example(grid.cells[None], grid.cells, task)]
    for ours, expected in zip(encode(examples, ModelConfig()), collate(examples, 10), strict=True):
        assert torch.equal(ours, expected)


@pytest.mark.parametrize(("config", "first"), [(OFFICIAL, 2), (ModelConfig(), 0)])
def test_tokens_of_colors_are_told_from_those_of_marks(config: ModelConfig, first: int) -> None:
    assert color_tokens(config) == range(first, first + 10)


@pytest.mark.parametrize("config", [OFFICIAL, FIXED], ids=["official", "ours"])
@pytest.mark.parametrize(
    ("tokens", "problem"), [(36, "at most 6 a side, found 7x2"), (35, "no square canvas")]
)
def test_a_grid_that_a_fixed_canvas_does_not_hold_is_bad_input(
    config: ModelConfig, tokens: int, problem: str
) -> None:
    cells = np.ones((7, 2), np.uint8)
    with pytest.raises(BadInput, match=problem):
        encode([Example(cells[None], cells)], replace(config, tokens=tokens))


def test_an_official_checkpoint_predicts_for_a_new_task(tmp_path: Path) -> None:
    official = load_official(*(DATA / f"trm_attention_rope.{end}" for end in ("json", "pt")))
    save_checkpoint(official, tmp_path / "c.safetensors")
    trained = load_checkpoint(tmp_path / "c.safetensors")
    model = start_from(trained, replace(ModelConfig(), tasks=8))
    cells = np.arange(6, dtype=np.uint8).reshape(2, 3)
    batch = encode([Example(cells[None], cells, 5)], model.config)
    with torch.no_grad():
        logits = model(batch.inputs, batch.tasks).logits
        official.tasks[0] = official.tasks.mean(0)
        expected = official(batch.inputs, torch.tensor([0])).logits
    torch.testing.assert_close(logits, expected)


def test_scores_are_those_counted_by_hand() -> None:
    """A network that copies gets an example right, one cell wrong, and all cells wrong."""
    model = TinyRecursiveModel(replace(ModelConfig(width=8, heads=2, task_width=8), copying=50.0))
    with torch.no_grad():
        model.head.weight.zero_()
        model.halting_bias.fill_(-1.0)
    rows = [("12/34", "12/34"), ("12/34", "12/35"), ("11/11", "22/22")]
    examples = [Example(Grid(a).cells[None], Grid(b).cells) for a, b in rows]
    scores = measure(model, [collate(examples[:2], 10), collate(examples[2:], 10)])
    right, wrong = np.log(51 / 61), np.log(1 / 61)  # stablemax of logits 50 and 0
    likelihood = (1.75 * right + 1.25 * wrong) / 3
    expected = {"exact": 1 / 3, "shape": 1.0, "cells": 1.75 / 3, "halting_step": 4.0}
    assert scores == pytest.approx({**expected, "likelihood": likelihood})
    with torch.no_grad():
        model.halting_bias.fill_(1.0)
    batch = collate(examples, 10)
    batch.inputs[0, 0, 0, 0] = 10  # it then says "outside" where there is a cell
    scores = measure(model, [batch])
    assert (scores["shape"], scores["halting_step"]) == pytest.approx((2 / 3, 1.0))
    assert measure(model, []) == {}
