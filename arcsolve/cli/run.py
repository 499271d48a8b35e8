"""The command that runs a program on a task."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from arcsolve.cli.options import as_json
from arcsolve.cli.output import console, print_json

if TYPE_CHECKING:
    from arcsolve.dsl.grid import Grid
    from arcsolve.dsl.program import Program, Step


@click.command()
@click.argument("program")
@click.argument("task")
@click.option("--trace", is_flag=True, help="Show the value after each step.")
@as_json
def run(program: str, task: str, trace: bool, as_json: bool) -> None:
    """Run PROGRAM on the inputs of TASK.

    The results are compared with the outputs of the pairs. PROGRAM is the text of a program, or a
    file with that text. TASK is a task file, the id of an embedded task, or FILE:ID.

    \b
    Example: arcsolve run "(flip_rows (flip_cols input))" task.json --trace
    """
    from arcsolve.cli.sources import open_task

    parsed = _read_program(program)
    shown = open_task(task).task
    inputs: list[tuple[str, Grid, Grid | None]] = [
        (f"pair {i}", pair.input, pair.output) for i, pair in enumerate(shown.pairs, 1)
    ] + [(f"test {i}", grid, None) for i, grid in enumerate(shown.tests, 1)]
    if as_json:
        runs = [_run_document(name, parsed, given, wanted) for name, given, wanted in inputs]
        print_json(
            {"task": shown.name, "program": str(parsed), "length": parsed.length, "runs": runs}
        )
        return
    console().print(f"{parsed}\nlength {parsed.length}\n", soft_wrap=True)
    for name, given, wanted in inputs:
        _show_run(name, parsed, given, wanted, trace)


def _read_program(text_or_file: str) -> Program:
    from arcsolve.dsl.errors import BadInput, BadProgram
    from arcsolve.dsl.program import Program
    from arcsolve.submissions.files import read_text

    if text_or_file == "input" or not os.path.isfile(text_or_file):
        if text_or_file != "input" and "(" not in text_or_file:
            raise BadInput(f"{text_or_file[:60]!r} is neither the text of a program nor a file")
        return Program.parse(text_or_file)
    try:
        return Program.parse(read_text(text_or_file))
    except BadProgram as error:
        raise BadInput(str(error), file=text_or_file) from None


def _result(program: Program, grid: Grid) -> Grid | None:
    from arcsolve.dsl.errors import Undefined

    try:
        return program.run(grid)
    except Undefined:
        return None


def _verdict(result: Grid | None, wanted: Grid | None) -> str:
    if result is None:
        return "undefined"
    if wanted is None:
        return "defined"
    if result.shape != wanted.shape:
        return "differs in size: {}x{}, not {}x{}".format(*result.shape, *wanted.shape)
    wrong = int((result.cells != wanted.cells).sum())
    return f"differs in {wrong} of {wanted.cells.size} cells" if wrong else "equal"


def _show_run(name: str, program: Program, given: Grid, wanted: Grid | None, trace: bool) -> None:
    from arcsolve.report.terminal import Strip

    out = console()
    result = _result(program, given)
    pictures = [(f"{name} input", given)]
    pictures += [("result", result)] if result is not None else []
    pictures += [("output", wanted)] if wanted is not None else []
    out.print(Strip(pictures))
    out.print(_verdict(result, wanted) + "\n")
    for number, step in enumerate(program.trace(given) if trace else ()):
        if step.text != "input":
            _show_step(number, step)


def _show_step(number: int, step: Step) -> None:
    from arcsolve.report.terminal import Strip

    out = console()
    out.print(f"step {number}: {step.text}", soft_wrap=True)
    if step.value is None:
        out.print("undefined")
    elif isinstance(step.value, int):
        out.print(_format_scalar(step))
    elif isinstance(step.value, tuple):
        layers = enumerate(step.value, 1)
        out.print(Strip([(f"layer {position}", layer) for position, layer in layers]))
    else:
        out.print(Strip([(str(step.type), step.value)]))
    out.print()


def _format_scalar(step: Step) -> str:
    from arcsolve.dsl.values import DIRECTIONS, ValueType

    assert isinstance(step.value, int)
    value = DIRECTIONS[step.value] if step.type is ValueType.DIRECTION else step.value
    return f"{step.type} {value}"


def _run_document(name: str, program: Program, given: Grid, wanted: Grid | None) -> dict[str, Any]:
    result = _result(program, given)
    return {
        "input": name,
        "result": None if result is None else result.rows(),
        "verdict": _verdict(result, wanted),
        "trace": [
            {"step": step.text, "type": str(step.type), "value": _plain(step.value)}
            for step in program.trace(given)
        ],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [layer.rows() for layer in value]
    return value if value is None or isinstance(value, int) else value.rows()
