"""What the network is trained on: open tasks and files of synthetic ones, as lessons."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from arcsolve.data.datasets import Dataset, load
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Pair, Task
from arcsolve.neural.data.augment import free_colors
from arcsolve.neural.data.canvas import Cropped, SameSize, canvas_of
from arcsolve.neural.data.inputs import Sight
from arcsolve.neural.pretraining.corpus import Lesson

PARTS = 1000  # into which task ids are dealt; a share of them is held out


def lessons_of(sources: Iterable[str]) -> Iterator[Lesson]:
    """A lesson for each task of these sets or files whose canvas shows the input as one plane.

    Raises BadInput for a source with locked tasks: who trains on them can no longer measure.
    """
    for source in sources:
        dataset = load(source)
        if dataset.locked:
            raise BadInput(f"{dataset.name} holds locked tasks: they are not for training")
        found = (lesson_of(task, _solutions(dataset, name)) for name, task in dataset.tasks.items())
        yield from (lesson for lesson in found if lesson is not None)


def lesson_of(task: Task, solutions: Iterable[Grid]) -> Lesson | None:
    """The task as a lesson whose tests are held out, if outputs are as large as inputs or crops.

    None for other tasks. A test is left out if its solution is neither.
    """
    canvas = canvas_of(task, crops=True)
    if not isinstance(canvas, SameSize | Cropped):
        return None
    hidden = [Pair(*both) for both in zip(task.tests, solutions, strict=False)]
    pairs, tests = (
        tuple(
            (Sight(pair.input.cells[None], features=True), labels)
            for pair in both
            if (labels := canvas.labels(pair)) is not None and labels.shape == pair.input.shape
        )
        for both in (task.pairs, hidden)
    )
    return Lesson(task.name, pairs, free_colors(task), tests)


def held_apart(lessons: Iterable[Lesson], share: float) -> tuple[list[Lesson], list[Lesson]]:
    """Lessons to train on, tests and all, and about this share of them to measure on.

    The name alone decides, so that the same tasks are held out in every run.
    """
    training, held_out = [], []
    for lesson in lessons:
        if is_held_out(lesson.name, share):
            held_out.append(lesson)
        else:
            training.append(replace(lesson, pairs=lesson.pairs + lesson.tests, tests=()))
    return training, [lesson for lesson in held_out if lesson.tests]


def is_held_out(name: str, share: float) -> bool:
    """Whether the task of this name is measured on, and not trained on."""
    return zlib.crc32(name.encode()) % PARTS < share * PARTS


def _solutions(dataset: Dataset, name: str) -> tuple[Grid, ...]:
    return (dataset.solutions or {}).get(name, ())
