"""The corpus: batches of augmented pairs of many tasks, on canvases of about one size."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from arcsolve.neural.data.augment import SYMMETRIES, draw_augmentation
from arcsolve.neural.data.batches import Example
from arcsolve.neural.data.features import NOTHING
from arcsolve.neural.data.training_task import TrainingTask

BUCKET_SIDE = 3  # cells; sides that differ by less share a bucket
MAX_EXAMPLES = 64  # of a batch


class Corpus:
    """Draws batches of about `cells` cells; each pair of each task is equally likely.

    The task number of an example is the place of its task times `SYMMETRIES`, plus the symmetry of
    the augmentation. The examples of a batch are all flat or all upright and have about one size,
    so that little of a canvas is padding. Each example hides the share `hidden` of its feature
    planes. With `part` (k, n), only the tasks k, k + n, k + 2n, ... are drawn.
    """

    def __init__(
        self,
        tasks: Sequence[TrainingTask],
        cells: int,
        part: tuple[int, int] = (0, 1),
        hidden: float = 0.0,
    ) -> None:
        self.tasks, self._hidden = tasks, hidden
        self._cells = cells
        numbers = range(part[0], len(tasks), part[1])
        self._entries = [(n, p) for n in numbers for p in range(len(tasks[n].pairs))]
        self._buckets: dict[tuple[int, ...], list[tuple[int, int]]] = {}
        for entry in self._entries:
            self._buckets.setdefault(self._bucket(entry), []).append(entry)

    def draw(self, draws: np.random.Generator) -> list[Example]:
        """Draw the examples of a batch."""
        first = self._entries[draws.integers(len(self._entries))]
        bucket = self._buckets[self._bucket(first)]
        area = int(np.prod(np.multiply(self._bucket(first), BUCKET_SIDE)))
        others = int(np.clip(self._cells // area, 1, MAX_EXAMPLES)) - 1
        chosen = [first, *(bucket[i] for i in draws.integers(len(bucket), size=others))]
        upright = bool(draws.random() < 0.5)
        return [self._example(entry, upright, draws) for entry in chosen]

    def _bucket(self, entry: tuple[int, int]) -> tuple[int, ...]:
        """The shorter and the longer side, in units of `BUCKET_SIDE`, rounded up."""
        task, pair = entry
        sides = sorted(self.tasks[task].pairs[pair][1].shape)
        return tuple(-(-side // BUCKET_SIDE) for side in sides)

    def _example(
        self, entry: tuple[int, int], upright: bool, draws: np.random.Generator
    ) -> Example:
        task = self.tasks[entry[0]]
        network_input, labels = task.pairs[entry[1]]
        swap = (labels.shape[0] > labels.shape[1]) != upright
        while (augmentation := draw_augmentation(task.free, draws)).swaps_sides != swap:
            pass  # half of the symmetries match
        number = entry[0] * SYMMETRIES + augmentation.symmetry
        planes = network_input.augment(augmentation)
        features = planes[len(network_input.planes) :]
        features[draws.random(len(features)) < self._hidden] = NOTHING
        return Example(planes, augmentation.apply(labels), number)
