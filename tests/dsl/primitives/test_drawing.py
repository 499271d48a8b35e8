"""Drawing and copying: figures at the border, too large results, and where they are undefined."""

from __future__ import annotations

import pytest

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import find


def test_a_box_around_is_cut_off_at_the_border() -> None:
    assert find("box_around")("100/000/000", 3) == Grid("130/330/000")


@pytest.mark.parametrize("name", ["frame", "rings", "spiral", "draw_diagonal", "draw_midlines"])
def test_figures_fit_a_single_cell(name: str) -> None:
    assert find(name)("0", 4) == Grid("4")


def test_a_spiral_leaves_one_cell_between_its_windings() -> None:
    drawn = find("spiral")(Grid([[0] * 6] * 6), 3)
    assert drawn == Grid("333333/000003/333303/303303/300003/333333")


def test_a_box_needs_four_equal_corners() -> None:
    with pytest.raises(Undefined):
        find("fill_corner_boxes")("101/000/102", 5)


def test_a_box_with_a_cell_between_two_corners_is_none() -> None:
    for grid in ("1001/0000/1201", "1201/0000/1001", "101/002/101", "101/200/101"):
        with pytest.raises(Undefined):
            find("fill_corner_boxes")(grid, 5)


def test_a_lattice_of_every_row_is_undefined() -> None:
    for count in (0, 1):
        with pytest.raises(Undefined):
            find("lattice")("00/00", 5, count)


def test_results_above_30_a_side_are_undefined() -> None:
    six = Grid([[1] * 6] * 6)
    for name, rest in (("kron_self", ()), ("kron", (six,)), ("kron_color", (1,))):
        with pytest.raises(Undefined):
            find(name)(six, *rest)
    with pytest.raises(Undefined):
        find("interleave")([[0] * 16], 1)


def test_copies_that_bury_one_another_are_undefined() -> None:
    full = Grid([[1] * 30] * 30)
    with pytest.raises(Undefined):
        find("copy_at_cells")(full, full)


def test_copies_go_only_to_single_cells_of_a_color_of_the_object() -> None:
    grid = "1230000/0000003/0400000"
    assert find("copy_to_dots")(grid) == Grid("1230000/0000123/0400000")
    with pytest.raises(Undefined):
        find("copy_to_dots")("12000/00003")


def test_a_patch_of_another_size_does_not_fit() -> None:
    with pytest.raises(Undefined):
        find("replace_box")("550/550", "1", 5)
