"""An installation owns one name on the path, and needs torch for networks only."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.codebase import ROOT
from tests.commands import FLIPS

# Runs a command as if torch and safetensors were not installed.
WITHOUT_TORCH = """
import sys
from importlib.abc import MetaPathFinder
class Missing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "safetensors"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name: None if name == "torch" else found(name)
from arcsolve.cli import main
main(sys.argv[1:])
"""


def run_without_torch(*arguments: str, path: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT_TORCH, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(path)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_search_solves_a_task_without_torch() -> None:
    done = run_without_torch("solve", FLIPS, "--json")
    assert done.returncode == 0, done.stderr
    assert "(flip_cols input)" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("solve", FLIPS, "--lineup", "neural"),
        ("solve", FLIPS, "--lineup", "full"),
        ("network", "train", "-o", "run", "--steps", "1"),
    ],
    ids=["one network", "all solvers", "training"],
)
def test_a_network_without_torch_says_what_to_install(arguments: tuple[str, ...]) -> None:
    done = run_without_torch(*arguments)
    assert done.returncode == 2, done.stderr
    assert "pip install 'arcsolve[network]'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_wheel_installs_one_name_and_solves_a_task(tmp_path: Path) -> None:
    """The wheel is built from the source distribution, which must be complete, too."""
    build = [sys.executable, "-m", "build", "--no-isolation", "-o", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    target = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    names = {path.name for path in target.iterdir() if not path.name.endswith(".dist-info")}
    assert names == {"arcsolve"}
    assert not any(path.is_symlink() for path in target.rglob("*"))
    done = run_without_torch("solve", FLIPS, "--json", path=target)
    assert done.returncode == 0, done.stderr
    assert "(flip_cols input)" in done.stdout
