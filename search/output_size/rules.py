"""Output sizes: the simplest rules for height and width that every pair obeys.

A side is a constant or a linear relation: a sum of small whole multiples of measures on the input,
plus an offset. Relations over one measure are read off directly. If none of them holds, z3 finds
the smallest relations over several measures, on all pairs at once.

`arcsolve.search.engine.bitsets.build_layout` reads sizes from the states of a search instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.grid import MAX_SIDE
from arcsolve.dsl.task import Task
from arcsolve.search.output_size.measures import MEASURES
from arcsolve.search.problem import Problem, build_problem

FACTORS = range(1, 6)
OFFSETS = range(-3, 4)
CONSTANT_LENGTH = 1
FACTOR_LENGTH = 2  # for each step of a factor above 1
OFFSET_LENGTH = 4  # for each step of the offset away from 0
RELATIONS_KEPT = 3  # relations over several measures, for each axis

Sides = NDArray[np.int64]  # by example: the pairs, then the tests


@dataclass(frozen=True, slots=True, order=True)
class SizeVote:
    """The (height, width) of each test's output, and the length of the rule; shorter is simpler."""

    length: int
    sizes: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule for one axis; if `meaning` is equal on both axes, the rules are one rule."""

    length: int
    meaning: tuple[object, ...]
    sides: tuple[int, ...]  # of the tests


def infer_sizes(task: Task, *, relations: bool = True) -> tuple[tuple[int, int] | None, ...]:
    """Return (height, width) of the output for each test input; None where no rule fits all pairs.

    `relations` over several measures are slow to find and seldom right.
    """
    ranked = rank_sizes(task, relations=relations)
    return ranked[0].sizes if ranked else (None,) * len(task.tests)


def rank_sizes(task: Task, *, relations: bool = True) -> list[SizeVote]:
    """Return the distinct output sizes that the tests may have, the simplest rules first.

    `relations` is as in `infer_sizes`.
    """
    problem = build_problem(task)
    lengths: dict[tuple[tuple[int, int], ...], int] = {}
    for rows, cols in product(*(_find_rules(problem, axis, relations) for axis in (0, 1))):
        length = rows.length if rows.meaning == cols.meaning else rows.length + cols.length
        sizes = tuple(zip(rows.sides, cols.sides, strict=True))
        lengths[sizes] = min(length, lengths.get(sizes, length))
    return sorted(SizeVote(length, sizes) for sizes, length in lengths.items())


def _find_rules(problem: Problem, axis: int, relations: bool) -> list[_Rule]:
    goals = np.array([output.shape[axis] for output in problem.outputs])
    measured = np.array(
        [[measure(grid, axis) for grid in problem.inputs] for measure in MEASURES.values()]
    )
    rules = _constant_rules(goals, problem.tests) + list(_simple_rules(measured, goals))
    rules = list(filter(_is_possible, rules))
    if relations and not rules:
        rules = list(filter(_is_possible, _composite_rules(measured, goals)))
    return rules


def _is_possible(rule: _Rule) -> bool:
    return all(1 <= side <= MAX_SIDE for side in rule.sides)


def _constant_rules(goals: Sides, tests: int) -> list[_Rule]:
    if (goals != goals[0]).any():
        return []
    return [_Rule(CONSTANT_LENGTH, ("constant", int(goals[0])), (int(goals[0]),) * tests)]


def _simple_rules(measured: Sides, goals: Sides) -> Iterator[_Rule]:
    """Yield ``factor * measure + offset`` for the measures and factors that give the goals."""
    factors = np.array(FACTORS)[:, np.newaxis, np.newaxis]
    offsets = goals - factors * measured[:, : len(goals)]  # (factor, measure, pair)
    fits = (offsets == offsets[:, :, :1]).all(axis=2) & np.isin(offsets[:, :, 0], OFFSETS)
    for row, measure in np.argwhere(fits):
        factor, offset = int(FACTORS[row]), int(offsets[row, measure, 0])
        length = measure + FACTOR_LENGTH * (factor - 1) + OFFSET_LENGTH * abs(offset)
        sides = factor * measured[measure, len(goals) :] + offset
        yield _Rule(int(length), (measure, factor, offset), tuple(map(int, sides)))


def _composite_rules(measured: Sides, goals: Sides) -> Iterator[_Rule]:
    # Importing z3 is slow, and few tasks need it.
    from arcsolve.search.output_size.linear import smallest_relations

    varied = np.flatnonzero((measured != measured[:, :1]).any(axis=1))
    found = smallest_relations(measured[varied], goals, varied)
    for relation in islice(found, RELATIONS_KEPT):
        sides = relation.evaluate(measured[varied])[len(goals) :]
        meaning = (varied.tobytes(), relation.factors, relation.offset)
        yield _Rule(relation.length, meaning, tuple(map(int, sides)))
