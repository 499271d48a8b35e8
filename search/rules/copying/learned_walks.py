"""Learned walks: the reactions to colors with which the parts of a group walk as in the outputs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from arcsolve.dsl.kernels.scenery.walks import STOP, Tables, learn_tables
from arcsolve.dsl.rules.expression import Expression
from arcsolve.dsl.rules.literals import Reactions, describe_table
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import find_term
from arcsolve.dsl.rules.vocabulary.copying.walking import BORDERS
from arcsolve.dsl.values import Flags, Integers
from arcsolve.search.rules.enumeration import Family, Vocabulary, keep_distinct
from arcsolve.search.rules.target import Target

MOST_WALKERS = 60  # parts of a group in all pairs
MOST_FAMILIES = 60  # of one partition
MOST_TABLES = 3  # of one group, direction and border

_BORDER = {number: border for border, number in BORDERS.items()}
_WALKERS = ("objects_8", "single_cells")


def walk_families(target: Target, words: Vocabulary) -> Iterator[Family]:
    """Yield the families of walks that cover cells as in the outputs of the pairs."""
    parts, directions = words.parts, words.directions
    if parts.partition.name not in _WALKERS:
        return
    found: dict[tuple[int, int], list[Expression]] = {}
    for members in _groups(target, parts):
        tried = _distinct_rows(directions.values[:, members])
        rows, tables = learn_tables(
            parts.board, parts.outline, target.goal, members, directions.values[tried]
        )
        rows[:, 0] = tried[rows[:, 0]]
        for effect, known in _best(rows, tables).items():
            found.setdefault(effect, []).extend(known)
    for (direction, border), reactions in list(found.items())[:MOST_FAMILIES]:
        one = directions.keep(np.arange(len(directions.values)) == direction)
        yield Family(find_term("walk"), (one, keep_distinct(parts, reactions), _BORDER[border]))


def _distinct_rows(values: Integers) -> Integers:
    """Return the numbers of the first of equal rows, without rows of zeros."""
    _, first = np.unique(values, axis=0, return_index=True)
    first.sort()
    return first[values[first].any(axis=1)]


def _best(rows: Integers, tables: Tables) -> dict[tuple[int, int], list[Reactions]]:
    """Return the reactions of each (direction, border) that cover most cells, cheapest first."""
    found: dict[tuple[int, int], list[Reactions]] = {}
    for row in np.lexsort(((tables > STOP).sum(axis=1), -rows[:, 2])):
        known = found.setdefault((int(rows[row, 0]), int(rows[row, 1])), [])
        if len(known) < MOST_TABLES:
            known.append(describe_table(tables[row]))
    return found


def _groups(target: Target, parts: Parts) -> Iterator[Integers]:
    """Yield groups of parts of the pairs that may walk: single cells and lines, and by color."""
    known = parts.grid < target.pairs
    slim = np.minimum(parts.height, parts.width) == 1
    slanted = (parts.height == parts.width) & (parts.size == parts.height)
    for kind in (parts.size == 1, (parts.size > 1) & (slim | slanted)):
        yield from _by_color(parts, kind & known)


def _by_color(parts: Parts, kind: Flags) -> Iterator[Integers]:
    colors = np.unique(parts.color[kind])
    if 0 < np.count_nonzero(kind) <= MOST_WALKERS:
        yield np.flatnonzero(kind)
    for color in colors if len(colors) > 1 else ():
        members = np.flatnonzero(kind & (parts.color == color))
        if len(members) <= MOST_WALKERS:
            yield members
