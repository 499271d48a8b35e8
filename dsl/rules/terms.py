'''Terms: the words of the language of rules, declared with a decorator.

    @term(cost=1.0)
    def at_border(parts: Parts) -> FlagColumn:
        """The part reaches the border of its grid."""

A term is a function over all parts at once. The annotations give the kinds of its arguments and of
its result, and the docstring gives the documentation. The decorator adds the term to the registry.
The search for rules, the parser, the printer and the property tests read the registry.
'''

from __future__ import annotations

import importlib
import pkgutil
import typing
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cache
from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.errors import BadProgram, suggestion
from arcsolve.dsl.kernels.scenery.patterns import Windows
from arcsolve.dsl.kernels.scenery.walks import Tables
from arcsolve.dsl.values import Cells, Flags, Integers


class Kind(StrEnum):
    """The kind of an expression's value for a part."""

    FLAG = "flag"
    COLOR = "color"
    NUMBER = "number"
    SHAPE = "shape"  # a hash: equal for parts of equal shape
    DIRECTIONS = "directions"  # a bit set of the directions in `arcsolve.dsl.values.DIRECTIONS`
    SHIFT = "shift"  # rows and columns; (0, 0) for none
    PART = "part"  # the number of another part
    AREA = "area"  # cells of the grid
    STROKES = "strokes"  # cells with the colors to paint
    PATTERN = "pattern"  # a window of cells around a part
    REACTIONS = "reactions"  # what a walk does before each color
    ORDER = "order"  # the place of a part among the parts of its grid
    GRID_NUMBER = "grid_number"  # a number of each grid, not of each part
    GRID_COLOR = "grid_color"  # a color of each grid, not of each part
    GRID = "grid"  # a new grid for each grid


class Area(NamedTuple):
    """Cells of the grid for each row of parts: those from an offset up to the next."""

    offsets: Integers
    places: Integers  # on the strip of the scene


class Strokes(NamedTuple):
    """Cells and their new colors for each row of parts, and the cells to erase before painting."""

    offsets: Integers
    places: Integers
    colors: NDArray[np.uint8]
    erased: Area | None = None


FlagColumn = Annotated[Flags, Kind.FLAG]
ColorColumn = Annotated[Integers, Kind.COLOR]
NumberColumn = Annotated[Integers, Kind.NUMBER]
ShapeColumn = Annotated[Integers, Kind.SHAPE]
DirectionColumn = Annotated[Integers, Kind.DIRECTIONS]
ShiftColumn = Annotated[Integers, Kind.SHIFT]
PartColumn = Annotated[Integers, Kind.PART]
AreaColumn = Annotated[Area, Kind.AREA]
PatternColumn = Annotated[Windows, Kind.PATTERN]
ReactionColumn = Annotated[Tables, Kind.REACTIONS]
StrokeColumn = Annotated[Strokes, Kind.STROKES]
OrderColumn = Annotated[Integers, Kind.ORDER]
GridNumbers = Annotated[Integers, Kind.GRID_NUMBER]
GridColors = Annotated[Integers, Kind.GRID_COLOR]
NewGrids = Annotated[list[Cells | None], Kind.GRID]


class Choice(Enum):
    """A fixed argument of a term: its word in a program, its cost in bits, and its phrase.

    The phrase stands for the word in sentences. By default, it is the word itself.
    """

    def __init__(self, word: str, cost: float, phrase: str | None = None) -> None:
        self.word, self.cost = word, cost
        self.phrase = word.replace("_", " ") if phrase is None else phrase


@dataclass(frozen=True, eq=False, slots=True)
class Term:
    """A word of the language: its function over parts, kinds and cost in bits."""

    name: str
    function: Callable[..., Any]
    parameters: tuple[Kind | type[Choice], ...]
    kind: Kind
    cost: float

    @property
    def doc(self) -> str:
        """The docstring of the function."""
        return self.function.__doc__ or ""

    @property
    def signature(self) -> str:
        """The signature, such as ``ray(directions, start, stop) -> area``."""
        return f"{self.name}({', '.join(map(_name_parameter, self.parameters))}) -> {self.kind}"


def _name_parameter(parameter: Kind | type[Choice]) -> str:
    if isinstance(parameter, Kind):
        return parameter.value
    return "|".join(choice.word for choice in parameter)


_registry: dict[str, Term] = {}


def term(cost: float) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the decorated function as a term with a cost in bits."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        hints = typing.get_type_hints(function, include_extras=True)
        kind = _kind(hints.pop("return"))
        parameters = tuple(_kind(hint) for name, hint in hints.items() if name != "parts")
        name = function.__name__.rstrip("_")
        _registry[name] = Term(name, function, parameters, kind, cost)
        return function

    return register


def _kind(hint: Any) -> Any:
    return hint.__metadata__[0] if hasattr(hint, "__metadata__") else hint


def terms() -> tuple[Term, ...]:
    """Return all terms, in the order of their names."""
    _load()
    return tuple(_registry[name] for name in sorted(_registry))


def find_term(name: str) -> Term:
    """Return the term of this name; raise BadProgram if there is none."""
    _load()
    if name not in _registry:
        close = suggestion(name, tuple(_registry))
        raise BadProgram(f"there is no term {name[:40]!r}{close}", name, 0)
    return _registry[name]


@cache
def _load() -> None:
    """Import all modules of the vocabulary, so that they register their terms."""
    vocabulary = importlib.import_module("arcsolve.dsl.rules.vocabulary")
    for module in pkgutil.walk_packages(vocabulary.__path__, f"{vocabulary.__name__}."):
        importlib.import_module(module.name)
