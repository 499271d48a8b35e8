"""Scenes: random inputs for synthetic tasks, in the style of tasks made by people.

The inputs of a task have something in common. So a family draws scenes in two stages: it first
draws what the inputs share and returns a painter, which then draws one input after another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.grid import NUM_COLORS

Cells = NDArray[np.uint8]
Draws = np.random.Generator
Painter = Callable[[Draws], Cells]

SIDES = (4, 8, 12, 16)  # the sides of a task's scenes lie between two neighbors of these
SIDE_ODDS = (0.35, 0.45, 0.2)  # of the first and second, the second and third, ...
MOST_COLORS = 4  # besides the background
ATTEMPTS = 20  # at finding a free place for an object


@dataclass(frozen=True, slots=True)
class Scenes:
    """The inputs of one task: `paint` draws an input with 0 and the colors of `palette`."""

    family: str
    palette: tuple[int, ...]
    paint: Painter


def draw_scenes(draws: Draws) -> Scenes:
    """Draw a family, a palette and a range of sides."""
    family = str(draws.choice(list(FAMILIES)))
    colors = 1 + draws.permutation(NUM_COLORS - 1)[: draws.integers(1, MOST_COLORS + 1)]
    palette = tuple(colors.tolist())
    return Scenes(family, palette, FAMILIES[family](draws, palette, _shapes(draws)))


Shapes = Callable[[Draws], tuple[int, int]]


def _shapes(draws: Draws) -> Shapes:
    """A function that draws heights and widths: equal in half of the tasks, and often square."""
    place = int(draws.choice(len(SIDE_ODDS), p=SIDE_ODDS))
    square, alike = draws.random(2) < 0.5
    fixed = draws.integers(SIDES[place], SIDES[place + 1] + 1, 2)

    def shape(again: Draws) -> tuple[int, int]:
        sides = fixed if alike else again.integers(SIDES[place], SIDES[place + 1] + 1, 2)
        return int(sides[0]), int(sides[0] if square else sides[1])

    return shape


def _objects(draws: Draws, palette: tuple[int, ...], shapes: Shapes) -> Painter:
    """A few objects of one or two kinds that do not touch."""
    kinds = [_KINDS[i] for i in draws.integers(len(_KINDS), size=2)]
    most, largest = int(draws.integers(2, 7)), int(draws.integers(2, 6))

    def paint(draws: Draws) -> Cells:
        canvas = np.zeros(shapes(draws), np.uint8)
        for _ in range(draws.integers(1, most + 1)):
            kind = kinds[draws.integers(2)]
            sides = np.minimum(draws.integers(1, largest + 1, 2), np.array(canvas.shape) - 1)
            _place(canvas, kind(draws, sides) * np.uint8(draws.choice(palette)), draws)
        return canvas

    return paint


def _place(canvas: Cells, item: Cells, draws: Draws) -> None:
    """Put an object where it does not touch another object, if there is such a place.

    Objects one cell apart would be one object for some primitives and two for others.
    """
    for _ in range(ATTEMPTS):
        top, left = (
            int(draws.integers(0, room + 1)) for room in np.subtract(canvas.shape, item.shape)
        )
        around = canvas[max(0, top - 1) :, max(0, left - 1) :]
        if not around[: item.shape[0] + 2, : item.shape[1] + 2].any():
            canvas[top : top + item.shape[0], left : left + item.shape[1]] |= item
            return


def _solid(draws: Draws, sides: NDArray[np.int64]) -> Cells:
    return np.ones(sides, np.uint8)


def _outline(draws: Draws, sides: NDArray[np.int64]) -> Cells:
    box = np.ones(np.maximum(sides, 3), np.uint8)
    box[1:-1, 1:-1] = 0
    return box


def _blob(draws: Draws, sides: NDArray[np.int64]) -> Cells:
    """A connected shape, grown cell by cell from the middle."""
    blob = np.zeros(sides, np.uint8)
    row, col = sides // 2
    for _ in range(1 + int(sides.prod() * 0.8)):
        blob[row, col] = 1
        step = draws.integers(-1, 2) * np.eye(2, dtype=np.int64)[draws.integers(2)]
        row, col = np.clip((row + step[0], col + step[1]), 0, sides - 1)
    return blob


def _cross(draws: Draws, sides: NDArray[np.int64]) -> Cells:
    cross = np.zeros(sides, np.uint8)
    cross[sides[0] // 2], cross[:, sides[1] // 2] = 1, 1
    return cross


def _diagonal(draws: Draws, sides: NDArray[np.int64]) -> Cells:
    line = np.eye(int(sides.min()), dtype=np.uint8)
    return line[::-1] if draws.random() < 0.5 else line


_KINDS = (_solid, _outline, _blob, _cross, _diagonal)


def _figure(draws: Draws, palette: tuple[int, ...], shapes: Shapes) -> Painter:
    """One object of several colors, somewhere on the canvas or all over it."""
    whole, mirrored = draws.random(2) < 0.4

    def paint(draws: Draws) -> Cells:
        canvas = np.zeros(shapes(draws), np.uint8)
        sides = np.array(canvas.shape) if whole else draws.integers(2, np.array(canvas.shape))
        item = _blob(draws, sides) * draws.choice(palette, sides).astype(np.uint8)
        _place(canvas, np.maximum(item, item[:, ::-1]) if mirrored else item, draws)
        return canvas

    return paint


def _pattern(draws: Draws, palette: tuple[int, ...], shapes: Shapes) -> Painter:
    """A tiny picture of 2 to 5 cells a side, for rules that enlarge or repeat it."""
    fixed = draws.integers(2, 6, 2)
    blank = draws.uniform(0.2, 0.6)
    return lambda draws: _draw_noise(draws, tuple(fixed), palette, blank)


def _noise(draws: Draws, palette: tuple[int, ...], shapes: Shapes) -> Painter:
    """Independent random cells: from single specks to a carpet without background."""
    blank = float(draws.choice((0.0, 0.4, 0.7, 0.9)))
    return lambda draws: _draw_noise(draws, shapes(draws), palette, blank)


def _draw_noise(
    draws: Draws, shape: tuple[int, ...], palette: tuple[int, ...], blank: float
) -> Cells:
    drawn = draws.choice(palette, shape) * (draws.random(shape) >= blank)
    return drawn.astype(np.uint8)


def _lines(draws: Draws, palette: tuple[int, ...], shapes: Shapes) -> Painter:
    """Straight lines across the canvas or part of it, and some specks."""
    most, across, specks = int(draws.integers(1, 4)), draws.random() < 0.5, draws.integers(0, 4)

    def paint(draws: Draws) -> Cells:
        canvas = np.zeros(shapes(draws), np.uint8)
        for _ in range(draws.integers(1, most + 1)):
            lines = canvas if draws.random() < 0.5 else canvas.T
            start, end = sorted(draws.integers(0, lines.shape[1] + 1, 2))
            part = slice(None) if across else slice(start, end)
            lines[draws.integers(len(lines)), part] = draws.choice(palette)
        for place in draws.integers(0, canvas.size, specks):
            canvas.flat[place] = draws.choice(palette)
        return canvas

    return paint


def _panels(draws: Draws, palette: tuple[int, ...], shapes: Shapes) -> Painter:
    """Panels of equal size with specks, separated by lines of one color."""
    rows, columns = ((1, 2), (2, 1), (2, 2), (1, 3), (3, 3))[draws.integers(5)]
    height, width = draws.integers(2, 6, 2)
    line, blank = palette[0], draws.uniform(0.3, 0.8)
    inks = palette[1:] or (1 + line % (NUM_COLORS - 1),)

    def paint(draws: Draws) -> Cells:
        shape = rows * (height + 1) - 1, columns * (width + 1) - 1
        canvas = _draw_noise(draws, shape, inks, blank)
        canvas[height :: height + 1] = line
        canvas[:, width :: width + 1] = line
        return canvas

    return paint


def _mosaic(draws: Draws, palette: tuple[int, ...], shapes: Shapes) -> Painter:
    """A tile repeated or mirrored over the canvas, mostly with a hole."""
    mode = str(draws.choice(("wrap", "symmetric", "reflect")))
    sides, hole = draws.integers(2, 5, 2), draws.random() < 0.7

    def paint(draws: Draws) -> Cells:
        shape = np.maximum(shapes(draws), sides)
        tile = _draw_noise(draws, tuple(sides), palette, 0.2)
        canvas: Cells = np.pad(tile, [(0, room) for room in shape - sides], mode=mode)  # type: ignore[call-overload]
        if hole:
            top, left = draws.integers(0, shape - 1)
            canvas[top : top + draws.integers(1, 4), left : left + draws.integers(1, 4)] = 0
        return canvas

    return paint


def _rooms(draws: Draws, palette: tuple[int, ...], shapes: Shapes) -> Painter:
    """Outlined boxes, some with specks inside, some with an opening."""
    boxes = int(draws.integers(1, 4))
    opened, specked = draws.random(2) < 0.5

    def paint(draws: Draws) -> Cells:
        canvas = np.zeros(np.maximum(shapes(draws), 6), np.uint8)
        for _ in range(boxes):
            box = _outline(draws, draws.integers(3, 7, 2).clip(max=np.array(canvas.shape)))
            box *= np.uint8(draws.choice(palette))
            if opened and draws.random() < 0.5:
                box[0, len(box[0]) // 2] = 0
            if specked:
                box[1 + draws.integers(len(box) - 2), 1] = draws.choice(palette)
            _place(canvas, box, draws)
        return canvas

    return paint


FAMILIES: Mapping[str, Callable[[Draws, tuple[int, ...], Shapes], Painter]] = MappingProxyType(
    {
        "objects": _objects,
        "figure": _figure,
        "pattern": _pattern,
        "noise": _noise,
        "lines": _lines,
        "panels": _panels,
        "mosaic": _mosaic,
        "rooms": _rooms,
    }
)
