"""Adapted learns a task from its pairs alone, leaves no state behind, and says why it stops."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.solver import Budget, Candidate, CurvePoint, Stop, StopReason
from arcsolve.dsl.task import Pair, Task
from arcsolve.lineups import EFFORTS
from arcsolve.neural.config import PRESETS
from arcsolve.neural.data.augment import Augmentation
from arcsolve.neural.data.canvas import SameSize
from arcsolve.neural.data.inputs import NetworkInput
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.training.supervision import Diverged
from arcsolve.ttt import adapt as adaptation
from arcsolve.ttt.adapt import Run
from arcsolve.ttt.examples import encode_examples
from arcsolve.ttt.solver import FAST_WORK, Adapted, _select_voters, network_work
from arcsolve.ttt.voting import Prediction, count_votes, predict_augmented

SMALL = Budget(operations=60_000, states=1)
FEW_STEPS = Budget(operations=10_000, states=1)
SOLVER = Adapted(cells=100, stop_loss=0.0)  # one network, as nothing is enough


EASY = replace(SOLVER, stop_loss=9.0, restarts=2)  # everything is enough


def task(rule: Any = lambda cells: np.where(cells == 1, 2, cells), name: str = "recolor") -> Task:
    draws = np.random.default_rng(4)
    inputs = [draws.choice(np.array([0, 1, 4], np.uint8), (4, 3 + n)) for n in range(4)]
    pairs = [Pair(Grid(cells), Grid(rule(cells).astype(np.uint8))) for cells in inputs[:3]]
    return Task(name, tuple(pairs), (Grid(inputs[3]),))


def solved(
    solver: Adapted, given: Task, budget: Budget = FEW_STEPS
) -> tuple[list[Candidate], Stop]:
    found, stop = yielded(solver, given, budget)
    return [each for each in found if isinstance(each, Candidate)], stop


def yielded(
    solver: Adapted, given: Task, budget: Budget = FEW_STEPS
) -> tuple[list[Candidate | CurvePoint], Stop]:
    found, steps = [], solver.solve(given, budget)
    while True:
        try:
            found.append(next(steps))
        except StopIteration as end:
            return found, end.value


def voted(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates without those of a network in training."""
    return [c for c in candidates if "in training" not in c.reason]


def test_the_training_curve_leads_to_the_first_answer() -> None:
    found, _ = yielded(SOLVER, task(), SMALL)
    curve = [each for each in found if isinstance(each, CurvePoint)]
    assert [point.progress for point in curve] == sorted(point.progress for point in curve)
    assert len(curve) > 1
    assert curve[-1].loss < curve[0].loss
    candidates = [each for each in found if isinstance(each, Candidate)]
    assert curve[-1].output == voted(candidates)[0].output
    assert not any(c.evidence.keys() & {"progress", "loss", "accuracy"} for c in candidates)


def test_a_recoloring_is_learned_from_the_pairs() -> None:
    given = task()
    candidates, stop = solved(replace(SOLVER, stop_loss=0.01), given, SMALL)
    expected = Grid(np.where(given.tests[0].cells == 1, 2, given.tests[0].cells))
    first = voted(candidates)[0]
    assert first.output == expected
    assert first.evidence["fit"] == 1.0
    assert first.evidence["votes"] > 0.5
    assert stop.reason is StopReason.OPERATIONS
    assert "steps" in stop.detail


@pytest.mark.parametrize(
    "rule",
    [lambda c: np.kron(c, np.ones((2, 2))), lambda c: c[:2], lambda c: np.full((1, 2), 3)],
    ids=["enlarged", "halved", "constant size"],
)
def test_outputs_of_another_size_have_the_size_of_the_canvas(rule: Any) -> None:
    given = task(rule)
    candidates, _ = solved(SOLVER, given)
    assert candidates
    assert {c.output.shape for c in candidates} == {rule(given.tests[0].cells).shape}


@pytest.mark.parametrize("solver", [SOLVER, replace(EASY, restarts=4)])
def test_solving_another_task_first_leaves_no_trace(solver: Adapted) -> None:
    """The same holds for networks trained in parallel."""
    alone = solved(solver, task())
    solved(solver, task(lambda cells: cells[::-1], "flip"))
    assert solved(solver, task()) == alone


def test_the_seed_decides() -> None:
    given = task(lambda cells: np.roll(cells, 1, 0) * (cells > 0), "hard")
    first, other = (solved(SOLVER, given, replace(FEW_STEPS, seed=seed)) for seed in (0, 1))
    assert first == solved(SOLVER, given)
    assert [c.evidence for c in first[0]] != [c.evidence for c in other[0]]


def test_networks_follow_each_other_while_work_is_left_and_pool_their_votes() -> None:
    candidates, stop = solved(EASY, task(), SMALL)
    first, second = (int(part.split()[0]) for part in stop.detail.split(" + "))
    alone, longer = solved(replace(SOLVER, restarts=2), task(), SMALL)
    assert first + second <= int(longer.detail.split()[0])
    views = [int(voted(c)[0].reason.split()[-2]) for c in (candidates, alone)]
    assert views[0] == 2 * views[1]


@pytest.mark.parametrize(
    ("changes", "turns"),
    [
        ({"restarts": 7, "together": 3}, [range(1), range(1, 4), range(4, 7)]),
        ({"restarts": 3, "together": 1}, [range(1), range(1, 2), range(2, 3)]),
        ({"restarts": 3, "together": 3, "cells": 3000}, [range(1), range(1, 2), range(2, 3)]),
    ],
)
def test_networks_after_the_first_are_trained_side_by_side_if_grids_are_small(
    changes: dict[str, Any], turns: list[range], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, true_adapt = [], adaptation.adapt

    def adapt(examples: Any, recipe: Any, work: int, seeds: range) -> Any:
        seen.append(seeds)
        return true_adapt(examples, recipe, work, seeds)

    monkeypatch.setattr(adaptation, "adapt", adapt)
    large = task(lambda cells: np.kron(cells, np.ones((3, 3))))
    _, stop = solved(replace(EASY, **changes), large, Budget(operations=4_000_000, states=1))
    assert seen == turns
    assert len(stop.detail.split(" + ")) == changes["restarts"]


def test_no_more_networks_are_trained_side_by_side_than_the_work_left_is_enough_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[int] = []

    def run(
        examples: Any, recipe: Any, training: int, voting: int, views: int, seeds: range
    ) -> Any:
        seen.append(len(seeds))
        return [Run(steps=1, spent=0.3 if len(seen) == 1 else 1 / len(seeds)) for _ in seeds]

    monkeypatch.setattr(adaptation, "run", run)
    steps = replace(SOLVER, together=8)._runs(task(), SameSize(), None, SMALL)
    assert len(list(steps)) == 1 + 2
    assert seen == [1, 2]


def test_global_random_state_and_threads_are_left_alone() -> None:
    torch.set_num_threads(2)
    before, threads = torch.random.get_rng_state(), torch.get_num_threads()
    numbers = np.random.get_state()[1].copy()  # type: ignore[union-attr]
    solved(SOLVER, task())
    assert torch.equal(torch.random.get_rng_state(), before)
    assert np.array_equal(np.random.get_state()[1], numbers)
    assert torch.get_num_threads() == threads


def test_networks_are_trained_with_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    threads, true_train = list[int](), adaptation.train

    def train(*arguments: Any) -> list[float]:
        threads.append(torch.get_num_threads())
        return true_train(*arguments)

    monkeypatch.setattr(adaptation, "train", train)
    torch.set_num_threads(2)
    solved(SOLVER, task())
    assert threads == [1]


def test_short_networks_leave_work_for_others() -> None:
    _, stop = solved(replace(SOLVER, longest=0.25, restarts=3, together=1), task())
    steps = [int(part.split()[0]) for part in stop.detail.split(" + ")]
    assert len(steps) == 3
    assert max(steps) <= 1.1 * min(steps)


def test_only_the_networks_that_predicted_a_pair_left_out_have_a_vote() -> None:
    runs = [Run(held_out=share) for share in (0.5, None, 0.75, 0.75)]
    assert _select_voters(runs) == runs[2:]
    assert _select_voters(runs[1:2]) == runs[1:2]


def test_a_task_whose_output_size_is_not_plain_has_no_candidates() -> None:
    grids = [(Grid("12"), Grid("123")), (Grid("123"), Grid("1"))]
    candidates, stop = solved(SOLVER, Task("t", tuple(Pair(*g) for g in grids), (Grid("1"),)))
    assert candidates == []
    assert stop.reason is StopReason.EXHAUSTED
    assert "canvas" in stop.detail


@pytest.mark.parametrize(
    ("before", "after", "tests"),
    [("12034", "12", ("1", "56078")), ("12", "121212", ("1" * 11, "34"))],
    ids=["no panels", "larger than a grid"],
)
def test_a_test_without_planes_costs_only_its_own_candidates(
    before: str, after: str, tests: tuple[str, str]
) -> None:
    pairs = (Pair(Grid(before), Grid(after)),)
    given = Task("t", pairs, tuple(map(Grid, tests)))
    candidates, _ = solved(SOLVER, given)
    assert {c.test for c in candidates} == {1}


def diverging(from_restart: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every training diverge, from this restart on."""
    runs, true_train = [], adaptation.train

    def train(model: Any, draw: Any, work: int, schedule: Any, watch: Any) -> list[float]:
        runs.append(1)
        if len(runs) > from_restart:
            raise Diverged("the loss is nan")
        return true_train(model, draw, work, schedule, watch)

    monkeypatch.setattr(adaptation, "train", train)


def test_a_restart_that_diverges_is_dropped_and_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    diverging(1, monkeypatch)
    candidates, stop = solved(EASY, task())
    assert "in training" not in voted(candidates)[0].reason
    assert "diverged, the loss is nan" in stop.detail


def test_the_work_that_a_network_had_left_when_it_diverged_goes_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only one network follows: a diverged run does not show that less work suffices."""
    given: list[int] = []

    def run(
        examples: Any, recipe: Any, training: int, voting: int, views: int, seeds: range
    ) -> Any:
        given.append(training)
        return true_run(examples, recipe, training, voting, views, seeds)

    def train(model: Any, *arguments: Any) -> list[float]:
        if len(given) == 1:
            error = Diverged("the loss is nan")
            error.spent = 0.25
            raise error
        return true_train(model, *arguments)

    true_run, true_train = adaptation.run, adaptation.train
    monkeypatch.setattr(adaptation, "run", run)
    monkeypatch.setattr(adaptation, "train", train)
    first, second = SOLVER._runs(task(), SameSize(), None, FEW_STEPS)
    assert given == [given[0], given[0] - int(0.25 * given[0])]
    assert (first.spent, first.steps, second.problem) == (0.25, 0, "")


def test_if_one_of_several_side_by_side_diverges_only_that_one_is_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trained, true_train = list[int](), adaptation.train

    def train(model: Any, *arguments: Any) -> list[float]:
        trained.append(model.networks)
        if model.networks > 1 or len(trained) == 4:
            raise Diverged("the loss is nan")
        return true_train(model, *arguments)

    monkeypatch.setattr(adaptation, "train", train)
    examples = encode_examples(task(), SameSize(), False, ())
    recipe = SOLVER._recipe(examples, None)
    runs = adaptation.run(examples, recipe, 100_000, 10_000, 8, [1, 2, 3])
    assert trained == [3, 1, 1, 1]
    assert [run.problem for run in runs] == ["", "", "diverged, the loss is nan"]
    assert all(run.predictions for run in runs[:2])
    assert sum(run.spent for run in runs) == pytest.approx(1.0)  # of the work for all


def test_if_all_diverge_there_are_no_candidates_and_a_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    diverging(0, monkeypatch)
    candidates, stop = solved(SOLVER, task())
    assert candidates == []
    assert "diverged" in stop.detail


def test_a_huge_learning_rate_ends_with_a_reason_and_not_with_a_crash() -> None:
    candidates, stop = solved(replace(SOLVER, rate=1e30), task())
    assert candidates or "diverged" in stop.detail


def test_work_grows_more_slowly_than_operations() -> None:
    fast, full = (network_work(EFFORTS[name].operations) for name in ("fast", "full"))
    assert fast == FAST_WORK
    assert 5.5 < full / fast < 6.5
    assert network_work(1) < 10_000


def test_votes_are_counted_and_ties_fall_to_the_likelier_output() -> None:
    def prediction(color: int, *likelihoods: float) -> Prediction:
        scores = np.full((10, 1, 1), -9.0)
        scores[: len(likelihoods), 0, 0] = likelihoods
        return Prediction(Grid([[color]]), scores)

    cast = [
        prediction(0, -1, -2),
        prediction(1, -3, -1),
        prediction(1, -3, -1),
        prediction(0, -3, -1),
    ]
    votes = count_votes(cast, SameSize(), most=2)
    assert [(str(v.output), v.share) for v in votes] == [("1", 0.5), ("0", 0.5)]
    assert [v.likelihood for v in votes] == [-1.25, -2.5]


def test_the_likeliest_cells_of_all_views_are_proposed_though_no_view_gave_them() -> None:
    near = np.log([[0.1, 0.5, 0.4], [0.1, 0.4, 0.5]])
    cast = [Prediction(Grid([[c]]), s[:, None, None]) for c, s in ((1, near[0]), (0, near[1]))]
    cast.append(Prediction(Grid([[0]]), np.log([0.4, 0.1, 0.5])[:, None, None]))
    assert {str(v.output): v.share > 0 for v in count_votes(cast, SameSize(), 3)} == {
        "0": True,
        "1": True,
        "2": False,
    }


def test_a_network_that_copies_gives_the_input_under_every_view() -> None:
    model = TinyRecursiveModel(replace(PRESETS["local"], tasks=8))
    with torch.no_grad():
        model.head.weight.zero_()
    cells = Grid("123/456").cells
    views = [Augmentation(s, (*range(1, 10), 0)) for s in range(8)]
    cast = predict_augmented(model, NetworkInput(cells[None], features=False), SameSize(), views)
    assert [b.output for b in cast] == [Grid(cells)] * 8


def test_batches_hold_every_pair_and_fit_on_one_canvas() -> None:
    examples = encode_examples(task(), SameSize(), True, ("symmetries",))
    model = TinyRecursiveModel(PRESETS["local"])
    draw = examples.batch_sampler(range(3), 5, 0.5, model, np.random.default_rng(0))
    seen = [draw() for _ in range(12)]
    assert all(batch.cells <= 100 for batch in seen)
    assert {tuple(batch.labels.shape[1:]) for batch in seen} == {(4, 5), (5, 4)}
    assert {int(t) for batch in seen for t in batch.tasks} == set(range(8))


def test_importing_the_solver_does_not_load_torch() -> None:
    make = "from arcsolve.ttt.solver import Adapted; Adapted()"
    check = f"import sys; {make}; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", check], check=True)
