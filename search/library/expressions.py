"""Expressions as trees, and the patterns that they are instances of (anti-unification)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from arcsolve.dsl.primitive import MAX_ARGUMENTS, Primitive
from arcsolve.dsl.program import Apply, Constant, Each, Input, Node, Parameter, Program
from arcsolve.dsl.values import ValueType
from arcsolve.search.engine.calls import PATTERNS
from arcsolve.search.library.abstractions import Abstraction, expanded

__all__ = ["Tree", "bindings", "body_of", "patterns", "tree_of"]

MAX_PRIMITIVES = 4  # in a pattern; abstractions that it uses count as one


@dataclass(frozen=True, slots=True)
class Tree:
    """An expression; shared sub-expressions stand in it as often as they are used.

    What is done on every layer is a leaf: patterns are not looked for inside.
    """

    head: Primitive | Input | Constant | Parameter | Each
    children: tuple[Tree, ...] = ()

    @property
    def type(self) -> ValueType:
        return self.head.result_type if isinstance(self.head, Primitive) else self.head.type

    @property
    def is_constant(self) -> bool:
        return isinstance(self.head, Constant)

    def parts(self) -> Iterator[Tree]:
        """The tree and all below it."""
        yield self
        for child in self.children:
            yield from child.parts()


def tree_of(program: Program) -> Tree:
    """The expression that is the program's result."""
    trees: list[Tree] = []
    for node in program.nodes:
        if isinstance(node, Apply):
            trees.append(Tree(node.primitive, tuple(trees[i] for i in node.arguments)))
        else:
            trees.append(Tree(node))
    return trees[-1]


def body_of(pattern: Tree) -> tuple[Program, tuple[ValueType, ...]]:
    """The pattern as the body of an abstraction, of primitives only, and its parameters' types."""
    nodes: dict[Node, int] = {}

    def place(tree: Tree) -> int:
        if not isinstance(tree.head, Primitive):
            return add(tree.head)
        arguments = tuple(map(place, tree.children))
        if isinstance(tree.head, Abstraction):
            return expanded(tree.head.body, arguments, add)
        return add(Apply(tree.head, arguments))

    def add(node: Node) -> int:
        return nodes.setdefault(node, len(nodes))

    place(pattern)
    found = {node.position: node.type for node in nodes if isinstance(node, Parameter)}
    parameters = tuple(found[position] for position in sorted(found))
    text = str(Program(tuple(nodes)))
    return Program.parse(text, parameters, pattern.type), parameters


def bindings(pattern: Tree, tree: Tree) -> dict[int, Tree] | None:
    """What the parameters stand for if the tree is an instance of the pattern, else None."""
    bound: dict[int, Tree] = {}
    waiting = [(pattern, tree)]
    while waiting:
        wanted, found = waiting.pop()
        if isinstance(wanted.head, Parameter):
            if bound.setdefault(wanted.head.position, found) != found:
                return None
        elif wanted.head != found.head:
            return None
        waiting.extend(zip(wanted.children, found.children, strict=False))
    return bound


def patterns(tree: Tree) -> Iterator[tuple[Tree, tuple[Tree, ...]]]:
    """The patterns that the tree is an instance of, with what their parameters stand for.

    Those that are an operator of at most `MAX_PRIMITIVES` primitives that the engine could call:
    of 1 to 3 parameters, arrays first. Equal arguments are one parameter, or all are different.
    """
    for pattern, arguments, size in _cuts(tree, MAX_PRIMITIVES, 0):
        if size > 1 or (size == 1 and any(part.is_constant for part in pattern.parts())):
            merged = _closed(pattern, arguments, list(arguments))
            apart = _closed(pattern, arguments, list(range(len(arguments))))
            for closed in dict.fromkeys((merged, apart)):
                kinds = "".join(argument.type.kind for argument in closed[1])
                if kinds in PATTERNS:
                    yield closed


def _cuts(tree: Tree, room: int, start: int) -> Iterator[tuple[Tree, tuple[Tree, ...], int]]:
    """(pattern, arguments, number of primitives) with parameters from `start` on, all different.

    Each part of the tree is cut off, as an argument, or kept. The input and colors are always cut
    off: the colors of a task could as well be others.
    """
    yield Tree(Parameter(start, tree.type)), (tree,), 0
    if tree.is_constant and tree.type is not ValueType.COLOR:
        yield tree, (), 0
    if isinstance(tree.head, Primitive) and room > 0:
        for children, arguments, size in _row_cuts(tree.children, room - 1, start):
            yield Tree(tree.head, children), arguments, size + 1


def _row_cuts(
    trees: Sequence[Tree], room: int, start: int
) -> Iterator[tuple[tuple[Tree, ...], tuple[Tree, ...], int]]:
    """The same for trees side by side, which share the room."""
    if not trees:
        yield (), (), 0
        return
    for first, arguments, size in _cuts(trees[0], room, start):
        for others, more, more_size in _row_cuts(trees[1:], room - size, start + len(arguments)):
            if len({*arguments, *more}) <= MAX_ARGUMENTS:
                yield (first, *others), (*arguments, *more), size + more_size


def _closed(
    pattern: Tree, arguments: Sequence[Tree], identities: Sequence[object]
) -> tuple[Tree, tuple[Tree, ...]]:
    """The pattern with one parameter for equal identities, arrays before scalars."""
    order = sorted(range(len(arguments)), key=lambda i: arguments[i].type.kind == "S")
    kept = {identities[i]: arguments[i] for i in order}
    positions = {identity: position for position, identity in enumerate(kept)}
    return _renumbered(pattern, [positions[i] for i in identities]), tuple(kept.values())


def _renumbered(pattern: Tree, positions: Sequence[int]) -> Tree:
    if isinstance(pattern.head, Parameter):
        return Tree(Parameter(positions[pattern.head.position], pattern.type))
    return Tree(pattern.head, tuple(_renumbered(child, positions) for child in pattern.children))
