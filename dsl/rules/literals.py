"""Literals: small constant tables in the text of a rule that are the same for all parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arcsolve.dsl.errors import BadProgram
from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.kernels.scenery.patterns import EMPTY, ORIGIN, OWN, WINDOW, Windows
from arcsolve.dsl.kernels.scenery.walks import STOP, Tables
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import Kind

PATTERN_COST, SIDE_COST = 0.6, 0.1  # bits of a pattern, and of each cell of its longer side
NO_CELL, OWN_CELL = ".", "*"  # in the text of a pattern
ROW_END = "/"
REACTION_COST = 0.6  # bits of a reaction other than to stop
REACTION_WORDS = ("stop", "pass", "cover", "left", "right", "back")  # by their kernel numbers
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Cells around a part, as in ``(pattern -1 -1 ".2./2*2/.2.")``.

    The numbers are the row and the column of the first cell, from the first cell of the part's box.
    A row of text has a digit for a color, a star for the part's own color, and a dot for no cell.
    """

    top: int
    left: int
    rows: tuple[str, ...]

    def __post_init__(self) -> None:
        known = set("0123456789") | {NO_CELL, OWN_CELL}
        even = self.rows and len({len(row) for row in self.rows}) == 1
        if not even or not set("".join(self.rows)) <= known:
            raise BadProgram(
                f"a pattern has equal rows of digits, {NO_CELL} and {OWN_CELL}", str(self), 0
            )
        down, right = self.top + ORIGIN, self.left + ORIGIN
        if min(down, right) < 0 or max(down + len(self.rows), right + len(self.rows[0])) > WINDOW:
            raise BadProgram(f"a pattern reaches at most {ORIGIN} cells over the box", str(self), 0)

    @property
    def kind(self) -> Kind:
        """The kind of a pattern."""
        return Kind.PATTERN

    @property
    def cost(self) -> float:
        """The description length in bits."""
        return PATTERN_COST + SIDE_COST * max(len(self.rows), len(self.rows[0]))

    def __str__(self) -> str:
        return f'(pattern {self.top} {self.left} "{ROW_END.join(self.rows)}")'

    def evaluate(self, parts: Parts) -> Windows:
        """Return the same window for each part."""
        codes = {NO_CELL: EMPTY, OWN_CELL: OWN}
        window = np.full((WINDOW, WINDOW), EMPTY, np.int8)
        for number, row in enumerate(self.rows):
            cells = [codes[sign] if sign in codes else int(sign) for sign in row]
            left = self.left + ORIGIN
            window[self.top + ORIGIN + number, left : left + len(row)] = cells
        return np.tile(window, (len(parts), 1, 1))


def describe_window(window: Windows) -> Pattern:
    """Return the pattern of a window that has a cell."""
    rows, cols = np.nonzero(window != EMPTY)
    top, left = rows.min(), cols.min()
    signs = {EMPTY: NO_CELL, OWN: OWN_CELL}
    cells = window[top : rows.max() + 1, left : cols.max() + 1].tolist()
    texts = ("".join(signs.get(code, str(code)) for code in row) for row in cells)
    return Pattern(int(top) - ORIGIN, int(left) - ORIGIN, tuple(texts))


@dataclass(frozen=True, slots=True)
class Reactions:
    """The reaction of a walk to each color, as in ``(reactions 2 right 8 pass other stop)``."""

    entries: tuple[tuple[int, str], ...]  # (color, word), in the order of colors
    other: str  # the word for all other colors

    def __post_init__(self) -> None:
        words = {word for _, word in self.entries} | {self.other}
        if not words <= set(REACTION_WORDS):
            known = ", ".join(REACTION_WORDS)
            raise BadProgram(f"a reaction is one of {known}", str(self), 0)

    @property
    def kind(self) -> Kind:
        """The kind of a table of reactions."""
        return Kind.REACTIONS

    @property
    def cost(self) -> float:
        """The description length in bits."""
        other = 0.0 if self.other == REACTION_WORDS[STOP] else REACTION_COST
        return REACTION_COST * len(self.entries) + other

    def __str__(self) -> str:
        entries = (f"{color} {word} " for color, word in self.entries)
        return f"(reactions {''.join(entries)}{OTHER} {self.other})"

    def evaluate(self, parts: Parts) -> Tables:
        """Return the same table (color,) for each part."""
        table = np.full(NUM_COLORS, REACTION_WORDS.index(self.other), np.int8)
        for color, word in self.entries:
            table[color] = REACTION_WORDS.index(word)
        return np.tile(table, (len(parts), 1))


def describe_table(table: Tables) -> Reactions:
    """Return the reactions of a table (color,) with -1 for colors that no walk met.

    Other colors get the reaction of all known ones, or else none of their own: walks stop.
    """
    known = {color: REACTION_WORDS[code] for color, code in enumerate(table.tolist()) if code >= 0}
    if len(set(known.values())) == 1:
        return Reactions((), next(iter(known.values())))
    stop = REACTION_WORDS[STOP]
    return Reactions(tuple(each for each in known.items() if each[1] != stop), stop)
