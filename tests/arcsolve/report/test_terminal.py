"""Grids are drawn for terminals and for pipes."""

from __future__ import annotations

from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.style import Style
from rich.text import Text

from arcsolve.dsl import Grid, Pair, Task
from arcsolve.dsl.html import PALETTE
from arcsolve.report.terminal import Strip, draw_blocks, draw_digits, draw_halves, task_strips

ROWS = st.integers(1, 9).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 9), min_size=width, max_size=width), min_size=1, max_size=9
    )
)


def printed(item: object, *, color: bool, width: int = 80) -> str:
    out = StringIO()
    system = "truecolor" if color else None
    Console(file=out, width=width, force_terminal=color, color_system=system).print(item)
    return out.getvalue()


def test_a_pipe_gets_titles_and_digits_side_by_side():
    strip = Strip([("in", Grid("123/456")), ("out", Grid("7/8/9"))])
    assert printed(strip, color=False) == "in    out\n123   7\n456   8\n      9\n"


def test_a_strip_wider_than_the_console_goes_on_in_the_next_lines():
    strip = Strip([("a", Grid("11111")), ("b", Grid("22222"))])
    assert printed(strip, color=False, width=12) == "a\n11111\nb\n22222\n"
    assert printed(strip, color=False, width=13) == "a       b\n11111   22222\n"


def test_a_terminal_gets_two_spaces_of_the_palette_color_a_cell():
    (line,) = draw_blocks(Grid("13"))
    assert line.plain == "    "
    assert [Style.parse(str(span.style)).bgcolor.name for span in line.spans] == [
        PALETTE[1],
        PALETTE[3],
    ]


@settings(deadline=None)
@given(ROWS)
def test_half_blocks_hold_every_cell(rows):
    grid = Grid(rows)
    lines = draw_halves(grid)
    assert [row for line in lines for row in decoded(line)] == grid.rows()


def decoded(line: Text) -> list[list[int]]:
    """Return the one or two rows of colors that a line of half blocks shows."""
    styles = [Style.parse(str(span.style)) for span in line.spans]
    upper = [PALETTE.index(style.color.name) for style in styles]
    lower = [PALETTE.index(style.bgcolor.name) for style in styles if style.bgcolor]
    return [upper, lower] if lower else [upper]


@pytest.mark.parametrize(("width", "half"), [(60, False), (59, True)])
def test_half_blocks_are_used_where_blocks_do_not_fit(width, half):
    text = printed(Strip([("wide", Grid([[1] * 30]))]), color=True, width=width)
    assert ("▀" in text) is half


def test_no_color_means_digits_on_a_terminal_too(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert "12" in printed(Strip([("in", Grid("12"))]), color=True)


def test_digits_are_the_rows_of_the_grid():
    assert [line.plain for line in draw_digits(Grid("12/34"))] == ["12", "34"]


def test_a_task_is_a_strip_a_pair_and_a_test_with_solutions_only_where_given():
    task = Task("t", (Pair(Grid("1"), Grid("2")),), (Grid("3"), Grid("4")))
    titles = [[title for title, _ in strip.pictures] for strip in task_strips(task, (Grid("5"),))]
    assert titles == [
        ["pair 1 input", "output"],
        ["test 1 input", "solution"],
        ["test 2 input"],
    ]


def test_titles_are_not_markup():
    assert "[red]" in printed(Strip([("[red]", Grid("1"))]), color=False)
