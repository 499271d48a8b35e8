"""Reasons: the rules of an attempt in words, and the parts of a test input that they change."""

from __future__ import annotations

from collections.abc import Iterator

from arcsolve.dsl.errors import BadInput, BadProgram, Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program, Rewrite, Summarize
from arcsolve.dsl.rules.rule import Rules
from arcsolve.dsl.rules.summaries import PaintedSummary, Summary
from arcsolve.dsl.rules.telling.explain import PartTrace, change_part, trace_rules, trace_summary
from arcsolve.dsl.rules.telling.words import COLORS, tell
from arcsolve.dsl.values import Cells

MOST_LINES = 12  # parts that are listed for each rule


def find_rules(reason: str) -> Rewrite | Summarize | None:
    """Return the first rules or summary in the reason of an attempt, or None if it has none."""
    try:
        nodes = Program.parse(reason).nodes
    except BadProgram:
        return None
    return next((node for node in nodes if isinstance(node, Rewrite | Summarize)), None)


def explain_reason(reason: str, test: Grid) -> Iterator[str]:
    """Yield lines that tell the rules of a reason, and the parts of a test input that they choose.

    The lines list the parts that rules paint, and the parts that a summary is made of. A reason
    without rules has no lines. The parts are those of the grid that the rules read.
    """
    node = find_rules(reason)
    if node is None:
        return
    yield from tell(node.rules if isinstance(node, Rewrite) else node.summary).splitlines()
    try:
        grid = Program.parse(reason).values(test.cells.copy())[node.grid]
    except Undefined:
        return
    if isinstance(node, Rewrite):
        yield from _list_painted(trace_rules(node.rules, grid))
    else:
        yield from _list_summary(node.summary, grid)


def _list_summary(summary: Summary | PaintedSummary, grid: Cells) -> Iterator[str]:
    """Yield a line for each part of the grid that the summary chooses, and each painted part."""
    first = summary.summary if isinstance(summary, PaintedSummary) else summary
    traces = trace_summary(first, grid)
    chosen = [each for each in traces if each.passes]
    if len(chosen) == len(traces) > 1:
        yield f"the test chooses all {len(traces)} parts"
    else:
        yield from _cut([f"the test chooses {name_part(each)}" for each in chosen])
    if isinstance(summary, PaintedSummary):
        yield from _list_painted(trace_rules(summary.rules, first.apply(grid), grid))


def _list_painted(traces: list[PartTrace]) -> Iterator[str]:
    """Yield a line for each part for which a rule paints cells."""
    painted = [each for each in traces if each.passes and each.painted]
    lines = [f"rule {e.rule} paints {_count(e.painted)} for {name_part(e)}" for e in painted]
    yield from _cut(lines)


def _cut(lines: list[str]) -> Iterator[str]:
    """Yield the first lines about parts, and the number of the others."""
    yield from lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        yield f"and {len(lines) - MOST_LINES} more parts"


def _count(cells: int) -> str:
    return "1 cell" if cells == 1 else f"{cells} cells"


def name_part(trace: PartTrace) -> str:
    """Return the number, the color and the place of a part, as in ``part 2 (red, row 1, ...)``."""
    top, left, bottom, right = trace.box
    rows, cols = _name_lines("row", top, bottom), _name_lines("column", left, right)
    return f"part {trace.part} ({COLORS[trace.color]}, {rows}, {cols})"


def _name_lines(unit: str, first: int, last: int) -> str:
    """Return the lines from the first to the last, which count from 1."""
    return f"{unit} {first + 1}" if first == last else f"{unit}s {first + 1}-{last + 1}"


def ask_what_if(reason: str, test: Grid, change: str) -> tuple[Grid, Grid | None]:
    """Return a changed test input, and what the program of a reason makes of it.

    The result is None if the program has none. Raises BadInput for a reason without rules, and as
    `change_part`.
    """
    node = find_rules(reason)
    if node is None:
        raise BadInput("attempt 1 has no rules over parts, so that no part can change")
    changed = Grid(change_part(_find_reader(node), test.cells, change))
    try:
        return changed, Program.parse(reason).run(changed)
    except Undefined:
        return changed, None


def _find_reader(node: Rewrite | Summarize) -> Rules | Summary:
    """Return the rules or the summary that cuts the grid into parts."""
    if isinstance(node, Rewrite):
        return node.rules
    return node.summary.summary if isinstance(node.summary, PaintedSummary) else node.summary
