"""What the network is trained on: open tasks and files of synthetic ones, as lessons."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from arcsolve.datasets import Dataset, load
from dsl.errors import BadInput
from dsl.grid import Grid
from dsl.task import Task
from neural.corpus import Lesson
from ttt.canvas import canvas_of
from ttt.views import free_colors

__all__ = ["held_apart", "lesson_of", "lessons_of"]

PARTS = 1000  # into which task ids are dealt; a share of them is held out


def lessons_of(sources: Iterable[str], planes: int = 1) -> Iterator[Lesson]:
    """A lesson for each task of these sets or files whose canvas has so many planes.

    Raises BadInput for a source with locked tasks: who trains on them can no longer measure.
    """
    for source in sources:
        dataset = load(source)
        if dataset.locked:
            raise BadInput(f"{dataset.name} holds locked tasks: they are not for training")
        found = (lesson_of(task, _solutions(dataset, name)) for name, task in dataset.tasks.items())
        yield from (each for each in found if each is not None and len(each.pairs[0][0]) == planes)


def lesson_of(task: Task, solutions: Iterable[Grid]) -> Lesson | None:
    """The task as a lesson whose tests are held out; None if the output's size is not plain.

    A test is left out if the canvas for it has not the size of its solution.
    """
    canvas = canvas_of(task)
    if canvas is None:
        return None
    shown = [(pair.input, pair.output) for pair in task.pairs]
    hidden = list(zip(task.tests, solutions, strict=False))
    pairs, tests = (
        tuple(
            (planes, after.cells)
            for before, after in grids
            if (planes := canvas.planes(before.cells)) is not None
            and planes.shape[1:] == after.shape
        )
        for grids in (shown, hidden)
    )
    return Lesson(task.name, pairs, free_colors(task), tests)


def held_apart(lessons: Iterable[Lesson], share: float) -> tuple[list[Lesson], list[Lesson]]:
    """Lessons to train on, tests and all, and about this share of them to measure on.

    The name alone decides, so that the same tasks are held out in every run.
    """
    training, held_out = [], []
    for lesson in lessons:
        if zlib.crc32(lesson.name.encode()) % PARTS < share * PARTS:
            held_out.append(lesson)
        else:
            training.append(replace(lesson, pairs=lesson.pairs + lesson.tests, tests=()))
    return training, [lesson for lesson in held_out if lesson.tests]


def _solutions(dataset: Dataset, name: str) -> tuple[Grid, ...]:
    return (dataset.solutions or {}).get(name, ())
