"""Properties that all terms of the language of rules share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcsolve.dsl.rules.partitions import partitions
from arcsolve.dsl.rules.scene import Parts, Scene
from arcsolve.dsl.rules.terms import Area, Kind, Strokes, Term, terms
from arcsolve.dsl.values import Cells
from tests.dsl.rules.random_rules import calls, cells

TYPES = {
    Kind.FLAG: np.bool_,
    Kind.COLOR: np.integer,
    Kind.NUMBER: np.integer,
    Kind.SHAPE: np.integer,
    Kind.DIRECTIONS: np.integer,
    Kind.SHIFT: np.integer,
    Kind.PART: np.integer,
    Kind.ORDER: np.integer,
    Kind.GRID_NUMBER: np.integer,
    Kind.GRID_COLOR: np.integer,
}
OF_GRIDS = (Kind.GRID_NUMBER, Kind.GRID_COLOR)
PARTITIONS = [each.name for each in partitions()]

each_term = pytest.mark.parametrize("term", terms(), ids=lambda term: term.name)
scenes = st.lists(cells(), min_size=1, max_size=3)


@each_term
def test_a_term_is_documented_and_costs_something(term: Term) -> None:
    first = term.doc.strip().splitlines()[0]
    assert first.endswith(".")
    assert 0 <= term.cost < 5
    assert all(f"{{{n}}}" in term.doc for n in range(len(term.parameters)))


@each_term
@settings(max_examples=5)
@given(data=st.data(), grids=scenes, name=st.sampled_from(PARTITIONS))
def test_a_term_has_a_value_for_each_part_or_grid(
    term: Term, data: st.DataObject, grids: list[Cells], name: str
) -> None:
    parts = Scene(grids, [0] * len(grids)).parts(name)
    value = data.draw(calls(term, 1)).evaluate(parts)
    if isinstance(value, Area | Strokes):
        check_area(Area(value.offsets, value.places), parts)
        return
    if term.kind is Kind.GRID:
        assert len(value) == len(grids)
        assert all(each is None or (each.dtype == np.uint8 and each.size) for each in value)
        return
    rows = len(grids) if term.kind in OF_GRIDS else len(parts)
    assert value.shape == ((rows, 2) if term.kind is Kind.SHIFT else (rows,))
    assert np.issubdtype(value.dtype, TYPES[term.kind])
    if term.kind in (Kind.COLOR, Kind.GRID_COLOR):
        assert ((value >= -1) & (value < 10)).all()
    if term.kind is Kind.PART:
        assert (value >= -1).all()
        chosen = value[value >= 0]
        assert (parts.neighbors.grid[chosen] == parts.grid[value >= 0]).all()


def check_area(area: Area, parts: Parts) -> None:
    """Check that each row's cells are on the grid of its part."""
    assert len(area.offsets) == len(parts) + 1
    assert (np.diff(area.offsets) >= 0).all()
    assert area.offsets[-1] == len(area.places)
    grid = np.repeat(parts.grid, np.diff(area.offsets))
    starts = parts.board.starts
    assert ((starts[grid] <= area.places) & (area.places < starts[grid + 1])).all()


@each_term
@settings(max_examples=5)
@given(data=st.data(), grids=scenes, name=st.sampled_from(PARTITIONS))
def test_a_term_reads_each_grid_by_itself(
    term: Term, data: st.DataObject, grids: list[Cells], name: str
) -> None:
    whole = Scene(grids, [0] * len(grids)).parts(name)
    call = data.draw(calls(term, 1))
    together = split_value(term, call.evaluate(whole), whole)
    alone = []
    for grid in grids:
        parts = Scene([grid], [0]).parts(name)
        alone += split_value(term, call.evaluate(parts), parts)
    assert together == alone


def split_value(term: Term, value: object, parts: Parts) -> list[object]:
    """Return the value of each part or grid, with places and parts counted in each grid."""
    if isinstance(value, Area | Strokes):
        starts = parts.board.starts[parts.grid]
        pieces = np.split(value.places, value.offsets[1:-1])
        found: list[object] = [
            (piece - start).tolist() for piece, start in zip(pieces, starts, strict=False)
        ]
        return found[: len(parts)]
    if isinstance(value, list):
        return [None if each is None else each.tolist() for each in value]
    assert isinstance(value, np.ndarray)
    if term.kind is Kind.PART:
        first = np.searchsorted(parts.neighbors.grid, parts.grid)
        value = np.where(value >= 0, value - first, -1)
    return list(value.tolist())


@each_term
@settings(max_examples=3)
@given(data=st.data(), grids=scenes, name=st.sampled_from(PARTITIONS))
def test_an_effect_on_repeated_parts_repeats_its_value(
    term: Term, data: st.DataObject, grids: list[Cells], name: str
) -> None:
    if term.kind not in (Kind.AREA, Kind.STROKES):
        return
    parts = Scene(grids, [0] * len(grids)).parts(name)
    call = data.draw(calls(term, 1))
    arguments = [
        each.evaluate(parts) if hasattr(each, "evaluate") else each for each in call.arguments
    ]
    if any(isinstance(each, Area) for each in arguments):
        return  # only searched for through its own arguments
    once = term.function(parts, *arguments)
    doubled = [np.concatenate([e, e]) if isinstance(e, np.ndarray) else e for e in arguments]
    twice = term.function(parts.tile(2), *doubled)
    assert twice.places.tolist() == 2 * once.places.tolist()
    assert np.diff(twice.offsets).tolist() == 2 * np.diff(once.offsets).tolist()
