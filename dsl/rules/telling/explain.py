"""Explanations: the parts of a grid that pass the tests of rules, and changes of these parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.rules.backgrounds import find_background
from arcsolve.dsl.rules.expression import Call, Expression
from arcsolve.dsl.rules.rule import Rules
from arcsolve.dsl.rules.scene import Parts, Scene
from arcsolve.dsl.rules.summaries import Summary
from arcsolve.dsl.rules.telling.words import COLORS
from arcsolve.dsl.rules.terms import Choice, Kind
from arcsolve.dsl.values import Cells, Flags, Integers

_CHANGE = re.compile(r"part (\d{1,4}) is (\w+)")
GONE = "gone"  # the word for a part that becomes background


class PartTrace(NamedTuple):
    """A part of a grid: whether it passes the test of a rule, and the cells that the rule paints.

    Rules and parts count from 1, the parts in reading order of their first cells. `box` has the
    first and the last row and column: (top, left, bottom, right). A summary counts as rule 0, and
    paints nothing.
    """

    rule: int
    part: int
    box: tuple[int, int, int, int]
    color: int
    size: int
    passes: bool
    painted: int


def trace_rules(rules: Rules, grid: Cells, model: Cells | None = None) -> list[PartTrace]:
    """Return a trace of each part of the grid for each rule.

    `model` is the grid that gives the background, by default the grid itself.
    """
    background = find_background(grid if model is None else model, rules.background)
    scene, found = Scene([grid], [background]), list[PartTrace]()
    for number, rule in enumerate(rules.rules, 1):
        painted = np.diff(rule.draw(scene).offsets)
        found += _trace(number, scene.parts(rule.partition), rule.choose(scene), painted)
    return found


def trace_summary(summary: Summary, grid: Cells) -> list[PartTrace]:
    """Return a trace of each part of the grid for the tests of a summary.

    A part passes if it passes one of the tests. A summary without tests has no traces.
    """
    parts = summary.open_scene([grid]).parts(summary.partition)
    tests = [np.asarray(test.evaluate(parts), np.bool_) for test in _find_tests(summary.grid)]
    if not tests:
        return []
    return list(_trace(0, parts, np.logical_or.reduce(tests), np.zeros(len(parts), np.int64)))


def _find_tests(expression: Expression | Choice) -> Iterator[Expression]:
    """Yield the tests in an expression, without the tests in these tests."""
    if isinstance(expression, Choice):
        return
    if expression.kind is Kind.FLAG:
        yield expression
        return
    for argument in expression.arguments if isinstance(expression, Call) else ():
        yield from _find_tests(argument)


def _trace(rule: int, parts: Parts, passes: Flags, painted: Integers) -> Iterator[PartTrace]:
    """Yield a trace of each part, from columns with one value a part."""
    for part, box in enumerate(parts.outline.boxes.tolist()):
        columns = int(parts.color[part]), int(parts.size[part]), bool(passes[part])
        yield PartTrace(rule, part + 1, tuple(box), *columns, int(painted[part]))


def change_part(reader: Rules | Summary, grid: Cells, change: str) -> Cells:
    """Return the grid after a change such as ``part 2 is red`` or ``part 2 is gone``.

    The parts are those of the summary or of the first rule, and count from 1 as in `trace_rules`.
    Raises BadInput for a text that names no part of the grid or no color.
    """
    match = _CHANGE.fullmatch(change.strip().lower())
    if match is None:
        raise BadInput(
            f"expected 'part NUMBER is COLOR' or 'part NUMBER is {GONE}', found {change!r}"
        )
    scene = reader.open_scene([grid])
    first = reader if isinstance(reader, Summary) else reader.rules[0]
    parts = scene.parts(first.partition)
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
