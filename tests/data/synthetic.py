"""Writes the synthetic challenge and solutions files of the tests: known rules on random grids.

Run ``python tests/data/synthetic.py`` to write the two files into this folder. The bytes are the
same every time.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

CHALLENGES = Path(__file__).with_name("synthetic_challenges.json")
SOLUTIONS = Path(__file__).with_name("synthetic_solutions.json")
NUM_PAIRS = 3

Cells = NDArray[np.uint8]


def noise(draw: Random) -> Cells:
    """Draw a rectangle of 3 to 6 cells a side, every cell of a random color."""
    height, width = draw.sample(range(3, 7), 2)
    return np.array([[draw.randrange(10) for _ in range(width)] for _ in range(height)], np.uint8)


def one_object(draw: Random) -> Cells:
    """Draw a solid 2x3 to 3x4 block of two colors somewhere on a black 9x9 canvas."""
    canvas = np.zeros((9, 9), np.uint8)
    height, width = draw.randint(2, 3), draw.randint(3, 4)
    row, col = draw.randrange(9 - height), draw.randrange(9 - width)
    first, second = draw.sample(range(1, 10), 2)
    canvas[row : row + height, col : col + width] = first
    canvas[row, col + 1] = second
    return canvas


def scattered(draw: Random) -> Cells:
    """Draw six cells of colors 1 to 3, at least one of color 1, on a black 7x8 canvas."""
    canvas = np.zeros((7, 8), np.uint8)
    for index, place in enumerate(draw.sample(range(56), 6)):
        canvas[divmod(place, 8)] = draw.randint(1, 3) if index else 1
    return canvas


def rings(draw: Random) -> Cells:
    """Draw two closed rings of random colors, 3 and 4 cells a side, on a black 6x10 canvas."""
    canvas = np.zeros((6, 10), np.uint8)
    for side, left in ((3, draw.randint(0, 1)), (4, draw.randint(5, 6))):
        top, color = draw.randint(0, 6 - side), draw.randint(1, 9)
        canvas[top : top + side, left : left + side] = color
        canvas[top + 1 : top + side - 1, left + 1 : left + side - 1] = 0
    return canvas


def panels(draw: Random) -> Cells:
    """Draw two 4x4 panels of colors 0 and 2 side by side, and a column of color 5 between them."""
    cells = [[2 * draw.randint(0, 1) for _ in range(9)] for _ in range(4)]
    canvas = np.array(cells, np.uint8)
    canvas[:, 4] = 5
    return canvas


def fallen(cells: Cells) -> Cells:
    """Let the cells that are not black fall to the bottom of their columns, in their order."""
    result = np.zeros_like(cells)
    for col, column in enumerate(cells.T):
        colors = column[column > 0]
        result[len(column) - len(colors) :, col] = colors
    return result


def cropped(cells: Cells) -> Cells:
    """Crop to the bounding box of the cells that are not black."""
    rows, cols = np.nonzero(cells)
    return cells[rows.min() : rows.max() + 1, cols.min() : cols.max() + 1]


def filled(cells: Cells) -> Cells:
    """Fill black cells that a ring encloses in rows and columns with color 4."""
    left, up = np.maximum.accumulate(cells, 1), np.maximum.accumulate(cells, 0)
    right = np.maximum.accumulate(cells[:, ::-1], 1)[:, ::-1]
    down = np.maximum.accumulate(cells[::-1], 0)[::-1]
    inside = (cells == 0) & (left > 0) & (right > 0) & (up > 0) & (down > 0)
    return np.where(inside, np.uint8(4), cells)


RULES: dict[str, tuple[Callable[[Random], Cells], Callable[[Cells], Cells], int]] = {
    "synthetic-flip-rows": (noise, lambda cells: cells[::-1], 1),
    "synthetic-flip-cols": (noise, lambda cells: cells[:, ::-1], 2),
    "synthetic-rotate": (noise, lambda cells: np.rot90(cells), 1),
    "synthetic-transpose": (noise, lambda cells: cells.T, 1),
    "synthetic-scale": (noise, lambda cells: cells.repeat(2, 0).repeat(2, 1), 1),
    "synthetic-tile": (noise, lambda cells: np.tile(cells, (2, 2)), 1),
    "synthetic-mirror": (noise, lambda cells: np.hstack([cells, cells[:, ::-1]]), 1),
    "synthetic-recolor": (scattered, lambda cells: np.where(cells == 1, np.uint8(8), cells), 2),
    "synthetic-gravity": (scattered, fallen, 1),
    "synthetic-crop": (one_object, cropped, 1),
    "synthetic-fill": (rings, filled, 1),
    "synthetic-panels": (panels, lambda cells: np.minimum(cells[:, :4], cells[:, 5:]), 1),
}
"""By task id: the function that draws an input, the rule, and the number of tests."""


def synthetic_tasks(seed: int = 0) -> tuple[dict[str, Any], dict[str, Any]]:
    """Build the challenges and the solutions as JSON documents of the competition."""
    challenges, solutions = {}, {}
    for task_id, (draw_input, rule, num_tests) in RULES.items():
        draw = Random(f"{seed} {task_id}")
        inputs = [draw_input(draw) for _ in range(NUM_PAIRS + num_tests)]
        pairs = [{"input": i.tolist(), "output": rule(i).tolist()} for i in inputs]
        challenges[task_id] = {
            "train": pairs[:NUM_PAIRS],
            "test": [{"input": pair["input"]} for pair in pairs[NUM_PAIRS:]],
        }
        solutions[task_id] = [pair["output"] for pair in pairs[NUM_PAIRS:]]
    return challenges, solutions


def main() -> None:
    """Write both files."""
    for path, content in zip((CHALLENGES, SOLUTIONS), synthetic_tasks(), strict=True):
        path.write_text(json.dumps(content) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
