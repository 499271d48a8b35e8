"""The engine: states equal their programs, no value occurs twice, and pruning loses no value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.jit import compiled
from arcsolve.dsl.program import Apply, Constant, Input, Program
from arcsolve.dsl.solver import Budget, StopReason
from arcsolve.dsl.task import Pair, Task
from arcsolve.lineups import EFFORTS
from arcsolve.search.engine.arena import (
    BYTES,
    GRID,
    STATES,
    TYPES,
    begin_hash,
    open_arena,
    pack_shape,
    register,
    store_cells,
    unpack_shape,
)
from arcsolve.search.engine.operators import operators
from arcsolve.search.engine.workspace import (
    BYTES_A_STATE,
    MAX_CELL_BYTES,
    Workspace,
    open_workspace,
)
from arcsolve.search.problem import MAX_PAIRS, Problem, build_problem
from arcsolve.search.reconstruct import reconstruct
from arcsolve.search.stages.beam import Beam
from arcsolve.search.stages.closure import Closure
from arcsolve.search.synthesis import synthesize
from arcsolve.search.views import PLAIN

INPUTS = tuple(
    np.array(rows, np.uint8)
    for rows in (
        [[0, 1, 2], [3, 0, 0]],
        [[2, 2, 0], [0, 3, 1], [0, 0, 1]],
        [[1, 0, 0, 2], [0, 3, 3, 0]],
    )
)
PROBLEM = Problem(INPUTS, tuple(grid[::-1].copy() for grid in INPUTS[:2]))
SMALL = Budget(operations=60_000, states=20_000)
WIDE = Budget(operations=60_000, states=50_000)
STAGES = (Closure(0.5), Beam(8))


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return synthesize(PROBLEM, SMALL, STAGES)


def read_values(workspace: Workspace, state: int) -> list[object]:
    """Return the values of a state on all examples as plain data."""
    arena, kind = workspace.arena, TYPES[workspace.arena.types[state]].kind
    values: list[object] = []
    for offset, shape in zip(arena.offsets[state], arena.shapes[state], strict=True):
        layers, height, width = unpack_shape(int(shape))
        cells = arena.cells[offset : offset + layers * height * width]
        values.append(int(offset) if kind == "S" else cells.reshape(layers, height, width).tolist())
    return values


def evaluate(workspace: Workspace, state: int, example: int) -> Any:
    """Compute a value of a state by applying primitives one by one: a slow reference."""
    operator = int(workspace.arena.operators[state])
    if operator < 0:
        terminal = workspace.terminals[-1 - operator]
        if isinstance(terminal, Input):
            return PROBLEM.inputs[example].copy()
        assert isinstance(terminal, Constant)
        return terminal.value
    arguments = [int(a) for a in workspace.arena.arguments[state] if a >= 0]
    return operators()[operator].apply(*(evaluate(workspace, a, example) for a in arguments))


def to_plain(value: object, kind: str) -> object:
    if kind == "S":
        return int(value)  # type: ignore[call-overload]
    array = np.asarray(value)
    return (array[np.newaxis] if kind == "A" else array).tolist()


def test_every_state_holds_what_its_expression_evaluates_to(workspace: Workspace) -> None:
    states = np.random.default_rng(0).choice(workspace.states, 400, replace=False)
    for state in map(int, states):
        kind = TYPES[workspace.arena.types[state]].kind
        expected = [to_plain(evaluate(workspace, state, k), kind) for k in range(len(INPUTS))]
        assert read_values(workspace, state) == expected


def test_no_two_states_have_the_same_type_and_values(workspace: Workspace) -> None:
    seen = {
        (int(workspace.arena.types[state]), repr(read_values(workspace, state)))
        for state in range(workspace.states)
    }
    assert len(seen) == workspace.states


def test_matches_and_distances_are_those_of_the_outputs(workspace: Workspace) -> None:
    grids = workspace.arena.members[0, : workspace.arena.sizes[0]]
    assert (workspace.arena.matches[grids] == 0b11).any(), "the search must reach the flipped rows"
    for state in map(int, grids[:2000]):
        matches, total = 0, 0.0
        for pair, output in enumerate(PROBLEM.outputs):
            value = np.array(read_values(workspace, state)[pair][0])  # type: ignore[index]
            same = value.shape == output.shape
            total += (value != output).mean() if same else 1.0
            matches |= (same and bool((value == output).all())) << pair
        assert workspace.arena.matches[state] == matches
        assert workspace.arena.distances[state] == pytest.approx(total / 2)


def close(budget: Budget, *, prune: bool) -> tuple[int, set[str], int]:
    """Return (level, values of the states of complete levels, operations) of a closure."""
    run = open_workspace(PROBLEM, budget)
    if not prune:
        laws = ("forbidden", "commutative", "absorbs_repeats")
        run.table = run.table._replace(
            **{law: np.zeros_like(getattr(run.table, law)) for law in laws}
        )
    Closure(1.0).extend(run)
    values = {
        f"{run.arena.types[s]} {read_values(run, s)}"
        for s in range(run.states)
        if run.arena.costs[s] <= run.level
    }
    return run.level, values, run.operations


def test_pruning_by_laws_loses_no_value_and_saves_work() -> None:
    level, values, operations = close(WIDE, prune=True)
    all_level, all_values, all_operations = close(WIDE, prune=False)
    assert level == all_level
    assert values == all_values
    assert operations < all_operations


@pytest.mark.parametrize("side", [5, 8, 11, 16, 30])
def test_grids_that_differ_in_a_cell_or_two_are_different_states(side: int) -> None:
    drawn = np.random.default_rng(side)
    marked = np.zeros((1500, side * side), np.uint8)
    for row in marked:
        row[drawn.choice(side * side, 2, replace=False)] = drawn.integers(0, 3, 2)
    distinct = np.unique(marked, axis=0)
    arena = open_arena(1, len(distinct), len(distinct) * (side * side + 8))
    for row in distinct:
        add_grid(arena, row, pack_shape(1, side, side))
    assert arena.counters[STATES] == len(distinct)


@compiled
def add_grid(arena: Any, cells: Any, shape: int) -> None:
    state, tail, digest = arena.counters[STATES], arena.counters[BYTES], begin_hash(GRID)
    tail, digest = store_cells(arena, state, 0, cells, shape, tail, digest)
    register(arena, digest, tail, -1, -1, -1, -1, 0, GRID)


def test_a_task_is_searched_on_as_many_pairs_as_a_state_can_tell_apart() -> None:
    pairs = (Pair(Grid("12"), Grid("21")),) * (MAX_PAIRS + 3)
    problem = build_problem(Task("many pairs", pairs, (Grid("34"),)))
    assert (problem.pairs, problem.tests) == (MAX_PAIRS, 1)


@pytest.mark.parametrize(
    ("budget", "reason"),
    [
        (Budget(operations=1, states=1), StopReason.STATES),
        (Budget(operations=2_000, states=20_000), StopReason.OPERATIONS),
        (Budget(operations=10**6, states=500), StopReason.STATES),
    ],
)
def test_a_run_stops_at_its_limits_and_says_why(budget: Budget, reason: StopReason) -> None:
    run = synthesize(PROBLEM, budget, STAGES)
    overshoot = len(operators()) * 30 * len(INPUTS)  # an operator ends before the limit counts
    assert run.stop.reason is reason
    assert run.operations <= budget.operations + overshoot
    assert run.states <= max(budget.states, len(run.terminals))


def test_a_run_without_room_for_cells_stops_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arcsolve.search.engine.workspace.BYTES_A_STATE", 1)
    run = synthesize(PROBLEM, Budget(operations=10**6, states=20_000), STAGES)
    assert run.stop.reason is StopReason.MEMORY
    assert run.cell_bytes <= run.arena.cells.size


def test_few_operations_take_fewer_states_but_no_memory_from_large_grids() -> None:
    budget = Budget(operations=2_000, states=100_000)
    arena = synthesize(PROBLEM, budget, STAGES).arena
    assert arena.costs.size < budget.states
    assert arena.cells.size == BYTES_A_STATE * budget.states


def test_the_arena_of_effort_full_takes_less_than_two_gigabytes() -> None:
    states, examples = EFFORTS["full"].states, 12  # open tasks have at most this many examples
    arena = open_arena(examples, states, min(MAX_CELL_BYTES, BYTES_A_STATE * states))
    arrays = arena._replace(words=arena.words[:0])  # the same memory as the cells
    assert sum(array.nbytes for array in arrays) < 2e9


def test_programs_of_states_print_parse_and_give_the_stored_values(workspace: Workspace) -> None:
    grids = workspace.arena.members[0, : workspace.arena.sizes[0]]
    for state in map(int, grids[-200:]):
        program = reconstruct(workspace, PLAIN, state)
        assert Program.parse(str(program)) == program
        assert isinstance(program.nodes[-1], Apply)
        for k, grid in enumerate(INPUTS):
            try:
                result = program.run(Grid(grid))
            except Undefined:  # pragma: no cover - a state is defined on every example
                pytest.fail(f"{program} is undefined on example {k}")
            assert [result.rows()] == read_values(workspace, state)[k]
