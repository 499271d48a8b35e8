"""Converts the 2020 competition's CSV, up to three guesses a test, to and from submissions."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import NUM_COLORS, Grid
from arcsolve.dsl.task import Task
from arcsolve.submissions.files import read_text, shown, write_whole
from arcsolve.submissions.json_checks import grid_at
from arcsolve.submissions.submission import Attempts, Submission, validate

__all__ = ["read_csv", "write_csv"]

HEADER = ["output_id", "output"]
MAX_GUESSES = 3
DIGITS = {str(color): color for color in range(NUM_COLORS)}


def read_csv(path: Path | str, tasks: Mapping[str, Task]) -> Submission:
    """The submission in a file of lines ``ID_TEST,|12|34| |56|``: guesses, parted by spaces.

    The first two guesses become the attempts, a single one both of them; a third is dropped. The
    file holds exactly `tasks` and their tests, in any order. Raises BadInput that names file,
    task and place.
    """
    try:
        guesses = _guesses(read_text(path))
        output_ids = _output_ids(tasks)
        _check_ids(guesses, output_ids)
    except BadInput as error:
        raise error.located(file=shown(path)) from None
    return Submission(
        {key: tuple(_attempts(guesses[i]) for i in ids) for key, ids in output_ids.items()}
    )


def _guesses(text: str) -> dict[str, list[Grid]]:
    """Output id -> its guesses, for each line after the header."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    guesses: dict[str, list[Grid]] = {}
    try:
        if (header := next(reader, [])) != HEADER:
            raise BadInput(f"expected {','.join(HEADER)}, found {','.join(header)!r:.60}")
        for fields in reader:
            place = f"line {reader.line_num}"
            if len(fields) != len(HEADER) or fields[0] in guesses:
                problem = f"expected a new output_id and an output, found {fields!r:.60}"
                raise BadInput(problem, place=place)
            guesses[fields[0]] = _grids(fields[1], place)
    except csv.Error as error:
        raise BadInput(f"not CSV: {error}", place=f"line {reader.line_num}") from None
    return guesses


def _grids(output: str, place: str) -> list[Grid]:
    texts = output.split()
    if not 1 <= len(texts) <= MAX_GUESSES:
        raise BadInput(f"expected 1 to {MAX_GUESSES} guesses, found {len(texts)}", place=place)
    return [_grid(text, f"{place} guess {number}") for number, text in enumerate(texts, 1)]


def _grid(text: str, place: str) -> Grid:
    before, *rows, after = text.split("|") if "|" in text else (text, text)
    if before or after or not rows:
        raise BadInput(f"expected a grid like |12|34|, found {text!r:.60}", place=place)
    return grid_at([[DIGITS.get(cell, cell) for cell in row] for row in rows], place)


def _attempts(guesses: list[Grid]) -> Attempts:
    return guesses[0], guesses[min(1, len(guesses) - 1)]


def _output_ids(tasks: Mapping[str, Task]) -> dict[str, list[str]]:
    return {
        task_id: [f"{task_id}_{index}" for index in range(len(task.tests))]
        for task_id, task in tasks.items()
    }


def _check_ids(found: Mapping[str, list[Grid]], expected: Mapping[str, list[str]]) -> None:
    for task_id, output_ids in expected.items():
        if missing := [output_id for output_id in output_ids if output_id not in found]:
            raise BadInput(f"expected a line for {missing[0]!r}, found none", task=task_id)
    known = {output_id for output_ids in expected.values() for output_id in output_ids}
    if extra := [output_id for output_id in found if output_id not in known]:
        raise BadInput(f"expected no such output, found {extra[0]!r:.60}")


def write_csv(submission: Submission, path: Path | str, tasks: Mapping[str, Task]) -> None:
    """Write both attempts as guesses; whole or not at all, equal submissions give equal bytes.

    Raises BadInput, and leaves the file alone, unless the submission is valid for `tasks`.
    """
    validate(submission, tasks)
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(HEADER)
    for task_id in sorted(tasks):
        for index, attempts in enumerate(submission.attempts[task_id]):
            writer.writerow([f"{task_id}_{index}", " ".join(map(_text, attempts))])
    write_whole(path, lines.getvalue().encode())


def _text(grid: Grid) -> str:
    return f"|{str(grid).replace('/', '|')}|"
