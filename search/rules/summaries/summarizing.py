"""Summarizing: the cheapest summaries that give the outputs of all pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from arcsolve.dsl.rules.backgrounds import Background, find_background, price_background
from arcsolve.dsl.rules.partitions import find_partition, partitions
from arcsolve.dsl.rules.scene import Parts, Scene
from arcsolve.dsl.rules.summaries import RULES_COST, PaintedSummary, Summary
from arcsolve.dsl.values import Cells
from arcsolve.search.rules.induction import Induction
from arcsolve.search.rules.summaries.arrangements import propose_arrangements
from arcsolve.search.rules.summaries.drawings import propose_drawings, propose_tables
from arcsolve.search.rules.summaries.extractions import (
    near_extractions,
    propose_changes,
    propose_counterparts,
    propose_extractions,
    propose_paintings,
    propose_restored,
    propose_unions,
)
from arcsolve.search.rules.summaries.material import Material, Suggestion
from arcsolve.search.rules.target import build_target

MOST_PARTS = 300  # of all grids together
MOST_SUMMARIES = 60  # summaries that are compared with the outputs
MOST_ANSWERS = 5
MOST_PAINTED = 2  # summaries that rules are searched for
WORK = 300_000  # parts on which effects of such rules may be drawn
CHEAP = 3.0  # bits; no summary is painted if there is an answer up to this cost

Answer = tuple[Cells | None, ...]  # the outputs of the tests


class Summarized(NamedTuple):
    """A summary that gives the outputs of all pairs, with its outputs for the tests."""

    summary: Summary | PaintedSummary
    cost: float
    outputs: Answer


_PROPOSERS = (
    propose_changes, propose_extractions, propose_paintings, propose_counterparts, propose_restored,
    propose_unions, propose_arrangements, propose_drawings, propose_tables,
)  # fmt: skip


def summarize(
    inputs: Sequence[Cells], outputs: Sequence[Cells], background: Background
) -> list[Summarized]:
    """Return summaries that give all outputs, the cheapest of each answer first.

    The inputs of the pairs come before those of the tests. The summaries get this background.
    """
    scene = Scene(inputs, [find_background(grid, background) for grid in inputs])
    exact, near = list[tuple[float, Summary]](), list[tuple[int, float, Summary]]()
    for parts in _distinct_parts(scene):
        material, name = Material(parts, outputs), parts.partition.name
        for propose in _PROPOSERS:
            exact += (_price(each, background, name) for each in propose(material))
        for differing, proposal in near_extractions(material):
            near.append((differing, *_price(proposal, background, name)))
    found = dict[object, Summarized]()
    for cost, summary in sorted(exact, key=lambda each: each[0])[:MOST_SUMMARIES]:
        if (answer := _check(scene, outputs, summary.run(scene))) is not None:
            found.setdefault(_key(answer), Summarized(summary, cost, answer))
    if not found or min(each.cost for each in found.values()) > CHEAP:
        for each in _paint(scene, outputs, sorted(near, key=lambda each: each[:2])):
            found.setdefault(_key(each.outputs), each)
    return sorted(found.values(), key=lambda each: each.cost)[:MOST_ANSWERS]


def _distinct_parts(scene: Scene) -> Iterator[Parts]:
    """Yield parts by each partition that has some in every grid, equal ones once."""
    seen = set[tuple[bool, bytes]]()
    for partition in partitions():
        parts = scene.parts(partition.name)
        key = partition.still, parts.outline.labels.tobytes()
        everywhere = len(np.unique(parts.grid)) == len(scene.grids)
        if everywhere and len(parts) <= MOST_PARTS and key not in seen:
            seen.add(key)
            yield parts


def _price(proposal: Suggestion, background: Background, partition: str) -> tuple[float, Summary]:
    cost = proposal.cost + find_partition(partition).cost + price_background(background)
    return cost, Summary(background, partition, proposal.grid)


def _key(answer: Answer) -> object:
    return tuple(None if each is None else (each.shape, each.tobytes()) for each in answer)


def _check(scene: Scene, outputs: Sequence[Cells], grids: list[Cells | None]) -> Answer | None:
    """Return the grids for the tests if those for the pairs equal the outputs, or None."""
    for found, output in zip(grids, outputs, strict=False):
        if found is None or not np.array_equal(found, output):
            return None
    answer = tuple(grids[len(outputs) :])
    return None if all(each is None for each in answer) else answer


def _paint(
    scene: Scene, outputs: Sequence[Cells], near: list[tuple[int, float, Summary]]
) -> Iterator[Summarized]:
    """Yield summaries that rules paint so that they equal the outputs."""
    seen = set[object]()
    for _, cost, summary in near:
        grids = [grid for grid in summary.run(scene) if grid is not None]
        if len(grids) < len(scene.grids) or _key(tuple(grids)) in seen:
            continue
        if len(seen) == MOST_PAINTED:
            return
        seen.add(_key(tuple(grids)))
        target = build_target(grids, outputs, summary.background)
        if target is None:
            continue
        seen_alike = Scene(grids, scene.board.backgrounds.tolist())
        found, _ = Induction().induce(replace(target, scene=seen_alike), WORK)
        for each in found:
            painted = PaintedSummary(summary, each.rules)
            yield Summarized(painted, cost + each.cost + RULES_COST, each.outputs)
