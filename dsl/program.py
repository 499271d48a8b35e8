"""Program: an expression over primitives, as data that prints, parses, runs and traces.

    >>> program = Program.parse("(flip_rows (flip_cols input))")
    >>> program.run(Grid("12/34"))
    Grid('43/21')

``(each LAYERS PROGRAM)`` runs a program on every layer; ``input`` in that program is the layer:

    >>> program = Program.parse("(layers_in_row (each (row_parts input 2) (flip_cols input)))")
    >>> program.run(Grid("12/34"))
    Grid('2143')

``(rewrite GRID CANVAS RULES)`` paints the canvas by rules over the parts of the grid (see
`arcsolve.dsl.rules.rule`):

    >>> rules = "(rules 0 (rule objects_8 (most size) (fill itself 5)))"
    >>> Program.parse(f"(rewrite input input {rules})").run(Grid("110/002"))
    Grid('550/002')

``(summarize GRID SUMMARY)`` makes a new grid from the parts of the grid (see
`arcsolve.dsl.rules.summaries`):

    >>> Program.parse("(summarize input (summary 0 blobs_8 (show (most size) box)))").run(
    ...     Grid("1100/0002")
    ... )
    Grid('11')

A leaf is ``input``, an int for a color or a count, a name in `arcsolve.dsl.values.DIRECTIONS`, or a
grid as quoted text (``"12/34"``). Bodies of abstractions also have parameters: ``#0``, ``#1``, …
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import Primitive
from arcsolve.dsl.rules.rule import Rules
from arcsolve.dsl.rules.summaries import PaintedSummary, Summary
from arcsolve.dsl.values import DIRECTIONS, KernelValue, Value, ValueType, from_kernel, to_kernel

CONSTANT_COST = 1  # of a color, count or direction, in description length
GRID_CELL_COST = 1  # of each cell of a spelled-out grid
EACH_COST = 2  # of running a program on every layer, in addition to the program's length


@dataclass(frozen=True, slots=True)
class Input:
    """The grid that the program runs on."""

    @property
    def type(self) -> ValueType:
        """Return the type of a grid."""
        return ValueType.GRID

    @property
    def cost(self) -> int:
        """Return 0: the input costs nothing."""
        return 0


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that stands in the program's text."""

    value: int | Grid
    type: ValueType

    @property
    def cost(self) -> int:
        """Return the share of the program's description length."""
        cells = self.value.cells.size if isinstance(self.value, Grid) else 0
        return CONSTANT_COST + GRID_CELL_COST * cells


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value still to be given, by its position among the parameters of an abstraction."""

    position: int
    type: ValueType

    @property
    def cost(self) -> int:
        """Return 0: the cost of the value that is given counts instead."""
        return 0


@dataclass(frozen=True, slots=True)
class Apply:
    """A primitive applied to earlier nodes, which are given by their positions."""

    primitive: Primitive
    arguments: tuple[int, ...]

    @property
    def type(self) -> ValueType:
        """Return the type of the primitive's result."""
        return self.primitive.result_type

    @property
    def cost(self) -> int:
        """Return the cost of the primitive."""
        return self.primitive.cost


@dataclass(frozen=True, slots=True)
class Each:
    """A program that runs on every layer of an earlier node; ``input`` in it is the layer.

    Its value is the results as layers. It is undefined if a result is undefined and if the results
    differ in shape.
    """

    body: Program
    argument: int

    @property
    def type(self) -> ValueType:
        """Return the type of layers."""
        return ValueType.LAYERS

    @property
    def cost(self) -> int:
        """Return the length of the body and the cost of running it on every layer."""
        return EACH_COST + self.body.length

    def apply(self, layers: Any) -> Any:
        """Return the results for these layers (uint8, (layer, height, width)) as layers."""
        results = [self.body.values(layer)[-1] for layer in layers]
        if len({result.shape for result in results}) > 1:
            raise Undefined("the results of each differ in shape")
        return np.stack(results)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Rules over the parts of an earlier node, which paint another earlier node, the canvas.

    Its value is the painted canvas. It is undefined if the two grids differ in shape and if no rule
    applies.
    """

    rules: Rules
    grid: int
    canvas: int

    @property
    def type(self) -> ValueType:
        """Return the type of a grid."""
        return ValueType.GRID

    @property
    def cost(self) -> int:
        """Return the description length of the rules."""
        return math.ceil(self.rules.cost)


@dataclass(frozen=True, slots=True)
class Summarize:
    """A new grid from the parts of an earlier node; undefined where the summary has none."""

    summary: Summary | PaintedSummary
    grid: int

    @property
    def type(self) -> ValueType:
        """Return the type of a grid."""
        return ValueType.GRID

    @property
    def cost(self) -> int:
        """Return the description length of the summary."""
        return math.ceil(self.summary.cost)


Node = Input | Constant | Parameter | Apply | Each | Rewrite | Summarize


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a trace: the text of the sub-expression and its value (None if undefined)."""

    text: str
    type: ValueType
    value: Value | None


@dataclass(frozen=True, slots=True)
class Program:
    """Nodes in an order in which arguments come before their use; the last node is the result.

    Equal sub-expressions are one node, and nodes stand in the order of their first use. Equal
    expressions are therefore equal programs, and ``Program.parse(str(p)) == p``.
    """

    nodes: tuple[Node, ...]

    @staticmethod
    def parse(
        text: str, parameters: Sequence[ValueType] = (), result: ValueType = ValueType.GRID
    ) -> Program:
        """Return the program that a text spells; raise BadProgram with the place of the mistake.

        `parameters` are the types of ``#0``, ``#1``, …, and `result` is the type of the whole
        program. A program with parameters, or with another result than a grid, can be parsed but
        not run.
        """
        from arcsolve.dsl.parser import parse_program

        return parse_program(text, parameters, result)

    @property
    def length(self) -> int:
        """Return the description length: the sum of the costs of all nodes.

        A shared node counts once.
        """
        return sum(node.cost for node in self.nodes)

    def walk(self) -> Iterator[Node]:
        """Yield all nodes, including the nodes in the bodies of `Each` nodes."""
        for node in self.nodes:
            yield node
            if isinstance(node, Each):
                yield from node.body.walk()

    def warm_up(self) -> None:
        """Load the kernels of all primitives of the program; compile those that are not cached."""
        for node in self.walk():
            if isinstance(node, Apply):
                node.primitive.kernel  # noqa: B018 - loads it

    def run(self, grid: Grid) -> Grid:
        """Return the output for this input; raise Undefined if a step has no value.

        Raises BadInput for an input that is larger than any grid of ARC.
        """
        result = from_kernel(self.values(to_kernel(grid, ValueType.GRID))[-1], ValueType.GRID)
        assert isinstance(result, Grid)
        return result

    def values(
        self, cells: Any, known: Mapping[int, KernelValue] = MappingProxyType({})
    ) -> list[Any]:
        """Return the value of every node, as kernel values, for an input of these cells.

        The nodes whose positions are in `known` have the values given there. Raises Undefined if a
        node has no value.
        """
        values: list[Any] = []
        for position, node in enumerate(self.nodes):
            given = known.get(position)
            values.append(_evaluate(node, values, cells) if given is None else given)
        return values

    def trace(self, grid: Grid) -> Iterator[Step]:
        """Yield the value of each step in the order of computation; stop at an undefined step."""
        texts, cells = self._texts(), to_kernel(grid, ValueType.GRID)
        values: list[KernelValue] = []
        for node, text in zip(self.nodes, texts, strict=True):
            try:
                values.append(_evaluate(node, values, cells))
                yield Step(text, node.type, from_kernel(values[-1], node.type))
            except Undefined:
                yield Step(text, node.type, None)
                return

    def __str__(self) -> str:
        return self._texts()[-1]

    def _texts(self) -> list[str]:
        """Return the text of every node."""
        texts: list[str] = []
        for node in self.nodes:
            texts.append(_node_text(node, texts))
        return texts


def _node_text(node: Node, texts: list[str]) -> str:
    if isinstance(node, Input):
        return "input"
    if isinstance(node, Parameter):
        return f"#{node.position}"
    if isinstance(node, Each):
        return f"(each {texts[node.argument]} {node.body})"
    if isinstance(node, Rewrite):
        return f"(rewrite {texts[node.grid]} {texts[node.canvas]} {node.rules})"
    if isinstance(node, Summarize):
        return f"(summarize {texts[node.grid]} {node.summary})"
    if isinstance(node, Apply):
        return f"({' '.join([node.primitive.name, *(texts[i] for i in node.arguments)])})"
    if isinstance(node.value, Grid):
        return f'"{node.value}"'
    return DIRECTIONS[node.value] if node.type is ValueType.DIRECTION else str(node.value)


def _evaluate(node: Node, values: list[KernelValue], cells: Any) -> Any:
    if isinstance(node, Input):
        return cells.copy()
    if isinstance(node, Constant):
        return to_kernel(node.value, node.type)
    if isinstance(node, Parameter):
        raise TypeError(f"the parameter #{node.position} has no value")
    if isinstance(node, Each):
        return node.apply(values[node.argument])
    if isinstance(node, Rewrite):
        return node.rules.apply(np.asarray(values[node.grid]), np.asarray(values[node.canvas]))
    if isinstance(node, Summarize):
        return node.summary.apply(np.asarray(values[node.grid]))
    return node.primitive.apply(*(values[i] for i in node.arguments))
