"""Draws a gallery: many tasks in one PNG picture, each with a line of text."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.html import PALETTE
from arcsolve.dsl.task import Task
from arcsolve.submissions.files import write_whole

SIDE = 66  # pixels of a grid's picture
GAP = 6  # pixels between pictures
TEXT = 14  # pixels, the height of a line of text
LETTER = 6  # pixels, the width of a letter in Pillow's font
FEWEST = 4  # pixels; cells at least this large are separated by lines
ACROSS = 4  # tasks side by side
PICTURES = 5  # inputs side by side: up to four pairs and a test
TILE = (2 * (SIDE + GAP) + TEXT + GAP, PICTURES * (SIDE + GAP) + GAP)  # height, width of a task

PAPER, INK, LINE = 255, 40, 85  # shades of gray

Pixels = NDArray[np.uint8]

_COLORS = np.array([tuple(bytes.fromhex(color[1:])) for color in PALETTE], np.uint8)


def check_pillow() -> None:
    """Raise BadInput if the package Pillow is missing; the extra `pictures` installs it."""
    try:
        import PIL  # noqa: F401 - only to check that it is installed
    except ImportError as error:
        problem = "pictures need the package Pillow: pip install 'arcsolve[pictures]'"
        raise BadInput(problem) from error


def draw_gallery(path: Path, shown: Sequence[tuple[Task, Sequence[Grid], str]]) -> None:
    """Draw tasks into a PNG file.

    `shown` has for each task the solutions of its tests and its line of text. Each input is above
    its output, and tests come last. A task shows its first `PICTURES` inputs. Raises BadInput as
    `check_pillow` and `write_whole`.
    """
    check_pillow()
    from PIL import Image, ImageDraw

    height, width = TILE
    rows = -(-len(shown) // ACROSS)
    sheet = Image.new("L", (ACROSS * width, rows * height), PAPER).convert("RGB")
    pen = ImageDraw.Draw(sheet)
    for place, (task, solutions, text) in enumerate(shown):
        left, top = place % ACROSS * width, place // ACROSS * height
        sheet.paste(Image.fromarray(_tile(task, solutions)), (left, top))
        fitting = text[: (width - GAP) // LETTER]
        pen.text((left + GAP, top + height - TEXT - GAP), fitting, fill=(INK, INK, INK))
    content = BytesIO()
    sheet.save(content, "PNG")
    write_whole(path, content.getvalue())


def _tile(task: Task, solutions: Sequence[Grid]) -> Pixels:
    tile = np.full((*TILE, 3), PAPER, np.uint8)
    columns = [(pair.input, pair.output) for pair in task.pairs]
    columns += zip(task.tests, solutions, strict=False)
    for column, grids in enumerate(columns[:PICTURES]):
        for row, grid in enumerate(grids):
            top, left = (GAP + place * (SIDE + GAP) for place in (row, column))
            picture = _picture(grid)
            tile[top : top + len(picture), left : left + picture.shape[1]] = picture
    return tile


def _picture(grid: Grid) -> Pixels:
    """Draw a grid with cells as large as fit, as pixels (height, width, 3)."""
    cell = max(1, (SIDE - 1) // max(grid.shape))
    picture = _COLORS[grid.cells].repeat(cell, 0).repeat(cell, 1)
    if cell >= FEWEST:
        picture[::cell], picture[:, ::cell] = LINE, LINE
    return picture
