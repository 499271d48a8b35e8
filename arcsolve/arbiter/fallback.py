"""Guesses two valid attempts for a test that no solver has an output for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.grid import NUM_COLORS, Grid
from arcsolve.dsl.task import Task

Sizes = Callable[[Task], "tuple[tuple[int, int] | None, ...]"]
"""Infers the (height, width) of each test's output, None for an unknown size."""


def guess_attempts(task: Task, test: int, sizes: Sizes | None = None) -> tuple[Grid, Grid]:
    """Guess two distinct grids for a test, always the same two.

    Both have the size that the task implies, or else that of the test input. The first grid is the
    test input, cut, or padded with the commonest output color. The second grid has in each cell
    the commonest color of the demonstrated outputs of this size, or else the commonest output
    color. `sizes` is None for `arcsolve.search.output_size.rules.infer_sizes`.
    """
    height, width = (sizes or _inferred_sizes)(task)[test] or task.tests[test].shape
    background = _commonest(np.concatenate([pair.output.cells.ravel() for pair in task.pairs]))
    first = np.full((height, width), background, dtype=np.uint8)
    known = task.tests[test].cells[:height, :width]
    first[: known.shape[0], : known.shape[1]] = known
    others = [
        _typical_output(task, height, width),
        np.full_like(first, background),
        np.full_like(first, (background + 1) % NUM_COLORS),
    ]
    second = next(other for other in others if other is not None and (other != first).any())
    return Grid(first), Grid(second)


def _inferred_sizes(task: Task) -> tuple[tuple[int, int] | None, ...]:
    from arcsolve.search.output_size.rules import infer_sizes

    return infer_sizes(task)


def _typical_output(task: Task, height: int, width: int) -> NDArray[np.uint8] | None:
    """Return the commonest color of each cell in the outputs of this shape, None without any."""
    outputs = [p.output.cells for p in task.pairs if p.output.shape == (height, width)]
    if not outputs:
        return None
    counts = np.stack([(np.stack(outputs) == color).sum(axis=0) for color in range(NUM_COLORS)])
    commonest: NDArray[np.uint8] = counts.argmax(axis=0).astype(np.uint8)
    return commonest


def _commonest(colors: NDArray[np.uint8]) -> int:
    """Return the commonest color, and of equally common colors the lowest."""
    return int(np.bincount(colors, minlength=NUM_COLORS).argmax())
