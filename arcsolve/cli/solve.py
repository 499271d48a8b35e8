"""The command that solves one task and explains the attempts."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any

import click

from arcsolve.cli.options import as_json, work_options
from arcsolve.cli.output import console, print_json

if TYPE_CHECKING:
    from rich.console import Console

    from arcsolve.answer import Answer
    from arcsolve.arbiter.decide import Attempt, Decision
    from arcsolve.cli.sources import FoundTask
    from arcsolve.dsl.grid import Grid
    from arcsolve.dsl.solver import CurvePoint

PICTURE_WIDTH = 110  # characters of the terminal that --picture draws
BAR = 20  # characters of the bar for an accuracy of 100 %


@click.command()
@click.argument("task")
@work_options
@click.option("--picture", metavar="FILE", help="Also write the output as an SVG picture.")
@click.option(
    "--counterfactual",
    metavar="CHANGE",
    help="Also show what attempt 1 would be if a part changed, as in 'part 2 is red'.",
)
@as_json
def solve(
    task: str,
    lineup: str,
    effort: str,
    seed: int,
    picture: str | None,
    counterfactual: str | None,
    as_json: bool,
) -> None:
    """Solve TASK, and show why.

    You see two attempts at each test with their reasons. Rules over parts are told in words, with
    the parts of the test input that they paint. TASK is a task file, the id of an embedded
    task, or FILE:ID. For a network you also see its training curve. Known solutions are only
    compared with the attempts. For a locked task you only see counts.

    \b
    Example: arcsolve solve task.json --effort full
    """
    import arcsolve
    from arcsolve.cli.sources import find_task
    from arcsolve.submissions.files import check_writable

    if picture is not None:
        check_writable(picture)
    found = find_task(task)
    answer = arcsolve.solve(found.task, lineup=lineup, effort=effort, seed=seed)
    if picture is not None:
        _draw(picture, found, answer, counterfactual)
    if as_json:
        print_json(_document(found, answer, counterfactual))
    else:
        _show(console(), found, answer, counterfactual)


def _draw(path: str, found: FoundTask, answer: Answer, change: str | None) -> None:
    """Write the colored output of `_show` into an SVG file."""
    from rich.console import Console

    from arcsolve.submissions.files import write_whole

    out = Console(
        file=StringIO(), record=True, width=PICTURE_WIDTH, force_terminal=True,
        color_system="truecolor", highlight=False, markup=False, emoji=False,
    )  # fmt: skip
    _show(out, found, answer, change)
    title = found.task.name if not found.locked else "locked task"
    write_whole(path, out.export_svg(title=title).encode())


def _show(out: Console, found: FoundTask, answer: Answer, change: str | None) -> None:
    from arcsolve.report.training_curve import training_curves

    if not found.locked:
        for decision in answer.decisions:
            for name, curve in training_curves(answer.outcomes, decision.test).items():
                _show_learning(out, f"{name}, test {decision.test + 1}", curve)
            _show_decision(out, found, decision)
            if change is not None:
                _show_change(out, found, decision, change)
    _show_counts(out, found, answer)


def _show_learning(out: Console, title: str, curve: Sequence[CurvePoint]) -> None:
    """Show the outputs, loss and accuracy of a network during training."""
    from arcsolve.report.terminal import Strip
    from arcsolve.report.training_curve import format_point

    out.print(f"how it learned: {title}", soft_wrap=True)
    out.print(Strip([(f"after {point.progress:.0%}", point.output) for point in curve]))
    for point in curve:
        bar = "#" * round(BAR * point.accuracy)
        out.print(f"{format_point(point)} {bar}", soft_wrap=True)
    out.print()


def _show_decision(out: Console, found: FoundTask, decision: Decision) -> None:
    from arcsolve.report.reasons import explain_reason
    from arcsolve.report.terminal import Strip

    solution = _find_solution(found, decision)
    pictures = [(f"test {decision.test + 1} input", found.task.tests[decision.test])]
    pictures += [(f"attempt {n}", a.output) for n, a in enumerate(decision.attempts, 1)]
    pictures += [("solution", solution)] if solution is not None else []
    out.print(Strip(pictures))
    for number, attempt in enumerate(decision.attempts, 1):
        right = " (right)" if attempt.output == solution else ""
        out.print(f"attempt {number}{right}: {attempt.reason}", soft_wrap=True)
        if attempt.candidate:
            out.print(f"  {_format_evidence(attempt)}", soft_wrap=True)
        for line in explain_reason(attempt.reason, found.task.tests[decision.test]):
            out.print(f"  {line}", soft_wrap=True)
    out.print()


def _show_change(out: Console, found: FoundTask, decision: Decision, change: str) -> None:
    """Show what attempt 1 would be after a change of a part of the test input."""
    from arcsolve.report.reasons import ask_what_if
    from arcsolve.report.terminal import Strip

    test = found.task.tests[decision.test]
    changed, result = ask_what_if(decision.attempts[0].reason, test, change)
    pictures = [(f"if {change}", changed)]
    pictures += [("attempt 1", result)] if result is not None else []
    out.print(Strip(pictures))
    out.print("\n" if result is not None else "no rule applies\n")


def _format_evidence(attempt: Attempt) -> str:
    assert attempt.candidate is not None
    evidence = sorted(attempt.candidate.evidence.items())
    numbers = ", ".join(f"{name} {value:.3g}" for name, value in evidence)
    likely = f"{attempt.probability:.0%} likely"
    return f"{likely}, by {attempt.candidate.solver}: {numbers or 'no evidence'}"


def _show_counts(out: Console, found: FoundTask, answer: Answer) -> None:
    for name, outcome in answer.outcomes.items():
        detail = f": {outcome.stop.detail}" if outcome.stop.detail and not found.locked else ""
        seconds = f"{outcome.core_seconds:.2f} core-seconds"
        out.print(f"{name} stopped: {outcome.stop.reason}{detail} ({seconds})", soft_wrap=True)
    if found.solutions:
        out.print(f"solved {_count_solved(found, answer)} of {len(found.solutions)} outputs")


def _find_solution(found: FoundTask, decision: Decision) -> Grid | None:
    return found.solutions[decision.test] if found.solutions else None


def _count_solved(found: FoundTask, answer: Answer) -> int:
    """Count the outputs for which one of the two attempts is right."""
    return sum(
        solution in attempts
        for solution, attempts in zip(found.solutions, answer.attempts, strict=True)
    )


def _document(found: FoundTask, answer: Answer, change: str | None) -> dict[str, Any]:
    document: dict[str, Any] = {
        "outputs": len(found.task.tests),
        "solved": _count_solved(found, answer) if found.solutions else None,
        "stops": [
            {"solver": name, "reason": str(o.stop.reason), "core_seconds": o.core_seconds}
            for name, o in answer.outcomes.items()
        ],
    }
    if not found.locked:
        document["task"] = found.task.name
        if change is not None:
            document["counterfactual"] = [
                _document_change(found, d, change) for d in answer.decisions
            ]
        document["tests"] = [
            [
                _attempt_document(a, found.task.tests[d.test], _find_solution(found, d))
                for a in d.attempts
            ]
            for d in answer.decisions
        ]
    return document


def _document_change(found: FoundTask, decision: Decision, change: str) -> dict[str, Any]:
    from arcsolve.report.reasons import ask_what_if

    test = found.task.tests[decision.test]
    changed, result = ask_what_if(decision.attempts[0].reason, test, change)
    return {"input": changed.rows(), "output": None if result is None else result.rows()}


def _attempt_document(attempt: Attempt, test: Grid, solution: Grid | None) -> dict[str, Any]:
    from arcsolve.report.reasons import explain_reason

    candidate = attempt.candidate
    return {
        "output": attempt.output.rows(),
        "right": None if solution is None else attempt.output == solution,
        "reason": attempt.reason,
        "words": list(explain_reason(attempt.reason, test)),
        "probability": attempt.probability,
        "solver": candidate.solver if candidate else None,
        "evidence": dict(candidate.evidence) if candidate else {},
    }
