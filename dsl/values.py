"""The types of values in programs, for people, for kernels and for annotations.

| type      | people see                       | a kernel sees                         |
|-----------|----------------------------------|---------------------------------------|
| grid      | `Grid`                           | uint8 array (height, width)           |
| mask      | `Grid` of 0 and 1                | uint8 array (height, width) of 0 and 1|
| layers    | tuple of `Grid`s of one shape    | uint8 array (n, height, width)        |
| color     | int 0 to 9                       | int64                                 |
| count     | int, 0 or more                   | int64                                 |
| direction | int 0 to 7, clockwise from up    | int64                                 |

Layers are objects on a shared canvas: a cell that does not belong to the object is 0, so that an
object keeps its position. An empty array, or -1 for the scalar types, means "undefined here".
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.errors import BadInput, Undefined
from arcsolve.dsl.grid import MAX_SIDE, NUM_COLORS, Grid

MAX_LAYERS = 64  # objects on one canvas; more objects are noise, and the bound keeps states small
DIRECTIONS = ("up", "up-right", "right", "down-right", "down", "down-left", "left", "up-left")


class ValueType(StrEnum):
    """The meaning of a value; `kind` says in which form a kernel sees it."""

    GRID = "grid"
    MASK = "mask"
    LAYERS = "layers"
    COLOR = "color"
    COUNT = "count"
    DIRECTION = "direction"

    @property
    def kind(self) -> str:
        """Return ``A`` for a 2-D array, ``L`` for a 3-D array of layers, ``S`` for a scalar."""
        return {"grid": "A", "mask": "A", "layers": "L"}.get(self.value, "S")


Cells = Annotated[NDArray[np.uint8], ValueType.GRID]
Mask = Annotated[NDArray[np.uint8], ValueType.MASK]
Layers = Annotated[NDArray[np.uint8], ValueType.LAYERS]
Color = Annotated[int, ValueType.COLOR]
Count = Annotated[int, ValueType.COUNT]
Direction = Annotated[int, ValueType.DIRECTION]

Integers = NDArray[np.int64]
"""Numbers in a kernel: labels, counts, indices or ranges."""
Flags = NDArray[np.bool_]
"""Choices in a kernel, one per row, column, layer or label."""

Value = Grid | tuple[Grid, ...] | int
"""A value as people see it."""

KernelValue = NDArray[np.uint8] | int
"""A value as kernels take and return it."""

_SCALAR_LIMITS = {ValueType.COLOR: NUM_COLORS - 1, ValueType.DIRECTION: len(DIRECTIONS) - 1}


def to_kernel(value: Any, value_type: ValueType) -> KernelValue:
    """Turn a value as people see it into a kernel value.

    A grid may be anything that `Grid` accepts. Raises BadInput if the value does not have the type.
    """
    if value_type.kind == "S":
        return _check_scalar(value, value_type)
    if value_type.kind == "A":
        grid = _require_bounded(value)
        if value_type is ValueType.MASK and grid.cells.max() > 1:
            raise BadInput(f"expected a mask of 0 and 1, found {grid!r}")
        return grid.cells.copy()
    return _stack(value)


def from_kernel(value: Any, value_type: ValueType) -> Value:
    """Turn a kernel's result into a value as people see it.

    Raises Undefined if the result means "undefined here".
    """
    if value_type.kind == "S":
        if value < 0:
            raise Undefined("the kernel returned no value")
        return int(value)
    if value.size == 0:
        raise Undefined("the kernel returned nothing")
    if max(value.shape[-2:]) > MAX_SIDE:
        raise Undefined(f"the result has more than {MAX_SIDE} cells a side")
    if value_type.kind == "A":
        return Grid(value)
    if len(value) > MAX_LAYERS:
        raise Undefined(f"the result has more than {MAX_LAYERS} layers")
    return tuple(Grid(layer) for layer in value)


def _require_bounded(value: Any) -> Grid:
    """Return the value as a grid that kernels can take; raise BadInput if it is too large.

    Kernels do not check whether a row fits into a machine word.
    """
    grid = value if isinstance(value, Grid) else Grid(value)
    if max(grid.shape) > MAX_SIDE:
        raise BadInput(f"expected at most {MAX_SIDE} cells a side, found {grid.shape}")
    return grid


def _check_scalar(value: Any, value_type: ValueType) -> int:
    limit = _SCALAR_LIMITS.get(value_type, np.iinfo(np.int32).max)
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise BadInput(f"expected a {value_type}, found {value!r}")
    if not 0 <= value <= limit:
        raise BadInput(f"expected a {value_type} from 0 to {limit}, found {value}")
    return int(value)


def _stack(value: Sequence[Any]) -> NDArray[np.uint8]:
    grids = [_require_bounded(layer).cells for layer in value]
    if not 0 < len(grids) <= MAX_LAYERS or len({cells.shape for cells in grids}) > 1:
        raise BadInput(f"expected 1 to {MAX_LAYERS} layers of one shape")
    return np.stack(grids)
