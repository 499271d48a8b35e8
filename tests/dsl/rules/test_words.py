"""Rules and summaries in words: the exact sentences, and what all terms promise for theirs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from arcsolve.dsl.rules.expression import Expression
from arcsolve.dsl.rules.reading import read_rules, read_summary
from arcsolve.dsl.rules.rule import Rules
from arcsolve.dsl.rules.telling.grammar import negate
from arcsolve.dsl.rules.telling.words import Teller, find_template, tell, tell_rules
from arcsolve.dsl.rules.terms import Choice, Kind, Term, terms
from tests.dsl.rules.random_rules import expressions, rules

each_test = pytest.mark.parametrize(
    "term", [each for each in terms() if each.kind is Kind.FLAG], ids=lambda term: term.name
)
each_choice = pytest.mark.parametrize(
    "choice",
    sorted(
        {
            parameter
            for term in terms()
            for parameter in term.parameters
            if not isinstance(parameter, Kind)
        },
        key=lambda choice: choice.__name__,
    ),
    ids=lambda choice: choice.__name__,
)

RULES = [
    (
        "objects_8 every (fill itself (table size 2 3 3 2 4 1))",
        "For every object: paint it in a color by its number of cells (2: green, 3: red, 4: blue).",
    ),
    (
        "objects_8 (not (equals height 4)) (fill itself (table size 2 3 3 2 4 1))",
        "For every object whose number of rows is not 4: paint it in a color by its number of "
        "cells (2: green, 3: red, 4: blue).",
    ),
    (
        "objects_8 (has color 3) (fill inner_holes 2)",
        "For every object whose color is green: paint the cells that it encloses red.",
    ),
    (
        "objects_8 (both at_border (not line)) (move (slide down until))",
        "For every object that touches the border of the grid and that is not straight: move it "
        "down until it meets other cells or the border.",
    ),
    (
        "objects_8 (not (both at_border (not line))) (move (slide (toward nearest) only_until))",
        "For every object that does not touch the border of the grid or that is straight: move "
        "it toward the nearest object until it meets other cells.",
    ),
    (
        "objects_8 (exists touching) (fill (ray down its_cells until) (of color nearest))",
        "For every object for which there is another object that touches it: paint the rays "
        "down from its cells, as far as other cells or the border, in the color of the nearest "
        "object.",
    ),
    (
        "holes (exists touching) (fill itself (of color touching))",
        "For every hole for which there is an object that touches it: paint it in the color of "
        "the largest object that touches it.",
    ),
    (
        "holes (not (exists (touching_of_color 3))) (fill itself background)",
        "For every hole for which there is no green object that touches it: paint it in the "
        "background color.",
    ),
    (
        "objects_8 (most size) (fill (shifted (by down 2)) 5)",
        "For every object whose number of cells is the greatest in the grid: paint its cells, "
        "moved down by 2, in gray.",
    ),
    (
        "objects_8 (most (of from_top largest)) (fill (ray (opposite (toward nearest)) middle "
        "above) 5)",
        "For every object for which the distance of the largest object to the top of the grid "
        "is the greatest in the grid: paint the rays away from the nearest object from its "
        "middle, over other cells, in gray.",
    ),
    (
        "blobs_8 (alone turned_shape) (stamp single_cells middle all_cells over_others vanishes)",
        "For every blob that is the only blob with its shape, turned or mirrored: draw it at "
        "all single cells, with its middle there, in their color, over other cells, and then "
        "erase it.",
    ),
    (
        "blobs_8 every (complete as_it_is in_its_size on_background stays)",
        "For every blob: draw it wherever its cells in colors of lesser blobs stand again, on "
        "background.",
    ),
    (
        "blobs_8 every (complete_at 4 turned enlarged cut_at_border vanishes)",
        "For every blob: draw it wherever its yellow cells stand again, even turned or "
        "mirrored, even enlarged, cut off at the border, and then erase it.",
    ),
    (
        'objects_4 every (decorate (pattern -1 -1 ".2./2*2/.2."))',
        "For every object: draw the pattern .2./2*2/.2. (* is its color), starting 1 row above "
        "and 1 column left of its top left corner.",
    ),
    (
        "objects_4 every (fill (walk right (reactions 2 right 8 pass other stop) bounce) color)",
        "For every object: paint the path right from its tip, turning right before red, passing "
        "under sky, stopping at other colors, and bouncing off the border, in its color.",
    ),
    (
        "objects_4 every (fill (walk right (reactions other left) end) color)",
        "For every object: paint the path right from its tip, turning left before any color and "
        "ending at the border, in its color.",
    ),
    (
        "objects_4 (has (of color nearest) 2) (reflect largest over_middle_col)",
        "For every object for which the color of the nearest object is red: mirror it over the "
        "middle column of the largest object.",
    ),
    (
        "objects_4 (equals (of size nearest) same_color) (turn half_turn)",
        "For every object for which the number of cells of the nearest object is the number of "
        "objects of its color: redraw it in its box, turned by 180 degrees.",
    ),
    (
        "color_groups (alone_in color) (move (fall down (has color 3)))",
        "For every color group that is the only color group with its color: move it down, "
        "falling together with all color groups whose color is green.",
    ),
    (
        "objects_8 (least (of minor_size nearest)) (copy (past right 0))",
        "For every object for which the number of cells of the nearest object outside its "
        "commonest color is the least in the grid: copy it right, leaving a gap of 0.",
    ),
    (
        "objects_8 every (fill box (table shape 123 2 456 3 1 4 2 4 3 4 4 5))",
        "For every object: paint its whole box in a color by its shape (shape 1: red, shape 2: "
        "green, shape 3: yellow, shape 4: yellow, shape 5: yellow, ...).",
    ),
    (
        "single_cells (has (of color seen_in_row) color) (fill (between seen_in_row) minor_color)",
        "For every cell for which the color of the nearest object in its rows is its color: "
        "paint the cells between it and the nearest object in its rows in its rarest color.",
    ),
    (
        "objects_8 (more density 300) (move (align (nearest_of_color 2) middle))",
        "For every object for which the share of its box that it fills, in thousandths, is "
        "greater than 300: move it so that its middle lines up with that of the nearest red "
        "object.",
    ),
    (
        "objects_8 every (fill (steps up its_cells size) 5)",
        "For every object: paint the background cells on the rays up from its cells, whose "
        "length is its number of cells, in gray.",
    ),
]
SUMMARIES = [
    (
        "blobs_8 (show (most size) box)",
        "Show the box of the blob whose number of cells is the greatest in the grid.",
    ),
    (
        "panels (show (alone turned_shape) own_cells_on_0)",
        "Show the cells on black of the panel that is the only panel with its shape, turned or "
        "mirrored.",
    ),
    (
        "panels (show every box)",
        "Show the box of the panel.",
    ),
    (
        "objects_8 (show_all (both at_border (has color 2)) box)",
        "Show the box of all objects that touch the border of the grid and whose color is red, "
        "in one picture.",
    ),
    (
        "objects_8 (line_up rectangle (from_greatest size) own_cells side_by_side)",
        "Show the cells of each object that fills its box, side by side, from the greatest to "
        "the least number of cells.",
    ),
    (
        "objects_8 (line_up_colors every (from_least size) row)",
        "Show the colors of all objects, as a row, from the least to the greatest number of cells.",
    ),
    (
        "objects_8 (fill_in_colors (not line) reading 3 3 there_and_back)",
        "Show the colors of all objects that are not straight, from top to bottom, then from "
        "left to right, row by row there and back on a canvas whose height is 3 and width 3.",
    ),
    (
        "objects_8 (bars every (from_least size) size left)",
        "Show a bar in its color for each object, growing from the left, whose length is its "
        "number of cells, from the least to the greatest number of cells.",
    ),
    (
        "objects_8 (diagonal_line (count (has color 1)) 1)",
        "Show a diagonal line in blue whose length is the number of objects whose color is blue.",
    ),
    (
        "objects_8 (canvas 1 (count every) (color_where color (most size)))",
        "Show a canvas whose height is 1 and width the number of objects, in the color of the "
        "object whose number of cells is the greatest in the grid.",
    ),
    (
        "objects_8 (fill_in (count (not at_border)) 1 0 3 3 row_by_row)",
        "Show as many cells in blue as the number of objects that do not touch the border of "
        "the grid, row by row on a canvas in black whose height is 3 and width 3.",
    ),
    (
        "objects_8 (grow input (count every) scaled)",
        "Show the grid, enlarged by a factor of the number of objects.",
    ),
    (
        "objects_8 (condense (turned input transposed))",
        "Show the grid, transposed, with equal neighboring rows and columns merged.",
    ),
    (
        "objects_8 (show_counterpart (has color 8) left_right)",
        "Show the content of the box of the object whose color is sky once the grid is mirrored "
        "left to right.",
    ),
    (
        "objects_8 (paint (show (most size) box) 5)",
        "Show the box of the object whose number of cells is the greatest in the grid, with all "
        "cells but the background painted in gray.",
    ),
    (
        'objects_8 (grid_table (cells_of_color 2) 1 "12/34" 2 '
        '"000000000/000000000/000000000/000000000")',
        "Show a grid by the number of red cells (1: 12/34, 2: 000000000/000000000/000000000/...).",
    ),
    (
        "objects_8 (canvas (number_where size (most size)) (plus grid_colors 1) grid_background)",
        "Show a canvas whose height is the number of cells of the one object whose number of "
        "cells is the greatest in the grid and width the number of colors of the grid plus 1, "
        "in the background color.",
    ),
    (
        "objects_8 (canvas (count_rows line) 1 3)",
        "Show a canvas whose height is the number of rows where objects that are straight start "
        "and width 1, in green.",
    ),
]


@pytest.mark.parametrize(("rule", "sentence"), RULES, ids=[rule for rule, _ in RULES])
def test_a_rule_is_one_sentence(rule: str, sentence: str) -> None:
    read, _ = read_rules(f"(rules 0 (rule {rule}))")
    assert tell_rules(read).splitlines()[1:] == [sentence]


@pytest.mark.parametrize(("text", "sentence"), SUMMARIES, ids=[text for text, _ in SUMMARIES])
def test_a_summary_is_one_sentence(text: str, sentence: str) -> None:
    read, _ = read_summary(f"(summary 0 {text})")
    assert tell(read).splitlines()[1:] == [sentence]


def test_a_list_names_the_background_and_each_partition_once() -> None:
    rule = "(rule holes every (fill itself 2))"
    other = "(rule panels square (fill box 3))"
    read, _ = read_rules(f"(rules 7 {rule} {rule} {other})")
    assert tell(read).splitlines() == [
        "Background: orange.",
        "Holes: regions of background that do not reach the border of the grid.",
        "For every hole: paint it red.",
        "For every hole: paint it red.",
        "Panels: windows between full rows and columns of one color, with all their cells.",
        "For every panel whose box is square: paint its whole box green.",
    ]


def test_a_painted_summary_is_told_before_its_rules() -> None:
    summary = "(summary commonest blobs_8 (show (most size) box))"
    rule = "(rule objects_4 (equals size 1) (fill itself 7))"
    read, _ = read_summary(f"(painted {summary} (rules 0 {rule}))")
    assert tell(read).splitlines() == [
        "Background: the commonest color.",
        "Blobs: connected cells of any colors, also over corners.",
        "Show the box of the blob whose number of cells is the greatest in the grid.",
        "Then, on this new grid:",
        "Objects: connected cells of one color, only over edges.",
        "For every object whose number of cells is 1: paint it orange.",
    ]


@each_test
def test_a_test_has_an_opposite(term: Term) -> None:
    if term.name not in ("not", "both", "exists"):
        assert " not " in negate(find_template(term))


@each_choice
def test_the_choices_of_an_argument_have_different_phrases(choice: type[Choice]) -> None:
    assert len({each.phrase for each in choice}) == len(choice)


@settings(max_examples=150)
@given(rules=rules())
def test_all_rules_have_clean_sentences(rules: Rules) -> None:
    for line in tell_rules(rules).splitlines():
        check_sentence(line)


@settings(max_examples=80)
@given(grid=expressions(Kind.GRID))
def test_all_summaries_have_clean_phrases(grid: Expression) -> None:
    check_sentence(f"Show {Teller('objects_8').phrase(grid)}.")


def check_sentence(line: str) -> None:
    """Check that a sentence has no traces of templates and of empty words."""
    assert line.endswith(".")
    assert not line.endswith(" .")
    assert not any(trace in line for trace in ("{", "}", "  ", " ,", ",,", " :"))
