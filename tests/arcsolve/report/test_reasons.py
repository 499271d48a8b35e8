"""Reasons: rules and summaries of an attempt in words, with the parts of the test input."""

from __future__ import annotations

import pytest

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.report.reasons import MOST_LINES, ask_what_if, explain_reason

OBJECTS = "Objects: connected cells of one color, also over corners."
RECOLOR = "(rewrite input input (rules 0 (rule objects_8 (most size) (fill box 3))))"
LARGEST = "(summarize input (summary 0 objects_8 (show (most size) box)))"


def explain(reason: str, grid: str) -> list[str]:
    """Return the lines on a reason for a test input."""
    return list(explain_reason(reason, Grid(grid)))


def test_rules_are_told_with_the_parts_that_they_paint() -> None:
    assert explain(RECOLOR, "1002/1100") == [
        OBJECTS,
        "For every object whose number of cells is the greatest in the grid: "
        "paint its whole box green.",
        "rule 1 paints 4 cells for part 1 (blue, rows 1-2, columns 1-2)",
    ]


def test_a_summary_is_told_with_the_part_that_it_shows() -> None:
    assert explain(LARGEST, "1022") == [
        OBJECTS,
        "Show the box of the object whose number of cells is the greatest in the grid.",
        "the test chooses part 2 (red, row 1, columns 3-4)",
    ]


def test_a_summary_of_all_parts_is_told_with_their_number() -> None:
    lines = explain("(summarize input (summary 0 objects_8 (canvas 1 (count every) 5)))", "10203")
    assert lines[2:] == ["the test chooses all 3 parts"]


def test_a_painted_summary_is_told_with_the_parts_of_both_grids() -> None:
    rules = "(rules commonest (rule objects_8 (has color 2) (fill itself 7)))"
    summary = "(summary commonest blobs_8 (show (most size) box))"
    lines = explain(f"(summarize input (painted {summary} {rules}))", "1000/0012/0011/0000")
    assert lines[-3:] == [
        "For every object whose color is red: paint it orange.",
        "the test chooses part 2 (blue, rows 2-3, columns 3-4)",
        "rule 1 paints 1 cell for part 2 (red, row 1, column 2)",
    ]


def test_rules_read_the_grid_that_a_program_makes() -> None:
    reason = RECOLOR.replace("input input", "(flip_cols input) input")
    assert explain(reason, "0011")[-1].endswith("part 1 (blue, row 1, columns 1-2)")


def test_many_parts_are_counted() -> None:
    reason = RECOLOR.replace("(most size)", "every")
    lines = explain(reason, "10" * (MOST_LINES + 2))
    assert len(lines) == 2 + MOST_LINES + 1
    assert lines[-1] == "and 2 more parts"


@pytest.mark.parametrize("reason", ["a guess: nothing was found", "(flip_cols input)", ""])
def test_a_reason_without_rules_has_no_lines(reason: str) -> None:
    assert explain(reason, "12") == []
    with pytest.raises(BadInput, match="no rules over parts"):
        ask_what_if(reason, Grid("12"), "part 1 is red")


def test_rules_without_a_grid_are_told_without_parts() -> None:
    reason = RECOLOR.replace("input input", "(crop_to_content input) input")
    assert explain(reason, "000")[:1] == [OBJECTS]


@pytest.mark.parametrize(
    ("reason", "change", "changed", "result"),
    [
        (RECOLOR, "part 2 is gone", "1000/1100", "3300/3300"),
        (LARGEST, "part 1 is gone", "0002/0000", "2"),
        (LARGEST, "part 1 is gray", "5002/5500", "50/55"),
        (RECOLOR.replace("(most size)", "(has color 2)"), "part 2 is 4", "1004/1100", None),
    ],
)
def test_a_changed_part_changes_the_attempt(
    reason: str, change: str, changed: str, result: str | None
) -> None:
    found = ask_what_if(reason, Grid("1002/1100"), change)
    assert found == (Grid(changed), None if result is None else Grid(result))
