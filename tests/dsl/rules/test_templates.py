"""Completing templates and stamping parts, on small grids."""

from __future__ import annotations

import pytest

from arcsolve.dsl.rules.expression import Literal
from arcsolve.dsl.rules.terms import Choice, Kind
from arcsolve.dsl.rules.vocabulary.copying.completing import Afterwards, Scaling, Turning, Way
from arcsolve.dsl.rules.vocabulary.copying.marker_stamps import Anchor, Covering, Markers, Recolor
from tests.dsl.rules.scenes import cut, draw, strip

STAY, SIZE = Afterwards.STAY, Scaling.NONE
TEMPLATE = """
    2.....
    33..2.
    .4....
    .....4
    ......
"""


def test_a_body_is_drawn_where_the_markers_match() -> None:
    parts = cut("blobs_8", TEMPLATE)
    assert draw(parts, "complete", Turning.NONE, SIZE, Way.FREE, STAY) == strip("""
        2.....
        33..2.
        .4..33
        .....4
        ......
    """)


def test_a_template_vanishes_only_if_it_is_drawn_again() -> None:
    parts = cut("blobs_8", TEMPLATE)
    assert draw(parts, "complete", Turning.NONE, SIZE, Way.FREE, Afterwards.VANISH) == strip("""
        ......
        ....2.
        ....33
        .....4
        ......
    """)


SLANTED = "21{0} 3.{0} ..{0} ..{0}"  # markers 2 and 3, one above the other, and the body 1 beside 2


def _complete(markers: str, turning: Turning, way: Way = Way.FREE, scaling: Scaling = SIZE) -> str:
    """Return the lines of markers below a template, after completion."""
    blank = "." * (len(markers.split()[0]) - 2)
    parts = cut("blobs_8", f"{SLANTED.format(blank)} {markers}")
    return " ".join(draw(parts, "complete_main", turning, scaling, way, STAY, part=0).split()[4:])


@pytest.mark.parametrize(
    ("markers", "turning", "drawn"),
    [
        (".2.. .3..", Turning.NONE, ".21. .3.."),
        (".2.. .3..", Turning.COLS, "12.. .3.."),
        (".3.. .2..", Turning.ROWS, ".3.. .21."),
        (".3.. .2..", Turning.NONE, ".3.. .2.."),
        ("32.. ....", Turning.ANY, "32.. .1.."),
        ("23.. ....", Turning.ANY, "23.. 1..."),
    ],
)
def test_symmetries_are_tried_as_told(markers: str, turning: Turning, drawn: str) -> None:
    assert _complete(markers, turning) == drawn


@pytest.mark.parametrize(
    ("markers", "way", "drawn"),
    [
        ("..2. ..3.", Way.FREE, "..21 ..3."),
        ("..27 ..3.", Way.FREE, "..27 ..3."),
        ("...2 ...3", Way.CUT, "...2 ...3"),
        ("..27 ..3.", Way.MET, "..27 ..3."),
    ],
)
def test_a_way_says_what_may_stand_where_the_body_goes(markers: str, way: Way, drawn: str) -> None:
    assert _complete(markers, Turning.NONE, way) == drawn


def test_a_body_takes_the_color_that_it_meets() -> None:
    parts = cut("blobs_8", "211. 3... .... .... .27. .3..")
    lines = draw(parts, "complete_main", Turning.NONE, SIZE, Way.MET, STAY, part=0).split()
    assert lines[4:] == [".277", ".3.."]


def test_larger_markers_come_first_and_serve_one_copy() -> None:
    enlarged = _complete(".22.... .22.... .33.... .33....", Turning.NONE, Way.FREE, Scaling.FOUR)
    assert enlarged == ".2211.. .2211.. .33.... .33...."


def test_markers_may_have_a_given_color() -> None:
    parts = cut("blobs_8", "23. .3. ... ..3 ...")
    marker = Literal(Kind.COLOR, 3)
    drawn = draw(parts, "complete_at", marker, Turning.NONE, SIZE, Way.CUT, STAY)
    assert drawn.split()[3:] == ["..3", "..."]
    marker = Literal(Kind.COLOR, 2)
    parts = cut("blobs_8", "23. .3. ... 2.. ...")
    drawn = draw(parts, "complete_at", marker, Turning.NONE, SIZE, Way.FREE, STAY)
    assert drawn.split()[3:] == ["23.", ".3."]


def _stamp(grid: str, anchor: Anchor, *choices: Choice) -> list[str]:
    """Return the lines of a grid with its first blob drawn at all single cells."""
    recolor = next((c for c in choices if isinstance(c, Recolor)), Recolor.NONE)
    covering = next((c for c in choices if isinstance(c, Covering)), Covering.OVER)
    parts = cut("blobs_8", grid)
    arguments = Markers.SINGLE, anchor, recolor, covering, STAY
    return draw(parts, "stamp", *arguments, part=0).split()


CROSS = ".3... 323.. .3... ..... ....4"


@pytest.mark.parametrize(
    ("anchor", "drawn"),
    [
        (Anchor.MIDDLE, "...3. ..323 ...3. ....."),
        (Anchor.SAME, "..... ...4. ..... ....."),
        (Anchor.TOP_LEFT, "..... ...43 ...32 ....3"),
        (Anchor.TOP_RIGHT, "..... ..34. .323. ..3.."),
        (Anchor.BOTTOM_LEFT, "...32 ...43 ..... ....."),
    ],
)
def test_an_anchor_says_where_a_copy_stands(anchor: Anchor, drawn: str) -> None:
    grid = ".3... 323.. .3... ..... ..... ...4. ..... ....."
    assert " ".join(_stamp(grid, anchor)[4:]) == drawn


@pytest.mark.parametrize(
    ("choice", "drawn"),
    [
        (Recolor.ALL, ".4. 444 .4."),
        (Covering.OVER, ".3. 323 .3."),
        (Covering.BLANK, ".3. 343 .3."),
    ],
)
def test_a_copy_takes_colors_and_spares_cells_as_told(choice: Choice, drawn: str) -> None:
    grid = ".3. 323 .3. ... ... ... .4. ..."
    assert " ".join(_stamp(grid, Anchor.MIDDLE, choice)[5:]) == drawn


def test_the_cell_of_the_color_of_the_marker_stands_on_it() -> None:
    assert _stamp("234 ... ... ... .4.", Anchor.SAME) == ["234", "...", "...", "...", "34."]


def test_larger_parts_are_markers_too() -> None:
    parts = cut("blobs_8", "23. ... .44 .44")
    choices = Anchor.TOP_LEFT, Recolor.NONE, Covering.OVER, STAY
    drawn = draw(parts, "stamp", Markers.OTHERS, *choices, part=0)
    assert drawn.split() == ["23.", "...", ".23", ".44"]
    assert draw(parts, "stamp", Markers.SINGLE, *choices, part=0).split()[2] == ".44"
