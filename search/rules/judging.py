"""Drawing: evaluates families of effects on all parts and judges them against a target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import Area, Strokes
from arcsolve.dsl.values import Integers
from arcsolve.search.rules.enumeration import Family
from arcsolve.search.rules.matching import judge_areas, judge_strokes
from arcsolve.search.rules.target import Cover, Target

MOST_ROWS = 60_000  # parts that are drawn in one call: bounds memory


class Judged(NamedTuple):
    """Effects with the color that each part of the pairs needs and the changes it accounts for."""

    family: Family
    calls: Integers  # numbers of the effects in the family
    needed: Integers  # (effect, part)
    cover: Cover  # (effect, part, word)


def judge_family(target: Target, parts: Parts, family: Family) -> Iterator[Judged]:
    """Draw and judge the effects of a family, as many at once as fit in memory.

    Effects that account for no change are left out.
    """
    known = int(np.searchsorted(parts.grid, target.pairs))  # parts of the pairs come first
    most = max(1, MOST_ROWS // len(parts))
    for start in range(0, family.size, most):
        calls = np.arange(start, min(start + most, family.size))
        needed, cover = _judge(target, family.draw(parts, calls))
        needed = needed.reshape(len(calls), len(parts))[:, :known]
        cover = cover.reshape(len(calls), len(parts), -1)[:, :known]
        useful = cover.reshape(len(calls), -1).any(axis=1)
        if useful.any():
            yield Judged(family, calls[useful], needed[useful], cover[useful])


def _judge(target: Target, drawn: Area | Strokes) -> tuple[Integers, Cover]:
    if isinstance(drawn, Area):
        judged: tuple[Integers, Cover] = judge_areas(target.goal, target.bits, *drawn, target.words)
        return judged
    none = Area(np.zeros_like(drawn.offsets), np.zeros(0, np.int64))
    offsets, places, colors, erased = drawn
    board = target.scene.board
    blank = np.repeat(board.backgrounds, np.diff(board.starts))
    painted = offsets, places, colors, *(erased or none)
    found: tuple[Integers, Cover] = judge_strokes(
        target.goal, target.bits, *painted, blank, target.words
    )
    return found
