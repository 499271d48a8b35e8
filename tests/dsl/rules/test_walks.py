"""Walks that react to what they meet, drawn and learned."""

from __future__ import annotations

import numpy as np
import pytest

from arcsolve.dsl.errors import BadProgram
from arcsolve.dsl.kernels.scenery.walks import RIGHT, STOP, learn_tables
from arcsolve.dsl.rules.expression import Call, Expression
from arcsolve.dsl.rules.literals import Reactions, describe_table
from arcsolve.dsl.rules.terms import find_term
from arcsolve.dsl.rules.vocabulary.copying.walking import Border
from tests.dsl.rules.scenes import cut, draw, read

STOPPING = Reactions((), "stop")


def _call(name: str) -> Expression:
    return Call(find_term(name))


def _walk(grid: str, direction: str, reactions: Reactions, border: Border = Border.END) -> str:
    """Return the grid with a 1 at each cell on the walk of its first part."""
    parts = cut("objects_8", grid)
    return " ".join(draw(parts, "walk", _call(direction), reactions, border, part=0).split())


def test_reactions_print_the_colors_and_the_others() -> None:
    reactions = Reactions(((2, "right"), (8, "pass")), "stop")
    assert str(reactions) == "(reactions 2 right 8 pass other stop)"


def test_an_unknown_reaction_is_refused() -> None:
    with pytest.raises(BadProgram):
        Reactions(((2, "jump"),), "stop")


@pytest.mark.parametrize(
    ("reaction", "drawn"),
    [
        ("stop", "..... 3114. ....."),
        ("pass", "..... 31141 ....."),
        ("cover", "..... 31111 ....."),
        ("left", "..1.. 3114. ....."),
        ("right", "..... 3114. ..1.."),
        ("back", "..... 3114. ....."),
    ],
)
def test_a_walk_reacts_to_the_color_that_it_meets(reaction: str, drawn: str) -> None:
    grid = "..... 3..4. ....."
    assert _walk(grid, "right", Reactions(((4, reaction),), "stop")) == drawn
    assert _walk(grid, "right", Reactions((), reaction)) == drawn


@pytest.mark.parametrize(
    ("border", "drawn"),
    [
        (Border.END, ".... .311 .... ...."),
        (Border.LEFT, "1111 1311 1..1 1111"),
        (Border.RIGHT, "1111 1311 1..1 1111"),
        (Border.BOUNCE, ".... .311 .... ...."),
    ],
)
def test_a_walk_reacts_to_the_border(border: Border, drawn: str) -> None:
    assert _walk(".... .3.. .... ....", "right", STOPPING, border) == drawn


def test_a_diagonal_is_reflected_by_the_border_and_by_parts() -> None:
    assert _walk("3.. ... ... ...", "down_right", STOPPING, Border.BOUNCE) == "3.1 .1. 1.1 .1."
    back = Reactions((), "back")
    assert _walk("3.... ..... 44444", "down_right", back) == "3.1.. .1... 44444"


def test_lines_walk_on_from_their_end_and_blocks_do_not() -> None:
    assert _walk("..... 33... .....", "right", STOPPING) == "..... 33111 ....."
    assert _walk("33... 33... .....", "right", STOPPING) == "33... 33... ....."


def test_reactions_are_learned_from_the_outputs() -> None:
    grid, after = "....... 3...2.. .......", "....... 31112.. ...1..."
    parts = cut("objects_8", grid)
    directions = np.full((1, len(parts)), 1 << 2)
    found, tables = learn_tables(
        parts.board, parts.outline, read(after).ravel(), np.array([0]), directions
    )
    described = [
        str(describe_table(table))
        for (_, border, _), table in zip(found, tables, strict=True)
        if border == 0
    ]
    assert "(reactions other right)" in described
    assert "(reactions other left)" not in described


def test_colors_that_no_walk_met_get_the_only_reaction_known() -> None:
    table = np.full(10, -1, np.int8)
    table[[2, 4]] = RIGHT
    assert describe_table(table) == Reactions((), "right")
    table[4] = STOP
    assert describe_table(table) == Reactions(((2, "right"),), "stop")
