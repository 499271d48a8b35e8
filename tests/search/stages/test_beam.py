"""The beam: it sees partial success of several kinds, and takes from each kind in turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import Primitive
from arcsolve.dsl.solver import Budget
from arcsolve.dsl.strategies import grids
from arcsolve.dsl.values import ValueType
from arcsolve.search.engine.arena import Arena, open_arena, unpack_shape
from arcsolve.search.engine.goals import flatten
from arcsolve.search.engine.operators import operators
from arcsolve.search.engine.terminals import add_terminals
from arcsolve.search.engine.workspace import Workspace, open_workspace
from arcsolve.search.problem import Problem
from arcsolve.search.stages.beam import MAX_OPERATOR_COST, Beam, choose_by_turns, expand
from arcsolve.search.stages.closure import Closure
from arcsolve.search.stages.similarity import SIMILARITIES, build_targets, measure_dissimilarity


def compare(state: np.ndarray, goal: np.ndarray) -> dict[str, float]:
    """Return the dissimilarity of a state with one pair, by similarity."""
    goals = flatten([goal.astype(np.uint8)])
    arena = open_arena(1, 4, 1 << 16)
    add_terminals(arena, goals, [state.astype(np.uint8)], [])
    found = measure_dissimilarity(arena, build_targets(goals, SIMILARITIES), np.zeros(1, np.int32))
    return dict(zip(SIMILARITIES, map(float, found[0]), strict=True))


def count_patches(grid: np.ndarray) -> Counter[bytes]:
    """Count every 2 x 2 patch that is not blank, without bins."""
    padded = np.pad(grid, ((0, 1), (1, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (2, 2)).reshape(-1, 4)
    return Counter(bytes(window) for window in windows if window.any())


def crop_content(grid: np.ndarray) -> np.ndarray:
    rows, cols = np.nonzero(grid)
    if not len(rows):
        return grid[:0, :0]
    return grid[rows.min() : rows.max() + 1, cols.min() : cols.max() + 1]


@settings(max_examples=60)
@given(state=grids(max_side=7), goal=grids(max_side=7), same=st.booleans())
def test_similarities_equal_slow_reference_versions(state: Grid, goal: Grid, same: bool) -> None:
    left, right = np.array(state.cells), np.array(goal.cells)
    if same:
        right = np.resize(right, left.shape)
    found = compare(left, right)
    alike = left.shape == right.shape
    assert found["cells"] == pytest.approx((left != right).mean() if alike else 1.0)
    assert found["size"] == sum(a != b for a, b in zip(left.shape, right.shape, strict=True)) / 2
    best = (
        [Counter(right[left == color].tolist()).most_common(1) for color in np.unique(left)]
        if alike
        else []
    )
    assert found["colors"] == pytest.approx(1 - sum(n for ((_, n),) in best) / left.size)
    ours, theirs = crop_content(left), crop_content(right)
    comparable = ours.size > 0 and ours.shape == theirs.shape
    assert found["place"] == pytest.approx((ours != theirs).mean() if comparable else 1.0)
    bag, goal_bag = count_patches(left), count_patches(right)
    most = max(bag.total(), goal_bag.total(), 1)
    assert found["patches"] <= 1 - (bag & goal_bag).total() / most + 1e-6, "bins only merge patches"
    assert (found["patches"] > 0) >= (bag.total() != goal_bag.total())


OBJECT = np.array([[0, 3, 0], [3, 3, 1]])


def draw_object(row: int, col: int) -> np.ndarray:
    grid = np.zeros((7, 8), np.uint8)
    grid[row : row + 2, col : col + 3] = OBJECT
    return grid


def test_an_object_in_the_wrong_place_is_seen() -> None:
    found = compare(draw_object(1, 1), draw_object(4, 3))
    assert found["cells"] > 0
    assert found["patches"] == found["place"] == 0


def test_objects_that_only_stand_apart_differently_are_seen() -> None:
    state, goal = draw_object(1, 1) | draw_object(4, 4), draw_object(1, 3) | draw_object(4, 1)
    found = compare(state, goal)
    assert found["place"] > 0
    assert found["patches"] == 0


def test_a_recoloring_is_overlooked() -> None:
    found = compare(draw_object(1, 1), np.where(draw_object(1, 1) == 3, 7, draw_object(1, 1)))
    assert found["cells"] > 0
    assert found["colors"] == 0


def test_unwanted_similarities_are_not_computed() -> None:
    goals = flatten([draw_object(1, 1)])
    arena = open_arena(1, 4, 1 << 16)
    add_terminals(arena, goals, [draw_object(2, 2)], [])
    found = measure_dissimilarity(
        arena, build_targets(goals, ("cells", "place")), np.zeros(1, np.int32)
    )
    assert dict(zip(SIMILARITIES, found[0], strict=True))["patches"] == 1
    assert dict(zip(SIMILARITIES, found[0], strict=True))["place"] == 0


def test_each_similarity_has_its_turn_and_no_state_comes_twice() -> None:
    by_cells, by_place = [0.1, 0.2, 0.3, 0.9], [0.5, 0.9, 0.8, 0.0]
    scores = np.array([by_cells, by_place], np.float32).T
    costs = np.full(4, 5, np.int32)
    assert choose_by_turns(scores, costs, 3).tolist() == [0, 3, 1]
    assert sorted(choose_by_turns(scores, costs, 9).tolist()) == [0, 1, 2, 3]


def test_of_equals_the_cheaper_come_first_and_not_too_many() -> None:
    scores = np.array([[0.5]] * 20 + [[0.6]], np.float32)
    costs = np.arange(21, 0, -1, dtype=np.int32)
    chosen = choose_by_turns(scores, costs, 64).tolist()
    assert chosen[:2] == [19, 18]
    assert chosen[-1] == 20
    assert len(chosen) < 20


INPUTS = tuple(np.array(Grid(text).cells) for text in ("120/003/040", "02/31", "1002/0310"))
PROBLEM = Problem(INPUTS, tuple(grid[::-1].copy() for grid in INPUTS[:2]))


def close() -> Workspace:
    """Return a workspace after a small closure."""
    workspace = open_workspace(PROBLEM, Budget(operations=10**8, states=400_000))
    Closure(20_000 / 10**8).extend(workspace)
    return workspace


def find_late_grids(arena: Arena, level: int) -> np.ndarray:
    """Return the grids to which the closure has not applied all operators."""
    known = arena.members[0, : arena.sizes[0]]
    return known[arena.costs[known] > level - MAX_OPERATOR_COST].copy()


def read_grids(arena: Arena, state: int) -> list[np.ndarray]:
    """Return the values of a grid state on all examples."""
    starts, shapes = arena.offsets[state], arena.shapes[state]
    sides = [unpack_shape(int(shape))[1:] for shape in shapes]
    return [
        arena.cells[start : start + height * width].reshape(height, width).copy()
        for start, (height, width) in zip(starts, sides, strict=True)
    ]


def to_bytes(values: list[np.ndarray]) -> tuple[bytes, ...]:
    return tuple(bytes(value.shape) + bytes(value) for value in values)


def apply_operator(operator: Primitive, given: Sequence[Sequence[np.ndarray]]) -> list[np.ndarray]:
    """Return the operator's result for each example; no result if it is undefined on one."""
    rows = zip(*given, strict=True)
    try:
        return [operator.apply(*(cells.copy() for cells in row)) for row in rows]
    except Undefined:
        return []


def test_the_beam_applies_every_operator_to_the_states_that_it_expands() -> None:
    """Either the closure or the beam does, alone and with the input, unless a law forbids it."""
    run = close()
    arena, level, table = run.arena, run.level, run.table
    chosen = find_late_grids(arena, level)[::9]
    assert expand(arena, table, run.goals, chosen, level, 10**8)
    found = {to_bytes(read_grids(arena, s)) for s in arena.members[0, : arena.sizes[0]]}
    for state in chosen:
        for number, operator in enumerate(operators()):
            kinds = operator.argument_types
            if (
                table.costs[number] > MAX_OPERATOR_COST
                or {operator.result_type, *kinds} != {ValueType.GRID}
                or len(kinds) > 2
            ):
                continue
            for place in range(len(kinds)):
                if not table.forbidden[number, place, arena.operators[state]]:
                    given = [
                        read_grids(arena, state) if i == place else INPUTS
                        for i in range(len(kinds))
                    ]
                    assert to_bytes(apply_operator(operator, given)) in {*found, ()}, operator


def test_the_beam_applies_expensive_operators_to_cheap_states() -> None:
    run = close()
    before, arena = run.states, run.arena
    run.budget = Budget(operations=200_000, states=400_000)
    Beam(width=64).extend(run)
    expanded = arena.costs[arena.arguments[before : run.states, 0]]
    assert expanded.min() <= run.level - run.table.costs.min()
    assert arena.costs[before : run.states].min() > run.level
