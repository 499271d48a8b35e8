"""Parts that the period or the symmetry of the rest of the grid restores."""

from __future__ import annotations

import pytest

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program


def _apply(rule: str, grid: str) -> Grid:
    return Program.parse(f"(rewrite input input (rules 0 {rule}))").run(Grid(grid))


@pytest.mark.parametrize(
    ("regularity", "before", "after"),
    [
        ("period", "12121/34993/12991/34343/12121", "12121/34343/12121/34343/12121"),
        ("symmetry", "12321/45694/17271/78087", "12321/45654/17271/78087"),
    ],
)
def test_a_part_is_restored_from_the_rest_of_the_grid(
    regularity: str, before: str, after: str
) -> None:
    rule = f"(rule color_groups (has color 9) (restore {regularity}))"
    assert _apply(rule, before) == Grid(after)


def test_a_grid_without_regularity_restores_nothing() -> None:
    with pytest.raises(Undefined):
        _apply("(rule color_groups (has color 9) (restore period))", "1234/5691/7823")
