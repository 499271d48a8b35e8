"""Explanations: the parts of a grid that pass the tests of rules, and changes of these parts."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.rules.rule import Rules
from arcsolve.dsl.rules.words import COLORS
from arcsolve.dsl.values import Cells

_CHANGE = re.compile(r"part (\d{1,4}) is (\w+)")
GONE = "gone"  # the word for a part that becomes background


class PartTrace(NamedTuple):
    """A part of a grid: whether it passes the test of a rule, and the cells that the rule paints.

    Rules and parts count from 1, the parts in reading order of their first cells. `box` has the
    first and the last row and column: (top, left, bottom, right).
    """

    rule: int
    part: int
    box: tuple[int, int, int, int]
    color: int
    size: int
    passes: bool
    painted: int


def trace_rules(rules: Rules, grid: Cells) -> list[PartTrace]:
    """Return a trace of each part of the grid for each rule."""
    scene, found = rules.open_scene([grid]), []
    for number, rule in enumerate(rules.rules, 1):
        parts, passes = scene.parts(rule.partition), rule.choose(scene)
        painted = np.diff(rule.draw(scene).offsets)
        for part, box in enumerate(parts.outline.boxes.tolist()):
            columns = int(parts.color[part]), int(parts.size[part]), bool(passes[part])
            found.append(PartTrace(number, part + 1, tuple(box), *columns, int(painted[part])))
    return found


def change_part(rules: Rules, grid: Cells, change: str) -> Cells:
    """Return the grid after a change such as ``part 2 is red`` or ``part 2 is gone``.

    The parts are those of the first rule, and count from 1 as in `trace_rules`. Raises BadInput for
    a text that names no part of the grid or no color.
    """
    match = _CHANGE.fullmatch(change.strip().lower())
    if match is None:
        raise BadInput(
            f"expected 'part NUMBER is COLOR' or 'part NUMBER is {GONE}', found {change!r}"
        )
    scene = rules.open_scene([grid])
    parts = scene.parts(rules.rules[0].partition)
    number = int(match[1])
    if not 1 <= number <= len(parts):
        raise BadInput(f"there is no part {number}: the grid has {len(parts)} parts")
    color = _find_color(match[2], int(scene.board.backgrounds[0]))
    changed = grid.ravel().copy()
    changed[parts.outline.labels == number - 1] = color
    return changed.reshape(grid.shape)


def _find_color(word: str, background: int) -> int:
    if word == GONE:
        return background
    if word in COLORS:
        return COLORS.index(word)
    if len(word) == 1 and word.isdigit():
        return int(word)
    raise BadInput(f"there is no color {word!r}, there are {', '.join(COLORS)}, {GONE}")
