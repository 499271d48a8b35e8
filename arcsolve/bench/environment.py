"""Describes the commit, machine and command of a benchmark."""

from __future__ import annotations

import os
import platform
import shlex
import subprocess
import sys
from pathlib import Path


def environment() -> dict[str, str | int]:
    """Return the commit, the processor, its cores, the Python version and the command.

    The commit ends in ``+changes`` if files differ from it. It is "unknown" outside a checkout.
    """
    return {
        "commit": _commit(),
        "cpu": _cpu_model(),
        "cores": os.cpu_count() or 1,
        "python": platform.python_version(),
        "command": _command(),
    }


def _command() -> str:
    """Return the command line of this process: ``arcsolve`` or a script, and its arguments."""
    script = Path(sys.argv[0])
    name = "arcsolve" if script.name == "__main__.py" else script.name
    return shlex.join([name, *sys.argv[1:]])


def _commit() -> str:
    commit = _git("rev-parse", "--short=12", "HEAD")
    changed = _git("status", "--porcelain", "--untracked-files=no")
    return commit + ("+changes" if changed else "") if commit else "unknown"


def _git(*arguments: str) -> str:
    """Return the output of git in the checkout that holds this file; empty without a checkout."""
    checkout = Path(__file__).parents[2]
    if not (checkout / ".git").exists():
        return ""
    try:
        answer = subprocess.run(
            ["git", "-C", str(checkout), *arguments], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:  # git is not installed
        return ""
    return answer.stdout.strip()


def _cpu_model() -> str:
    """Return the name of the processor as Linux reports it, or else as Python does."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
