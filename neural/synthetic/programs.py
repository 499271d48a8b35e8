"""A grammar over all primitives, from which programs of a given size are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.primitive import Primitive
from arcsolve.dsl.program import Apply, Constant, Input, Node, Program
from arcsolve.dsl.values import DIRECTIONS, ValueType

MOST_COUNT = 4  # the largest constant count
STRAIGHT = 2  # every second direction is not diagonal
COSTS_TO_HALVE = 2.0  # units of cost that make a primitive half as likely
COMPUTED_SCALAR = 0.25  # probability that a color or count is computed if the size allows


@dataclass(frozen=True, slots=True)
class _Producers:
    """The primitives that produce one type, with their odds and the primitives that each needs."""

    primitives: tuple[Primitive, ...]
    odds: NDArray[np.float64]
    needs: NDArray[np.int64]

    def draw(self, draws: np.random.Generator, size: int) -> Primitive:
        """Draw a primitive that a program of `size` primitives has room for.

        Raises ValueError if there is none.
        """
        odds = self.odds * (self.needs < size)
        return self.primitives[draws.choice(len(odds), p=odds / odds.sum())]


@dataclass(frozen=True, slots=True)
class Grammar:
    """The primitives that produce each type; cheaper primitives are drawn more often."""

    producers: Mapping[ValueType, _Producers]

    def draw(self, draws: np.random.Generator, size: int, colors: Sequence[int]) -> Program:
        """Draw a program of at most `size` primitives, with most of its colors from `colors`.

        Equal subexpressions share a node, so a program may have fewer primitives.
        """
        nodes: dict[Node, int] = {}
        _Draft(self, draws, tuple(colors), nodes).node(ValueType.GRID, size)
        return Program(tuple(nodes))


def build_grammar(primitives: Iterable[Primitive], costs: Mapping[str, float]) -> Grammar:
    """Build the grammar over these primitives; `costs` by name replace declared costs."""
    by_type: dict[ValueType, list[Primitive]] = {}
    for primitive in primitives:
        by_type.setdefault(primitive.result_type, []).append(primitive)
    producers = {}
    for result_type, group in by_type.items():
        units = np.array([costs.get(p.name, p.cost) for p in group], np.float64)
        odds = 2.0 ** (-units / COSTS_TO_HALVE)
        needs = np.array([sum(map(_fewest, p.argument_types)) for p in group])
        producers[result_type] = _Producers(tuple(group), odds, needs)
    return Grammar(producers)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A program while it is drawn, top-down; `nodes` maps nodes to their positions."""

    grammar: Grammar
    draws: np.random.Generator
    colors: tuple[int, ...]
    nodes: dict[Node, int]

    def node(self, wanted: ValueType, size: int) -> int:
        """The position of a new node of this type, made of at most `size` primitives."""
        chosen = self.grammar.producers[wanted].draw(self.draws, size)
        sizes = self._sizes(chosen.argument_types, size - 1)
        pairs = zip(chosen.argument_types, sizes, strict=True)
        return self._add(Apply(chosen, tuple([self._argument(t, n) for t, n in pairs])))

    def _sizes(self, types: tuple[ValueType, ...], size: int) -> list[int]:
        """Divide `size` primitives among arguments: the fewest each needs, the rest at random."""
        sizes = [_fewest(t) for t in types]
        arrays = [i for i, t in enumerate(types) if t.kind != "S"]
        scalars = [i for i, t in enumerate(types) if t.kind == "S"]
        for _ in range(size - sum(sizes)):
            to_scalar = not arrays or (scalars and self.draws.random() < COMPUTED_SCALAR)
            sizes[int(self.draws.choice(scalars if to_scalar else arrays))] += 1
        return sizes

    def _argument(self, wanted: ValueType, size: int) -> int:
        if size and wanted in self.grammar.producers:
            return self.node(wanted, size)
        return self._add(self._leaf(wanted))

    def _leaf(self, wanted: ValueType) -> Node:
        if wanted is ValueType.GRID:
            return Input()
        if wanted is ValueType.COLOR:
            return Constant(
                int(self.draws.choice([*self.colors, *self.colors, *range(10)])), wanted
            )
        if wanted is ValueType.COUNT:
            return Constant(int(self.draws.integers(1, MOST_COUNT + 1)), wanted)
        return Constant(STRAIGHT * int(self.draws.integers(len(DIRECTIONS) // STRAIGHT)), wanted)

    def _add(self, node: Node) -> int:
        return self.nodes.setdefault(node, len(self.nodes))


def _fewest(wanted: ValueType) -> int:
    """The fewest primitives that a value of this type needs: masks and layers have no terminals."""
    return int(wanted in (ValueType.MASK, ValueType.LAYERS))
