"""Expressions over parts: constants, terms with arguments, and attributes of other parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.rules.literals import Pattern, Reactions
from arcsolve.dsl.rules.scene import MISSING, Parts
from arcsolve.dsl.rules.terms import Choice, Kind, Term

CONSTANT_COSTS = {
    Kind.COLOR: 0.5, Kind.NUMBER: 0.7, Kind.GRID_COLOR: 0.4, Kind.GRID_NUMBER: 0.2,
}  # fmt: skip  # bits
_OF_GRIDS = (Kind.GRID_COLOR, Kind.GRID_NUMBER)
TABLE_COST = 0.5  # bits of a table
ENTRY_COST = 0.3  # bits of an entry of a table
GRID_ENTRY_COST = 0.5  # bits of an entry that is a grid
CELL_COST = 0.1  # bits of each cell of such an entry


@dataclass(frozen=True, slots=True)
class Literal:
    """A color or a number, the same for all parts or for all grids."""

    kind: Kind
    value: int

    @property
    def cost(self) -> float:
        """The description length in bits."""
        return CONSTANT_COSTS[self.kind]

    def __str__(self) -> str:
        return str(self.value)

    def evaluate(self, parts: Parts) -> Any:
        """Return the constant for each part, or for each grid."""
        of_grids = self.kind in _OF_GRIDS
        return np.full(len(parts.scene.grids) if of_grids else len(parts), self.value)


@dataclass(frozen=True)
class Call:
    """A term with its arguments."""

    term: Term
    arguments: tuple[Expression | Choice, ...] = ()
    cost: float = field(init=False, compare=False)
    """The description length in bits: that of the term and of its arguments."""
    _hash: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        cost = self.term.cost + sum(argument.cost for argument in self.arguments)
        object.__setattr__(self, "cost", cost)
        object.__setattr__(self, "_hash", hash((self.term.name, self.arguments)))

    def __hash__(self) -> int:
        return self._hash  # a search looks the same expressions up again and again

    @property
    def kind(self) -> Kind:
        """The kind of the term's result."""
        return self.term.kind

    def __str__(self) -> str:
        if not self.arguments:
            return self.term.name
        words = (each.word if isinstance(each, Choice) else str(each) for each in self.arguments)
        return f"({' '.join([self.term.name, *words])})"

    def evaluate(self, parts: Parts) -> Any:
        """Return the value of the term for each part."""
        return parts.remember(self, lambda: self._compute(parts))

    def _compute(self, parts: Parts) -> Any:
        values = (e if isinstance(e, Choice) else e.evaluate(parts) for e in self.arguments)
        return self.term.function(parts, *values)


@dataclass(frozen=True, slots=True)
class Of:
    """An attribute of another part, MISSING where there is no such part."""

    attribute: Expression
    reference: Expression

    @property
    def kind(self) -> Kind:
        """The kind of the attribute."""
        return self.attribute.kind

    @property
    def cost(self) -> float:
        """The description length in bits."""
        return self.attribute.cost + self.reference.cost

    def __str__(self) -> str:
        return f"(of {self.attribute} {self.reference})"

    def evaluate(self, parts: Parts) -> Any:
        """Return the value of the attribute for the part that each part refers to."""
        return parts.remember(self, lambda: self._compute(parts))

    def _compute(self, parts: Parts) -> Any:
        chosen = self.reference.evaluate(parts)
        values = self.attribute.evaluate(parts.neighbors)
        nothing = 0 if self.kind is Kind.DIRECTIONS else MISSING
        if not len(values):
            return np.full(len(parts), nothing)
        return np.where(chosen >= 0, values[chosen], nothing)


@dataclass(frozen=True, slots=True)
class Table:
    """A color for each known value of an attribute, MISSING for other values."""

    key: Expression
    entries: tuple[tuple[int, int], ...]  # (value, color), in the order of values

    @property
    def kind(self) -> Kind:
        """The kind of a color."""
        return Kind.COLOR

    @property
    def cost(self) -> float:
        """The description length in bits."""
        return TABLE_COST + self.key.cost + ENTRY_COST * len(self.entries)

    def __str__(self) -> str:
        return f"(table {self.key} {' '.join(f'{v} {c}' for v, c in self.entries)})"

    def evaluate(self, parts: Parts) -> Any:
        """Return the color for the value that each part has."""
        keys = self.key.evaluate(parts)
        colors = np.full(len(parts), MISSING)
        for value, color in self.entries:
            colors[keys == value] = color
        return colors


@dataclass(frozen=True, slots=True)
class GridTable:
    """A new grid for each known value of a number or color of the grid, None for other values."""

    key: Expression
    entries: tuple[tuple[int, Grid], ...]  # (value, new grid), in the order of values

    @property
    def kind(self) -> Kind:
        """The kind of a new grid."""
        return Kind.GRID

    @property
    def cost(self) -> float:
        """The description length in bits."""
        cells = sum(grid.cells.size for _, grid in self.entries)
        entries = GRID_ENTRY_COST * len(self.entries) + CELL_COST * cells
        return TABLE_COST + self.key.cost + entries

    def __str__(self) -> str:
        entries = (f'{value} "{grid}"' for value, grid in self.entries)
        return f"(grid_table {self.key} {' '.join(entries)})"

    def evaluate(self, parts: Parts) -> Any:
        """Return the new grid for the value that each grid has."""
        known = {value: grid.cells for value, grid in self.entries}
        return [known.get(int(value)) for value in self.key.evaluate(parts)]


Expression = Literal | Call | Of | Table | GridTable | Pattern | Reactions
