"""Invariants hold on their own pairs, and an unlike output breaks them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arcsolve.arbiter.decide import decide
from arcsolve.arbiter.invariants import breach_counter, find_invariants
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.solver import Candidate
from arcsolve.dsl.strategies import grids
from arcsolve.dsl.task import Pair, Task


def task_of(*pairs: tuple[str, str], test: str) -> Task:
    return Task("t", tuple(Pair(Grid(a), Grid(b)) for a, b in pairs), (Grid(test),))


PAINTS = task_of(("10/02", "14/42"), ("01/20", "41/24"), test="12/00")
"""A task: cells of 0 become 4, all other cells stay."""


@given(st.lists(st.tuples(grids(max_side=4), grids(max_side=4)), min_size=1, max_size=3))
def test_the_pairs_keep_their_own_invariants(pairs: list[tuple[Grid, Grid]]) -> None:
    cells = [(before.cells, after.cells) for before, after in pairs]
    assert all(invariant(*pair) for invariant in find_invariants(cells) for pair in cells)


@pytest.mark.parametrize(
    ("output", "broken"),
    [
        ("12/44", 0),
        ("14/44", 2),  # a cell of 2 changes; only two colors
        ("12/45", 2),  # a color that no pair introduces; one color too many
        ("124/444", 1),  # another size
        ("44/44", 3),  # all of one color; the kept colors are gone
    ],
)
def test_what_is_unlike_the_demonstrated_outputs_is_counted(output: str, broken: int) -> None:
    assert breach_counter(PAINTS)(0, Grid(output)) == broken


def test_an_unchanged_input_is_suspicious_only_if_every_pair_changes() -> None:
    idle = task_of(("10", "10"), ("20", "20"), test="30")
    assert breach_counter(idle)(0, Grid("30")) == 0
    swapped = task_of(("10", "01"), ("20", "02"), test="30")
    assert breach_counter(swapped)(0, Grid("30")) > 0


def test_a_symmetry_of_all_outputs_is_missed() -> None:
    mirrored = task_of(("12", "1221"), ("34", "3443"), test="56")
    assert breach_counter(mirrored)(0, Grid("5665")) == 0
    assert breach_counter(mirrored)(0, Grid("5656")) == 1


def test_of_two_equal_programs_that_whose_output_is_as_those_shown_comes_first() -> None:
    evidence = {"fit": 1.0, "length": 5.0}
    odd, plain = (Candidate(0, Grid(text), "s", text, evidence) for text in ("11/11", "12/44"))
    (decision,) = decide(PAINTS, [odd, plain])
    assert np.array_equal(decision.attempts[0].output.cells, plain.output.cells)
