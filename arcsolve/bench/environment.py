"""What every benchmark reports beside its figures: where, on what and how they were measured."""

from __future__ import annotations

import os
import platform
import shlex
import subprocess
import sys
from pathlib import Path


def environment() -> dict[str, str | int]:
    """The commit (with ``+changes`` if files differ from it), machine, versions and command.

    The commit is "unknown" outside of a checkout.
    """
    return {
        "commit": _commit(),
        "cpu": _cpu_model(),
        "cores": os.cpu_count() or 1,
        "python": platform.python_version(),
        "command": _command(),
    }


def _command() -> str:
    """What this process was started as: ``arcsolve`` or the name of a script, and arguments."""
    script = Path(sys.argv[0])
    name = "arcsolve" if script.name == "__main__.py" else script.name
    return shlex.join([name, *sys.argv[1:]])


def _commit() -> str:
    commit = _git("rev-parse", "--short=12", "HEAD")
    changed = _git("status", "--porcelain", "--untracked-files=no")
    return commit + ("+changes" if changed else "") if commit else "unknown"


def _git(*arguments: str) -> str:
    """What git says about the checkout that holds this file; empty if there is none."""
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
    """The name that Linux gives the processor, or what Python knows elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
