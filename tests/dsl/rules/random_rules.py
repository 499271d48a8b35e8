"""Random scenes and rules for property tests."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from arcsolve.dsl.rules.backgrounds import NamedBackground
from arcsolve.dsl.rules.expression import Call, Expression, GridTable, Literal, Of, Table
from arcsolve.dsl.rules.literals import REACTION_WORDS, Pattern, Reactions
from arcsolve.dsl.rules.partitions import partitions
from arcsolve.dsl.rules.rule import Rule, Rules
from arcsolve.dsl.rules.summaries import PaintedSummary, Summary
from arcsolve.dsl.rules.terms import Kind, Term, terms
from arcsolve.dsl.strategies import grids
from arcsolve.dsl.values import Cells

MOST_NESTED = 3  # calls in calls


def cells(most: int = 9) -> st.SearchStrategy[Cells]:
    """Return a strategy for the cells of grids with a lot of background."""
    return grids(max_side=most, num_colors=5).map(
        lambda grid: np.where(grid.cells > 2, 0, grid.cells).astype(np.uint8)
    )


def rules() -> st.SearchStrategy[Rules]:
    """Return a strategy for lists of one or two rules."""
    names = st.sampled_from([each.name for each in partitions()])
    each = st.builds(Rule, names, expressions(Kind.FLAG), expressions(Kind.STROKES))
    lists = st.lists(each, min_size=1, max_size=2).map(tuple)
    return st.builds(Rules, st.sampled_from([0, 1, *NamedBackground]), lists)


def summaries() -> st.SearchStrategy[Summary | PaintedSummary]:
    """Return a strategy for summaries, some of them painted by rules."""
    names = st.sampled_from([each.name for each in partitions()])
    backgrounds = st.sampled_from([0, 1, *NamedBackground])
    grid = st.one_of(expressions(Kind.GRID), grid_tables())
    plain = st.builds(Summary, backgrounds, names, grid)
    return st.one_of(plain, st.builds(PaintedSummary, plain, rules()))


def grid_tables() -> st.SearchStrategy[GridTable]:
    """Return a strategy for tables of small new grids, keyed by a number of the grid."""
    entries = st.dictionaries(st.integers(0, 9), grids(max_side=3), max_size=3)
    pairs = entries.map(lambda each: tuple(sorted(each.items())))
    keys = expressions(Kind.GRID_NUMBER, 1).filter(lambda key: not isinstance(key, Literal))
    return st.builds(GridTable, keys, pairs)


def tables() -> st.SearchStrategy[Table]:
    """Return a strategy for tables of colors, keyed by a number, a color or a shape."""
    entries = st.dictionaries(st.integers(0, 9), st.integers(0, 9), max_size=3)
    kinds = (Kind.NUMBER, Kind.COLOR, Kind.SHAPE)
    keys = st.sampled_from(
        [Call(each) for each in terms() if each.kind in kinds and not each.parameters]
    )
    return st.builds(Table, keys, entries.map(lambda each: tuple(sorted(each.items()))))


def expressions(kind: Kind, depth: int = MOST_NESTED) -> st.SearchStrategy[Expression]:
    """Return a strategy for expressions of a kind."""
    leaves = [Call(each) for each in terms() if each.kind is kind and not each.parameters]
    options: list[st.SearchStrategy[Expression]] = [st.sampled_from(leaves)] if leaves else []
    if kind is Kind.COLOR:
        options.append(st.integers(0, 4).map(lambda value: Literal(Kind.COLOR, value)))
    if kind is Kind.NUMBER:
        options.append(st.integers(0, 4).map(lambda value: Literal(Kind.NUMBER, value)))
    if kind in (Kind.GRID_COLOR, Kind.GRID_NUMBER):
        options.append(st.integers(0, 4).map(lambda value: Literal(kind, value)))
    if kind is Kind.PATTERN:
        options.append(patterns())
    if kind is Kind.REACTIONS:
        options.append(reactions())
    if depth > 0:
        nested = [each for each in terms() if each.kind is kind and each.parameters]
        options += [calls(each, depth - 1) for each in nested]
        if kind in (Kind.COLOR, Kind.NUMBER, Kind.DIRECTIONS):
            attribute = expressions(kind, 0)
            options.append(st.builds(Of, attribute, expressions(Kind.PART, 0)))
    return st.one_of(options)


def patterns() -> st.SearchStrategy[Pattern]:
    """Return a strategy for small patterns around the first cell of a box."""
    sides = st.integers(1, 3)
    rows = st.tuples(sides, sides).flatmap(
        lambda shape: st.tuples(
            *[st.text("0123.*", min_size=shape[1], max_size=shape[1])] * shape[0]
        )
    )
    return st.builds(Pattern, st.integers(-2, 1), st.integers(-2, 1), rows)


def reactions() -> st.SearchStrategy[Reactions]:
    """Return a strategy for reactions to some of the colors 1 to 3 and to the others."""
    words = st.sampled_from(REACTION_WORDS)
    entries = st.dictionaries(st.integers(1, 3), words, max_size=2)
    return st.builds(Reactions, entries.map(lambda each: tuple(sorted(each.items()))), words)


def calls(term: Term, depth: int = MOST_NESTED) -> st.SearchStrategy[Call]:
    """Return a strategy for calls of a term."""
    needed = (
        expressions(each, depth) if isinstance(each, Kind) else st.sampled_from(list(each))
        for each in term.parameters
    )
    return st.builds(Call, st.just(term), st.tuples(*needed))
