"""Runs commands of the command line, in this process or in a new process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from inspect import signature
from pathlib import Path

from click.testing import CliRunner, Result

from arcsolve.cli import main

CHECKOUT = Path(__file__).parent.parent
CHALLENGES = str(CHECKOUT / "tests" / "data" / "synthetic_challenges.json")
FLIPS = f"{CHALLENGES}:synthetic-flip-cols"  # the fake solver `Mirrors` solves this task
IN_PROCESS = ("--jobs", 1, "--backend", "threading")


def cli_runner() -> CliRunner:
    """Return a runner that keeps stderr apart from stdout: before click 8.2 that was an option."""
    if "mix_stderr" in signature(CliRunner).parameters:
        return CliRunner(mix_stderr=False)
    return CliRunner()


def invoke(*arguments: object) -> Result:
    """Run a command, and assert that it succeeds."""
    result = cli_runner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def document(*arguments: object) -> dict:
    """Return the JSON document that a command prints, its only output."""
    return json.loads(invoke(*arguments).stdout)


def start(*arguments: str, path: Path | None = None) -> subprocess.Popen[str]:
    """Start `arcsolve` in a new process, which finds plug-ins in `path`."""
    folders = os.pathsep.join(map(str, filter(None, (CHECKOUT, path))))
    return subprocess.Popen(
        [sys.executable, "-m", "arcsolve", *arguments],
        env={**os.environ, "PYTHONPATH": folders},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
