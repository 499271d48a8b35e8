"""Families of effects that draw parts again: at matching markers and at other parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import Choice, find_term
from arcsolve.dsl.rules.vocabulary.copying.completing import Afterwards, Scaling, Turning, Way
from arcsolve.dsl.values import Flags
from arcsolve.search.rules.enumeration import (
    Distinct,
    Family,
    Vocabulary,
    call,
    color_constants,
    keep_distinct,
)
from arcsolve.search.rules.target import Target

LEAST_TEMPLATE = 3  # cells


def template_families(target: Target, words: Vocabulary) -> Iterator[Family]:
    """Yield the families of effects that complete copies of templates of several colors."""
    parts = words.parts
    templates = (parts.colors > 1) & (parts.size >= LEAST_TEMPLATE)
    if not templates[parts.grid < target.pairs].any():
        return
    ends = [
        Afterwards.VANISH if parts_that_vanish(target, parts)[templates].any() else Afterwards.STAY
    ]
    choices = list(product(Turning, Scaling, Way, ends))
    markers = _marker_colors(parts, templates)
    for name in ("complete", "complete_main", "complete_at"):
        first: tuple[Distinct, ...] = (markers,) if name == "complete_at" else ()
        if len(markers.expressions) or not first:
            yield from _drawing(parts, name, first, choices)


def _drawing(
    parts: Parts, name: str, first: tuple[Distinct, ...], choices: Sequence[tuple[Choice, ...]]
) -> Iterator[Family]:
    """Yield the families of a term, except for ways in which the widest one draws nothing."""
    ways: set[Choice] = set()
    for group in ({Way.FREE, Way.CUT}, {Way.MET}):
        way = Way.MET if Way.MET in group else Way.CUT
        widest: tuple[Choice, ...] = (Turning.ANY, Scaling.FOUR, way, choices[0][-1])
        family = Family(find_term(name), (*first, *widest))
        if len(family.draw(parts, np.arange(family.size), np.arange(len(parts))).places):
            ways |= group
    for each in choices:
        if not ways.isdisjoint(each):
            yield Family(find_term(name), (*first, *each))


def _marker_colors(parts: Parts, templates: Flags) -> Distinct:
    """Return the colors that markers may have: those of parts of several colors."""
    present = (parts.color_counts[templates] > 0).any(axis=0)
    own = [call("color"), call("minor_color")]
    return keep_distinct(parts, [*own, *color_constants(np.flatnonzero(present).tolist())])


def parts_that_vanish(target: Target, parts: Parts) -> Flags:
    """Return for each part whether it belongs to a pair and is background in the goal."""
    outline, board = parts.outline, parts.board
    grid = np.repeat(parts.grid, np.diff(outline.offsets))
    blank = target.goal[outline.cells] == board.backgrounds[grid]
    gone: Flags = np.bincount(parts.owner, blank, len(parts)) == parts.size
    return gone & (parts.grid < target.pairs)
