"""Summaries: new grids made from the parts, numbers and colors of a grid."""

from __future__ import annotations

import numpy as np
import pytest

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.rules.backgrounds import NamedBackground
from arcsolve.dsl.rules.expression import Call, Expression, GridTable, Literal
from arcsolve.dsl.rules.rule import Rule, Rules
from arcsolve.dsl.rules.summaries import PaintedSummary, Summary
from arcsolve.dsl.rules.terms import Choice, Kind, find_term
from arcsolve.dsl.rules.vocabulary.effects import Symmetry
from arcsolve.dsl.rules.vocabulary.summaries.arrangement import (
    ColorLayout,
    Filling,
    Joining,
    Side,
)
from arcsolve.dsl.rules.vocabulary.summaries.drawn_numbers import Repeating
from arcsolve.dsl.rules.vocabulary.summaries.extraction import Showing
from tests.dsl.rules.scenes import read, strip

BLOCK_AND_LINE = """
    2....
    .....
    .33..
    .31..
    ....4"""


def call(name: str, *arguments: Expression | Choice) -> Call:
    """Return the call of a term by its name."""
    return Call(find_term(name), arguments)


def number(value: int) -> Literal:
    """Return a number of the grid."""
    return Literal(Kind.GRID_NUMBER, value)


def color(value: int) -> Literal:
    """Return a color of the grid."""
    return Literal(Kind.GRID_COLOR, value)


EVERY, READING, SIZE = call("every"), call("reading"), call("size")
LARGEST = call("most", SIZE)


def apply(partition: str, grid: Expression, text: str) -> str:
    """Return the new grid for a text, with dots for 0."""
    rows = Summary(0, partition, grid).apply(read(text)).tolist()
    return "\n".join("".join(map(str, row)) for row in rows).replace("0", ".")


@pytest.mark.parametrize(
    ("showing", "expected"),
    [(Showing.BOX, "33 31"), (Showing.OWN, "33 3."), (Showing.ZERO, "33 3.")],
)
def test_show_pictures_the_part_that_passes(showing: Showing, expected: str) -> None:
    assert apply("objects_8", call("show", LARGEST, showing), BLOCK_AND_LINE) == strip(expected)


def test_inside_leaves_the_edge_of_the_box_out() -> None:
    grid = call("show", EVERY, Showing.INSIDE)
    assert apply("blobs_8", grid, "1111 1231 1111") == "23"


def test_several_parts_must_look_the_same() -> None:
    grid = call("show", EVERY, Showing.BOX)
    assert apply("objects_8", grid, "11.11") == "11"
    with pytest.raises(Undefined, match="shows nothing"):
        apply("objects_8", grid, "11.1")


def test_show_all_pictures_the_box_around_parts() -> None:
    grid = call("show_all", call("has", call("color"), Literal(Kind.COLOR, 2)), Showing.OWN)
    assert apply("objects_8", grid, "2.... ..1.. ....2 .....") == strip("2.... ..... ....2")


def test_the_counterpart_stands_in_the_turned_grid() -> None:
    hidden = call("has", call("color"), Literal(Kind.COLOR, 9))
    grid = call("show_counterpart", hidden, Symmetry.COLS)
    assert apply("objects_8", grid, "12399. 45699.") == "32\n65"


def test_pictures_are_turned_painted_grown_and_condensed() -> None:
    shown = call("show", LARGEST, Showing.OWN)
    assert apply("objects_8", call("turned", shown, Symmetry.ROWS), BLOCK_AND_LINE) == "3.\n33"
    assert apply("objects_8", call("paint", shown, color(7)), BLOCK_AND_LINE) == "77\n7."
    twice = call("grow", shown, number(2), Repeating.TILE_ROW)
    assert apply("objects_8", twice, BLOCK_AND_LINE) == "3333\n3.3."
    assert apply("objects_8", call("condense", call("input")), "1122 1122 3344") == "12\n34"


@pytest.mark.parametrize(
    ("joining", "expected"),
    [
        (Joining.ROW, "2334 2..4"),
        (Joining.SPACED_ROW, "2.33.4 2....4"),
        (Joining.COL, "2. 2. 33 4. 4."),
    ],
)
def test_pictures_stand_together_in_order(joining: Joining, expected: str) -> None:
    grid = call("line_up", EVERY, call("left_to_right"), Showing.BOX, joining)
    assert apply("objects_8", grid, "2.33.4 2....4") == strip(expected)


def test_the_first_picture_lies_on_top() -> None:
    grid = call("line_up", EVERY, READING, Showing.BOX, Joining.STACK)
    assert apply("panels", grid, "1.512 ..533") == "12\n33"


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        (ColorLayout.COL, "3 2 1"),
        (ColorLayout.ROW, "321"),
        (ColorLayout.ROWS, "333 222 111"),
        (ColorLayout.COLS, "321 321 321"),
        (ColorLayout.ALONG, "321"),
        (ColorLayout.RINGS, "33333 32223 32123 32223 33333"),
        (ColorLayout.WIDE_RINGS, "333333 322223 321123 321123 322223 333333"),
    ],
)
def test_colors_stand_in_a_layout(layout: ColorLayout, expected: str) -> None:
    grid = call("line_up_colors", EVERY, call("from_greatest", SIZE), layout)
    assert apply("objects_8", grid, "1.22.333") == strip(expected)


@pytest.mark.parametrize(
    ("filling", "expected"),
    [(Filling.ROWS, "12 3."), (Filling.COLS, "13 2."), (Filling.SNAKE, "12 .3")],
)
def test_colors_fill_a_canvas(filling: Filling, expected: str) -> None:
    grid = call("fill_in_colors", EVERY, READING, number(2), number(2), filling)
    assert apply("objects_8", grid, "1.2.3") == strip(expected)


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        (Side.LEFT, "1.. 22. 333"),
        (Side.RIGHT, "..1 .22 333"),
        (Side.TOP, "123 .23 ..3"),
        (Side.BOTTOM, "..3 .23 123"),
    ],
)
def test_bars_grow_from_a_side(side: Side, expected: str) -> None:
    grid = call("bars", EVERY, call("from_least", SIZE), SIZE, side)
    assert apply("objects_8", grid, "22.1.333") == strip(expected)


def test_numbers_are_drawn() -> None:
    count = call("count", EVERY)
    assert apply("objects_8", call("canvas", number(1), count, color(5)), "1.2.3") == "555"
    assert apply("objects_8", call("diagonal_line", count, color(5)), "1.2") == "5.\n.5"
    largest = call("color_where", call("color"), LARGEST)
    assert apply("objects_8", call("canvas", count, number(2), largest), "1.22") == "22\n22"
    sides = number(2), number(3), Filling.ROWS
    filled = call("fill_in", call("plus", count, count), color(1), call("grid_background"), *sides)
    assert apply("objects_8", filled, "1.2") == "111\n1.."


def test_a_table_knows_only_its_entries() -> None:
    grid = GridTable(call("count", EVERY), ((1, Grid("5")), (2, Grid("78"))))
    assert str(grid) == '(grid_table (count every) 1 "5" 2 "78")'
    assert apply("objects_8", grid, "1.2") == "78"
    with pytest.raises(Undefined):
        apply("objects_8", grid, "1.2.1")


def test_rules_paint_a_summary_on_the_background_of_the_grid() -> None:
    summary = Summary(NamedBackground.COMMONEST, "blobs_8", call("show", LARGEST, Showing.BOX))
    effect = call("fill", call("itself"), Literal(Kind.COLOR, 7))
    single = call("equals", SIZE, Literal(Kind.NUMBER, 1))
    painted = PaintedSummary(
        summary, Rules(NamedBackground.COMMONEST, (Rule("objects_4", single, effect),))
    )
    assert str(painted) == (
        "(painted (summary commonest blobs_8 (show (most size) box)) "
        "(rules commonest (rule objects_4 (equals size 1) (fill itself 7))))"
    )
    grid = read("3..... ...... .222.. .212.. .222..")
    assert np.array_equal(painted.apply(grid), read("222 272 222"))
    with pytest.raises(Undefined, match="no rule applies"):
        painted.apply(read("22. 22. ..."))


def test_panels_are_windows_between_full_lines() -> None:
    second = call("most", call("from_left"))
    assert apply("panels", call("show", second, Showing.BOX), "1.512 ..533") == "12\n33"
    assert apply("tiles", call("show", second, Showing.BOX), "1.12 ..33") == "12\n33"
