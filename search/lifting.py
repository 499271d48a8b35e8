"""Part-level lifting: a rule for the parts of grids, found on the parts and run on each of them.

A lens takes every input apart and cuts every output into what becomes of the parts. The parts of
all pairs are the pairs of a smaller problem; a program that solves it is the body of ``each`` in a
program for the task. (Segmenting, solving the parts and putting them together again has been the
composition with held-out gains in more than one symbolic solver.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import find
from arcsolve.dsl.program import Each, Node, Program
from arcsolve.dsl.solver import Candidate
from arcsolve.dsl.task import Task
from arcsolve.search.problem import Cells, Problem
from arcsolve.search.proposals import proposals_of, support
from arcsolve.search.reconstruct import program_of
from arcsolve.search.synthesis import Synthesis
from arcsolve.search.views import PLAIN, View

__all__ = ["LENSES", "Lens", "Lifted", "lifted_candidates", "lifted_problems", "warm_up"]

MOST_PARTS = 12  # pairs of a lifted problem: work grows with them, and few more tell anything new
MOST_TEST_PARTS = 3
MOST_RULES = 16  # for the parts that are tried on whole inputs

CONTENTS, CROP = "box_contents", "crop_to_content_of"  # primitives that no lens spells

Layers = NDArray[np.uint8]  # (layer, height, width)
Cut = Callable[[Layers, Cells], Layers]
"""Of the parts of an input and the output: what becomes of each part. Raises Undefined."""

BOXED = View("boxed", "crop_to_content", "uncrop")
"""A part without the blank around it, put back in its place afterwards."""


@dataclass(frozen=True, slots=True)
class Lens:
    """A way to take inputs and outputs apart.

    `text` is a program with one ``each`` that does nothing to its layers, which are the parts.
    `view` is how a rule for the parts sees them: `PLAIN` or `BOXED`.
    """

    text: str
    cut: Cut
    view: View = PLAIN

    def program(self, body: Program) -> Program:
        """The program for whole grids that runs `body` on every part."""
        nodes, place, each = _parsed(self.text)
        return Program((*nodes[:place], Each(body, each.argument), *nodes[place + 1 :]))

    def parts(self, grid: Cells) -> Layers:
        """The parts of an input; raises Undefined if there are none."""
        nodes, _, each = _parsed(self.text)
        return Program(nodes).values(grid)[each.argument]

    def together(self, grid: Cells, parts: Layers) -> Cells:
        """What comes out for this input if its parts become these; may raise Undefined."""
        nodes, place, _ = _parsed(self.text)
        return Program(nodes).values(grid, {place: parts})[-1]

    def seen(self, part: Cells, original: Cells) -> Cells:
        """A part, or what has become of it, in the view; may raise Undefined."""
        if self.view is PLAIN:
            return part.copy()
        return find(CROP).apply(part.copy(), original.copy())


@cache
def _parsed(text: str) -> tuple[tuple[Node, ...], int, Each]:
    """The nodes of a program, and its first ``each`` with its position."""
    nodes = Program.parse(text).nodes
    return (nodes, *next((i, node) for i, node in enumerate(nodes) if isinstance(node, Each)))


@dataclass(frozen=True, slots=True, eq=False)
class Lifted:
    """A problem of parts and the lens that it was seen through."""

    lens: Lens
    problem: Problem


def lifted_problems(problem: Problem) -> Iterator[Lifted]:
    """The distinct problems of parts, in the order of `LENSES`."""
    seen = set()
    for lens in LENSES:
        try:
            lifted = _lifted(lens, problem)
        except Undefined:
            continue  # the lens does not fit
        if (content := _content(lifted)) not in seen:
            seen.add(content)
            yield Lifted(lens, lifted)


def _content(problem: Problem) -> tuple[frozenset[object], ...]:
    """What a problem of parts is, in whatever order they stand."""
    inputs, outputs = [_key(part) for part in problem.inputs], map(_key, problem.outputs)
    return frozenset(zip(inputs, outputs, strict=False)), frozenset(inputs[problem.pairs :])


def _lifted(lens: Lens, problem: Problem) -> Problem:
    """The problem of the parts; raises Undefined if the lens does not fit or leaves nothing to do.

    It fits if what becomes of the parts, put together, is the output of every pair. Left to do is
    a change of parts: at least two different ones, equal ones alike.
    """
    pairs: dict[object, tuple[Cells, Cells]] = {}
    for part, goal in _part_pairs(lens, problem):
        _, known = pairs.setdefault(_key(part), (part, goal))
        if not np.array_equal(known, goal):
            raise Undefined("equal parts become different")
    if len(pairs) < 2 or all(np.array_equal(*pair) for pair in pairs.values()):
        raise Undefined("nothing to do for the parts")
    tests = {}
    for grid in problem.inputs[problem.pairs :]:
        tests.update({_key(part): lens.seen(part, part) for part in lens.parts(grid)})
    return _sampled(list(pairs.values()), list(tests.values()))


def _part_pairs(lens: Lens, problem: Problem) -> Iterator[tuple[Cells, Cells]]:
    for grid, output in zip(problem.inputs, problem.outputs, strict=False):
        parts = lens.parts(grid)
        goals = lens.cut(parts, output)
        if len(goals) != len(parts) or not np.array_equal(lens.together(grid, goals), output):
            raise Undefined("the parts of the output do not make the output")
        for part, goal in zip(parts, goals, strict=True):
            yield lens.seen(part, part), lens.seen(goal, part)


def _sampled(pairs: list[tuple[Cells, Cells]], tests: list[Cells]) -> Problem:
    """A problem of a few of these: the parts that change before the others, small ones first."""
    pairs = sorted(pairs, key=lambda pair: (np.array_equal(*pair), pair[0].size))[:MOST_PARTS]
    tests = sorted(tests, key=lambda part: part.size)[:MOST_TEST_PARTS]
    inputs = [part for part, _ in pairs] + tests
    return Problem(tuple(inputs), tuple(goal for _, goal in pairs))


def _key(cells: Cells) -> tuple[tuple[int, ...], bytes]:
    return cells.shape, cells.tobytes()


def _strips(axis: int, parts: Layers, output: Cells) -> Layers:
    """The output cut into equal strips along an axis, one for each part."""
    if len(parts) < 2 or output.shape[axis] % len(parts):
        raise Undefined("no equal strips for all parts")
    return np.stack(np.split(output, len(parts), axis))


def _panels(parts: Layers, output: Cells) -> Layers:
    """The panels of the output."""
    return find("panels").apply(output.copy())


def _windows(parts: Layers, output: Cells) -> Layers:
    """Of each part its bounding box in the output."""
    _check_canvas(parts, output)
    return find(CONTENTS).apply(parts.copy(), output.copy())


def _cells(parts: Layers, output: Cells) -> Layers:
    """Of each part its own cells in the output."""
    _check_canvas(parts, output)
    return np.where(parts > 0, output, np.uint8(0))


def _colors(parts: Layers, output: Cells) -> Layers:
    """Of each part the cells of the output that have one of its colors."""
    _check_canvas(parts, output)
    keep = [np.isin(output, part[part > 0]) for part in parts]
    return np.where(np.stack(keep), output, np.uint8(0))


def _pieces(split: str, parts: Layers, output: Cells) -> Layers:
    """The output split like the input; of each part the piece that shares most cells with it."""
    _check_canvas(parts, output)
    pieces = find(split).apply(output.copy())
    shared = np.count_nonzero((parts[:, np.newaxis] > 0) & (pieces > 0), axis=(2, 3))
    chosen = shared.argmax(axis=1)
    if not shared.any(axis=1).all() or set(chosen) != set(range(len(parts))):
        raise Undefined("not one piece for each part")
    return pieces[chosen]


def _check_canvas(parts: Layers, output: Cells) -> None:
    if parts.shape[1:] != output.shape:
        raise Undefined("the output has another shape than the parts")


_ROWS = partial(_strips, 0)
_COLS = partial(_strips, 1)
_OBJECTS = ("objects_8", "objects_4", "blobs_8", "blobs_4", "color_layers", "near_groups")

LENSES = (
    Lens("(join_panels (each (panels input) input) input)", _panels),
    Lens("(layers_in_column (each (row_parts input (height input)) input))", _ROWS),
    Lens("(layers_in_row (each (col_parts input (width input)) input))", _COLS),
    *(Lens(f"(merge (each ({split} input) input))", _windows, BOXED) for split in _OBJECTS),
    Lens("(overlay (merge (each (zero_regions input) input)) input)", _cells, BOXED),
    *(Lens(f"(merge (each ({split} input) input))", _colors) for split in _OBJECTS),
    *(
        Lens(f"(merge (each ({split} input) input))", partial(_pieces, split))
        for split in (*_OBJECTS, "row_layers", "col_layers")
    ),
    *(
        lens
        for count in (2, 3)
        for lens in (
            Lens(f"(layers_in_column (each (row_parts input {count}) input))", _ROWS),
            Lens(f"(layers_in_row (each (col_parts input {count}) input))", _COLS),
        )
    ),
    Lens("(layers_in_column (each (panels input) input))", _ROWS),
    Lens("(layers_in_row (each (panels input) input))", _COLS),
)
"""The ways to take a task apart, the most telling first."""


def warm_up() -> None:
    """Parse all lenses, and load the kernels that they call."""
    for lens in LENSES:
        Program(_parsed(lens.text)[0]).warm_up()
    for name in (CONTENTS, CROP):
        find(name).kernel  # noqa: B018 - loads it


def lifted_candidates(
    task: Task, lifted: Lifted, synthesis: Synthesis, *, solver: str, near_misses: bool = True
) -> Iterator[Candidate]:
    """Candidates for the task from a run on a lifted problem; evidence as in `SearchSolver`.

    The shortest rules for the parts are run on whole inputs: those that give all outputs, or with
    `near_misses` all but one of several, are kept. `support` is by parts.
    """
    proposals, rivals = proposals_of(synthesis, near_misses=near_misses)
    proposals.sort(key=lambda p: (-p.matches.bit_count(), p.length, p.state))
    groups: dict[tuple[int, Grid], list[tuple[Program, Mapping[str, float]]]] = {}
    for proposal in proposals[:MOST_RULES]:
        program = lifted.lens.program(program_of(synthesis, lifted.lens.view, proposal.state))
        fitting = sum(_output(program, pair.input) == pair.output for pair in task.pairs)
        if fitting < max(1, len(task.pairs) - near_misses):
            continue
        evidence = {
            "length": float(program.length),
            "fit": fitting / len(task.pairs),
            "support": support(proposal.length, rivals),
        }
        for test, grid in enumerate(task.tests):
            if (output := _output(program, grid)) is not None:
                groups.setdefault((test, output), []).append((program, evidence))
    for (test, output), group in groups.items():
        program, best = max(group, key=lambda rule: (rule[1]["fit"], -rule[1]["length"]))
        counted = MappingProxyType({**best, "programs": float(len(group))})
        yield Candidate(test, output, solver, str(program), counted)


def _output(program: Program, grid: Grid) -> Grid | None:
    try:
        return program.run(grid)
    except Undefined:
        return None
