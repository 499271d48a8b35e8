"""Random rules are found again from the pairs that they make."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.rule_recovery import EFFECTS, PAIRS, draw_trial, measure, recover


@pytest.mark.parametrize("kind", EFFECTS)
def test_a_random_rule_changes_every_scene(kind: str) -> None:
    trial = draw_trial(np.random.default_rng(5), kind)
    assert trial is not None
    pairs = zip(trial.inputs, trial.outputs, strict=True)
    assert all(not np.array_equal(before, after) for before, after in pairs)
    assert len(trial.inputs) == 2 * PAIRS


def test_a_ray_is_found_again() -> None:
    trials = [draw_trial(np.random.default_rng(seed), "ray") for seed in range(4)]
    assert sum(recover(trial) for trial in trials if trial is not None) >= 3


@pytest.mark.slow
def test_most_random_rules_are_found_again() -> None:
    rows = list(measure(10, 1, lambda line: None))
    drawn, found = (sum(row[column] for row in rows) for column in (1, 2))
    assert found >= 0.65 * drawn
