"""From states back to programs."""

from __future__ import annotations

from arcsolve.dsl.primitive import Primitive, find
from arcsolve.dsl.program import Apply, Input, Node, Program
from arcsolve.search.engine.operators import operators
from arcsolve.search.library.abstractions import Abstraction, expanded
from arcsolve.search.synthesis import Synthesis
from arcsolve.search.views import View

__all__ = ["program_of"]


def program_of(synthesis: Synthesis, view: View, state: int) -> Program:
    """The program, on the task itself, that makes this state of a view."""
    builder = _Builder(synthesis, view)
    result = builder.add_state(state)
    if view.restore:
        builder.add(Apply(find(view.restore), (result, *builder.add_references())))
    return Program.parse(str(builder.program()))


class _Builder:
    """Collects nodes, equal ones once, so that arguments come before their use."""

    def __init__(self, synthesis: Synthesis, view: View) -> None:
        self._synthesis, self._view = synthesis, view
        self._nodes: dict[Node, int] = {}

    def add(self, node: Node) -> int:
        """The position of this node, which is appended if it is new."""
        return self._nodes.setdefault(node, len(self._nodes))

    def add_state(self, state: int) -> int:
        """The position of the expression that made a state; recursion is as deep as programs."""
        arena = self._synthesis.arena
        operator = int(arena.operators[state])
        if operator < 0:
            return self._add_leaf(self._synthesis.leaves[-1 - operator])
        arguments = (int(argument) for argument in arena.arguments[state] if argument >= 0)
        positions = tuple(self.add_state(argument) for argument in arguments)
        return self._add_call(operators()[operator], positions)

    def _add_call(self, operator: Primitive, positions: tuple[int, ...]) -> int:
        if isinstance(operator, Abstraction):
            return expanded(operator.body, positions, self.add)
        return self.add(Apply(operator, positions))

    def _add_leaf(self, leaf: Node) -> int:
        position = self.add(leaf)
        if isinstance(leaf, Input) and self._view.change:
            return self.add(Apply(find(self._view.change), (position,)))
        return position

    def add_references(self) -> tuple[int, ...]:
        """The positions of what the view's `restore` takes besides the result."""
        return (self.add(Input()),) if self._view.recolors else ()

    def program(self) -> Program:
        """The nodes so far; the result is the last one."""
        return Program(tuple(self._nodes))
