"""A task as networks are shown it: what to train on, under which views, and what to predict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.task import Pair, Task
from arcsolve.neural.data.augment import SYMMETRIES, Augmentation, draw_augmentation, free_colors
from arcsolve.neural.data.batches import Batch, Example
from arcsolve.neural.data.canvas import Canvas
from arcsolve.neural.data.copies import translate_to_corners
from arcsolve.neural.data.features import NOTHING
from arcsolve.neural.data.inputs import NetworkInput, recolor
from arcsolve.neural.data.tokens import encode_for
from arcsolve.neural.model import TinyRecursiveModel

AUGMENTATIONS = ("symmetries", "colors", "translation")
MOST_EXAMPLES = 32  # of a batch
COPIED = 0.5  # share of the draws of a pair with copies that take a copy


@dataclass(frozen=True, slots=True)
class EncodedPair:
    """How an input is shown to the network, and what the network should say."""

    network_input: NetworkInput
    labels: NDArray[np.uint8]
    _codes: dict[int, NDArray[np.uint8]] = field(default_factory=dict, repr=False, compare=False)

    def augment(self, augmentation: Augmentation) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """The planes (planes, height, width) and the labels (height, width) under a view."""
        if augmentation.symmetry not in self._codes:
            labels = Augmentation(augmentation.symmetry).apply(self.labels)
            self._codes[augmentation.symmetry] = np.stack(
                [*self.network_input.codes(augmentation.symmetry), labels]
            )
        seen = recolor(self._codes[augmentation.symmetry], augmentation.palette)
        return seen[:-1], seen[-1]


@dataclass(frozen=True, slots=True)
class TrainingExamples:
    """The `pairs` of a task, each followed by its copies, and its `tests`, None without planes.

    Views have one of `symmetries`, and the `free` colors permuted.
    """

    canvas: Canvas
    pairs: tuple[tuple[EncodedPair, ...], ...]
    tests: tuple[NetworkInput | None, ...]
    symmetries: tuple[int, ...]
    free: tuple[int, ...]

    @property
    def side(self) -> int:
        """Cells of the longest side of all that is shown."""
        shapes = [shown.labels.shape for copies in self.pairs for shown in copies]
        shapes += [
            network_input.planes.shape[1:]
            for network_input in self.tests
            if network_input is not None
        ]
        return int(np.max(shapes))

    def views(self, most: int, draws: np.random.Generator) -> list[Augmentation]:
        """So many views: as it is under each symmetry, and then with colors permuted as well."""
        plain = [Augmentation(symmetry) for symmetry in self.symmetries]
        if not self.free:
            return plain[:most]
        turns = [self.symmetries[n % len(plain)] for n in range(most - len(plain))]
        return [*plain, *(draw_augmentation(self.free, draws, turn) for turn in turns)][:most]

    @property
    def area(self) -> int:
        """Cells of a canvas that holds every pair."""
        return int(np.prod(np.max([copies[0].labels.shape for copies in self.pairs], axis=0)))

    def batch_size(self, cells: int) -> int:
        """Of a batch of about so many cells."""
        return int(np.clip(cells // self.area, min(len(self.pairs), 4), MOST_EXAMPLES))

    def batch_sampler(
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
        swaps = [
            tuple(s for s in self.symmetries if Augmentation(s).swaps_sides == w) for w in (0, 1)
        ]
        turns = [symmetries for symmetries in swaps if symmetries]

        def draw() -> Batch:
            symmetries = turns[int(draws.integers(len(turns)))]
            order = draws.permuted(np.tile(places, (size, 1)), axis=1).flat[:size]
            examples = []
            for place in order.tolist():
                symmetry = symmetries[int(draws.integers(len(symmetries)))]
                augmentation = draw_augmentation(self.free, draws, symmetry)
                shown = self._drawn(place, draws)
                planes, labels = shown.augment(augmentation)
                features = planes[len(shown.network_input.planes) :]
                features[draws.random(len(features)) < hidden] = NOTHING
                examples.append(Example(planes, labels, symmetry))
            return encode_for(model, examples)

        return draw

    def _drawn(self, place: int, draws: np.random.Generator) -> EncodedPair:
        """The pair, or one of its copies."""
        shown = self.pairs[place]
        if len(shown) == 1 or draws.random() >= COPIED:
            return shown[0]
        return shown[1 + int(draws.integers(len(shown) - 1))]


def encode_examples(
    task: Task, canvas: Canvas, features: bool, augmentations: Sequence[str]
) -> TrainingExamples:
    """The task on this canvas, which must be able to show all its pairs.

    With `features` inputs are shown with those. `augmentations` are some of `AUGMENTATIONS`.
    """
    planes = [canvas.planes(test.cells) for test in task.tests]
    copies = translate_to_corners if "translation" in augmentations else _no_copies
    pairs = ([pair, *copies(pair)] for pair in task.pairs)
    return TrainingExamples(
        canvas,
        tuple(tuple(_shown(canvas, copies, features)) for copies in pairs),
        tuple(None if each is None else NetworkInput(each, features) for each in planes),
        tuple(range(SYMMETRIES)) if "symmetries" in augmentations else (0,),
        free_colors(task) if "colors" in augmentations else (),
    )


def _no_copies(pair: Pair) -> Iterator[Pair]:
    return iter(())


def _shown(canvas: Canvas, pairs: Sequence[Pair], features: bool) -> Iterator[EncodedPair]:
    """The pair and those of its copies that the canvas can show, with as many planes."""
    for pair in pairs:
        planes, labels = canvas.planes(pair.input.cells), canvas.labels(pair)
        if planes is not None and labels is not None and planes.shape[1:] == labels.shape:
            yield EncodedPair(NetworkInput(planes, features), labels)
