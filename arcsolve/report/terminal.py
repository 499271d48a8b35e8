"""Draws grids side by side on a terminal: colored cells, or digits without color."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.console import Console, ConsoleOptions
from rich.style import Style
from rich.text import Text

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.html import PALETTE
from arcsolve.dsl.task import Task

GAP = 3  # characters between two pictures
BLOCK = "  "  # two characters are about as wide as a line is high
UPPER_HALF = "▀"

_BACKGROUNDS = tuple(Style(bgcolor=color) for color in PALETTE)


@dataclass(frozen=True)
class Strip:
    """A rich renderable of titled grids from left to right, wrapped to the width of the console.

    A cell is a colored block, two characters wide and one high. If these blocks do not fit in one
    line, a cell is one character wide and half a character high. On consoles without color (pipes,
    ``NO_COLOR``) a cell is a digit.
    """

    pictures: Sequence[tuple[str, Grid]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        if console.no_color or console.color_system is None:
            drawn = [draw_digits(grid) for _, grid in self.pictures]
        else:
            drawn = [draw_blocks(grid) for _, grid in self.pictures]
            if sum(self._widths(drawn)) + GAP * (len(drawn) - 1) > options.max_width:
                drawn = [draw_halves(grid) for _, grid in self.pictures]
        yield from self._lay_out(drawn, options.max_width)

    def _lay_out(self, drawn: list[list[Text]], limit: int) -> Iterator[Text]:
        columns, used = list[tuple[int, list[Text]]](), 0
        for (title, _), rows, width in zip(self.pictures, drawn, self._widths(drawn), strict=True):
            if columns and used + width > limit:
                yield from _join(columns)
                columns, used = [], 0
            columns.append((width, [Text(title, style="bold"), *rows]))
            used += width + GAP
        yield from _join(columns)

    def _widths(self, drawn: list[list[Text]]) -> list[int]:
        """Return the width of each picture with its title, in characters."""
        titles = (Text(title) for title, _ in self.pictures)
        return [
            max(title.cell_len, *(row.cell_len for row in rows))
            for title, rows in zip(titles, drawn, strict=True)
        ]


def draw_digits(grid: Grid) -> list[Text]:
    """Draw one line of digits for each row."""
    return [Text(row) for row in str(grid).split("/")]


def draw_blocks(grid: Grid) -> list[Text]:
    """Draw one line for each row, with two colored spaces for each cell."""
    return [Text.assemble(*((BLOCK, _BACKGROUNDS[color]) for color in row)) for row in grid.rows()]


def draw_halves(grid: Grid) -> list[Text]:
    """Draw one line for two rows, with one character for a cell of each row."""
    rows = grid.rows()
    return [
        Text.assemble(*(_half(*cells) for cells in zip_longest(upper, *lower)))
        for upper, lower in ((rows[i], rows[i + 1 : i + 2]) for i in range(0, len(rows), 2))
    ]


def task_strips(task: Task, solutions: Sequence[Grid] = ()) -> Iterator[Strip]:
    """Yield a strip for each pair, and for each test input with its solution, if any."""
    for number, pair in enumerate(task.pairs, 1):
        yield Strip([(f"pair {number} input", pair.input), ("output", pair.output)])
    for number, (grid, solution) in enumerate(zip_longest(task.tests, solutions), 1):
        shown = [("solution", solution)] if solution is not None else []
        yield Strip([(f"test {number} input", grid), *shown])


def _half(upper: int, lower: int | None = None) -> tuple[str, Style]:
    return UPPER_HALF, Style(
        color=PALETTE[upper], bgcolor=None if lower is None else PALETTE[lower]
    )


def _join(columns: list[tuple[int, list[Text]]]) -> Iterator[Text]:
    """Join columns, each with its width, side by side, without blanks at the ends of lines."""
    for line in range(max(len(rows) for _, rows in columns)):
        last = max(i for i, (_, rows) in enumerate(columns) if line < len(rows))
        cells = [rows[line] if line < len(rows) else Text() for _, rows in columns[: last + 1]]
        for (width, _), cell in zip(columns[:last], cells, strict=False):
            cell.pad_right(width - cell.cell_len)
        joined = Text(" " * GAP).join(cells)
        joined.no_wrap = True
        yield joined
