"""How long `arcsolve --help` and `arcsolve solve` of an easy task take, and what they import.

    .venv/bin/python benchmarks/speed/startup.py [TASK]

Wall seconds of whole processes with a warm kernel cache, the median of five; prints a table and
ends with one JSON line. Fails if torch is loaded by either.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time

from arcsolve.bench.environment import environment

RUNS = 5
EASY = "arc-agi-1-training:67a3c6ac"  # a task of the open split: the output is the mirrored input


def seconds(arguments: list[str]) -> float:
    """Wall seconds of one whole process; raises CalledProcessError if it fails."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "arcsolve", *arguments], capture_output=True, check=True)
    return time.perf_counter() - start


def loads_torch(arguments: list[str]) -> bool:
    """Whether the process imports torch."""
    command = [sys.executable, "-X", "importtime", "-m", "arcsolve", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return any(line.split("|")[-1].strip() == "torch" for line in run.stderr.splitlines())


def main() -> None:
    task = sys.argv[1] if len(sys.argv) > 1 else EASY
    commands = {"help": ["--help"], "solve": ["solve", task]}
    seconds(commands["solve"])  # compiles what is not compiled yet
    figures: dict[str, float | bool] = {}
    for name, arguments in commands.items():
        figures[f"{name}_seconds"] = round(
            statistics.median(seconds(arguments) for _ in range(RUNS)), 3
        )
        figures[f"{name}_loads_torch"] = loads_torch(arguments)
    for name, value in figures.items():
        print(f"{name:20} {value}")
    print(json.dumps({**figures, **environment()}))
    if figures["help_loads_torch"] or figures["solve_loads_torch"]:
        sys.exit("torch is loaded where it must not be")


if __name__ == "__main__":
    main()
