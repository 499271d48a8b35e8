"""Laws: equations that a primitive promises to keep.

A law is data with two uses. `holds` checks the equation on given values; the property tests call it
on drawn values. `forbids` tells the search which compositions the equation makes redundant, because
another expression with the same or a lower cost always has the same value. One statement serves
both uses, so the search prunes by nothing that is not tested.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any, ClassVar

import numpy as np

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.primitive import Law, Primitive, find
from arcsolve.dsl.values import ValueType


@dataclass(frozen=True, slots=True)
class Involution(Law):
    """f(f(x, c), c) = x, where c stands for all other arguments."""

    absorbs_repeats: ClassVar[bool] = True

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        """Check f(f(x)) = x."""
        return _same(primitive.apply(primitive.apply(first, *rest), *rest), first)

    def forbids(self, primitive: Primitive, position: int, inner: Primitive) -> bool:
        """Forbid f(f(x)), which is x."""
        return _unary_repeat(primitive, inner)


@dataclass(frozen=True, slots=True)
class Idempotent(Law):
    """f(f(x, c), c) = f(x, c), where c stands for all other arguments and f(x, c) has x's type."""

    absorbs_repeats: ClassVar[bool] = True

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        """Check f(f(x)) = f(x)."""
        once = primitive.apply(first, *rest)
        return _same(primitive.apply(once, *rest), once)

    def forbids(self, primitive: Primitive, position: int, inner: Primitive) -> bool:
        """Forbid f(f(x)), which is f(x)."""
        return _unary_repeat(primitive, inner)


@dataclass(frozen=True, slots=True)
class InverseOf(Law):
    """f(g(x)) = x wherever g(x) is defined, for unary f and g."""

    name: str

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        """Check f(g(x)) = x."""
        return _same(primitive.apply(find(self.name).apply(first)), first)

    def forbids(self, primitive: Primitive, position: int, inner: Primitive) -> bool:
        """Forbid f(g(x)), which is x."""
        return inner.name == self.name


@dataclass(frozen=True, slots=True)
class CommutesWith(Law):
    """f(g(x)) = g(f(x)) for unary f and g; the search keeps g(f(x))."""

    name: str

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        """Check f(g(x)) = g(f(x))."""
        other = find(self.name)
        pruned = primitive.apply(other.apply(first))
        return _gives(pruned, lambda: other.apply(primitive.apply(first)))

    def forbids(self, primitive: Primitive, position: int, inner: Primitive) -> bool:
        """Forbid f(g(x)), which is g(f(x))."""
        return inner.name == self.name and inner.name != primitive.name


@dataclass(frozen=True, slots=True)
class Commutative(Law):
    """f(a, b) = f(b, a); the search keeps one of the two orders."""

    commutes: ClassVar[bool] = True

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        """Check f(a, b) = f(b, a)."""
        swapped = primitive.apply(*rest, first)
        return _gives(swapped, lambda: primitive.apply(first, *rest))


@dataclass(frozen=True, slots=True)
class Associative(Law):
    """f(f(a, b), c) = f(a, f(b, c)); the search keeps the left-nested form.

    If f is commutative as well, the search tries only one order of two arguments and keeps both
    forms.
    """

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        """Check all triples of the given values; a binary primitive gets only two values."""
        for a, b, c in product((first, *rest), repeat=3):
            try:
                pruned = primitive.apply(a, primitive.apply(b, c))
            except Undefined:
                continue
            if not _gives(pruned, partial(_nest_left, primitive, a, b, c)):
                return False
        return True

    def forbids(self, primitive: Primitive, position: int, inner: Primitive) -> bool:
        """Forbid f(a, f(b, c)), which is f(f(a, b), c), unless f is commutative."""
        repeated = position == 1 and inner.name == primitive.name
        return repeated and not primitive.commutative


@dataclass(frozen=True, slots=True)
class KeepsShape(Law):
    """f(x) has the height and width of x."""

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        """Compare the height and width of f(x) with those of x."""
        return bool(primitive.apply(first, *rest).shape[-2:] == first.shape[-2:])


@dataclass(frozen=True, slots=True)
class KeepsColors(Law):
    """f(x) has no color that x does not have, except 0."""

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        """Compare the colors of f(x) with the colors of x."""
        return set(np.unique(primitive.apply(first, *rest))) <= {0, *np.unique(first)}


@dataclass(frozen=True, slots=True)
class RecolorsAlike(Law):
    """f(p(x)) = p(f(x)) for every permutation p of the colors (that keeps 0, if `but_zero`)."""

    but_zero: bool

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        """Check f(p(x)) = p(f(x)) for permutations that generate all others."""
        result = primitive.apply(first, *rest)
        for mapping in _generators(self.but_zero):
            moved = [_recolor(v, mapping, t) for v, t in _with_types(primitive, first, rest)]
            expected = _recolor(result, mapping, primitive.result_type)
            if not _gives(expected, partial(primitive.apply, *moved)):
                return False
        return True


INVOLUTION = Involution()
IDEMPOTENT = Idempotent()
COMMUTATIVE = Commutative()
ASSOCIATIVE = Associative()
KEEPS_SHAPE = KeepsShape()
KEEPS_COLORS = KeepsColors()
RECOLORS_ALIKE = RecolorsAlike(but_zero=False)
RECOLORS_ALIKE_BUT_ZERO = RecolorsAlike(but_zero=True)

# Sets of laws that families of primitives share.

ON_CANVAS = (KEEPS_SHAPE, RECOLORS_ALIKE_BUT_ZERO)
"""Laws of a primitive that draws on the grid it gets, with 0 as the background."""
IN_PLACE = (KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE_BUT_ZERO)
"""Laws of a primitive that draws on the grid it gets, with the grid's own colors only."""
ON_ANY_CANVAS = (KEEPS_SHAPE, RECOLORS_ALIKE)
"""Laws of a primitive that draws on the grid it gets and treats 0 like any other color."""
REARRANGES = (KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE)
"""Laws of a primitive that moves cells within a grid and treats 0 like any other color."""
COPIES = (KEEPS_COLORS, RECOLORS_ALIKE)
"""Laws of a primitive that makes a grid from copies of cells, those of color 0 included."""
COPIES_CONTENT = (KEEPS_COLORS, RECOLORS_ALIKE_BUT_ZERO)
"""Laws of a primitive that makes a grid from copies of cells, with 0 as the background."""

IDEMPOTENT_IN_SHAPE = (IDEMPOTENT, KEEPS_SHAPE)
IDEMPOTENT_ON_CANVAS = (IDEMPOTENT, *ON_CANVAS)
IDEMPOTENT_IN_PLACE = (IDEMPOTENT, *IN_PLACE)
IDEMPOTENT_ON_ANY_CANVAS = (IDEMPOTENT, *ON_ANY_CANVAS)

COMMUTES_WITH_FLIPS = tuple(map(CommutesWith, ("flip_rows", "flip_cols", "rotate_180")))
"""Laws of a primitive, from grid to grid, that treats up like down and left like right."""
COMMUTES_WITH_SYMMETRIES = (
    *COMMUTES_WITH_FLIPS,
    *map(CommutesWith, ("transpose", "anti_transpose", "rotate_90", "rotate_270")),
)
"""Laws of a primitive that treats all eight orientations of its argument alike."""


def _unary_repeat(primitive: Primitive, inner: Primitive) -> bool:
    return inner.name == primitive.name and len(primitive.argument_types) == 1


def _same(left: Any, right: Any) -> bool:
    return np.array_equal(left, right)


def _gives(expected: Any, kept: Callable[[], Any]) -> bool:
    """Return whether the form that the search keeps has this value; an undefined form does not."""
    try:
        return _same(kept(), expected)
    except Undefined:
        return False


def _nest_left(primitive: Primitive, a: Any, b: Any, c: Any) -> Any:
    return primitive.apply(primitive.apply(a, b), c)


def _with_types(primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> Any:
    return zip((first, *rest), primitive.argument_types, strict=True)


def _generators(but_zero: bool) -> Any:
    """Return a cycle of all colors and a swap of two colors, which generate every permutation."""
    first = 1 if but_zero else 0
    cycle, swap = np.tile(np.arange(NUM_COLORS, dtype=np.uint8), (2, 1))
    cycle[first:] = np.roll(cycle[first:], 1)
    swap[[first, first + 1]] = swap[[first + 1, first]]
    return cycle, swap


def _recolor(value: Any, mapping: Any, value_type: ValueType) -> Any:
    if value_type in (ValueType.GRID, ValueType.LAYERS):
        return mapping[value]
    return int(mapping[value]) if value_type is ValueType.COLOR else value
