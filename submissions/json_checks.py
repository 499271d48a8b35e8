"""Checks the parts of a JSON document strictly, before any value is converted."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import MAX_SIDE, NUM_COLORS, Grid

COLORS = frozenset(range(NUM_COLORS))
MAX_NAME = 100  # characters of a task id; the public sets use 8


def describe(value: Any) -> str:
    """Describe a JSON value in a short text for people."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        keys = ", ".join(f"{key!r:.20}" for key in list(value)[:3])
        return f"an object with {keys}{', ...' if len(value) > 3 else ''}" if value else "{}"
    text = repr(value)
    return text if len(text) <= 40 else text[:40] + "..."


def check_dict(value: Any, place: str = "") -> dict[str, Any]:
    """Return `value` unchanged. Raises BadInput with the place unless it is a JSON object."""
    if not isinstance(value, dict):
        raise BadInput(f"expected an object {{...}}, found {describe(value)}", place=place)
    return value


def get_field(value: Any, key: str, place: str = "") -> Any:
    """Return the field `key` of an object. Raises BadInput with the place without that field."""
    fields = check_dict(value, place)
    if key not in fields:
        raise BadInput(f"expected a field {key!r}, found {describe(value)}", place=place)
    return fields[key]


def check_list(value: Any, place: str, what: str, limit: int | None = None) -> list[Any]:
    """Return `value` unchanged. Raises BadInput unless it is a list of 1 to `limit` items.

    `place` and `what`, the name of an item, are for the message.
    """
    if not isinstance(value, list):
        raise BadInput(f"expected a list of {what}s, found {describe(value)}", place=place)
    if not value:
        raise BadInput(f"expected at least one {what}, found none", place=place)
    if limit is not None and len(value) > limit:
        raise BadInput(f"expected at most {limit} {what}s, found {len(value)}", place=place)
    return value


def check_id(task_id: str) -> None:
    """Raise BadInput unless an id has 1 to 100 printable characters and no space at an end.

    Ids go to terminals, tables and file names, which control characters would corrupt.
    """
    if not task_id.isprintable() or task_id.strip() != task_id or not task_id:
        raise BadInput(f"expected a task id of printable characters, found {task_id!r:.60}")
    if len(task_id) > MAX_NAME:
        length = len(task_id)
        raise BadInput(f"expected a task id of at most {MAX_NAME} characters, found {length}")


def parse_grid(value: Any, place: str) -> Grid:
    """Parse a grid: 1 to 30 rows of equal length from 1 to 30, with ints from 0 to 9.

    Other types are not converted: 1.0, true and "1" are no colors. Raises BadInput with the place,
    the row and the column.
    """
    rows = check_list(value, place, "row", MAX_SIDE)
    width = len(check_list(rows[0], f"{place} row 0", "cell", MAX_SIDE))
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
