"""`arcsolve solve` shows the training curve of a network: loss, accuracy and outputs."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

import arcsolve
import arcsolve.lineups
from arcsolve.cli import main
from arcsolve.data.datasets import load
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.solver import Budget, Candidate, CurvePoint, Stop, StopReason
from arcsolve.dsl.task import Task
from arcsolve.report.training_curve import training_curves
from arcsolve.run.sandbox import Outcome
from tests.commands import FLIPS, cli_runner
from tests.fakes import small_task


@dataclass(frozen=True)
class Learns:
    """Yields two points of a training curve, the later point first, and one candidate."""

    name: str = "learns"

    def solve(self, task: Task, budget: Budget) -> Generator[Candidate | CurvePoint, None, Stop]:
        for progress, loss, output in ((1.0, 0.02, Grid("77")), (0.25, 0.5, Grid("88"))):
            yield CurvePoint(0, output, progress, loss, accuracy=progress)
        yield Candidate(0, task.tests[0], self.name, "network", {"votes": 0.0})
        return Stop(StopReason.OPERATIONS)


@pytest.fixture(autouse=True)
def _learns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arcsolve.lineups, "BUILT_IN", {"learns": f"{__name__}:Learns"})


def solved(*options: str) -> str:
    result = cli_runner().invoke(main, ["solve", *options, "--lineup", "learns"])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_pipe_gets_loss_accuracy_and_the_outputs_on_the_way_as_digits() -> None:
    lines = solved(FLIPS).splitlines()
    start = lines.index("how it learned: learns, test 1")
    assert lines[start + 1].split() == ["after", "25%", "after", "100%"]
    assert lines[start + 2].split() == ["88", "77"]
    assert lines[start + 3] == " 25%  loss 0.500   25% of the pairs' cells right #####"
    assert lines[start + 4].startswith("100%  loss 0.020  100%")
    assert "how it learned: learns, test 2" not in lines


def test_a_picture_shows_the_same_in_colors(tmp_path: Path) -> None:
    solved(FLIPS, "--picture", str(tmp_path / "p.svg"))
    text = (tmp_path / "p.svg").read_text()
    ElementTree.fromstring(text)
    assert "how&#160;it&#160;learned" in text
    assert "loss&#160;0.500" in text


def test_nothing_is_shown_of_how_a_locked_task_is_learned(tmp_path: Path) -> None:
    locked = next(iter(load("arc-agi-2-evaluation").tasks))
    text = solved(locked, "--picture", str(tmp_path / "p.svg"))
    assert "learned" not in text
    assert "solved" in text
    assert locked not in (tmp_path / "p.svg").read_text()


def point(test: int, progress: float) -> CurvePoint:
    return CurvePoint(test, Grid("1"), progress, loss=0.1, accuracy=0.5)


def test_a_curve_has_the_points_of_one_test_in_their_order() -> None:
    trace = point(0, 1.0), point(1, 0.5), point(0, 0.1)
    outcomes = {"n": Outcome((), Stop(StopReason.OPERATIONS), 0.0, trace)}
    assert [each.progress for each in training_curves(outcomes, 0)["n"]] == [0.1, 1.0]
    assert training_curves(outcomes, 2) == {}


def test_points_of_a_curve_are_no_candidates() -> None:
    answer = arcsolve.solve(small_task(), lineup="learns")
    assert [len(o.candidates) for o in answer.outcomes.values()] == [1]
    assert [each.progress for each in answer.outcomes["learns"].trace] == [1.0, 0.25]
    assert Grid("77") not in answer.attempts[0]
