'''Hypothesis strategies for grids, arguments, tasks and programs, and a check of laws.

Property-test a primitive of your own in one line:

    from arcsolve.dsl.laws import INVOLUTION, KEEPS_SHAPE
    from arcsolve.dsl.primitive import primitive
    from arcsolve.dsl.strategies import check_laws
    from arcsolve.dsl.values import Cells

    @primitive(cost=2, laws=(INVOLUTION, KEEPS_SHAPE))
    def lower_half_first(grid: Cells) -> Cells:
        """Put the lower half of the rows on top."""
        middle = (len(grid) + 1) // 2
        return np.concatenate((grid[middle:], grid[:middle]))

    check_laws(lower_half_first)

The check fails here and shows the smallest grid it found that breaks the law: with an odd number of
rows, swapping twice does not give the grid back. It needs the package hypothesis (the extra `dev`).
'''

from __future__ import annotations

import ast
import doctest
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import MAX_SIDE, NUM_COLORS, Grid
from arcsolve.dsl.primitive import Law, Primitive, primitives
from arcsolve.dsl.program import Apply, Constant, Input, Node, Program
from arcsolve.dsl.task import Pair, Task
from arcsolve.dsl.values import (
    DIRECTIONS,
    MAX_LAYERS,
    Cells,
    Value,
    ValueType,
    from_kernel,
    to_kernel,
)

Shape = tuple[int, int]

SMALL_SIDE = 6  # of most grids: quick to check, and easy to read when a law fails
SMALL_COUNT = 4  # the largest count that has an effect on most small grids
LARGE_COUNT = 40  # more than a grid has rows
EXAMPLE_ODDS = 3  # to 1, for arguments other than those of the docstring
LEAF_ODDS = {"A": 3, "S": 1}  # to 1, for an expression rather than a leaf
SHARED_SHAPE_ODDS = 5  # to 1; most primitives are undefined for grids of different shapes


def shapes(max_side: int = MAX_SIDE) -> SearchStrategy[Shape]:
    """Draw (height, width), from 1 to `max_side`, mostly small."""
    small = st.integers(1, min(SMALL_SIDE, max_side))
    anything = st.integers(1, max_side)
    return st.one_of(
        st.tuples(small, small), st.tuples(small, small), st.tuples(anything, anything)
    )


def colors() -> SearchStrategy[int]:
    """Draw colors 0 to 9."""
    return st.integers(0, NUM_COLORS - 1)


def counts() -> SearchStrategy[int]:
    """Draw counts: mostly 1 to 4, sometimes 0, sometimes more than a grid has rows."""
    return st.one_of(st.integers(1, SMALL_COUNT), st.integers(0, LARGE_COUNT))


def directions() -> SearchStrategy[int]:
    """Draw positions in `arcsolve.dsl.values.DIRECTIONS`."""
    return st.integers(0, len(DIRECTIONS) - 1)


@st.composite
def grids(
    draw: DrawFn,
    *,
    shape: Shape | None = None,
    max_side: int = MAX_SIDE,
    num_colors: int = NUM_COLORS,
) -> Grid:
    """Draw grids with colors below `num_colors`: noise, drawn boxes and lines, patterns, panels."""
    height, width = shape or draw(shapes(max_side))
    paint = draw(st.sampled_from((_noise, _picture, _pattern, _panels)))
    return Grid(paint(draw, (height, width), num_colors))


def masks(*, shape: Shape | None = None, max_side: int = MAX_SIDE) -> SearchStrategy[Grid]:
    """Draw grids of 0 and 1."""
    return grids(shape=shape, max_side=max_side, num_colors=2)


@st.composite
def layers(
    draw: DrawFn, *, shape: Shape | None = None, max_side: int = MAX_SIDE
) -> tuple[Grid, ...]:
    """Draw 1 to `MAX_LAYERS` grids of one shape.

    They are one grid per color, one grid per cell, or grids that overlap.
    """
    shape = shape or draw(shapes(max_side))
    split = draw(st.sampled_from((_by_color, _by_cell, None)))
    if split is None:
        return tuple(draw(st.lists(grids(shape=shape), min_size=1, max_size=4)))
    return tuple(Grid(layer) for layer in split(draw(grids(shape=shape)).cells))


def values(value_type: ValueType, *, shape: Shape | None = None) -> SearchStrategy[Any]:
    """Draw values of a type, as people see them.

    `shape` is the shape of grids, masks and layers.
    """
    scalars = {
        ValueType.COLOR: colors(),
        ValueType.COUNT: counts(),
        ValueType.DIRECTION: directions(),
    }
    arrays = {ValueType.GRID: grids, ValueType.MASK: masks, ValueType.LAYERS: layers}
    if value_type in scalars:
        return scalars[value_type]
    return arrays[value_type](shape=shape)


@st.composite
def arguments(draw: DrawFn, primitive: Primitive) -> tuple[Value, ...]:
    """Draw arguments that a primitive often has a value for.

    Grids mostly share one shape and are sometimes equal. Colors mostly occur in the grids. Some
    draws are the examples of the primitive's docstring with a few cells changed.
    """
    examples = _examples(primitive)
    if examples and draw(st.integers(0, EXAMPLE_ODDS)) == EXAMPLE_ODDS:
        return draw(_near(primitive, draw(st.sampled_from(examples))))
    shape = draw(shapes())
    drawn: list[Any] = []
    for value_type in primitive.argument_types:
        source = _related(value_type, shape, drawn)
        drawn.append(draw(source))
    return tuple(drawn)


def pairs(*, max_side: int = MAX_SIDE) -> SearchStrategy[Pair]:
    """Draw demonstrations in which input and output are unrelated."""
    return st.builds(Pair, grids(max_side=max_side), grids(max_side=max_side))


def tasks(*, max_side: int = MAX_SIDE) -> SearchStrategy[Task]:
    """Draw tasks of 1 to 4 pairs and 1 or 2 test inputs, with no rule behind them."""
    return st.builds(
        Task,
        st.text("0123456789abcdef", min_size=8, max_size=8),
        st.lists(pairs(max_side=max_side), min_size=1, max_size=4).map(tuple),
        st.lists(grids(max_side=max_side), min_size=1, max_size=2).map(tuple),
    )


@st.composite
def programs(
    draw: DrawFn, *, max_depth: int = 4, among: Sequence[Primitive] | None = None
) -> Program:
    """Draw well-typed programs over the registry, or over the primitives `among`."""
    makers = _makers(primitives().values() if among is None else among)
    nodes: dict[Node, int] = {}
    _draw_node(draw, nodes, makers, ValueType.GRID, max_depth)
    return Program(tuple(nodes))


def check_laws(primitive: Primitive, max_examples: int = 100) -> None:
    """Check every law of a primitive on drawn arguments.

    Raises AssertionError with the law and the smallest counterexample found. Raises AssertionError
    as well if a law was never tested because the primitive had no value for any of the arguments.
    """
    tried: dict[Law, int] = dict.fromkeys(primitive.laws, 0)

    @settings(
        max_examples=max_examples, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(drawn=arguments(primitive))
    def check(drawn: tuple[Value, ...]) -> None:
        first, *rest = _kernel_arguments(primitive, drawn)
        for law in primitive.laws:
            try:
                holds = law.holds(primitive, first, tuple(rest))
            except Undefined:
                continue
            tried[law] += 1
            assert holds, f"{primitive.name} breaks {law} for {drawn}"

    if primitive.laws:
        check()
    untried = [law for law, count in tried.items() if not count]
    assert not untried, f"{primitive.name} had no value in {max_examples} draws to try {untried} on"


def _kernel_arguments(primitive: Primitive, drawn: tuple[Value, ...]) -> list[Any]:
    return [to_kernel(v, t) for v, t in zip(drawn, primitive.argument_types, strict=True)]


def _examples(primitive: Primitive) -> list[tuple[Any, ...]]:
    """Return the arguments of the calls in the docstring that are spelled out as literals."""
    found = []
    for example in doctest.DocTestParser().get_examples(primitive.doc):
        for statement in ast.parse(example.source).body:
            call = statement.value if isinstance(statement, ast.Expr) else None
            if isinstance(call, ast.Call) and ast.unparse(call.func) == primitive.name:
                with suppress(ValueError):  # literal_eval raises it for other arguments
                    found.append(tuple(ast.literal_eval(argument) for argument in call.args))
    return [values for values in found if len(values) == len(primitive.argument_types)]


@st.composite
def _near(draw: DrawFn, primitive: Primitive, example: tuple[Any, ...]) -> tuple[Value, ...]:
    """Draw an example's arguments with up to three cells of one argument changed."""
    kernel_values = _kernel_arguments(primitive, example)
    changed = draw(st.sampled_from(kernel_values))
    if isinstance(changed, np.ndarray):
        limit = 1 if changed.max() <= 1 else NUM_COLORS - 1
        places = st.integers(0, changed.size - 1)
        for place, cell in draw(st.lists(st.tuples(places, st.integers(0, limit)), max_size=3)):
            changed.flat[place] = cell
    typed = zip(kernel_values, primitive.argument_types, strict=True)
    return tuple(from_kernel(value, value_type) for value, value_type in typed)


def _related(value_type: ValueType, shape: Shape, drawn: list[Any]) -> SearchStrategy[Any]:
    """Return a strategy for the next argument, given the arguments drawn so far."""
    others = [value for value in drawn if isinstance(value, Grid)]
    if value_type is ValueType.COLOR and others:
        present = sorted({int(cell) for grid in others for cell in np.unique(grid.cells)})
        return st.one_of(st.sampled_from(present), colors())
    if value_type.kind == "S":
        return values(value_type)
    same = values(value_type, shape=shape)
    choices = [same] * SHARED_SHAPE_ODDS + [values(value_type)]
    if others and value_type is ValueType.MASK:
        choices.append(st.just(Grid((others[0].cells > 0).astype(np.uint8))))
    if others and value_type is ValueType.GRID:
        choices.append(st.just(others[0]))
    return st.one_of(choices)


def _noise(draw: DrawFn, shape: Shape, num_colors: int) -> Cells:
    """Draw every cell by itself, with anything from no to nearly all cells at 0."""
    height, width = shape
    zeros = draw(st.sampled_from((0, 120, 200, 240)))  # of 256 byte values
    noise = draw(st.binary(min_size=height * width, max_size=height * width))
    drawn = np.frombuffer(noise, np.uint8).reshape(shape)
    palette = draw(st.integers(1, num_colors - 1)) if zeros else num_colors
    first = 1 if zeros else 0
    return np.where(drawn < zeros, 0, first + (drawn - zeros) % palette).astype(np.uint8)


def _picture(draw: DrawFn, shape: Shape, num_colors: int) -> Cells:
    """Draw boxes, outlines and diagonals on 0."""
    canvas = np.zeros(shape, np.uint8)
    codes = draw(st.binary(min_size=6, max_size=36))
    for start in range(0, len(codes) - 5, 6):
        _draw_item(canvas, codes[start : start + 6], num_colors)
    return canvas


def _draw_item(canvas: Cells, code: bytes, num_colors: int) -> None:
    """Draw the item that six bytes spell: color, kind, top, left, height, width.

    All bytes are valid.
    """
    height, width = canvas.shape
    color, top, left = 1 + code[0] % (num_colors - 1), code[2] % height, code[3] % width
    box = canvas[top : top + 1 + code[4] % height, left : left + 1 + code[5] % width]
    kind = code[1] % 4
    if kind < 2:
        box[...] = color
    if kind == 1:
        box[1:-1, 1:-1] = 0
    if kind > 1:
        np.fill_diagonal(box[::-1] if kind == 3 else box, color)


def _pattern(draw: DrawFn, shape: Shape, num_colors: int) -> Cells:
    """Draw a tile repeated or mirrored over the canvas, sometimes with a box painted over it."""
    height, width = shape
    tile_shape = draw(st.integers(1, height)), draw(st.integers(1, width))
    tile = _noise(draw, tile_shape, num_colors)
    grow = (0, height - tile_shape[0]), (0, width - tile_shape[1])
    canvas = np.pad(tile, grow, mode=draw(st.sampled_from(("wrap", "symmetric", "reflect"))))
    if draw(st.booleans()):
        _draw_item(canvas, draw(st.binary(min_size=6, max_size=6)), num_colors)
    return canvas


def _panels(draw: DrawFn, shape: Shape, num_colors: int) -> Cells:
    """Draw noise or a picture, cut by lines of one color at equal distances."""
    canvas = draw(st.sampled_from((_noise, _picture)))(draw, shape, num_colors)
    color = draw(st.integers(1, num_colors - 1))
    for lines in (canvas, canvas.T):
        size = draw(st.integers(1, len(lines)))
        lines[size :: size + 1] = color
    return canvas


def _by_color(cells: Cells) -> list[Cells]:
    present = [color for color in np.unique(cells) if color > 0]
    return [np.where(cells == color, cells, 0) for color in present] or [cells]


def _by_cell(cells: Cells) -> list[Cells]:
    split = []
    for row, col in np.argwhere(cells)[:MAX_LAYERS]:
        layer = np.zeros_like(cells)
        layer[row, col] = cells[row, col]
        split.append(layer)
    return split or [cells]


Makers = dict[ValueType, list[Primitive]]


def _makers(available: Any) -> Makers:
    """Return the primitives that make each type, among those whose arguments can all be made.

    The first primitives in a list need the least depth, so that drawing the first ends the
    recursion.
    """
    makers: Makers = {ValueType.GRID: []}
    scalars = {t for t in ValueType if t.kind == "S"}
    waiting = list(available)
    while ready := [p for p in waiting if {*p.argument_types} <= scalars | makers.keys()]:
        for maker in ready:
            makers.setdefault(maker.result_type, []).append(maker)
        waiting = [p for p in waiting if p not in ready]
    return makers


def _draw_node(
    draw: DrawFn, nodes: dict[Node, int], makers: Makers, wanted: ValueType, depth: int
) -> int:
    """Return the position of a drawn node of this type, added after the nodes that it needs."""
    made = makers.get(wanted, [])
    has_leaf = wanted.kind == "S" or wanted is ValueType.GRID
    if not made or (has_leaf and (depth <= 0 or draw(st.integers(0, LEAF_ODDS[wanted.kind])) == 0)):
        node = draw(_leaves(wanted))
    else:
        maker = draw(st.sampled_from(made)) if depth > 0 else made[0]
        below = [_draw_node(draw, nodes, makers, t, depth - 1) for t in maker.argument_types]
        node = Apply(maker, tuple(below))
    return nodes.setdefault(node, len(nodes))


def _leaves(wanted: ValueType) -> SearchStrategy[Node]:
    """Draw constants, and for grids mostly the input."""
    drawn = values(wanted, shape=(2, 3)) if wanted is ValueType.GRID else values(wanted)
    constants: SearchStrategy[Node] = drawn.map(lambda value: Constant(value, wanted))
    if wanted is not ValueType.GRID:
        return constants
    given_input: SearchStrategy[Node] = st.just(Input())
    return st.one_of(given_input, given_input, given_input, constants)
