"""Regularities: what the outputs of all pairs have in common, and how much of it an output breaks.

A program may fit all pairs and still give something that is unlike every output that was shown.
No regularity is a rule of the task: that one is broken is evidence, which the arbiter weighs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from arcsolve.dsl.grid import NUM_COLORS, Grid
from arcsolve.dsl.task import Task
from arcsolve.dsl.values import Cells
from arcsolve.search.output_size.rules import inferred_sizes

Pairs = Sequence[tuple[Cells, Cells]]

Invariant = Callable[[Cells, Cells], bool]
"""Whether an output, for its input, is as all outputs of the pairs are."""

_SYMMETRIES: tuple[Callable[[Cells], Cells], ...] = (np.flipud, np.fliplr, np.transpose)


def breach_counter(task: Task) -> Callable[[int, Grid], int]:
    """For a test of the task and an output: how many regularities of the pairs it breaks."""
    kept = find_invariants([(pair.input.cells, pair.output.cells) for pair in task.pairs])
    sizes = inferred_sizes(task, relations=False)

    def broken(test: int, output: Grid) -> int:
        resized = sizes[test] not in (None, output.shape)
        cells = task.tests[test].cells, output.cells
        return resized + sum(not regularity(*cells) for regularity in kept)

    return broken


def find_invariants(pairs: Pairs) -> list[Invariant]:
    """Those that all pairs (input, output) keep; sizes apart."""
    colors = len(np.unique(pairs[0][1]))
    possible: list[Invariant] = [
        _changed,
        _varied,
        partial(_has_colors, colors),
        partial(_introduces, set().union(*(_introduced(*pair) for pair in pairs))),
        partial(_keeps, [color for color in range(NUM_COLORS) if _kept_in_all(color, pairs)]),
        partial(
            _is_symmetric, [s for s in _SYMMETRIES if all(_looks_alike(s, o) for _, o in pairs)]
        ),
    ]
    return [regularity for regularity in possible if all(regularity(*pair) for pair in pairs)]


def _changed(before: Cells, after: Cells) -> bool:
    return not np.array_equal(before, after)


def _varied(before: Cells, after: Cells) -> bool:
    """Not all of one color."""
    return bool((after != after[0, 0]).any())


def _has_colors(count: int, before: Cells, after: Cells) -> bool:
    return len(np.unique(after)) == count


def _introduces(colors: set[int], before: Cells, after: Cells) -> bool:
    """No colors that the input does not have, other than these."""
    return _introduced(before, after) <= colors


def _introduced(before: Cells, after: Cells) -> set[int]:
    return set(np.setdiff1d(after, before).tolist())


def _keeps(colors: Sequence[int], before: Cells, after: Cells) -> bool:
    """Cells of these colors stay as they are; true if the size changes."""
    return before.shape != after.shape or not np.isin(before[before != after], colors).any()


def _kept_in_all(color: int, pairs: Pairs) -> bool:
    """Whether this color occurs in inputs, and its cells stay in all pairs."""
    return any((before == color).any() for before, _ in pairs) and all(
        _keeps([color], *pair) for pair in pairs
    )


def _is_symmetric(
    symmetries: Sequence[Callable[[Cells], Cells]], before: Cells, after: Cells
) -> bool:
    return all(_looks_alike(symmetry, after) for symmetry in symmetries)


def _looks_alike(symmetry: Callable[[Cells], Cells], cells: Cells) -> bool:
    return np.array_equal(symmetry(cells), cells)
