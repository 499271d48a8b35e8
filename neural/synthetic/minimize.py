"""Shorter programs that may do the same as a program: with a step dropped, or of one primitive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.primitive import Primitive
from arcsolve.dsl.program import Apply, Constant, Input, Node, Program
from arcsolve.dsl.values import DIRECTIONS, ValueType

_CONSTANTS = {
    ValueType.COLOR: range(NUM_COLORS),
    ValueType.COUNT: range(1, 5),
    ValueType.DIRECTION: range(len(DIRECTIONS)),
}


def drop_steps(program: Program) -> Iterator[Program]:
    """Yield the programs in which one primitive is replaced by one of its arguments."""
    for place, node in enumerate(program.nodes):
        for argument in node.arguments if isinstance(node, Apply) else ():
            if program.nodes[argument].type is node.type:
                yield _redirect(program, place, argument)


def _redirect(program: Program, place: int, instead: int) -> Program:
    """Use the value of node `instead` wherever the program uses the node at `place`."""
    nodes: dict[Node, int] = {}

    def add(position: int) -> int:
        node = program.nodes[instead if position == place else position]
        if isinstance(node, Apply):
            node = Apply(node.primitive, tuple(add(argument) for argument in node.arguments))
        return nodes.setdefault(node, len(nodes))

    add(len(program.nodes) - 1)
    return Program(tuple(nodes))


def simplest_programs(primitives: Iterable[Primitive]) -> list[Program]:
    """The input itself, and every grid primitive of the input and at most one constant."""
    programs = [Program((Input(),))]
    for primitive in primitives:
        if primitive.result_type is not ValueType.GRID:
            continue
        if primitive.argument_types == (ValueType.GRID,):
            programs.append(Program((Input(), Apply(primitive, (0,)))))
        elif len(primitive.argument_types) == 2 and primitive.argument_types[0] is ValueType.GRID:
            kind = primitive.argument_types[1]
            for value in _CONSTANTS.get(kind, ()):
                programs.append(Program((Input(), Constant(value, kind), Apply(primitive, (0, 1)))))
    return programs
