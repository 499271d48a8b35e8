"""Grid and the types of values: what is accepted, and what is refused with a reason."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given

from arcsolve.dsl import BadInput, Grid, Pair, Task, Undefined
from arcsolve.dsl.strategies import grids, tasks, values
from arcsolve.dsl.values import MAX_LAYERS, ValueType, from_kernel, to_kernel

BAD_GRIDS = {
    "no text": ("", "digits"),
    "text without rows": ("/", "digits"),
    "an empty last row": ("12/", "length"),
    "ragged text": ("12/3", "length"),
    "letters": ("1a", "digits"),
    "spaces": ("1 2", "digits"),
    "digits of another script": ("١٢", "digits"),
    "a superscript": ("1²", "digits"),
    "no rows": ([], "shape (0,)"),
    "rows without cells": ([[], []], "shape (2, 0)"),
    "one row that is not nested": ([1, 2], "shape (2,)"),
    "three levels": ([[[1]]], "shape (1, 1, 1)"),
    "ragged rows": ([[1, 2], [3]], "length"),
    "a row and a number": ([[1, 2], 3], "length"),
    "minus one": ([[0, -1]], "found -1"),
    "ten": ([[10]], "found 10"),
    "three hundred": ([[300]], "found 300"),
    "256, which is 0 in uint8": ([[256]], "found 256"),
    "beyond 64 bits": ([[2**70]], "whole numbers"),
    "beyond signed 64 bits": ([[2**63]], "found 9223372036854775808"),
    "a fraction": ([[1.7]], "whole numbers"),
    "a whole float": ([[1.0]], "whole numbers"),
    "not a number": ([[float("nan")]], "whole numbers"),
    "text cells": ([["3"]], "whole numbers"),
    "true": ([[True]], "whole numbers"),
    "null": ([[None]], "whole numbers"),
    "a number": (5, "shape ()"),
    "nothing": (None, "shape ()"),
    "a dictionary": ({}, "shape ()"),
    "an empty array": (np.zeros((0, 3), np.uint8), "shape (0, 3)"),
    "an array of floats": (np.zeros((2, 2)), "whole numbers"),
}


@pytest.mark.parametrize("name", BAD_GRIDS)
def test_a_bad_grid_is_refused_with_the_reason(name):
    rows, reason = BAD_GRIDS[name]
    with pytest.raises(BadInput) as caught:
        Grid(rows)
    assert reason in str(caught.value)


@given(grids())
def test_a_grid_reads_its_own_text_rows_and_cells(grid):
    assert Grid(str(grid)) == Grid(grid.rows()) == Grid(grid.cells) == grid
    assert eval(repr(grid)) == grid
    assert pickle.loads(pickle.dumps(grid)) == grid
    assert hash(Grid(grid.rows())) == hash(grid)
    assert grid.shape == (grid.height, grid.width) == grid.cells.shape


def test_grids_of_the_same_bytes_but_another_shape_differ():
    assert Grid("1234") != Grid("12/34")
    assert len({Grid("1234"), Grid("12/34"), Grid([[1, 2], [3, 4]])}) == 2
    assert Grid("1") != "1"


def test_a_grid_is_frozen():
    cells = np.zeros((2, 2), np.uint8)
    grid = Grid(cells)
    cells[0, 0] = 5
    assert grid == Grid("00/00")
    with pytest.raises(ValueError, match="read-only"):
        grid.cells[0, 0] = 1
    with pytest.raises(AttributeError):
        grid.cells = cells
    with pytest.raises(AttributeError):
        grid.other = 1


def test_a_grid_is_contiguous_uint8_whatever_it_was_made_from():
    for array in (np.arange(6).reshape(2, 3).T, np.ones((4, 4), np.int16)[::2, ::2]):
        cells = Grid(array).cells
        assert cells.dtype == np.uint8
        assert cells.flags.c_contiguous
        assert np.array_equal(cells, array)


def test_a_grid_draws_itself_for_notebooks():
    assert "<table" in Grid("12/34")._repr_html_()


@pytest.mark.parametrize(("pairs", "tests"), [((), ("1",)), ((("1", "2"),), ())])
def test_a_task_without_pairs_or_tests_is_refused(pairs, tests):
    with pytest.raises(BadInput, match="task t: expected at least one of"):
        Task("t", tuple(Pair(Grid(a), Grid(b)) for a, b in pairs), tuple(map(Grid, tests)))


@given(tasks(max_side=5))
def test_a_task_is_frozen_and_equal_by_content(task):
    assert pickle.loads(pickle.dumps(task)) == task
    assert hash(pickle.loads(pickle.dumps(task))) == hash(task)
    with pytest.raises(FrozenInstanceError):
        task.name = "another"


@pytest.mark.parametrize("value_type", ValueType)
def test_values_survive_the_way_to_a_kernel_and_back(value_type):
    @given(values(value_type))
    def check(value):
        assert from_kernel(to_kernel(value, value_type), value_type) == value

    check()


@pytest.mark.parametrize(
    ("value", "value_type", "reason"),
    [
        ("12", ValueType.MASK, "mask of 0 and 1"),
        (10, ValueType.COLOR, "from 0 to 9, found 10"),
        (-1, ValueType.COUNT, "found -1"),
        (2**40, ValueType.COUNT, "found"),
        (8, ValueType.DIRECTION, "from 0 to 7, found 8"),
        (True, ValueType.COLOR, "expected a color, found True"),
        (1.0, ValueType.COUNT, "expected a count, found 1.0"),
        ("3", ValueType.COLOR, "expected a color, found '3'"),
        ((), ValueType.LAYERS, "expected 1 to 64 layers"),
        (("1", "12"), ValueType.LAYERS, "layers of one shape"),
    ],
)
def test_a_value_of_another_type_is_refused(value, value_type, reason):
    with pytest.raises(BadInput, match=reason):
        to_kernel(value, value_type)


@pytest.mark.parametrize(
    ("value", "value_type"),
    [
        (-1, ValueType.COLOR),
        (np.zeros((0, 0), np.uint8), ValueType.GRID),
        (np.zeros((0, 0, 0), np.uint8), ValueType.LAYERS),
        (np.zeros((31, 1), np.uint8), ValueType.GRID),
        (np.zeros((1, 1, 31), np.uint8), ValueType.LAYERS),
        (np.zeros((MAX_LAYERS + 1, 1, 1), np.uint8), ValueType.LAYERS),
    ],
)
def test_what_a_kernel_leaves_undefined_is_undefined_for_people(value, value_type):
    with pytest.raises(Undefined):
        from_kernel(value, value_type)


def test_a_kernel_may_write_on_the_copy_it_gets():
    grid = Grid("12")
    to_kernel(grid, ValueType.GRID)[0, 0] = 9
    assert grid == Grid("12")


def test_an_error_says_file_task_and_place_and_keeps_what_it_knows():
    inner = BadInput("found 300", place="row 3")
    outer = inner.located(task="t1", place="train[0].input").located(file="a.json", task="ignored")
    assert str(outer) == "a.json: task t1: train[0].input.row 3: found 300"
