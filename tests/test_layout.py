"""The shape of the code base: the sizes and names of rooms, files and functions."""

from __future__ import annotations

import ast
import subprocess
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.codebase import ROOT, SOURCES, imported, name_of, tree_of

MAX_MODULES = 12
MAX_FUNCTION_LINES = 60
MAX_FILE_LINES = 400
SHARED_NAMES = {
    "__init__": "of every package",
    "solver": "the protocol in dsl, and a package's own solver in search and ttt",
    "solve": "`arcsolve solve` and `arcsolve bench solve`",
}

TESTS = sorted((ROOT / "tests").rglob("*.py"))

each_source = pytest.mark.parametrize("path", SOURCES, ids=name_of)


def test_no_folder_holds_too_many_modules() -> None:
    modules = Counter(path.parent for path in SOURCES if path.stem != "__init__")
    crowded = {name_of(folder): n for folder, n in modules.items() if n > MAX_MODULES}
    assert not crowded


def test_no_module_name_stands_twice() -> None:
    paths = defaultdict(list)
    for path in SOURCES:
        paths[path.stem].append(name_of(path))
    twice = {name for name, found in paths.items() if len(found) > 1}
    assert twice == SHARED_NAMES.keys()


def test_no_class_name_stands_twice() -> None:
    paths = defaultdict(list)
    for path in SOURCES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef):
                paths[node.name].append(name_of(path))
    assert not {name: found for name, found in paths.items() if len(found) > 1}


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=name_of)
def test_a_module_opens_with_a_sentence_and_postponed_annotations(path: Path) -> None:
    tree = tree_of(path)
    assert ast.get_docstring(tree) or not tree.body, "no sentence on what it is for"
    if path.name != "__init__.py":
        assert any(name == "__future__" for _, name in imported(path))


@each_source
def test_functions_and_files_are_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MAX_FILE_LINES
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            assert length <= MAX_FUNCTION_LINES, f"{node.name} has {length} lines"


@each_source
def test_no_error_is_caught_blindly(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"line {node.lineno}: a bare except"
            silent = all(isinstance(part, ast.Pass) for part in node.body)
            blind = ast.unparse(node.type) in {"Exception", "BaseException"}
            assert not (silent and blind), f"line {node.lineno}: swallows every error"


def test_files_hold_no_path_of_a_machine() -> None:
    """The test spells the places in parts, so that this file passes."""
    places = ["/".join(("", place, "")) for place in ("home", "root", "work", "Users")]
    for path in files_of_the_repository():
        text = path.read_bytes()
        for place in places:
            # The character before a path separates absolute from relative paths.
            for before in (b'"', b"'", b" ", b"=", b"(", b"`"):
                assert before + place.encode() not in text, f"{name_of(path)} names {place}"


def files_of_the_repository() -> list[Path]:
    """Return the tracked files, or without git all files outside hidden folders."""
    done = subprocess.run(
        ["git", "ls-files", "-z"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    if done.returncode == 0:
        paths = [ROOT / name for name in done.stdout.split("\0") if name]
    else:
        paths = [p for p in ROOT.rglob("*") if not any(q.startswith(".") for q in p.parts)]
    return [path for path in paths if path.is_file() and not path.is_symlink()]
