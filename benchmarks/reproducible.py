"""Check that a submission is the same, byte for byte, for every way to run it.

    .venv/bin/python benchmarks/reproducible.py [CHALLENGES] [--kills 10] [--seed 0]

The script writes the submission with one worker, with two workers, and with a run that is killed
(SIGKILL) at random moments and resumed each time. It compares the bytes, prints a table, and ends
with one JSON line. The exit code is 1 if any bytes differ.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from arcsolve.bench.environment import environment

DEFAULT = "tests/data/synthetic_challenges.json"


def submit(challenges: str, output: Path, *options: str) -> subprocess.Popen[bytes]:
    """Start `arcsolve submit` in a process group of its own."""
    command = [sys.executable, "-m", "arcsolve", "submit", challenges, "-o", str(output), *options]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)


def wait_for(process: subprocess.Popen[bytes]) -> float:
    """Wait for a process and return the wall seconds; raise RuntimeError if it fails."""
    start = time.perf_counter()
    if process.wait() != 0:
        raise RuntimeError(f"submit ended with exit code {process.returncode}")
    return time.perf_counter() - start


def kill_and_resume(
    challenges: str, output: Path, kills: int, length: float, seed: int
) -> set[bytes]:
    """Kill runs at random moments and resume after each; return the bytes of all submissions.

    `length` is the time in seconds that a run takes. A run that ends before its kill is followed by
    a new run.
    """
    draw, hits, submissions = random.Random(seed), 0, set()
    while hits < kills:
        process = submit(challenges, output, "--resume", "--jobs", "2")
        try:
            process.wait(draw.uniform(0, length))
            submissions.add(output.read_bytes())
            Path(f"{output}.run").unlink()
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            hits += 1
        process.wait()
    wait_for(submit(challenges, output, "--resume", "--jobs", "2"))
    return submissions | {output.read_bytes()}


def main() -> None:
    """Parse the options, make the submissions, and compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("challenges", nargs="?", default=DEFAULT)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0, help="the seed of the moments of the kills")
    chosen = parser.parse_args()
    with TemporaryDirectory() as folder:
        one, two, killed = (Path(folder) / name for name in ("one.json", "two.json", "killed.json"))
        wait_for(submit(chosen.challenges, one, "--jobs", "1"))
        length = wait_for(submit(chosen.challenges, two, "--jobs", "2"))
        after = kill_and_resume(chosen.challenges, killed, chosen.kills, length, chosen.seed)
        reference = one.read_bytes()
        figures = {
            "same_with_two_workers": two.read_bytes() == reference,
            "same_after_kills": after == {reference},
            "kills": chosen.kills,
            "bytes": len(reference),
        }
    for name, value in figures.items():
        print(f"{name:24} {value}")
    print(json.dumps({**figures, "challenges": chosen.challenges, **environment()}))
    sys.exit(not (figures["same_with_two_workers"] and figures["same_after_kills"]))


if __name__ == "__main__":
    main()
