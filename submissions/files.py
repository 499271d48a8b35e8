"""Reads text and JSON files of users, gzipped or plain, and writes files whole or not at all."""

from __future__ import annotations

import gzip
import io
import json
import os
import stat
import zlib
from pathlib import Path
from typing import Any

from arcsolve.dsl.errors import BadInput

MAX_FILE_BYTES = 100 * 2**20
"""The size limit of files to read; the public sets have under 7 MB, or 70 MB with indentation."""

GZIP_MAGIC = b"\x1f\x8b"  # the first bytes of a gzipped file, and never of UTF-8 text


def escape_path(path: Path | str) -> str:
    """Return the path as text that is safe to print, with control characters escaped."""
    text = str(path)
    return text if text.isprintable() else repr(text)


def read_text(path: Path | str) -> str:
    """Read the UTF-8 text of a regular file, gzipped or plain, without a byte order mark.

    Raises BadInput, which names the file, if it is missing, empty, larger than `MAX_FILE_BYTES` or
    not UTF-8. The limit holds for the decompressed text, too.
    """
    try:
        return _read_bytes(Path(path)).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"expected UTF-8 text, found byte 0x{error.object[error.start]:02x} at offset"
        raise BadInput(f"{problem} {error.start}", file=escape_path(path)) from None
    except BadInput as error:
        raise error.located(file=escape_path(path)) from None
    except OSError as error:
        raise BadInput(f"cannot read it: {error.strerror}", file=escape_path(path)) from None
    except ValueError as error:  # a null character in the path
        raise BadInput(f"cannot read it: {error}", file=escape_path(path)) from None


def _read_bytes(path: Path) -> bytes:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        kind = "a directory" if stat.S_ISDIR(status.st_mode) else "something else"
        raise BadInput(f"expected a file, found {kind}")
    if status.st_size > MAX_FILE_BYTES:
        size, limit = status.st_size / 2**20, MAX_FILE_BYTES // 2**20
        raise BadInput(f"expected at most {limit} MB, found {size:.0f} MB")
    content = path.read_bytes()
    if content.startswith(GZIP_MAGIC):
        content = _decompress(content)
    if not content.strip():
        raise BadInput("the file is empty")
    return content


def _decompress(content: bytes) -> bytes:
    """Decompress the content of a gzipped file, and stop at the size limit."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            text = file.read(MAX_FILE_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(f"cannot decompress it: {error}") from None
    if len(text) > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // 2**20
        raise BadInput(f"expected at most {limit} MB after decompression, found more")
    return text


def read_json(path: Path | str) -> Any:
    """Read the JSON document in a file.

    Raises BadInput as `read_text`. Also raises BadInput for text that is not JSON (with line and
    column) or nested too deep, for a repeated key in an object, and for a number with thousands of
    digits.
    """
    text = read_text(path)
    try:
        return json.loads(text, object_pairs_hook=_build_object)
    except BadInput as error:
        raise error.located(file=escape_path(path)) from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise BadInput(f"not JSON: {error.msg}", file=escape_path(path), place=place) from None
    except RecursionError:
        raise BadInput("lists or objects are nested too deep", file=escape_path(path)) from None
    except ValueError:  # the interpreter's limit on the digits of an int
        raise BadInput("found a number with thousands of digits", file=escape_path(path)) from None


def _build_object(items: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(items)
    if len(fields) < len(items):
        keys = [key for key, _ in items]
        twice = next(key for key in fields if keys.count(key) > 1)
        raise BadInput(f"expected every key once, found {twice!r:.60} more than once")
    return fields


def check_writable(path: Path | str) -> None:
    """Raise BadInput, which names the file, if `write_whole` cannot write it; for long commands."""
    folder = os.path.dirname(path) or "."
    if os.path.exists(path) and not os.path.isfile(path):
        raise BadInput("cannot write it: it is not a file", file=escape_path(path))
    if not os.path.isdir(folder):
        raise BadInput("cannot write it: there is no such folder", file=escape_path(path))
    if not os.access(folder, os.W_OK):
        raise BadInput("cannot write it: its folder is read-only", file=escape_path(path))


def write_whole(path: Path | str, content: bytes) -> None:
    """Replace the content of a file. A reader sees the old file or the new file, never a part.

    A temporary file in the same folder is written and then renamed. Raises BadInput, and leaves the
    old file alone, if that fails.
    """
    try:
        _replace(Path(path), content)
    except OSError as error:
        raise BadInput(f"cannot write it: {error.strerror}", file=escape_path(path)) from None
    except ValueError as error:  # a path without a name, or with a null character
        raise BadInput(f"cannot write it: {error}", file=escape_path(path)) from None


def _replace(path: Path, content: bytes) -> None:
    check_writable(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    file = temporary.open("wb")
    try:
        with file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
