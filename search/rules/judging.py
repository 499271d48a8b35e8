"""Judging: evaluates families of effects on all parts and judges them against a target."""

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

SMALL_FAMILY = 80  # effects; their rules may act in a few pairs only
MOST_ROWS = 60_000  # parts that are drawn in one call: bounds memory


class Judged(NamedTuple):
    """Effects with the color that each part of the pairs needs and the changes it accounts for."""

    family: Family
    calls: Integers  # numbers of the effects in the family
    needed: Integers  # (effect, part)
    cover: Cover  # (effect, part, word)


def judge_family(
    target: Target, parts: Parts, family: Family, first: Integers
) -> Iterator[tuple[int, Judged]]:
    """Draw and judge the effects of a family, as many at once as fit in memory.

    Yield the number of drawn parts with the judged effects. In a large family, the parts `first`
    come first: effects that account for no change there are drawn no further and left out.
    """
    known = np.arange(np.searchsorted(parts.grid, target.pairs))  # those of the pairs come first
    most = max(1, MOST_ROWS // len(known))
    for start in range(0, family.size, most):
        calls = np.arange(start, min(start + most, family.size))
        useful = calls
        if family.size > SMALL_FAMILY:
            _, cover = _judge(target, family.draw(parts, calls, first), len(calls))
            useful = calls[cover.reshape(len(calls), -1).any(axis=1)]
        drawn = len(calls) * len(first) + len(useful) * len(known)
        yield drawn, Judged(family, useful, *_judge_calls(target, parts, family, useful, known))


def find_first_parts(target: Target, parts: Parts) -> Integers:
    """Return the parts of the changed pair that has the fewest parts."""
    counts = np.bincount(parts.grid, minlength=target.pairs)[: target.pairs]
    possible = target.by_pair.any(axis=1) & (counts > 0)
    pair = np.argmin(np.where(possible, counts, np.iinfo(np.int64).max))
    return np.flatnonzero(parts.grid == pair)


def _judge_calls(
    target: Target, parts: Parts, family: Family, calls: Integers, rows: Integers
) -> tuple[Integers, Cover]:
    if not len(calls):
        empty = 0, len(rows)
        return np.zeros(empty, np.int64), np.zeros((*empty, target.words), np.uint64)
    return _judge(target, family.draw(parts, calls, rows), len(calls))


def _judge(target: Target, drawn: Area | Strokes, calls: int) -> tuple[Integers, Cover]:
    """Return what each part of each call needs (call, row) and covers (call, row, word)."""
    if isinstance(drawn, Area):
        needed, cover = judge_areas(target.goal, target.bits, *drawn, target.words)
    else:
        none = Area(np.zeros_like(drawn.offsets), np.zeros(0, np.int64))
        offsets, places, colors, erased = drawn
        painted = offsets, places, colors, *(erased or none)
        needed, cover = judge_strokes(
            target.goal, target.bits, *painted, target.blank, target.words
        )
    return needed.reshape(calls, -1), cover.reshape(calls, -1, target.words)
