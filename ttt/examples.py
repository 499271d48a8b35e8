"""A task as networks are shown it: what to train on, under which views, and what to predict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.task import Pair, Task
from arcsolve.neural.data.augment import SYMMETRIES, View, draw_view, free_colors
from arcsolve.neural.data.batches import Batch, Example
from arcsolve.neural.data.canvas import Canvas
from arcsolve.neural.data.copies import moved
from arcsolve.neural.data.features import NOTHING
from arcsolve.neural.data.inputs import Sight, recolored
from arcsolve.neural.data.tokens import encode_on
from arcsolve.neural.model import TinyRecursiveModel

AUGMENTATIONS = ("symmetries", "colors", "translation")
MOST_EXAMPLES = 32  # of a batch
COPIED = 0.5  # share of the draws of a pair with copies that take a copy


@dataclass(frozen=True, slots=True)
class Shown:
    """How an input is shown to the network, and what the network should say."""

    sight: Sight
    labels: NDArray[np.uint8]
    _codes: dict[int, NDArray[np.uint8]] = field(default_factory=dict, repr=False, compare=False)

    def under(self, view: View) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """The planes (planes, height, width) and the labels (height, width) under a view."""
        if view.symmetry not in self._codes:
            labels = View(view.symmetry).apply(self.labels)
            self._codes[view.symmetry] = np.stack([*self.sight.codes(view.symmetry), labels])
        seen = recolored(self._codes[view.symmetry], view.palette)
        return seen[:-1], seen[-1]


@dataclass(frozen=True, slots=True)
class Study:
    """The `pairs` of a task, each followed by its copies, and its `tests`, None without planes.

    Views have one of `symmetries`, and the `free` colors permuted.
    """

    canvas: Canvas
    pairs: tuple[tuple[Shown, ...], ...]
    tests: tuple[Sight | None, ...]
    symmetries: tuple[int, ...]
    free: tuple[int, ...]

    @property
    def side(self) -> int:
        """Cells of the longest side of all that is shown."""
        shapes = [shown.labels.shape for copies in self.pairs for shown in copies]
        shapes += [sight.planes.shape[1:] for sight in self.tests if sight is not None]
        return int(np.max(shapes))

    def views(self, most: int, draws: np.random.Generator) -> list[View]:
        """So many views: as it is under each symmetry, and then with colors permuted as well."""
        plain = [View(symmetry) for symmetry in self.symmetries]
        if not self.free:
            return plain[:most]
        turns = [self.symmetries[n % len(plain)] for n in range(most - len(plain))]
        return [*plain, *(draw_view(self.free, draws, turn) for turn in turns)][:most]

    @property
    def area(self) -> int:
        """Cells of a canvas that holds every pair."""
        return int(np.prod(np.max([copies[0].labels.shape for copies in self.pairs], axis=0)))

    def examples(self, cells: int) -> int:
        """Of a batch of about so many cells."""
        return int(np.clip(cells // self.area, min(len(self.pairs), 4), MOST_EXAMPLES))

    def drawer(
        self,
        places: Sequence[int],
        size: int,
        hidden: float,
        model: TinyRecursiveModel,
        draws: np.random.Generator,
    ) -> Callable[[], Batch]:
        """Draws batches for a network, of so many examples: views of the pairs at these places.

        The pairs take turns. All views of a batch swap height and width, or none does. From each
        example the share `hidden` of the features is hidden. `places` may change meanwhile.
        """
        swaps = [tuple(s for s in self.symmetries if View(s).swaps_sides == w) for w in (0, 1)]
        turns = [symmetries for symmetries in swaps if symmetries]

        def draw() -> Batch:
            symmetries = turns[int(draws.integers(len(turns)))]
            order = draws.permuted(np.tile(places, (size, 1)), axis=1).flat[:size]
            examples = []
            for place in order.tolist():
                symmetry = symmetries[int(draws.integers(len(symmetries)))]
                view = draw_view(self.free, draws, symmetry)
                shown = self._drawn(place, draws)
                planes, labels = shown.under(view)
                features = planes[len(shown.sight.planes) :]
                features[draws.random(len(features)) < hidden] = NOTHING
                examples.append(Example(planes, labels, symmetry))
            return encode_on(model, examples)

        return draw

    def _drawn(self, place: int, draws: np.random.Generator) -> Shown:
        """The pair, or one of its copies."""
        shown = self.pairs[place]
        if len(shown) == 1 or draws.random() >= COPIED:
            return shown[0]
        return shown[1 + int(draws.integers(len(shown) - 1))]


def study_of(task: Task, canvas: Canvas, features: bool, augmentations: Sequence[str]) -> Study:
    """The task on this canvas, which must be able to show all its pairs.

    With `features` inputs are shown with those. `augmentations` are some of `AUGMENTATIONS`.
    """
    planes = [canvas.planes(test.cells) for test in task.tests]
    copies = moved if "translation" in augmentations else _no_copies
    pairs = ([pair, *copies(pair)] for pair in task.pairs)
    return Study(
        canvas,
        tuple(tuple(_shown(canvas, copies, features)) for copies in pairs),
        tuple(None if each is None else Sight(each, features) for each in planes),
        tuple(range(SYMMETRIES)) if "symmetries" in augmentations else (0,),
        free_colors(task) if "colors" in augmentations else (),
    )


def _no_copies(pair: Pair) -> Iterator[Pair]:
    return iter(())


def _shown(canvas: Canvas, pairs: Sequence[Pair], features: bool) -> Iterator[Shown]:
    """The pair and those of its copies that the canvas can show, with as many planes."""
    for pair in pairs:
        planes, labels = canvas.planes(pair.input.cells), canvas.labels(pair)
        if planes is not None and labels is not None and planes.shape[1:] == labels.shape:
            yield Shown(Sight(planes, features), labels)
