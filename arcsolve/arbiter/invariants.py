"""Invariants: properties that the outputs of all pairs share, and that a wrong output may break.

A program may fit all pairs and still give an output unlike all demonstrated outputs. An invariant
need not be a rule of the task. A broken invariant is therefore evidence, which the arbiter weighs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS, Grid
from arcsolve.dsl.task import Task
from arcsolve.dsl.values import Cells
from arcsolve.search.output_size.rules import infer_sizes

Pairs = Sequence[tuple[Cells, Cells]]

Invariant = Callable[[Cells, Cells], bool]
"""A test of a pair (input, output) that all pairs of the task pass."""

_SYMMETRIES: tuple[Callable[[Cells], Cells], ...] = (np.flipud, np.fliplr, np.transpose)


def breach_counter(task: Task) -> Callable[[int, Grid], int]:
    """Return a function (test, output) that counts the invariants which the output breaks."""
    kept = find_invariants([(pair.input.cells, pair.output.cells) for pair in task.pairs])
    sizes = infer_sizes(task, relations=False)

    def count_breaches(test: int, output: Grid) -> int:
        resized = sizes[test] not in (None, output.shape)
        cells = task.tests[test].cells, output.cells
        return resized + sum(not invariant(*cells) for invariant in kept)

    return count_breaches


def find_invariants(pairs: Pairs) -> list[Invariant]:
    """Find the invariants of pairs (input, output), except those of the output size."""
    colors = len(np.unique(pairs[0][1]))
    possible: list[Invariant] = [
        _changes,
        _varies,
        partial(_has_colors, colors),
        partial(_introduces, set().union(*(_new_colors(*pair) for pair in pairs))),
        partial(_keeps, [color for color in range(NUM_COLORS) if _kept_in_all(color, pairs)]),
        partial(
            _is_symmetric, [s for s in _SYMMETRIES if all(_looks_alike(s, o) for _, o in pairs)]
        ),
    ]
    return [invariant for invariant in possible if all(invariant(*pair) for pair in pairs)]


def _changes(before: Cells, after: Cells) -> bool:
    return not np.array_equal(before, after)


def _varies(before: Cells, after: Cells) -> bool:
    """Return True if the output has several colors."""
    return bool((after != after[0, 0]).any())


def _has_colors(count: int, before: Cells, after: Cells) -> bool:
    return len(np.unique(after)) == count


def _introduces(colors: set[int], before: Cells, after: Cells) -> bool:
    """Return True if the output has no new colors except `colors`."""
    return _new_colors(before, after) <= colors


def _new_colors(before: Cells, after: Cells) -> set[int]:
    return set(np.setdiff1d(after, before).tolist())


def _keeps(colors: Sequence[int], before: Cells, after: Cells) -> bool:
    """Return True if input cells of these colors keep their color, or if the size changes."""
    return before.shape != after.shape or not np.isin(before[before != after], colors).any()


def _kept_in_all(color: int, pairs: Pairs) -> bool:
    """Return True if the color occurs in inputs and its cells keep it in all pairs."""
    return any((before == color).any() for before, _ in pairs) and all(
        _keeps([color], *pair) for pair in pairs
    )


def _is_symmetric(
    symmetries: Sequence[Callable[[Cells], Cells]], before: Cells, after: Cells
) -> bool:
    return all(_looks_alike(symmetry, after) for symmetry in symmetries)


def _looks_alike(symmetry: Callable[[Cells], Cells], cells: Cells) -> bool:
    return np.array_equal(symmetry(cells), cells)
