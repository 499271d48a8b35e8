"""Patterns around parts: their text, their drawing and their learning."""

from __future__ import annotations

import numpy as np
import pytest

from arcsolve.dsl.errors import BadProgram
from arcsolve.dsl.kernels.scenery.patterns import EMPTY, learn_patterns
from arcsolve.dsl.rules.literals import Pattern, describe_window
from tests.dsl.rules.scenes import cut, draw, read

PLUS = Pattern(-1, -1, (".2.", "2*2", ".2."))


def test_a_pattern_prints_its_place_and_its_rows() -> None:
    assert str(PLUS) == '(pattern -1 -1 ".2./2*2/.2.")'


def test_a_window_is_described_by_the_pattern_that_gave_it() -> None:
    assert describe_window(PLUS.evaluate(cut("objects_8", "3"))[0]) == PLUS


@pytest.mark.parametrize(
    "rows", [(), ("2", "22"), ("x",), ("2" * 30,)], ids=["none", "uneven", "sign", "long"]
)
def test_a_wrong_pattern_is_refused(rows: tuple[str, ...]) -> None:
    with pytest.raises(BadProgram):
        Pattern(0, 0, rows)


def test_a_pattern_is_drawn_around_each_part_and_cut_at_the_border() -> None:
    parts = cut("objects_8", "3.... ..... ...4.")
    assert draw(parts, "decorate", PLUS).split() == ["32...", "2..2.", "..242"]


def test_a_pattern_is_learned_from_what_the_members_of_a_group_share() -> None:
    parts = cut("objects_8", "..... .3... ..... ..... ...4. .....", "..... ..3.. .....")
    after = [".2... 131.. .2... ...2. ..141 ...2.", "..2.. .131. ..2.."]
    goal = np.concatenate([read(text).ravel() for text in after])
    groups = np.zeros(3, np.int64)
    windows = learn_patterns(parts.board, parts.outline, groups, 1, parts.color, goal, 1)
    assert describe_window(windows[0]) == Pattern(-1, -1, (".2.", "1.1", ".2."))


def test_the_color_of_the_part_is_learned_from_parts_of_two_colors() -> None:
    parts = cut("objects_8", "..... .3... ..... ..... ...4. .....")
    goal = read("..... 333.. ..... ..... ..444 .....").ravel()
    groups = np.zeros(2, np.int64)
    windows = learn_patterns(parts.board, parts.outline, groups, 1, parts.color, goal, 1)
    assert describe_window(windows[0]) == Pattern(0, -1, ("*.*",))


def test_a_cell_that_one_member_shows_alone_is_not_learned() -> None:
    parts = cut("objects_8", "3.... ..... ...3.")
    goal = read("3.... ..... ..232").ravel()
    groups = np.zeros(2, np.int64)
    windows = learn_patterns(parts.board, parts.outline, groups, 1, parts.color, goal, 1)
    assert (windows == EMPTY).all()
