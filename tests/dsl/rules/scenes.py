"""Scenes as text: grids with a dot for the background, and what strokes paint on them."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.rules.expression import Call, Expression
from arcsolve.dsl.rules.scene import Parts, Scene
from arcsolve.dsl.rules.terms import Choice, Kind, find_term
from arcsolve.dsl.values import Cells


def read(text: str) -> Cells:
    """Return the grid of a text of digits and dots, row by row."""
    return np.array([[int(c) for c in row.replace(".", "0")] for row in text.split()], np.uint8)


def cut(partition: str, *texts: str) -> Parts:
    """Return the parts of some grids with background 0."""
    return Scene([read(text) for text in texts], [0] * len(texts)).parts(partition)


def draw(parts: Parts, name: str, *arguments: Expression | Choice, part: int | None = None) -> str:
    """Return the first grid after the strokes of one or all parts, or with 1 in their areas."""
    drawn = Call(find_term(name), arguments).evaluate(parts)
    begin, end = (0, None) if part is None else drawn.offsets[part : part + 2]
    strip = parts.board.cells.copy()
    if getattr(drawn, "erased", None) is not None:
        strip[drawn.erased.places] = 0
    painting = find_term(name).kind is Kind.STROKES
    strip[drawn.places[begin:end]] = drawn.colors[begin:end] if painting else 1
    rows = parts.scene.cut(strip)[0].tolist()
    return "\n".join("".join(map(str, row)).replace("0", ".") for row in rows)


def strip(text: str) -> str:
    """Return the text of a grid without indents."""
    return "\n".join(text.split())
