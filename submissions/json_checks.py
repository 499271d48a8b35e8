"""Checks the parts of a JSON document, strictly and by place, before anything is cast."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import MAX_SIDE, NUM_COLORS, Grid

COLORS = frozenset(range(NUM_COLORS))
MAX_NAME = 100  # characters of a task id; the public sets use 8


def describe(value: Any) -> str:
    """A short text for people that says what a JSON value is; never its whole content."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        keys = ", ".join(f"{key!r:.20}" for key in list(value)[:3])
        return f"an object with {keys}{', ...' if len(value) > 3 else ''}" if value else "{}"
    text = repr(value)
    return text if len(text) <= 40 else text[:40] + "..."


def check_object(value: Any, place: str = "") -> dict[str, Any]:
    """`value`, which must be a JSON object."""
    if not isinstance(value, dict):
        raise BadInput(f"expected an object {{...}}, found {describe(value)}", place=place)
    return value


def get_field(value: Any, key: str, place: str = "") -> Any:
    """The field `key` of `value`, which must be an object that has it."""
    fields = check_object(value, place)
    if key not in fields:
        raise BadInput(f"expected a field {key!r}, found {describe(value)}", place=place)
    return fields[key]


def check_items(value: Any, place: str, what: str, limit: int | None = None) -> list[Any]:
    """`value`, which must be a list of 1 to `limit` items; `what` names an item in messages."""
    if not isinstance(value, list):
        raise BadInput(f"expected a list of {what}s, found {describe(value)}", place=place)
    if not value:
        raise BadInput(f"expected at least one {what}, found none", place=place)
    if limit is not None and len(value) > limit:
        raise BadInput(f"expected at most {limit} {what}s, found {len(value)}", place=place)
    return value


def check_name(task_id: str) -> str:
    """`task_id`, which must be 1 to 100 printable characters with no space at an end.

    Ids go to terminals, tables and file names: control characters would corrupt them.
    """
    if not task_id.isprintable() or task_id.strip() != task_id or not task_id:
        raise BadInput(f"expected a task id of printable characters, found {task_id!r:.60}")
    if len(task_id) > MAX_NAME:
        length = len(task_id)
        raise BadInput(f"expected a task id of at most {MAX_NAME} characters, found {length}")
    return task_id


def parse_grid(value: Any, place: str) -> Grid:
    """The grid that `value` spells: 1 to 30 rows of one length from 1 to 30, of ints 0 to 9.

    Nothing is converted: 1.0, true and "1" are not colors. Raises BadInput that names the place
    down to the row and the column.
    """
    rows = check_items(value, place, "row", MAX_SIDE)
    width = len(check_items(rows[0], f"{place} row 0", "cell", MAX_SIDE))
    if not _are_rows(rows, width):
        raise _wrong_row(rows, width, place)
    return Grid(np.frombuffer(bytes(chain.from_iterable(rows)), np.uint8).reshape(-1, width))


def _are_rows(rows: list[Any], width: int) -> bool:
    if any(type(row) is not list or len(row) != width for row in rows):
        return False
    cells = list(chain.from_iterable(rows))
    return set(map(type, cells)) == {int} and COLORS.issuperset(cells)


def _wrong_row(rows: list[Any], width: int, place: str) -> BadInput:
    index = next(index for index, row in enumerate(rows) if not _are_rows([row], width))
    row, place = rows[index], f"{place} row {index}"
    if not isinstance(row, list):
        return BadInput(f"expected a list of cells, found {describe(row)}", place=place)
    if len(row) != width:
        return BadInput(f"expected {width} cells as in row 0, found {len(row)}", place=place)
    column = next(index for index, cell in enumerate(row) if not _are_rows([[cell]], 1))
    found = describe(row[column])
    return BadInput(
        f"expected a whole number 0 to 9, found {found}", place=f"{place} column {column}"
    )
