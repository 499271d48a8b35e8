"""The kernel of an expression, composed of the kernels of its primitives.

It is a chain of steps. Each appends one value to the tuple of all values so far, the arguments
first, and hands it to the rest of the chain; what is undefined ends the chain, since kernels rely
on defined arguments. To numba these are plain nested calls, which it compiles into one function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from arcsolve.dsl.grid import MAX_SIDE
from arcsolve.dsl.jit import helper
from arcsolve.dsl.primitive import Primitive
from arcsolve.dsl.program import Apply, Constant, Node, Parameter, Program
from arcsolve.dsl.values import MAX_LAYERS, to_kernel

__all__ = ["composed"]


def composed(body: Program, arity: int) -> Callable[..., Any]:
    """The function of `arity` kernel values that computes the body, numba-compilable."""
    places: list[int] = []  # of every node, in the tuple of values
    steps: list[Node] = []
    for node in body.nodes:
        if isinstance(node, Parameter):
            places.append(node.position)
        else:
            places.append(arity + len(steps))
            steps.append(node)
    run, undefined = _last, _UNDEFINED[body.nodes[-1].type.kind]
    for node in reversed(steps):
        if isinstance(node, Apply):
            run = _application(node.primitive, [places[i] for i in node.arguments], run, undefined)
        else:
            assert isinstance(node, Constant)
            run = _constant(to_kernel(node.value, node.type), run)
    return _entry(run, arity)


def _application(primitive: Primitive, places: Sequence[int], rest: Any, undefined: Any) -> Any:
    kernel, pick = helper(primitive.function), _picker(places)
    defined = _DEFINED[primitive.result_type.kind]

    @helper
    def run(values: Any) -> Any:
        value = kernel(*pick(values))
        if defined(value):
            return rest((*values, value))
        return undefined()

    return run


def _constant(constant: Any, rest: Any) -> Any:
    @helper
    def run(values: Any) -> Any:
        return rest((*values, constant))

    return run


def _picker(places: Sequence[int]) -> Any:
    """A compiled function: the values at these places, as a tuple."""
    if not places:
        return _nothing
    place, rest = places[0], _picker(places[1:])

    @helper
    def pick(values: Any) -> Any:
        return (values[place], *rest(values))

    return pick


def _entry(run: Any, arity: int) -> Callable[..., Any]:
    def one(x: Any) -> Any:
        return run((x,))

    def two(x: Any, y: Any) -> Any:
        return run((x, y))

    def three(x: Any, y: Any, z: Any) -> Any:
        return run((x, y, z))

    return (one, two, three)[arity - 1]


@helper
def _last(values: Any) -> Any:
    return values[-1]


@helper
def _nothing(values: Any) -> Any:
    return ()


@helper
def _defined_grid(grid: Any) -> bool:
    return grid.size > 0 and grid.shape[0] <= MAX_SIDE and grid.shape[1] <= MAX_SIDE


@helper
def _defined_layers(layers: Any) -> bool:
    fits = layers.shape[1] <= MAX_SIDE and layers.shape[2] <= MAX_SIDE
    return layers.size > 0 and layers.shape[0] <= MAX_LAYERS and fits


@helper
def _defined_scalar(scalar: Any) -> bool:
    return scalar >= 0


@helper
def _no_grid() -> Any:
    return np.empty((0, 0), np.uint8)


@helper
def _no_layers() -> Any:
    return np.empty((0, 0, 0), np.uint8)


@helper
def _no_scalar() -> int:
    return -1


_DEFINED = {"A": _defined_grid, "L": _defined_layers, "S": _defined_scalar}
_UNDEFINED = {"A": _no_grid, "L": _no_layers, "S": _no_scalar}
