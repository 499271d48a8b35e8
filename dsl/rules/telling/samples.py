"""Samples: one word of the language on one small grid, for the examples of docstrings.

>>> measure("size", "110/002")
[2, 1]
>>> paint("(fill itself 3)", "110/002", "(has color 2)")
Grid('110/003')
>>> make("(show (most size) box)", "110/002")
Grid('11')
>>> label("objects_8", "110/002")
'AA./..B'
"""

from __future__ import annotations

from string import ascii_uppercase
from typing import Any

import numpy as np

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.rules.expression import Expression
from arcsolve.dsl.rules.partitions import find_partition
from arcsolve.dsl.rules.reading import read_expression, read_rules, read_summary
from arcsolve.dsl.rules.scene import Scene
from arcsolve.dsl.rules.terms import Kind
from arcsolve.dsl.values import DIRECTIONS

PARTITION = "objects_8"
_OF_GRIDS = (Kind.GRID_NUMBER, Kind.GRID_COLOR)
_MEASURED = (
    Kind.FLAG, Kind.COLOR, Kind.NUMBER, Kind.SHAPE, Kind.DIRECTIONS, Kind.SHIFT, Kind.PART,
    Kind.ORDER, *_OF_GRIDS,
)  # fmt: skip


def measure(text: str, grid: str, partition: str = PARTITION, background: int = 0) -> Any:
    """Return the value of an expression for each part of a grid, or its one value for the grid.

    Parts and shapes are numbers from 1, in reading order. Directions are words. A missing value is
    None. Raises BadProgram for a text that is no such expression.
    """
    expression = read_expression(text, *_MEASURED)
    parts = Scene([Grid(grid).cells], [background]).parts(partition)
    values = [_simplify(expression, value) for value in np.asarray(expression.evaluate(parts))]
    if expression.kind is Kind.SHAPE:
        return [list(dict.fromkeys(values)).index(value) + 1 for value in values]
    return values[0] if expression.kind in _OF_GRIDS else values


def _simplify(expression: Expression, value: Any) -> Any:
    """Return a value of an expression as people would write it."""
    if expression.kind is Kind.FLAG:
        return bool(value)
    if expression.kind is Kind.SHIFT:
        return tuple(value.tolist())
    if expression.kind is Kind.DIRECTIONS:
        return " ".join(name for bit, name in enumerate(DIRECTIONS) if value >> bit & 1)
    if expression.kind is Kind.SHAPE:
        return value
    if value < 0:
        return None
    return int(value) + 1 if expression.kind is Kind.PART else int(value)


def paint(
    effect: str, grid: str, test: str = "every", partition: str = PARTITION, background: int = 0
) -> Grid:
    """Return a grid after a rule with an effect on the parts that pass a test.

    Raises BadProgram for a text that is no such rule.
    """
    rules, _ = read_rules(f"(rules {background} (rule {partition} {test} {effect}))")
    cells = Grid(grid).cells
    return Grid(rules.apply(cells, cells))


def make(new: str, grid: str, partition: str = PARTITION, background: int = 0) -> Grid:
    """Return the new grid that an expression makes from the parts of a grid.

    Raises BadProgram for a text that is no such expression.
    """
    summary, _ = read_summary(f"(summary {background} {partition} {new})")
    return Grid(summary.apply(Grid(grid).cells))


def label(partition: str, grid: str, background: int = 0) -> str:
    """Return the parts of a grid by a partition, one letter for each part."""
    labels = find_partition(partition).split(Grid(grid).cells, background)
    return "/".join("".join((ascii_uppercase + ".")[n] for n in row) for row in labels.tolist())
