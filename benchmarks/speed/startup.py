"""Time `arcsolve --help` and `arcsolve solve` of an easy task, and check their imports.

    .venv/bin/python benchmarks/speed/startup.py [TASK]

The times are wall seconds of whole processes with a warm kernel cache, the median of five. The
script prints a table and ends with one JSON line. It fails if either command loads torch.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time

from arcsolve.bench.environment import environment

RUNS = 5
EASY = "arc-agi-1-training:67a3c6ac"  # a task of the open split: mirror the input


def time_process(arguments: list[str]) -> float:
    """Return the wall seconds of one whole process; raise CalledProcessError if it fails."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "arcsolve", *arguments], capture_output=True, check=True)
    return time.perf_counter() - start


def loads_torch(arguments: list[str]) -> bool:
    """Return whether the process imports torch."""
    command = [sys.executable, "-X", "importtime", "-m", "arcsolve", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return any(line.split("|")[-1].strip() == "torch" for line in run.stderr.splitlines())


def main() -> None:
    """Time both commands, and print the figures."""
    task = sys.argv[1] if len(sys.argv) > 1 else EASY
    commands = {"help": ["--help"], "solve": ["solve", task]}
    time_process(commands["solve"])  # compiles missing kernels
    figures: dict[str, float | bool] = {}
    for name, arguments in commands.items():
        figures[f"{name}_seconds"] = round(
            statistics.median(time_process(arguments) for _ in range(RUNS)), 3
        )
        figures[f"{name}_loads_torch"] = loads_torch(arguments)
    for name, value in figures.items():
        print(f"{name:20} {value}")
    print(json.dumps({**figures, **environment()}))
    if figures["help_loads_torch"] or figures["solve_loads_torch"]:
        sys.exit("--help or solve loads torch")


if __name__ == "__main__":
    main()
