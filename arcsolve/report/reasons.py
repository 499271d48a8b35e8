"""Reasons: the rules of an attempt in words, and the parts of a test input that they change."""

from __future__ import annotations

from collections.abc import Iterator

from arcsolve.dsl.errors import BadInput, BadProgram, Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program, Rewrite
from arcsolve.dsl.rules.explain import change_part, trace_rules
from arcsolve.dsl.rules.words import COLORS, tell_rules

MOST_LINES = 12  # parts that are listed for each rule


def find_rules(reason: str) -> Rewrite | None:
    """Return the first rules in the reason of an attempt, or None if it has none."""
    try:
        nodes = Program.parse(reason).nodes
    except BadProgram:
        return None
    return next((node for node in nodes if isinstance(node, Rewrite)), None)


def explain_reason(reason: str, test: Grid) -> Iterator[str]:
    """Yield lines that tell the rules of a reason, and the parts of a test input that they paint.

    A reason without rules has no lines. The parts are those of the grid that the rules read.
    """
    node = find_rules(reason)
    if node is None:
        return
    yield from tell_rules(node.rules).splitlines()
    try:
        grid = Program.parse(reason).values(test.cells.copy())[node.grid]
    except Undefined:
        return
    painted = [each for each in trace_rules(node.rules, grid) if each.passes and each.painted]
    for each in painted[:MOST_LINES]:
        top, left, bottom, right = each.box
        place = f"rows {top + 1}-{bottom + 1}, columns {left + 1}-{right + 1}"
        name = f"part {each.part} ({COLORS[each.color]}, {place})"
        yield f"rule {each.rule} paints {each.painted} cells for {name}"
    if len(painted) > MOST_LINES:
        yield f"and {len(painted) - MOST_LINES} more parts"


def ask_what_if(reason: str, test: Grid, change: str) -> tuple[Grid, Grid | None]:
    """Return a changed test input, and what the program of a reason makes of it.

    The result is None if the program has none. Raises BadInput for a reason without rules, and as
    `change_part`.
    """
    node = find_rules(reason)
    if node is None:
        raise BadInput("attempt 1 has no rules over parts, so that no part can change")
    changed = Grid(change_part(node.rules, test.cells, change))
    try:
        return changed, Program.parse(reason).run(changed)
    except Undefined:
        return changed, None
