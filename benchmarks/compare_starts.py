"""Compare starts for adapting to held-out open tasks: a new network, and those of checkpoints.

    .venv/bin/python benchmarks/compare_starts.py runs/pilot/checkpoint.safetensors [--tasks 40]

The tasks are those that `arcsolve network train --held-out 0.2` never trains on, in the order of a
hash. All starts get the same work on each task, and predict its tests once, without votes. Prints
a line for each start and ends with one JSON line.
"""

from __future__ import annotations

import argparse
import json
import time
import zlib
from pathlib import Path
from typing import Any

from arcsolve.environment import environment
from arcsolve.lessons import held_apart, lessons_of
from neural.checkpoints import load_checkpoint
from neural.config import PRESETS
from neural.embeddings import with_tasks
from neural.model import TinyRecursiveModel
from neural.pretraining import Settings
from neural.reptile import adapted_scores
from ttt.adaptation import one_thread
from ttt.views import draw_view

SPLITS = ("arc-agi-1-training", "arc-agi-2-training-open")
HELD_OUT = 0.2  # the default of `network train`
CELLS, RATE = 1200, 3e-3  # of a batch, and its learning rate: those of the solver `Adapted`


def start_of(path: str, preset: str) -> TinyRecursiveModel:
    """The network of a checkpoint, or a new one of the preset for ""; with one embedding."""
    model = load_checkpoint(Path(path)) if path else TinyRecursiveModel(PRESETS[preset])
    return with_tasks(model, model.tasks.detach().mean(0, keepdim=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", nargs="+")
    parser.add_argument("--preset", default="local", help="of the new network")
    parser.add_argument("--tasks", type=int, default=40)
    parser.add_argument("--work", type=int, default=3_400_000, help="cell updates for a task")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    lessons = held_apart(lessons_of(SPLITS), HELD_OUT)[1]
    lessons.sort(key=lambda lesson: zlib.crc32(lesson.name.encode()))
    settings = Settings(chosen.seed, CELLS, rate=RATE, inner_work=chosen.work)
    results: dict[str, Any] = {}
    for path in ("", *chosen.checkpoints):
        begin, start = time.process_time(), start_of(path, chosen.preset)
        with one_thread():
            scores = adapted_scores(start, lessons[: chosen.tasks], draw_view, settings)
        scores["core_seconds"] = (time.process_time() - begin) / chosen.tasks
        results[path or "new"] = scores
        print(path or "new", {name: round(value, 3) for name, value in scores.items()}, flush=True)
    print(json.dumps({**vars(chosen), "results": results, **environment([])}))


if __name__ == "__main__":
    main()
