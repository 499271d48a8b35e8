"""Rules on grids: the order of painting, undefined results, traces, and changes of parts."""

from __future__ import annotations

import pytest

from arcsolve.dsl.errors import BadInput, Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program
from arcsolve.dsl.rules.reading import read_rules, read_summary
from arcsolve.dsl.rules.rule import Rules
from arcsolve.dsl.rules.summaries import Summary
from arcsolve.dsl.rules.telling.explain import change_part, trace_rules, trace_summary


def list_rules(*rules: str, background: str = "0") -> Rules:
    """Return rules over objects from the texts of their tests and effects."""
    found, _ = read_rules(
        f"(rules {background} {' '.join(f'(rule objects_8 {each})' for each in rules)})"
    )
    return found


def apply(rules: Rules, grid: str, canvas: str | None = None) -> str:
    """Return the canvas, by default the grid, as text after the rules for the grid."""
    drawn = Grid(grid if canvas is None else canvas)
    return str(Grid(rules.apply(Grid(grid).cells, drawn.cells)))


def test_a_later_rule_paints_over_an_earlier_one() -> None:
    red, green = "every (fill box 2)", "(most size) (fill itself 3)"
    assert apply(list_rules(red, green), "1101") == "3302"
    assert apply(list_rules(green, red), "1101") == "2202"


def test_all_rules_see_the_parts_of_the_same_grid() -> None:
    recolor, outline = "(has color 1) (fill itself 2)", "(has color 2) (fill itself 3)"
    assert apply(list_rules(recolor, outline), "102") == "203"


def test_parts_are_erased_before_any_cell_is_painted() -> None:
    to_the_right = "every (move (by right 1))"
    assert apply(list_rules(to_the_right), "1200") == "0120"
    stay, go = "(has color 1) (fill itself 3)", "(has color 1) (move (by right 2))"
    assert apply(list_rules(stay, go), "100") == "301"
    assert apply(list_rules(go, stay), "100") == "301"


def test_erased_cells_get_the_background_of_the_grid() -> None:
    rules = list_rules("every (move (slide right border))", background="commonest")
    assert apply(rules, "1000/0000") == "0001/0000"
    assert apply(rules, "1888/8888") == "8881/8888"


def test_a_canvas_keeps_the_cells_that_no_rule_paints() -> None:
    assert apply(list_rules("every (fill itself 5)"), "100/002", "777/777") == "577/775"


@pytest.mark.parametrize(
    ("grid", "canvas"), [("000", "000"), ("202", "202"), ("110", "110/000")],
    ids=["no parts", "no part passes", "another shape"],
)  # fmt: skip
def test_rules_that_do_not_apply_are_undefined(grid: str, canvas: str) -> None:
    with pytest.raises(Undefined):
        apply(list_rules("(has color 1) (fill itself 3)"), grid, canvas)


@pytest.mark.parametrize(
    ("grid", "expected"),
    [("100", "500"), ("0100/0011", "0500/0055"), ("88/10/80", "55/50/50"), ("3", "5")],
)
def test_a_program_replays_on_inputs_of_any_shape(grid: str, expected: str) -> None:
    program = Program.parse(f"(rewrite input input {list_rules('every (fill itself 5)')})")
    assert program.run(Grid(grid)) == Grid(expected)


def test_a_program_paints_the_canvas_that_another_program_makes() -> None:
    rules = list_rules("every (fill itself 5)")
    program = Program.parse(f"(rewrite (flip_cols input) input {rules})")
    assert program.run(Grid("1002")) == Grid("5005")
    assert program.run(Grid("0120")) == Grid("0550")


def test_a_trace_tells_each_part_for_each_rule() -> None:
    rules = list_rules("(most size) (fill box 5)", "(has color 2) (fill itself 3)")
    traces = trace_rules(rules, Grid("1002/1100").cells)
    assert [(e.rule, e.part, e.passes, e.painted) for e in traces] == [
        (1, 1, True, 4), (1, 2, False, 0), (2, 1, False, 0), (2, 2, True, 1),
    ]  # fmt: skip
    assert traces[0].box == (0, 0, 1, 1)
    assert (traces[0].color, traces[0].size) == (1, 3)


def test_a_trace_of_a_summary_tells_the_parts_that_pass_one_of_its_tests() -> None:
    text = "(plus (count (has color 1)) (number_where size (most size)))"
    summary, _ = read_summary(f"(summary 0 objects_8 (canvas 1 {text} 5))")
    assert isinstance(summary, Summary)
    traces = trace_summary(summary, Grid("1022304").cells)
    assert [each.part for each in traces if each.passes] == [1, 2]
    plain, _ = read_summary("(summary 0 objects_8 (condense input))")
    assert isinstance(plain, Summary)
    assert trace_summary(plain, Grid("1022").cells) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [("part 2 is red", "1002/1100"), ("Part 1 is 7", "7003/7700"), ("part 2 is gone", "1000/1100")],
)
def test_a_part_changes_its_color_or_goes(change: str, expected: str) -> None:
    changed = change_part(list_rules("every (fill itself 5)"), Grid("1003/1100").cells, change)
    assert Grid(changed) == Grid(expected)


def test_a_part_of_a_summary_goes_for_its_background() -> None:
    summary, _ = read_summary("(summary commonest blobs_8 input)")
    assert isinstance(summary, Summary)
    assert Grid(change_part(summary, Grid("8128").cells, "part 1 is gone")) == Grid("8888")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("part two is red", "expected 'part NUMBER is COLOR'"),
        ("part 2 is red and blue", "expected 'part NUMBER is COLOR'"),
        ("part 0 is red", "there is no part 0: the grid has 2 parts"),
        ("part 3 is red", "there is no part 3: the grid has 2 parts"),
        ("part 2 is pink", "there is no color 'pink', there are black, blue"),
        ("part 2 is 10", "there is no color '10'"),
    ],
)
def test_a_change_that_means_nothing_is_refused(change: str, problem: str) -> None:
    with pytest.raises(BadInput, match=problem):
        change_part(list_rules("every (fill itself 5)"), Grid("1003/1100").cells, change)
