"""Every law is refuted where it is false, and prunes exactly what it makes redundant."""

from __future__ import annotations

import numpy as np
import pytest

from arcsolve.dsl.kernels.grids import blank, nothing
from arcsolve.dsl.laws import (
    ASSOCIATIVE,
    COMMUTATIVE,
    IDEMPOTENT,
    INVOLUTION,
    KEEPS_COLORS,
    KEEPS_SHAPE,
    RECOLORS_ALIKE,
    RECOLORS_ALIKE_BUT_ZERO,
    CommutesWith,
    InverseOf,
)
from arcsolve.dsl.primitive import Law
from arcsolve.dsl.strategies import check_laws
from arcsolve.dsl.values import Cells, Color, Layers


def dropped_row(grid: Cells) -> Cells:
    """The grid without its first row."""
    return grid[1:].copy() if len(grid) > 1 else nothing()


def rolled_rows(grid: Cells) -> Cells:
    """The last row first."""
    rolled = grid.copy()
    for row in range(len(grid)):
        rolled[row] = grid[row - 1]
    return rolled


def unrolled_rows(grid: Cells) -> Cells:
    """The first row last."""
    rolled = grid.copy()
    for row in range(len(grid)):
        rolled[row - 1] = grid[row]
    return rolled


def reversed_rows(grid: Cells) -> Cells:
    """The rows in reverse order."""
    return grid[::-1].copy()


def painted_nines(grid: Cells) -> Cells:
    """Every cell but 0 becomes 9."""
    return np.where(grid > 0, np.uint8(9), grid)


def cycled_colors(grid: Cells) -> Cells:
    """Every color becomes the next, 9 becomes 1."""
    return np.where(grid > 0, grid % np.uint8(9) + np.uint8(1), grid)


def flattened_colors(grid: Cells) -> Cells:
    """The cells that are not 0 become 1."""
    return (grid > 0).astype(np.uint8)


def kept_color(grid: Cells, color: Color) -> Cells:
    """The cells of a color; undefined if there are none."""
    kept = np.where(grid == color, grid, np.uint8(0))
    return kept if kept.any() else nothing()


def side_by_side(left: Cells, right: Cells) -> Cells:
    """Both grids side by side."""
    if left.shape[0] != right.shape[0] or left.shape[1] + right.shape[1] > 30:
        return nothing()
    both = blank(left.shape[0], left.shape[1] + right.shape[1])
    both[:, : left.shape[1]] = left
    both[:, left.shape[1] :] = right
    return both


def higher_colors(left: Cells, right: Cells) -> Cells:
    """Cell by cell the higher color."""
    return np.maximum(left, right) if left.shape == right.shape else nothing()


def nines_where_both(left: Cells, right: Cells) -> Cells:
    """The cells of the first that are 0 in the second, with 9 where both are."""
    if left.shape != right.shape:
        return nothing()
    return np.where(right == 0, left, np.where(left > 0, np.uint8(9), np.uint8(0)))


def layer_one(layers: Layers) -> Cells:
    """The first layer."""
    return layers[0].copy()


FALSE_LAWS = [
    (rolled_rows, INVOLUTION),
    (dropped_row, INVOLUTION),
    (cycled_colors, IDEMPOTENT),
    (dropped_row, IDEMPOTENT),
    (rolled_rows, InverseOf("flip_rows")),
    (rolled_rows, CommutesWith("flip_rows")),
    (dropped_row, KEEPS_SHAPE),
    (cycled_colors, KEEPS_COLORS),
    (cycled_colors, RECOLORS_ALIKE),
    (cycled_colors, RECOLORS_ALIKE_BUT_ZERO),
    (painted_nines, RECOLORS_ALIKE_BUT_ZERO),
    (flattened_colors, RECOLORS_ALIKE_BUT_ZERO),
    (kept_color, RECOLORS_ALIKE),
    (side_by_side, COMMUTATIVE),
    (nines_where_both, COMMUTATIVE),
    (nines_where_both, ASSOCIATIVE),
    (higher_colors, RECOLORS_ALIKE_BUT_ZERO),
]

TRUE_LAWS = [
    (
        reversed_rows,
        (INVOLUTION, KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE, InverseOf("flip_rows")),
    ),
    (rolled_rows, (KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE, CommutesWith("flip_cols"))),
    (dropped_row, (KEEPS_COLORS, RECOLORS_ALIKE, CommutesWith("flip_cols"))),
    (flattened_colors, (IDEMPOTENT, KEEPS_SHAPE)),
    (kept_color, (IDEMPOTENT, KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE_BUT_ZERO)),
    (side_by_side, (ASSOCIATIVE, RECOLORS_ALIKE)),
    (higher_colors, (ASSOCIATIVE, COMMUTATIVE, KEEPS_SHAPE)),
    (layer_one, (KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE)),
]


def case_name(case: object) -> str | None:
    return getattr(case, "__name__", repr(case) if isinstance(case, Law) else None)


@pytest.mark.parametrize(("function", "law"), FALSE_LAWS, ids=case_name)
def test_a_false_law_is_caught(declare, function, law):
    with pytest.raises(AssertionError, match=f"{function.__name__} breaks") as caught:
        check_laws(declare(function, laws=(law,)))
    assert repr(law) in str(caught.value)


@pytest.mark.parametrize(("function", "laws"), TRUE_LAWS, ids=case_name)
def test_true_laws_pass(declare, function, laws):
    check_laws(declare(function, laws=laws))


def test_an_inverse_is_checked_against_the_primitive_it_names(declare):
    declare(rolled_rows)
    check_laws(declare(unrolled_rows, laws=(InverseOf("rolled_rows"), CommutesWith("rolled_rows"))))


def test_the_counterexample_of_a_false_law_is_small(declare):
    with pytest.raises(AssertionError, match=r"breaks KeepsShape\(\) for \(Grid\('\d/\d'\),\)"):
        check_laws(declare(dropped_row, laws=(KEEPS_SHAPE,)))


def test_a_law_that_was_never_put_to_the_test_does_not_pass(declare):
    with pytest.raises(AssertionError, match="never_defined had no value"):
        check_laws(declare(never_defined, laws=(IDEMPOTENT,)))


def never_defined(grid: Cells) -> Cells:
    """Undefined for every grid."""
    return nothing()


UNARY = (INVOLUTION, IDEMPOTENT)
SILENT = (COMMUTATIVE, KEEPS_SHAPE, KEEPS_COLORS, RECOLORS_ALIKE, RECOLORS_ALIKE_BUT_ZERO)


@pytest.mark.parametrize("law", UNARY)
def test_a_unary_primitive_that_repeats_itself_is_pruned(declare, law):
    once, other = declare(reversed_rows, laws=(law,)), declare(rolled_rows)
    assert once.forbids(0, once)
    assert not once.forbids(0, other)
    assert not other.forbids(0, once)


@pytest.mark.parametrize("law", UNARY)
def test_repeats_with_further_arguments_are_kept_as_these_may_differ(declare, law):
    keeping = declare(kept_color, laws=(law,))
    assert not keeping.forbids(0, keeping)


def test_only_the_inverse_and_only_in_its_order_is_pruned(declare):
    roll, unroll = declare(rolled_rows), declare(unrolled_rows, laws=(InverseOf("rolled_rows"),))
    assert unroll.forbids(0, roll)
    assert not roll.forbids(0, unroll)
    assert not unroll.forbids(0, unroll)


def test_one_of_two_orders_that_commute_is_kept(declare):
    roll, reverse = (
        declare(rolled_rows),
        declare(reversed_rows, laws=(CommutesWith("rolled_rows"),)),
    )
    assert reverse.forbids(0, roll)
    assert not roll.forbids(0, reverse)
    assert not reverse.forbids(0, reverse)


def test_the_left_nested_form_of_an_associative_primitive_is_kept(declare):
    join, other = (
        declare(side_by_side, laws=(ASSOCIATIVE,)),
        declare(higher_colors, laws=(ASSOCIATIVE,)),
    )
    assert join.forbids(1, join)
    assert not join.forbids(0, join)
    assert not join.forbids(1, other)


def test_both_forms_of_a_commutative_and_associative_primitive_are_kept(declare):
    higher = declare(higher_colors, laws=(ASSOCIATIVE, COMMUTATIVE))
    assert not higher.forbids(1, higher)
    assert not higher.forbids(0, higher)


@pytest.mark.parametrize("law", SILENT)
def test_other_laws_prune_no_composition(declare, law):
    one, two = declare(higher_colors, laws=(law,)), declare(side_by_side, laws=(law,))
    assert not any(a.forbids(i, b) for a in (one, two) for b in (one, two) for i in (0, 1))


def test_pruning_by_laws_leaves_no_value_behind(declare):
    """All chains of four over three primitives, and those the laws leave, give the same grids."""
    chosen = [
        declare(reversed_rows, laws=(INVOLUTION, CommutesWith("flattened_colors"))),
        declare(flattened_colors, laws=(IDEMPOTENT,)),
        declare(rolled_rows, laws=(CommutesWith("flattened_colors"),)),
    ]
    start = np.arange(8, dtype=np.uint8).reshape(4, 2)

    def reached(pruned: bool) -> tuple[set[bytes], int]:
        level, seen, count = [(start, None)], {start.tobytes()}, 0
        for _ in range(4):
            level = [
                (outer.apply(grid), outer)
                for grid, inner in level
                for outer in chosen
                if not (pruned and inner and outer.forbids(0, inner))
            ]
            seen |= {grid.tobytes() for grid, _ in level}
            count += len(level)
        return seen, count

    everything, left = reached(pruned=False), reached(pruned=True)
    assert left[0] == everything[0]
    assert left[1] < everything[1] / 2
