"""Random rules are found again from the pairs that they make."""

from __future__ import annotations

import numpy as np
import pytest

from arcsolve.dsl.rules.reading import read_rules
from benchmarks.rule_recovery import (
    EFFECTS,
    PAIRS,
    TESTS,
    Trial,
    draw_scene,
    draw_trial,
    measure,
    recover,
)

SEEDS = range(5)  # a rule of some kinds rarely changes all scenes


def make_trial(text: str, seed: int = 0) -> Trial:
    """Return the trial of a rule on random scenes."""
    random = np.random.default_rng(seed)
    rules, _ = read_rules(text)
    scene = rules.open_scene([draw_scene(random) for _ in range(PAIRS + TESTS)])
    strip, _ = rules.paint(scene, scene.board.cells)
    return Trial(rules, "given", list(scene.grids), scene.cut(strip))


@pytest.mark.parametrize("kind", EFFECTS)
def test_a_random_rule_changes_every_scene(kind: str) -> None:
    drawn = (draw_trial(np.random.default_rng(seed), kind) for seed in SEEDS)
    trial = next(each for each in drawn if each is not None)
    pairs = zip(trial.inputs, trial.outputs, strict=True)
    assert all(not np.array_equal(before, after) for before, after in pairs)
    assert len(trial.inputs) == 2 * PAIRS


@pytest.mark.parametrize(
    "rule",
    [
        "(rule objects_8 every (fill (ray down its_cells below) 5))",
        "(rule objects_8 every (fill (ray straight its_cells until) 6))",
        "(rule objects_8 every (fill ring 6))",
    ],
)
def test_a_rule_is_found_again(rule: str) -> None:
    assert recover(make_trial(f"(rules commonest {rule})"))


@pytest.mark.slow
def test_most_random_rules_are_found_again() -> None:
    rows = list(measure(10, 1, lambda line: None))
    drawn, found = (sum(row[column] for row in rows) for column in (1, 2))
    assert found >= 0.65 * drawn
