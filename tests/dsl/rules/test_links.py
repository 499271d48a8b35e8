"""Areas between two parts, on small grids."""

from __future__ import annotations

import numpy as np
import pytest

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program


@pytest.mark.parametrize(
    ("effect", "before", "after"),
    [
        ("(between (nearest))", "100/000/100", "100/500/100"),
        ("(diagonal_to (nearest))", "100/000/001", "100/050/001"),
        ("(row_then_col (nearest))", "1000/0000/0001", "1555/5005/5551"),
        ("(blank_span (nearest))", "100/000/001", "155/555/551"),
    ],
)
def test_a_link_leads_to_the_other_part(effect: str, before: str, after: str) -> None:
    effect = effect.replace("(nearest)", "nearest")
    rules = f"(rules 0 (rule objects_8 every (fill {effect} 5)))"
    program = Program.parse(f"(rewrite input input {rules})")
    assert program.run(Grid(before)) == Grid(after)


@pytest.mark.parametrize(("name", "corner"), [("row_then_col", (0, 3)), ("col_then_row", (2, 0))])
def test_a_way_around_a_corner_turns_once(name: str, corner: tuple[int, int]) -> None:
    rules = f"(rules 0 (rule objects_8 (has color 1) (fill ({name} nearest) 5)))"
    result = Program.parse(f"(rewrite input input {rules})").run(Grid("1000/0000/0002"))
    assert result.cells[corner] == 5
    assert np.count_nonzero(result.cells == 5) == 4
