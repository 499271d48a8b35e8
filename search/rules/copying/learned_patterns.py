"""Learned patterns: the cells around the parts of a group that always get the same colors."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from arcsolve.dsl.kernels.scenery.patterns import EMPTY, LEAST_SEEN, Windows, learn_patterns
from arcsolve.dsl.rules.literals import Pattern, describe_window
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import find_term
from arcsolve.dsl.values import Flags, Integers
from arcsolve.search.rules.enumeration import Family, Vocabulary, keep_distinct
from arcsolve.search.rules.target import Target

MARGINS = (1, 2, 3, 6)  # cells around the box
MOST_PATTERNS = 60  # of one partition

_LEARNED = ("single_cells", "objects_8", "objects_4", "blobs_8")


def pattern_families(target: Target, words: Vocabulary) -> Iterator[Family]:
    """Yield the family of patterns that groups of parts of the pairs share."""
    parts = words.parts
    if parts.partition.name not in _LEARNED:
        return
    patterns = _learn(target, parts)
    if patterns:
        yield Family(find_term("decorate"), (keep_distinct(parts, patterns),))


def _learn(target: Target, parts: Parts) -> list[Pattern]:
    """Return the patterns of all groups, those with small margins first."""
    known = parts.grid < target.pairs
    groupings = [_number(keys, known) for keys in _keys(parts)]
    found: dict[bytes, Windows] = {}
    for margin in MARGINS:
        for groups in groupings:
            count = int(groups.max(initial=-1)) + 1
            windows = learn_patterns(
                parts.board, parts.outline, groups, count, parts.color, target.goal, margin
            )
            useful = (windows != EMPTY).any(axis=(1, 2))
            found.update((window.tobytes(), window) for window in windows[useful])
    return [describe_window(window) for window in list(found.values())[:MOST_PATTERNS]]


def _keys(parts: Parts) -> Iterator[Integers]:
    """Yield the keys of groups (part, number): single cells, shapes, and both with colors."""
    shape = parts.shapes[:, 0]
    yield np.stack([shape], axis=1)
    yield np.stack([shape, parts.color], axis=1)


def _number(keys: Integers, known: Flags) -> Integers:
    """Return the group of each known part, from 0 on, or -1 for groups of too few parts."""
    groups = np.full(len(keys), -1)
    _, numbers, counts = np.unique(keys[known], axis=0, return_inverse=True, return_counts=True)
    kept = counts >= LEAST_SEEN
    renumbered = np.where(kept, np.cumsum(kept) - 1, -1)
    groups[known] = renumbered[numbers.ravel()]
    return groups
