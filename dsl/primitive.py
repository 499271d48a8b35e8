'''Primitive: one operation of the language, declared with a decorator.

    @primitive(cost=1, laws=(INVOLUTION, KEEPS_SHAPE))
    def flip_rows(grid: Cells) -> Cells:
        """Turn the grid upside down."""

The annotations give the type signature, and the docstring gives the documentation with a doctest.
The decorator adds the primitive to the registry. The search, the parser, the property tests and
``arcsolve primitives`` read the registry.
'''

from __future__ import annotations

import importlib
import pkgutil
import typing
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import entry_points
from typing import Any, ClassVar

from arcsolve.dsl.errors import BadInput, BadProgram, Undefined, suggestion
from arcsolve.dsl.grid import MAX_SIDE
from arcsolve.dsl.values import MAX_LAYERS, KernelValue, Value, ValueType, from_kernel, to_kernel

ENTRY_POINT_GROUP = "arcsolve.primitives"
MAX_ARGUMENTS = 3

_registry: dict[str, Primitive] = {}


@dataclass(frozen=True, slots=True)
class Law:
    """An equation that a primitive promises to keep; `arcsolve.dsl.laws` declares the laws."""

    commutes: ClassVar[bool] = False
    """True for a law that lets a primitive take its two arguments in either order."""

    absorbs_repeats: ClassVar[bool] = False
    """True for a law that makes f(f(x, c), c) redundant, where c stands for all other arguments."""

    def holds(self, primitive: Primitive, first: Any, rest: tuple[Any, ...]) -> bool:
        """Return whether the equation holds for these arguments.

        `first` and `rest` are the primitive's arguments, as kernel values. Raises Undefined if the
        side of the equation that the search prunes has no value: the arguments then prove nothing.
        If that side has a value, the other side must have the same value.
        """
        raise NotImplementedError

    def forbids(self, primitive: Primitive, position: int, inner: Primitive) -> bool:
        """Return whether the law makes ``primitive(.., inner(..), ..)`` redundant.

        `position` is the place of ``inner(..)`` among the arguments of `primitive`.
        """
        return False


@dataclass(frozen=True, eq=False)
class Primitive:
    """An operation: its name, types, cost, laws, and the numba-compilable function behind it.

    A call takes and returns values as people see them and raises Undefined if there is no value;
    `apply` does the same with kernel values. Primitives are hashable by identity, since names are
    unique.
    """

    name: str
    function: Callable[..., Any]
    argument_types: tuple[ValueType, ...]
    result_type: ValueType
    cost: int
    laws: tuple[Law, ...]

    def __call__(self, *values: Any) -> Value:
        """Return the value for these arguments; all are values as people see them."""
        if len(values) != len(self.argument_types):
            raise TypeError(f"{self.signature} takes {len(self.argument_types)} values")
        pairs = zip(values, self.argument_types, strict=True)
        result = self.apply(*(to_kernel(value, value_type) for value, value_type in pairs))
        return from_kernel(result, self.result_type)

    def apply(self, *values: KernelValue) -> Any:
        """Return the compiled kernel's result.

        Raises Undefined if the kernel has none and if the result is larger than a value may be.
        """
        result = self.kernel(*values)
        if self.result_type.kind == "S":
            if result < 0:
                raise Undefined(f"{self.name} has no value here")
        elif result.size == 0:
            raise Undefined(f"{self.name} has no value here")
        elif max(result.shape[-2:]) > MAX_SIDE:
            raise Undefined(f"{self.name} gives more than {MAX_SIDE} cells a side here")
        elif self.result_type.kind == "L" and len(result) > MAX_LAYERS:
            raise Undefined(f"{self.name} gives more than {MAX_LAYERS} layers here")
        return result

    @cached_property
    def kernel(self) -> Any:
        """Return the numba dispatcher, compiled or read from the disk cache on first use."""
        from arcsolve.dsl.jit import NUMBA_TYPES, compiled

        arguments = [NUMBA_TYPES[value_type.kind] for value_type in self.argument_types]
        return compiled(self.function, NUMBA_TYPES[self.result_type.kind](*arguments))

    @property
    def family(self) -> str:
        """Return the last name of the module that declares it, such as ``symmetry``."""
        return self.function.__module__.rpartition(".")[2]

    @property
    def doc(self) -> str:
        """Return the docstring of the function."""
        return self.function.__doc__ or ""

    @property
    def signature(self) -> str:
        """Return the signature, such as ``replace_color(grid, color, color) -> grid``."""
        return f"{self.name}({', '.join(self.argument_types)}) -> {self.result_type}"

    @property
    def commutative(self) -> bool:
        """Return whether the primitive takes its two arguments in either order."""
        return any(law.commutes for law in self.laws)

    @property
    def absorbs_repeats(self) -> bool:
        """True if a law makes f(f(x, c), c) redundant, where c stands for all other arguments."""
        return any(law.absorbs_repeats for law in self.laws)

    def forbids(self, position: int, inner: Primitive) -> bool:
        """Return whether a law makes ``self(.., inner(..), ..)`` redundant.

        `position` is the place of ``inner(..)`` among the arguments.
        """
        return any(law.forbids(self, position, inner) for law in self.laws)

    def __repr__(self) -> str:
        return f"<primitive {self.signature}>"


def primitive(
    *, cost: int, laws: tuple[Law, ...] = ()
) -> Callable[[Callable[..., Any]], Primitive]:
    """Declare the decorated function a primitive of the language.

    `cost` is the primitive's share of a program's description length, in units of the cheapest
    primitive. Raises TypeError for a signature without value types and ValueError for a name that
    is taken.
    """

    def declare(function: Callable[..., Any]) -> Primitive:
        arguments, result = _signature(function)
        declared = Primitive(function.__name__, function, arguments, result, cost, laws)
        if _registry.setdefault(declared.name, declared).function.__module__ != function.__module__:
            raise ValueError(f"a primitive named {declared.name!r} exists already")
        _registry[declared.name] = declared
        return declared

    return declare


def _signature(function: Callable[..., Any]) -> tuple[tuple[ValueType, ...], ValueType]:
    hints = typing.get_type_hints(function, include_extras=True)
    result = _value_type(hints.pop("return", None), function)
    arguments = tuple(_value_type(hint, function) for hint in hints.values())
    if not 1 <= len(arguments) <= MAX_ARGUMENTS:
        raise TypeError(f"{function.__name__} must take 1 to {MAX_ARGUMENTS} values")
    return arguments, result


def _value_type(hint: Any, function: Callable[..., Any]) -> ValueType:
    for mark in getattr(hint, "__metadata__", ()):
        if isinstance(mark, ValueType):
            return mark
    raise TypeError(f"{function.__name__}: {hint} is not one of the types in arcsolve.dsl.values")


def primitives() -> dict[str, Primitive]:
    """Return all primitives by name: the built-in families, plug-ins and later declarations."""
    _load_families()
    return dict(sorted(_registry.items()))


def find(name: str) -> Primitive:
    """Return the primitive of this name; raise BadProgram with close names if there is none."""
    _load_families()
    if name in _registry:
        return _registry[name]
    hint = suggestion(name, _registry, count=3)
    raise BadProgram(f"no primitive is named {name!r}{hint}", name, 0)


@cache
def _load_families() -> None:
    package = importlib.import_module(f"{__package__}.primitives")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
    for plugin in entry_points(group=ENTRY_POINT_GROUP):
        try:
            plugin.load()
        except (ImportError, AttributeError, TypeError, ValueError) as error:
            problem = f"the primitives {plugin.name!r} do not load: {error}"
            raise BadInput(problem, file=plugin.value) from error
