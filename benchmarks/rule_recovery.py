"""Recovery: random rules on random scenes, and how many of them the search finds again.

    .venv/bin/python benchmarks/rule_recovery.py [--rules 40] [--seed 0]

A rule changes three pairs. The search sees these pairs and three more inputs. It recovers the rule
if its cheapest rules give the same outputs for the three inputs. The script prints a row for each
kind of effect and for each kind of test; the last line is one JSON document.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from arcsolve.bench.environment import environment
from arcsolve.dsl.rules.expression import Call, Expression
from arcsolve.dsl.rules.rule import Rule, Rules
from arcsolve.dsl.rules.terms import Choice, Kind, find_term, terms
from arcsolve.dsl.values import Cells
from arcsolve.search.rules.enumeration import call, color_constants, number_constants
from arcsolve.search.rules.induction import Induction
from arcsolve.search.rules.target import build_target

PAIRS = TESTS = 3
SIDES = (9, 14)  # least and most rows and columns
OBJECTS = (3, 7)  # least and most objects of a scene
COLORS = (1, 2, 3, 4)
PAINTED = (5, 6)  # colors that only rules paint
WORK = 3_000_000  # parts on which effects may be drawn, about that of effort fast
TRIES = 300  # rules that are drawn until one changes all scenes

EFFECTS = (
    "itself", "regions", "links", "ray", "steps", "contact", "slide", "by", "align", "copy",
    "repeat", "mirror", "reflect", "turn",
)  # fmt: skip
PARTITIONS = ("objects_8", "objects_4", "blobs_8", "color_groups")


class Trial(NamedTuple):
    """A random rule with the scenes that it changes."""

    rules: Rules
    kind: str
    inputs: list[Cells]
    outputs: list[Cells]


def draw_scene(random: Generator) -> Cells:
    """Draw a grid with a few objects that do not overlap."""
    height, width = random.integers(*SIDES, size=2, endpoint=True)
    grid = np.zeros((height, width), np.uint8)
    for _ in range(random.integers(*OBJECTS, endpoint=True)):
        shape = draw_shape(random) * random.choice(COLORS)
        top = random.integers(0, height - shape.shape[0] + 1)
        left = random.integers(0, width - shape.shape[1] + 1)
        place = grid[
            max(top - 1, 0) : top + shape.shape[0] + 1, max(left - 1, 0) : left + shape.shape[1] + 1
        ]
        if not place.any():
            grid[top : top + shape.shape[0], left : left + shape.shape[1]] = shape
    return grid


def draw_shape(random: Generator) -> Cells:
    """Draw a small mask: a cell, a line, a rectangle, a frame or a corner."""
    height, width = random.integers(1, 4, size=2, endpoint=True)
    mask = np.ones((height, width), np.uint8)
    style = random.integers(4)
    if style == 0:
        return mask[:1, :1]
    if style == 1:
        return mask[:1] if random.random() < 0.5 else mask[:, :1]
    if style == 2 and min(height, width) > 2:
        mask[1:-1, 1:-1] = 0
    if style == 3 and min(height, width) > 1:
        mask[: height // 2, : width // 2] = 0
    return mask


def pick(random: Generator, kind: Kind, nested: bool = True) -> Expression:
    """Pick a random expression of a kind without arguments, or with one more level of calls."""
    known = [each for each in terms() if each.kind is kind and not each.parameters]
    deeper = [each for each in terms() if each.kind is kind and each.parameters == (Kind.PART,)]
    if nested and deeper and random.random() < 0.3:
        return Call(deeper[random.integers(len(deeper))], (pick(random, Kind.PART, False),))
    return Call(known[random.integers(len(known))])


def choose(random: Generator, choices: type[Choice]) -> Choice:
    """Pick a choice."""
    return list(choices)[random.integers(len(choices))]


def fill(random: Generator, area: Expression) -> Expression:
    """Return the effect that paints an area in a constant color, its own or another part's."""
    constant = color_constants(PAINTED)[random.integers(len(PAINTED))]
    return call("fill", area, constant if random.random() < 0.7 else call("color"))


def draw_effect(random: Generator, kind: str) -> Expression:
    """Draw an effect of a kind."""
    directions = pick(random, Kind.DIRECTIONS)
    part = pick(random, Kind.PART, False)
    number = number_constants([random.integers(1, 4)])[0]
    if kind in ("slide", "by"):
        last = choose(random, find_term("slide").parameters[1]) if kind == "slide" else number  # type: ignore[arg-type]
        return call("move", call(kind, directions, last))
    if kind == "align":
        choice = choose(random, find_term("align").parameters[1])  # type: ignore[arg-type]
        return call("move", call("align", part, choice))
    if kind in ("copy", "repeat"):
        return call(kind, call("by", directions, number))
    if kind == "mirror":
        return call("mirror", directions)
    if kind == "reflect":
        return call("reflect", part, choose(random, find_term("reflect").parameters[1]))  # type: ignore[arg-type]
    if kind == "turn":
        return call("turn", choose(random, find_term("turn").parameters[0]))  # type: ignore[arg-type]
    return fill(random, draw_area(random, kind, directions, part, number))


def draw_area(
    random: Generator, kind: str, directions: Expression, part: Expression, number: Expression
) -> Expression:
    """Draw an area of a kind of effect."""
    if kind in ("ray", "contact", "steps"):
        _, *rest = find_term(kind).parameters
        choices = [choose(random, each) for each in rest if not isinstance(each, Kind)]
        return call(kind, directions, *choices, *([number] if kind == "steps" else []))
    if kind == "links":
        return call("between", part)
    return call("itself") if kind == "itself" else pick(random, Kind.AREA, False)


def draw_test(random: Generator) -> Expression:
    """Draw a test: every part, a flag, a color, or a rank of a number."""
    style = random.random()
    if style < 0.4:
        return call("every")
    if style < 0.6:
        return pick(random, Kind.FLAG, False)
    if style < 0.8:
        return call("has", call("color"), color_constants(COLORS)[random.integers(len(COLORS))])
    return call("most" if random.random() < 0.5 else "least", pick(random, Kind.NUMBER, False))


def draw_trial(random: Generator, kind: str) -> Trial | None:
    """Draw a rule of a kind and scenes that it changes, or None after too many tries."""
    for _ in range(TRIES):
        partition = PARTITIONS[random.integers(len(PARTITIONS))]
        rules = Rules(0, (Rule(partition, draw_test(random), draw_effect(random, kind)),))
        inputs = [draw_scene(random) for _ in range(PAIRS + TESTS)]
        scene = rules.open_scene(inputs)
        strip, painted = rules.paint(scene, scene.board.cells)
        outputs = scene.cut(strip)
        changed = (not np.array_equal(a, b) for a, b in zip(inputs, outputs, strict=True))
        if painted.all() and all(changed):
            return Trial(rules, kind, inputs, outputs)
    return None


def recover(trial: Trial) -> bool:
    """Return whether the cheapest rules for the pairs give the outputs of the tests as well."""
    target = build_target(trial.inputs, trial.outputs[:PAIRS], 0)
    assert target is not None
    found, _ = Induction().induce(target, WORK)
    return bool(found) and all(
        output is not None and np.array_equal(output, wanted)
        for output, wanted in zip(found[0].outputs, trial.outputs[PAIRS:], strict=True)
    )


def measure(count: int, seed: int, show: Callable[[str], None]) -> Iterator[tuple[str, int, int]]:
    """Yield for each kind of effect the rules that were drawn and those that were recovered."""
    for number, kind in enumerate(EFFECTS):
        random = np.random.default_rng([seed, number])
        trials = [trial for _ in range(count) if (trial := draw_trial(random, kind))]
        found = sum(map(recover, trials))
        show(f"{kind:10} {found:4} of {len(trials):4}  {found / max(1, len(trials)):.0%}")
        yield kind, len(trials), found


def main() -> None:
    """Parse the options, measure, and print the table and the JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, default=40, help="for each kind of effect")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    rows = list(measure(chosen.rules, chosen.seed, print))
    drawn, found = (sum(row[column] for row in rows) for column in (1, 2))
    print(f"{'all':10} {found:4} of {drawn:4}  {found / drawn:.0%}")
    kinds = {kind: {"rules": drawn, "recovered": found} for kind, drawn, found in rows}
    print(json.dumps({"kinds": kinds, "share": found / drawn, **environment()}))


if __name__ == "__main__":
    main()
