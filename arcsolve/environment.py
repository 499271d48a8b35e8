"""What every benchmark reports beside its figures: where, on what and how they were measured."""

from __future__ import annotations

import os
import platform
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

__all__ = ["environment"]


def environment(arguments: Sequence[str]) -> dict[str, str | int]:
    """The commit (with ``+changes`` if files differ from it), machine, versions and command.

    `arguments` are those after ``arcsolve``. The commit is "unknown" outside of a checkout.
    """
    return {
        "commit": _commit(),
        "cpu": _cpu_model(),
        "cores": os.cpu_count() or 1,
        "python": platform.python_version(),
        "command": shlex.join(["arcsolve", *arguments]),
    }


def _commit() -> str:
    commit = _git("rev-parse", "--short=12", "HEAD")
    changed = _git("status", "--porcelain", "--untracked-files=no")
    return commit + ("+changes" if changed else "") if commit else "unknown"


def _git(*arguments: str) -> str:
    """What git says about the checkout that holds this file; empty if there is none."""
    checkout = Path(__file__).parent.parent
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
