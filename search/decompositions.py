"""Decompositions: the ways to take the grids of a task apart and to join the parts.

A decomposition cuts every input into parts, and every output into the results of the parts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.primitive import find
from arcsolve.dsl.program import Each, Node, Program
from arcsolve.dsl.values import Cells
from arcsolve.search.views import PLAIN, View

CONTENTS, CROP = "box_contents", "crop_to_content_of"  # primitives outside of the texts below

Layers = NDArray[np.uint8]  # (layer, height, width)
Cut = Callable[[Layers, Cells], Layers]
"""From (parts of an input, output) to the results of the parts; raises Undefined."""

BOXED = View("boxed", "crop_to_content", "uncrop")
"""A part without the blank cells around it; its result returns to the place of the part."""


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A way to take inputs and outputs apart.

    `text` is a program with one ``each`` that returns its layers, the parts, unchanged. `cut` takes
    an output apart. A rule sees the parts in the view `view`, `PLAIN` or `BOXED`.
    """

    text: str
    cut: Cut
    view: View = PLAIN

    def build_program(self, body: Program) -> Program:
        """Return the program for whole grids that runs `body` on every part."""
        nodes, place, each = _parse(self.text)
        return Program((*nodes[:place], Each(body, each.argument), *nodes[place + 1 :]))

    def split(self, grid: Cells) -> Layers:
        """Return the parts of an input; raise Undefined if it has none."""
        nodes, _, each = _parse(self.text)
        return Program(nodes).values(grid)[each.argument]

    def join(self, grid: Cells, parts: Layers) -> Cells:
        """Return the output for an input whose parts become `parts`; may raise Undefined."""
        nodes, place, _ = _parse(self.text)
        return Program(nodes).values(grid, {place: parts})[-1]

    def apply_view(self, part: Cells, original: Cells) -> Cells:
        """Return a part `original`, or its result `part`, in the view; may raise Undefined."""
        if self.view is PLAIN:
            return part.copy()
        return find(CROP).apply(part.copy(), original.copy())


@cache
def _parse(text: str) -> tuple[tuple[Node, ...], int, Each]:
    """Return the nodes of a program, and its first ``each`` with its position."""
    nodes = Program.parse(text).nodes
    return (nodes, *next((i, node) for i, node in enumerate(nodes) if isinstance(node, Each)))


def _cut_strips(axis: int, parts: Layers, output: Cells) -> Layers:
    """Cut the output into equal strips along an axis, one for each part."""
    if len(parts) < 2 or output.shape[axis] % len(parts):
        raise Undefined("the output has no equal strip for each part")
    return np.stack(np.split(output, len(parts), axis))


def _cut_panels(parts: Layers, output: Cells) -> Layers:
    """Return the panels of the output."""
    return find("panels").apply(output.copy())


def _cut_windows(parts: Layers, output: Cells) -> Layers:
    """Return the bounding box of each part in the output."""
    _check_canvas(parts, output)
    return find(CONTENTS).apply(parts.copy(), output.copy())


def _cut_cells(parts: Layers, output: Cells) -> Layers:
    """Return the cells of each part in the output."""
    _check_canvas(parts, output)
    return np.where(parts > 0, output, np.uint8(0))


def _cut_colors(parts: Layers, output: Cells) -> Layers:
    """Return for each part the cells of the output that have one of its colors."""
    _check_canvas(parts, output)
    keep = [np.isin(output, part[part > 0]) for part in parts]
    return np.where(np.stack(keep), output, np.uint8(0))


def _cut_pieces(split: str, parts: Layers, output: Cells) -> Layers:
    """Split the output like the input; give each part the piece that shares most cells with it."""
    _check_canvas(parts, output)
    pieces = find(split).apply(output.copy())
    shared = np.count_nonzero((parts[:, np.newaxis] > 0) & (pieces > 0), axis=(2, 3))
    chosen = shared.argmax(axis=1)
    if not shared.any(axis=1).all() or set(chosen) != set(range(len(parts))):
        raise Undefined("the output has no piece of its own for each part")
    return pieces[chosen]


def _check_canvas(parts: Layers, output: Cells) -> None:
    if parts.shape[1:] != output.shape:
        raise Undefined("the output has another shape than the parts")


_ROWS = partial(_cut_strips, 0)
_COLS = partial(_cut_strips, 1)
_OBJECTS = ("objects_8", "objects_4", "blobs_8", "blobs_4", "color_layers", "near_groups")

DECOMPOSITIONS = (
    Decomposition("(join_panels (each (panels input) input) input)", _cut_panels),
    Decomposition("(layers_in_column (each (row_parts input (height input)) input))", _ROWS),
    Decomposition("(layers_in_row (each (col_parts input (width input)) input))", _COLS),
    *(
        Decomposition(f"(merge (each ({split} input) input))", _cut_windows, BOXED)
        for split in _OBJECTS
    ),
    Decomposition("(overlay (merge (each (zero_regions input) input)) input)", _cut_cells, BOXED),
    *(Decomposition(f"(merge (each ({split} input) input))", _cut_colors) for split in _OBJECTS),
    *(
        Decomposition(f"(merge (each ({split} input) input))", partial(_cut_pieces, split))
        for split in (*_OBJECTS, "row_layers", "col_layers")
    ),
    *(
        each
        for count in (2, 3)
        for each in (
            Decomposition(f"(layers_in_column (each (row_parts input {count}) input))", _ROWS),
            Decomposition(f"(layers_in_row (each (col_parts input {count}) input))", _COLS),
        )
    ),
    Decomposition("(layers_in_column (each (panels input) input))", _ROWS),
    Decomposition("(layers_in_row (each (panels input) input))", _COLS),
)
"""The ways to take a task apart, the most promising first."""


def warm_up() -> None:
    """Parse all decompositions, and load the kernels that they call."""
    for each in DECOMPOSITIONS:
        Program(_parse(each.text)[0]).warm_up()
    for name in (CONTENTS, CROP):
        find(name).kernel  # noqa: B018 - loads it
