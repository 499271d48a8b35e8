"""Reconstruction: read the program of a state from the arena."""

from __future__ import annotations

from arcsolve.dsl.primitive import find
from arcsolve.dsl.program import Apply, Input, Node, Program
from arcsolve.search.engine.workspace import Workspace
from arcsolve.search.views import View


def reconstruct(workspace: Workspace, view: View, state: int) -> Program:
    """Return the program for the task itself that makes a state of the workspace of a view."""
    builder = _Builder(workspace, view)
    result = builder.add_state(state)
    if view.restore:
        builder.add(Apply(find(view.restore), (result, *builder.add_references())))
    return Program(tuple(builder.nodes))


class _Builder:
    """The nodes of a program, each of them once, with arguments before their uses."""

    def __init__(self, workspace: Workspace, view: View) -> None:
        self._workspace, self._view = workspace, view
        self.nodes: dict[Node, int] = {}

    def add(self, node: Node) -> int:
        """Return the position of a node; append the node if it is new."""
        return self.nodes.setdefault(node, len(self.nodes))

    def add_state(self, state: int) -> int:
        """Add the expression that made a state and return its position."""
        arena = self._workspace.arena
        operator = int(arena.operators[state])
        if operator < 0:
            return self._add_terminal(self._workspace.terminals[-1 - operator])
        arguments = (int(argument) for argument in arena.arguments[state] if argument >= 0)
        positions = tuple(self.add_state(argument) for argument in arguments)
        return self.add(Apply(self._workspace.operators[operator], positions))

    def _add_terminal(self, terminal: Node) -> int:
        position = self.add(terminal)
        if isinstance(terminal, Input) and self._view.change:
            return self.add(Apply(find(self._view.change), (position,)))
        return position

    def add_references(self) -> tuple[int, ...]:
        """Return the positions of the further arguments that the view's `restore` takes."""
        return (self.add(Input()),) if self._view.recolors else ()
