"""Training examples of one task: encoded pairs and tests, their augmentations, and batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.task import Pair, Task
from arcsolve.neural.data.augment import (
    SYMMETRIES,
    Augmentation,
    draw_augmentation,
    free_colors,
)
from arcsolve.neural.data.batches import Batch, Example
from arcsolve.neural.data.canvas import Canvas
from arcsolve.neural.data.copies import translate_to_corners
from arcsolve.neural.data.features import NOTHING
from arcsolve.neural.data.inputs import NetworkInput, recolor
from arcsolve.neural.data.tokens import encode_for
from arcsolve.neural.model import TinyRecursiveModel

AUGMENTATIONS = ("symmetries", "colors", "translation")
MAX_EXAMPLES = 32  # of a batch
COPY_SHARE = 0.5  # of the draws of a pair with copies, which take a copy


@dataclass(frozen=True, slots=True)
class EncodedPair:
    """The network input of a pair and its labels (height, width)."""

    input: NetworkInput
    labels: NDArray[np.uint8]
    _codes: dict[int, NDArray[np.uint8]] = field(default_factory=dict, repr=False, compare=False)

    def augment(self, augmentation: Augmentation) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """The augmented planes (planes, height, width) and labels (height, width)."""
        symmetry = augmentation.symmetry
        if symmetry not in self._codes:
            labels = Augmentation(symmetry).apply(self.labels)
            self._codes[symmetry] = np.stack([*self.input.codes(symmetry), labels])
        tokens = recolor(self._codes[symmetry], augmentation.palette)
        return tokens[:-1], tokens[-1]


@dataclass(frozen=True, slots=True)
class TrainingExamples:
    """The encoded `pairs` of a task, each followed by its copies, and its encoded `tests`.

    A test is None if the canvas has no planes for its size. Augmentations take one of
    `symmetries` and permute the `free` colors.
    """

    canvas: Canvas
    pairs: tuple[tuple[EncodedPair, ...], ...]
    tests: tuple[NetworkInput | None, ...]
    symmetries: tuple[int, ...]
    free: tuple[int, ...]

    @property
    def side(self) -> int:
        """The longest side of all canvases, in cells."""
        shapes = [pair.labels.shape for copies in self.pairs for pair in copies]
        shapes += [test.planes.shape[1:] for test in self.tests if test is not None]
        return int(np.max(shapes))

    @property
    def area(self) -> int:
        """The cells of a canvas that holds every pair."""
        return int(np.prod(np.max([copies[0].labels.shape for copies in self.pairs], axis=0)))

    def draw_augmentations(self, count: int, draws: np.random.Generator) -> list[Augmentation]:
        """Draw at most `count` augmentations: first each symmetry alone, then with new colors."""
        plain = [Augmentation(symmetry) for symmetry in self.symmetries]
        if not self.free:
            return plain[:count]
        rest = [self.symmetries[n % len(plain)] for n in range(count - len(plain))]
        colored = (draw_augmentation(self.free, draws, symmetry) for symmetry in rest)
        return [*plain, *colored][:count]

    def batch_size(self, cells: int) -> int:
        """The number of examples in a batch of about `cells` cells."""
        return int(np.clip(cells // self.area, min(len(self.pairs), 4), MAX_EXAMPLES))

    def batch_sampler(
        self,
        places: Sequence[int],
        size: int,
        hidden: float,
        model: TinyRecursiveModel,
        draws: np.random.Generator,
    ) -> Callable[[], Batch]:
        """A function that draws a batch of `size` augmented pairs for the model.

        The pairs at `places` take turns. The caller may change `places` between batches. Either
        all augmentations of a batch swap height and width, or none does. Each example hides the
        share `hidden` of its feature planes.
        """
        swaps = [
            tuple(s for s in self.symmetries if Augmentation(s).swaps_sides == w) for w in (0, 1)
        ]
        orientations = [symmetries for symmetries in swaps if symmetries]

        def draw() -> Batch:
            symmetries = orientations[int(draws.integers(len(orientations)))]
            order = draws.permuted(np.tile(places, (size, 1)), axis=1).flat[:size]
            examples = []
            for place in order.tolist():
                symmetry = symmetries[int(draws.integers(len(symmetries)))]
                augmentation = draw_augmentation(self.free, draws, symmetry)
                pair = self._draw_pair(place, draws)
                planes, labels = pair.augment(augmentation)
                features = planes[len(pair.input.planes) :]
                features[draws.random(len(features)) < hidden] = NOTHING
                examples.append(Example(planes, labels, symmetry))
            return encode_for(model, examples)

        return draw

    def _draw_pair(self, place: int, draws: np.random.Generator) -> EncodedPair:
        """Draw the pair at this place, or one of its copies."""
        copies = self.pairs[place]
        if len(copies) == 1 or draws.random() >= COPY_SHARE:
            return copies[0]
        return copies[1 + int(draws.integers(len(copies) - 1))]


def encode_examples(
    task: Task, canvas: Canvas, features: bool, augmentations: Sequence[str]
) -> TrainingExamples:
    """Encode the task on this canvas, which must be able to show all pairs of the task.

    With `features`, network inputs have feature planes. `augmentations` are among `AUGMENTATIONS`.
    """
    planes = [canvas.planes(test.cells) for test in task.tests]
    copies = translate_to_corners if "translation" in augmentations else _no_copies
    pairs = ([pair, *copies(pair)] for pair in task.pairs)
    return TrainingExamples(
        canvas,
        tuple(tuple(_encode_pairs(canvas, copies, features)) for copies in pairs),
        tuple(None if each is None else NetworkInput(each, features) for each in planes),
        tuple(range(SYMMETRIES)) if "symmetries" in augmentations else (0,),
        free_colors(task) if "colors" in augmentations else (),
    )


def _no_copies(pair: Pair) -> Iterator[Pair]:
    return iter(())


def _encode_pairs(canvas: Canvas, pairs: Sequence[Pair], features: bool) -> Iterator[EncodedPair]:
    """Encode those of a pair and its copies that the canvas can show."""
    for pair in pairs:
        planes, labels = canvas.planes(pair.input.cells), canvas.labels(pair)
        if planes is not None and labels is not None and planes.shape[1:] == labels.shape:
            yield EncodedPair(NetworkInput(planes, features), labels)
