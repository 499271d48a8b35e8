"""Laws: equations that a primitive promises to keep.

A law is data with two uses. `holds` checks the equation on given values, and the property tests
call it on drawn ones. `forbids` tells the search which compositions the equation makes redundant,
because another expression of the same or a lower cost always has the same value. One statement
serves both, so the search prunes by nothing that is not tested.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dsl.grid import NUM_COLORS
from dsl.values import ValueType

if TYPE_CHECKING:
    from dsl.primitive import Primitive

__all__ = [
    "ASSOCIATIVE",
    "COMMUTATIVE",
    "IDEMPOTENT",
    "INVOLUTION",
    "KEEPS_COLORS",
    "KEEPS_SHAPE",
    "RECOLORS_ALIKE",
    "RECOLORS_ALIKE_BUT_ZERO",
    "CommutesWith",
    "InverseOf",
    "Law",
]


@dataclass(frozen=True, slots=True)
class Law:
    """Base of all laws. `first` and `rest` are a primitive's arguments, as kernel values."""

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        """Whether the equation holds for these arguments.

        Undefined from either side of the equation passes through: such a draw proves nothing.
        """
        raise NotImplementedError

    def forbids(self, primitive: Primitive, position: int, inner: Primitive) -> bool:
        """Whether ``primitive(.., inner(..) at position, ..)`` is redundant for this law."""
        return False


@dataclass(frozen=True, slots=True)
class Involution(Law):
    """f(f(x)) = x."""

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        return _same(primitive.apply(primitive.apply(first, *rest), *rest), first)

    def forbids(self, primitive: Primitive, position: int, inner: Primitive) -> bool:
        return _unary_repeat(primitive, inner)


@dataclass(frozen=True, slots=True)
class Idempotent(Law):
    """f(f(x)) = f(x), where f(x) is of the type of x."""

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        once = primitive.apply(first, *rest)
        return _same(primitive.apply(once, *rest), once)

    def forbids(self, primitive: Primitive, position: int, inner: Primitive) -> bool:
        return _unary_repeat(primitive, inner)


@dataclass(frozen=True, slots=True)
class InverseOf(Law):
    """f(g(x)) = x wherever g(x) is defined, for unary f and g."""

    name: str

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        return _same(primitive.apply(_lookup(self.name).apply(first)), first)

    def forbids(self, primitive: Primitive, position: int, inner: Primitive) -> bool:
        return inner.name == self.name


@dataclass(frozen=True, slots=True)
class CommutesWith(Law):
    """f(g(x)) = g(f(x)) for unary f and g; the search keeps g(f(x))."""

    name: str

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        other = _lookup(self.name)
        return _same(primitive.apply(other.apply(first)), other.apply(primitive.apply(first)))

    def forbids(self, primitive: Primitive, position: int, inner: Primitive) -> bool:
        return inner.name == self.name and inner.name != primitive.name


@dataclass(frozen=True, slots=True)
class Commutative(Law):
    """f(a, b) = f(b, a); the search keeps one of the two orders."""

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        return _same(primitive.apply(first, *rest), primitive.apply(*rest, first))


@dataclass(frozen=True, slots=True)
class Associative(Law):
    """f(f(a, b), c) = f(a, f(b, c)); the search keeps the left-nested form."""

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        second, third = rest[0], rest[-1]  # a binary primitive is checked on (a, b, b)
        left = primitive.apply(primitive.apply(first, second), third)
        return _same(left, primitive.apply(first, primitive.apply(second, third)))

    def forbids(self, primitive: Primitive, position: int, inner: Primitive) -> bool:
        return position == 1 and inner.name == primitive.name


@dataclass(frozen=True, slots=True)
class KeepsShape(Law):
    """f(x) has the height and width of x."""

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        return bool(primitive.apply(first, *rest).shape[-2:] == first.shape[-2:])


@dataclass(frozen=True, slots=True)
class KeepsColors(Law):
    """f(x) has no color that is not in x, except 0."""

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        return set(np.unique(primitive.apply(first, *rest))) <= {0, *np.unique(first)}


@dataclass(frozen=True, slots=True)
class RecolorsAlike(Law):
    """f(p(x)) = p(f(x)) for every permutation p of the colors (that keeps 0, if `but_zero`)."""

    but_zero: bool

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        result = primitive.apply(first, *rest)
        for shift in (1, 4):
            mapping = _rotation(shift, self.but_zero)
            moved = [_recolored(v, mapping, t) for v, t in _typed(primitive, first, rest)]
            expected = _recolored(result, mapping, primitive.result_type)
            if not _same(primitive.apply(*moved), expected):
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


def _lookup(name: str) -> Primitive:
    from dsl.primitive import find

    return find(name)


def _unary_repeat(primitive: Primitive, inner: Primitive) -> bool:
    return inner.name == primitive.name and len(primitive.argument_types) == 1


def _same(left: Any, right: Any) -> bool:
    return np.array_equal(left, right)


def _typed(primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> Any:
    return zip((first, *rest), primitive.argument_types, strict=True)


def _rotation(shift: int, but_zero: bool) -> Any:
    colors = np.arange(NUM_COLORS, dtype=np.uint8)
    start = 1 if but_zero else 0
    colors[start:] = np.roll(colors[start:], shift)
    return colors


def _recolored(value: Any, mapping: Any, value_type: ValueType) -> Any:
    if value_type in (ValueType.GRID, ValueType.LAYERS):
        return mapping[value]
    return int(mapping[value]) if value_type is ValueType.COLOR else value
