"""`solve` tells rules in words, and what they would make of a changed test input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from arcsolve.cli import main
from tests.commands import FLIPS, cli_runner, document, invoke

PAIRS = [
    ("11000/00020/30000", "55000/00020/30000"),
    ("10000/00220/00020", "10000/00550/00050"),
    ("10000/00033/20000", "10000/00055/20000"),
]
TEST = "00330/10000/00002"


def rows(text: str) -> list[list[int]]:
    """Return the rows of a grid for JSON."""
    return [[int(cell) for cell in row] for row in text.split("/")]


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A task file: the largest object becomes gray."""
    path = tmp_path_factory.mktemp("tasks") / "largest.json"
    train = [{"input": rows(before), "output": rows(after)} for before, after in PAIRS]
    path.write_text(json.dumps({"train": train, "test": [{"input": rows(TEST)}]}))
    return path


def test_rules_are_told_in_words(task: Path) -> None:
    text = invoke("solve", task, "--lineup", "rules").stdout
    assert "paint it gray." in text
    assert "rule 1 paints 2 cells for part 1 (green, row 1, columns 3-4)" in text
    told = document("solve", task, "--lineup", "rules", "--json")
    assert told["tests"][0][0]["words"][-1].startswith("rule 1 paints 2 cells")


def test_a_changed_part_is_shown_with_its_attempt(task: Path) -> None:
    options = ("--lineup", "rules", "--counterfactual", "part 1 is red")
    assert "if part 1 is red   attempt 1\n" in invoke("solve", task, *options).stdout
    told = document("solve", task, *options, "--json")["counterfactual"]
    assert told == [{"input": rows("00220/10000/00002"), "output": rows("00550/10000/00002")}]


def test_a_change_that_leaves_no_part_has_no_attempt(tmp_path: Path, task: Path) -> None:
    alone = json.loads(task.read_text())
    alone["test"] = [{"input": rows("00330/00000/00000")}]
    (tmp_path / "alone.json").write_text(json.dumps(alone))
    options = ("--lineup", "rules", "--counterfactual", "part 1 is gone")
    assert "no rule applies" in invoke("solve", tmp_path / "alone.json", *options).stdout


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("part 9 is red", "there is no part 9: the grid has 3 parts"),
        ("all are red", "expected 'part NUMBER is COLOR'"),
        ("part 1 is pink", "there is no color 'pink'"),
    ],
)
def test_a_change_that_means_nothing_is_named(task: Path, change: str, named: str) -> None:
    arguments = ["solve", str(task), "--lineup", "rules", "--counterfactual", change]
    result = cli_runner().invoke(main, arguments)
    assert result.exit_code == 2
    assert named in result.stderr


@pytest.mark.usefixtures("fakes")
def test_an_attempt_without_rules_cannot_change() -> None:
    arguments = ["solve", FLIPS, "--lineup", "mirrors", "--counterfactual", "part 1 is red"]
    result = cli_runner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "attempt 1 has no rules over parts" in result.stderr
