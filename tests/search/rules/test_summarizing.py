"""The search for summaries: it finds the rule that small examples show."""

from __future__ import annotations

import pytest

from arcsolve.search.rules.summaries.summarizing import summarize
from tests.dsl.rules.scenes import read

EXAMPLES = {
    "the largest part": (
        ["1.... ..22. ..22.", "33... 33... ....4"],
        ["22 22", "33 33"],
        "5...6 ..666",
        "..6 666",
        "objects_8 (show (most size) box)",
    ),
    "colors by size": (
        ["1.22.333", "44..5.66666"],
        ["3 2 1", "6 4 5"],
        "77.8",
        "7 8",
        "objects_8 (line_up_colors every (from_greatest size) column)",
    ),
    "the number of parts as a row": (
        ["2..3..2", "2.3...."],
        ["111", "11"],
        "2.2.3.3",
        "1111",
        "objects_8 (canvas 1 (count every) 1)",
    ),
    "the input scaled by its colors": (
        ["12 ..", "12 3."],
        ["1122 1122 .... ....", "111222 111222 111222 333... 333... 333..."],
        "45 ..",
        "4455 4455 .... ....",
        "objects_8 (grow input (count every) scaled)",
    ),
    "bars": (
        ["1.22.333", "44...5"],
        ["1.. 22. 333", "5. 44"],
        "6666.7",
        "7... 6666",
        "objects_8 (bars every (from_least size) size left)",
    ),
    "a table": (
        ["1..1", "1...", "..11", "1.11"],
        ["35", "8", "8", "35"],
        ".11.",
        "8",
        'objects_8 (grid_table (count every) 1 "8" 2 "35")',
    ),
}


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_the_cheapest_summary_is_the_rule(
    example: tuple[list[str], list[str], str, str, str],
) -> None:
    inputs, outputs, test, answer, expected = example
    grids = [read(text) for text in (*inputs, test)]
    found = summarize(grids, [read(text) for text in outputs], 0)
    assert str(found[0].summary) == f"(summary 0 {expected})"
    assert found[0].outputs[0] is not None
    assert found[0].outputs[0].tolist() == read(answer).tolist()
    assert [each.cost for each in found] == sorted(each.cost for each in found)


def test_rules_paint_an_extraction_that_nearly_fits() -> None:
    inputs = [
        "1...... .2222.. .2..2.. .2222..",
        ".....1 3333.. 3..3.. 3333..",
        "4444. 4..4. 4444. ....1",
    ]
    outputs = ["2222 2882 2222", "3333 3883 3333"]
    found = summarize([read(text) for text in inputs], [read(text) for text in outputs], 0)
    painted = [each for each in found if str(each.summary).startswith("(painted")]
    assert painted[0].outputs[0] is not None
    assert painted[0].outputs[0].tolist() == read("4444 4884 4444").tolist()


def test_nothing_explains_unrelated_outputs() -> None:
    inputs = ["1..2", ".1.2", "11.."]
    outputs = ["12345", "54321"]
    grids = [read(text) for text in inputs]
    assert summarize(grids, [read(text) for text in outputs], 0) == []
