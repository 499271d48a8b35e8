"""Literals: small constant tables in the text of a rule that are the same for all parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arcsolve.dsl.errors import BadProgram
from arcsolve.dsl.kernels.scenery.patterns import EMPTY, ORIGIN, OWN, WINDOW, Windows
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import Kind

PATTERN_COST, SIDE_COST = 0.6, 0.1  # bits of a pattern, and of each cell of its longer side
NO_CELL, OWN_CELL = ".", "*"  # in the text of a pattern
ROW_END = "/"


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
            raise BadProgram(f"a pattern has equal rows of digits, {NO_CELL} and {OWN_CELL}", str(self), 0)
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
        return np.broadcast_to(window, (len(parts), WINDOW, WINDOW))


def describe_window(window: Windows) -> Pattern:
    """Return the pattern of a window that has a cell."""
    rows, cols = np.nonzero(window != EMPTY)
    top, left = rows.min(), cols.min()
    signs = {EMPTY: NO_CELL, OWN: OWN_CELL}
    cells = window[top : rows.max() + 1, left : cols.max() + 1].tolist()
    texts = ("".join(signs.get(code, str(code)) for code in row) for row in cells)
    return Pattern(int(top) - ORIGIN, int(left) - ORIGIN, tuple(texts))
