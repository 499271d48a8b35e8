"""Drawing: evaluates many effects on all parts at once and judges them against a target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from arcsolve.dsl.rules.expression import Call
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import Area, Choice, Strokes
from arcsolve.dsl.values import Integers
from arcsolve.search.rules.matching import judge_areas, judge_strokes
from arcsolve.search.rules.target import Cover, Target

MOST_ROWS = 60_000  # parts that are drawn in one call: bounds memory


class Judged(NamedTuple):
    """Effects with the color that each part of the pairs needs and the changes it accounts for."""

    effects: list[Call]
    needed: Integers  # (effect, part)
    cover: Cover  # (effect, part, word)


def judge_effects(target: Target, parts: Parts, effects: Sequence[Call]) -> Iterator[Judged]:
    """Judge areas or strokes, in groups that one call of a term draws."""
    known = int(np.searchsorted(parts.grid, target.pairs))  # parts of the pairs come first
    blank = np.repeat(target.scene.board.backgrounds, np.diff(target.scene.board.starts))
    for group in _group(parts, effects):
        drawn = draw_group(parts, group)
        if isinstance(drawn, Area):
            needed, cover = judge_areas(target.goal, target.bits, *drawn, target.words)
        else:
            needed, cover = _judge_strokes(target, drawn, blank)
        shape = (len(group), len(parts))
        yield Judged(
            group, needed.reshape(shape)[:, :known], cover.reshape(*shape, -1)[:, :known]
        )


def _judge_strokes(target: Target, drawn: Strokes, blank: Integers) -> tuple[Integers, Cover]:
    none = Area(np.zeros_like(drawn.offsets), np.zeros(0, np.int64))
    offsets, places, colors, erased = drawn
    painted = offsets, places, colors, *(erased or none)
    return judge_strokes(target.goal, target.bits, *painted, blank, target.words)


def _group(parts: Parts, effects: Sequence[Call]) -> Iterator[list[Call]]:
    """Yield the effects in groups of one term and equal choices, of bounded size."""
    groups: dict[tuple[object, ...], list[Call]] = {}
    for each in effects:
        choices = (argument for argument in each.arguments if isinstance(argument, Choice))
        groups.setdefault((each.term, *choices), []).append(each)
    most = max(1, MOST_ROWS // max(1, len(parts)))
    for group in groups.values():
        for start in range(0, len(group), most):
            yield group[start : start + most]


def draw_group(parts: Parts, group: Sequence[Call]) -> Area | Strokes:
    """Return the areas or strokes of calls that differ only in the values of their arguments.

    Those of the first call come first, with a row for each part.
    """
    arguments = [
        value[0] if isinstance(value[0], Choice) else _concatenate(parts, value)
        for value in zip(*(each.arguments for each in group), strict=True)
    ]
    drawn: Area | Strokes = group[0].term.function(parts.tile(len(group)), *arguments)
    return drawn


def _concatenate(parts: Parts, expressions: Sequence[object]) -> Integers:
    return np.concatenate([each.evaluate(parts) for each in expressions])  # type: ignore[attr-defined]
