"""Reads the code base as data: modules, their imports, and their rooms."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("dsl", "search", "neural", "ttt", "submissions", "arcsolve")


def _sources(package: str) -> list[Path]:
    """Return the modules of a package, without those behind links in `arcsolve`."""
    paths = sorted((ROOT / package).rglob("*.py"))
    return [path for path in paths if not any(each.is_symlink() for each in path.parents)]


SOURCES = [path for package in PACKAGES for path in _sources(package)]


def name_of(path: Path) -> str:
    """Return the path relative to the root, with forward slashes."""
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    """Return the dotted name that imports the module."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    if parts[0] in PACKAGES[:-1]:
        parts = ("arcsolve", *parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path: Path) -> ast.Module:
    """Parse the source of a file."""
    return ast.parse(path.read_text())


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the (line, module) of every import in a file, at any level."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name_of(path)}:{node.lineno}: a relative import"
            yield node.lineno, str(node.module)
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


@cache
def _paths() -> dict[str, Path]:
    return {module_of(path): path for path in SOURCES}


def _room(path: Path) -> str:
    """Return the sub-package that holds a file, or else the file itself."""
    return "/".join(path.relative_to(ROOT).parts[:2])


def room_graph(package: str) -> dict[str, set[str]]:
    """Return for each room of a package the rooms of the same package that it imports."""
    graph: dict[str, set[str]] = {}
    for path in SOURCES:
        if path.relative_to(ROOT).parts[0] == package and len(path.relative_to(ROOT).parts) > 1:
            targets = {_room(_paths()[name]) for _, name in imported(path) if name in _paths()}
            own = {each for each in targets if each.startswith(f"{package}/")}
            graph.setdefault(_room(path), set()).update(own - {_room(path)})
    graph.pop(f"{package}/__init__.py", None)
    return {room: rooms & graph.keys() for room, rooms in graph.items()}
