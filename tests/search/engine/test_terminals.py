"""The terminals of a search: the constants that a task suggests, and their states."""

from __future__ import annotations

import numpy as np

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Constant, Input
from arcsolve.dsl.values import ValueType
from arcsolve.search.engine.arena import STATES, open_arena
from arcsolve.search.engine.goals import flatten
from arcsolve.search.engine.terminals import (
    add_colors,
    add_terminals,
    candidate_colors,
    scalar_constants,
)


def cells(*texts: str) -> tuple[np.ndarray, ...]:
    return tuple(np.array(Grid(text).cells) for text in texts)


def test_colors_that_all_inputs_or_all_outputs_have_are_candidates() -> None:
    assert candidate_colors(cells("12", "13"), cells("46", "47")) == [1, 4]
    assert candidate_colors(cells("10", "20"), cells("30", "40")) == [1, 2, 3, 4]


def test_the_input_and_the_constants_are_the_first_states() -> None:
    inputs, constants = cells("12/31", "1"), scalar_constants([3])
    arena = open_arena(len(inputs), states=20, cell_bytes=4096)
    terminals = add_terminals(arena, flatten(inputs[:1]), inputs, constants)
    assert terminals == (Input(), *constants)
    assert [-1 - operator for operator in arena.operators[: len(terminals)]] == list(
        range(len(terminals))
    )
    assert arena.matches[0] == 1
    assert not arena.matches[1 : len(terminals)].any()


def test_colors_of_the_outputs_are_added_once() -> None:
    grids, goals = cells("11"), cells("12/45")
    arena = open_arena(1, 10, 1 << 16)
    terminals = add_terminals(arena, flatten(goals), grids, [Constant(1, ValueType.COLOR)])
    more = add_colors(arena, terminals, goals)
    assert [constant.value for constant in more[2:]] == [2, 4, 5]
    assert add_colors(arena, more, goals) == more
    assert arena.counters[STATES] == len(more)


def test_colors_for_which_there_is_no_room_are_left_out() -> None:
    grids, goals = cells("11"), cells("12")
    terminals = [Constant(1, ValueType.COLOR)]
    arena = open_arena(1, 1 + len(terminals), 1 << 16)
    add_terminals(arena, flatten(goals), grids, terminals)
    add_colors(arena, (Input(), *terminals), goals)
    assert arena.counters[STATES] == len(arena.costs)
