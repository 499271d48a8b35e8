"""The gallery shows every cell in its color, tasks in reading order."""

from __future__ import annotations

import numpy as np
import pytest

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.html import PALETTE
from arcsolve.dsl.task import Pair, Task
from arcsolve.report.png import ACROSS, GAP, SIDE, TILE, draw_gallery

TASK = Task("t", (Pair(Grid("1"), Grid("2")),), (Grid("3"),))


def color_at(picture: np.ndarray, row: int, col: int) -> str:
    return "#" + bytes(picture[row, col]).hex()


def test_a_grid_fills_its_picture_and_solutions_stand_below_their_tests(tmp_path):
    image = pytest.importorskip("PIL.Image")
    draw_gallery(tmp_path / "g.png", [(TASK, (Grid("4"),), "text")] * (ACROSS + 1))
    picture = np.asarray(image.open(tmp_path / "g.png"))
    assert picture.shape == (2 * TILE[0], ACROSS * TILE[1], 3)
    for top, left in ((0, 0), (0, TILE[1]), (TILE[0], 0)):
        shown = [
            color_at(picture, top + GAP + row + SIDE // 2, left + GAP + col + SIDE // 2)
            for row in (0, SIDE + GAP)
            for col in (0, SIDE + GAP)
        ]
        assert shown == [PALETTE[color] for color in (1, 3, 2, 4)]
    assert (picture[TILE[0] :, TILE[1] :] == 255).all()


def test_a_gallery_is_written_whole_or_not_at_all(tmp_path):
    pytest.importorskip("PIL.Image")
    with pytest.raises(BadInput, match=r"g\.png: cannot write it"):
        draw_gallery(tmp_path / "none" / "g.png", [(TASK, (Grid("4"),), "text")])


def test_without_pillow_the_error_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "PIL", None)
    with pytest.raises(BadInput, match=r"arcsolve\[pictures\]"):
        draw_gallery(tmp_path / "g.png", [])
