"""Families of effects that draw parts again at other parts, their markers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from arcsolve.dsl.kernels.scenery.stamps import fit_stamps
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import find_term
from arcsolve.dsl.rules.vocabulary.copying.completing import Afterwards
from arcsolve.dsl.rules.vocabulary.copying.marker_stamps import (
    ANCHORS,
    MARKERS,
    Anchor,
    Covering,
    Markers,
    Recolor,
    first_markers,
)
from arcsolve.search.rules.copying.template_families import parts_that_vanish
from arcsolve.search.rules.enumeration import Family, Vocabulary
from arcsolve.search.rules.target import Target

STAMPED = ("objects_8", "objects_4", "blobs_8", "blobs_4", "near_groups")
MOST_DRAWN = 20_000  # cells that one effect may draw: bounds work


def stamp_families(target: Target, words: Vocabulary) -> Iterator[Family]:
    """Yield the families of effects that draw parts at markers."""
    parts, markers = words.parts, target.scene.parts(MARKERS)
    counts = np.bincount(markers.grid, minlength=len(parts.board.heights))
    large = parts.size > 1
    drawn = (parts.size * counts[parts.grid])[large].sum()
    if parts.partition.name not in STAMPED or not 0 < drawn <= MOST_DRAWN:
        return
    vanish = parts_that_vanish(target, parts)[large].any()
    end = Afterwards.VANISH if vanish else Afterwards.STAY
    for kind in Markers:
        anchors = _fitting(target, parts, markers, kind is Markers.SINGLE)
        for each in product(anchors, Recolor, Covering):
            yield Family(find_term("stamp"), (kind, *each, end))


def _fitting(target: Target, parts: Parts, markers: Parts, single: bool) -> list[Anchor]:
    """Return the anchors that may explain the copies of some part."""
    known = int(np.searchsorted(parts.grid, target.pairs))
    fits = fit_stamps(
        parts.board, parts.outline, markers.outline, first_markers(markers), single, known,
        target.bits >= 0,
    )  # fmt: skip
    return [anchor for anchor, number in ANCHORS.items() if fits[number]]
