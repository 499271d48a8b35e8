"""The public strategies draw what they say, and the example in their documentation is true."""

from __future__ import annotations

import importlib.util
import sys
import textwrap

import numpy as np
import pytest
from hypothesis import find as find_example
from hypothesis import given, settings
from hypothesis import strategies as st

import arcsolve.dsl.primitive
from arcsolve.dsl import Grid, strategies
from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import MAX_SIDE
from arcsolve.dsl.kernels.grids import nothing
from arcsolve.dsl.laws import INVOLUTION
from arcsolve.dsl.primitive import find
from arcsolve.dsl.program import Apply, Constant, Input
from arcsolve.dsl.strategies import arguments, grids, layers, masks, programs, shapes, tasks, values
from arcsolve.dsl.values import MAX_LAYERS, Cells, Color, Count, Layers, Mask, ValueType, to_kernel


def test_the_example_of_the_module_fails_as_it_says(tmp_path):
    """Run as a user would: from a file of their own."""
    text = textwrap.dedent(strategies.__doc__.split("in one line:")[1].split("The check fails")[0])
    path = tmp_path / "own_primitive.py"
    path.write_text("from __future__ import annotations\nimport numpy as np\n" + text)
    spec = importlib.util.spec_from_file_location("own_primitive", path)
    module = sys.modules["own_primitive"] = importlib.util.module_from_spec(spec)
    try:
        with pytest.raises(
            AssertionError, match=r"breaks Involution\(\) for \(Grid\('\d/\d/\d'\),\)"
        ):
            spec.loader.exec_module(module)
    finally:
        arcsolve.dsl.primitive._registry.pop("lower_half_first", None)
        del sys.modules["own_primitive"]


@given(st.integers(1, MAX_SIDE).flatmap(lambda side: st.tuples(st.just(side), shapes(side))))
def test_shapes_stay_within_their_limit(drawn):
    side, shape = drawn
    assert 1 <= min(shape) <= max(shape) <= side


@given(st.integers(2, 10), st.data())
def test_grids_stay_within_their_colors_and_shape(num_colors, data):
    grid = data.draw(grids(shape=(3, 7), num_colors=num_colors))
    assert grid.shape == (3, 7)
    assert grid.cells.max() < num_colors


@given(masks())
def test_masks_hold_0_and_1(mask):
    assert mask.cells.max() <= 1


@given(layers())
def test_layers_are_of_one_shape_and_not_too_many(drawn):
    assert 1 <= len(drawn) <= MAX_LAYERS
    assert len({layer.shape for layer in drawn}) == 1


@given(st.sampled_from(ValueType).flatmap(lambda t: st.tuples(st.just(t), values(t))))
def test_values_are_of_their_type(drawn):
    value_type, value = drawn
    to_kernel(value, value_type)


@given(tasks())
def test_tasks_have_pairs_and_tests_within_the_size_limit(task):
    drawn = [*task.tests, *(grid for pair in task.pairs for grid in (pair.input, pair.output))]
    assert min(len(task.pairs), len(task.tests)) > 0
    assert max(max(grid.shape) for grid in drawn) <= MAX_SIDE


@pytest.mark.parametrize(
    "wanted",
    [
        lambda cells: cells.shape == (1, 1),
        lambda cells: max(cells.shape) == MAX_SIDE,
        lambda cells: len(np.unique(cells)) >= 8,
        lambda cells: cells.size > 20 and not cells.any(),
        lambda cells: (
            cells.size > 20 and len(np.unique(cells)) > 2 and (cells == cells[::-1]).all()
        ),
        lambda cells: cells.shape[1] > 4 and cells[0].all() and len(np.unique(cells[0])) == 1,
    ],
    ids=["one cell", "the largest", "many colors", "blank", "symmetric", "a full line"],
)
def test_grids_of_every_kind_are_drawn(wanted):
    seen = settings(max_examples=2000, derandomize=True, database=None)
    find_example(grids(), lambda grid: wanted(grid.cells), settings=seen)


def shares_of(function, drawn_from):
    """The share of draws for which a primitive has a value."""
    defined = []

    @settings(max_examples=200)
    @given(drawn_from)
    def draw(drawn):
        try:
            function(*drawn)
        except Undefined:
            defined.append(False)
        else:
            defined.append(True)

    draw()
    return sum(defined) / len(defined)


def overlaid_pair(first: Cells, second: Cells) -> Cells:
    """Undefined unless both are of one shape."""
    return np.maximum(first, second) if first.shape == second.shape else nothing()


def color_that_is_there(grid: Cells, color: Color) -> Cells:
    """Undefined unless the grid has the color."""
    return grid.copy() if (grid == color).any() else nothing()


def secret_grid(grid: Cells) -> Cells:
    """Undefined but for one grid.

    >>> secret_grid("3141/5926")
    Grid('3141/5926')
    """
    secret = grid.size == 8 and grid[0, 0] == 3 and grid[0, 1] == 1 and grid[0, 2] == 4
    return grid.copy() if secret else nothing()


def layers_on_grid(stack: Layers, grid: Cells) -> Cells:
    """Undefined unless the layers are of the grid's shape."""
    return stack[0].copy() if stack.shape[1:] == grid.shape else nothing()


@pytest.mark.parametrize(
    ("function", "share"),
    [(overlaid_pair, 0.5), (color_that_is_there, 0.5), (secret_grid, 0.05), (layers_on_grid, 0.5)],
    ids=lambda case: getattr(case, "__name__", None),
)
def test_arguments_are_often_in_the_domain(declare, function, share):
    primitive = declare(function)
    assert shares_of(primitive, arguments(primitive)) > share


def marked_count(mask: Mask) -> Count:
    """How many cells the mask marks."""
    return mask.sum()


def inverted_mask(mask: Mask) -> Mask:
    """Undefined for no mask; it needs one."""
    return (1 - mask).astype(np.uint8)


def repeated_cells(grid: Cells, count: Count) -> Cells:
    """The grid below itself."""
    return np.concatenate((grid, grid)) if count > 1 else grid.copy()


def marked_cells(grid: Cells) -> Mask:
    """The cells that are not 0."""
    return (grid > 0).astype(np.uint8)


@settings(max_examples=200)
@given(st.data())
def test_programs_are_well_typed(data):
    program = data.draw(programs(max_depth=3))
    for position, node in enumerate(program.nodes):
        if isinstance(node, Apply):
            types = tuple(program.nodes[i].type for i in node.arguments)
            assert types == node.primitive.argument_types
            assert max(node.arguments) < position
    assert program.nodes[-1].type is ValueType.GRID
    assert len(set(program.nodes)) == len(program.nodes)


def test_programs_use_all_that_can_be_made_and_nothing_else(declare):
    chosen = [declare(f) for f in (marked_count, inverted_mask, repeated_cells)]
    assert used_by(programs(among=chosen)) == {"repeated_cells"}  # there is no mask to start from
    chosen.append(declare(marked_cells))
    names = {primitive.name for primitive in chosen}
    assert used_by(programs(among=chosen, max_depth=5)) == names
    assert used_by(programs(among=chosen, max_depth=0)) == set()


def test_programs_without_primitives_are_leaves():
    @given(programs(among=[]))
    def check(program):
        assert isinstance(program.nodes[0], Input | Constant)
        assert len(program.nodes) == 1

    check()


def used_by(drawn_from):
    """The names of all primitives in 150 programs."""
    used = set()

    @settings(max_examples=150)
    @given(drawn_from)
    def collect(program):
        used.update(node.primitive.name for node in program.nodes if isinstance(node, Apply))

    collect()
    return used


def test_a_check_of_laws_passes_for_a_primitive_without_laws(declare):
    strategies.check_laws(declare(repeated_cells))


def upside_down(grid: Cells) -> Cells:
    """The rows in the reverse order.

    >>> grid = "12/34"
    >>> upside_down(upside_down("12"))
    Grid('12')
    >>> upside_down(grid=grid)
    Grid('34/12')
    """
    return grid[::-1].copy()


def test_a_check_skips_examples_that_are_no_calls_of_literals(declare):
    strategies.check_laws(declare(upside_down, laws=(INVOLUTION,)))


def test_a_check_leaves_the_registry_as_it_was():
    strategies.check_laws(find("flip_rows"), max_examples=20)
    assert find("flip_rows")(Grid("1/2")) == Grid("2/1")
