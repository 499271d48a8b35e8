"""Compare starts for adapting to held-out open tasks: a new network and checkpoints.

    .venv/bin/python benchmarks/ablations/compare_starts.py \\
        runs/pilot/checkpoint.safetensors [--seeds 2]
    .venv/bin/python benchmarks/ablations/compare_starts.py runs/pilot/checkpoint.safetensors \\
        --encoder runs/pilot/snapshot.safetensors

The tasks are those that `arcsolve network train --held-out 0.2` never trains on, in the order of a
hash. All starts get equal work on each task and predict its tests once, without votes. With
`--encoder` another start has embeddings that an encoder infers from the pairs. The encoder is
fitted to the embeddings of the open tasks in the snapshot, which must have been trained on all of
them (SPLITS, below). Prints a line for each start and seed, and ends with one JSON line.
"""

from __future__ import annotations

import argparse
import json
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from encoder import fit_encoder, load_embeddings
from torch import Tensor

from arcsolve.bench.environment import environment
from arcsolve.data.training_tasks import load_training_tasks, split_held_out
from arcsolve.neural.checkpoints.native import load_checkpoint
from arcsolve.neural.config import PRESETS
from arcsolve.neural.data.training_task import TrainingTask
from arcsolve.neural.device import keep_freed_memory
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.ops.precision import fast_matmul
from arcsolve.neural.pretraining.embeddings import replace_embeddings
from arcsolve.neural.pretraining.evaluation import score_adapted
from arcsolve.neural.pretraining.loop import Settings
from arcsolve.ttt.adapt import one_thread

SPLITS = ("arc-agi-1-training", "arc-agi-2-training-open")
HELD_OUT = 0.2  # the default of `network train`
CELLS = 900  # of a batch, as in the solver `Adapted`

Start = tuple[str, TinyRecursiveModel, Callable[[TrainingTask], Tensor] | None]


def list_starts(
    chosen: argparse.Namespace, training: list[TrainingTask], like: TrainingTask
) -> Iterator[Start]:
    """Yield name, network with one embedding, and encoder of embeddings if there is one."""
    rows = load_embeddings(chosen.encoder, training) if chosen.encoder else None
    config = like.pairs[0][0].fit_config(PRESETS[chosen.preset], tasks=1)
    yield "new", TinyRecursiveModel(config), None
    for path in chosen.checkpoints:
        trained = load_checkpoint(Path(path))
        yield path, trained, None
        if rows is not None:
            yield f"{path}, encoder", trained, fit_encoder(trained, training, rows)
        if chosen.no_embedding:
            yield (
                f"{path}, no embedding",
                replace_embeddings(trained, 0 * trained.tasks.detach()),
                None,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", nargs="*")
    parser.add_argument("--preset", default="local", help="of the new network")
    parser.add_argument("--encoder", type=Path, help="snapshot with the embeddings to fit")
    parser.add_argument("--no-embedding", action="store_true", help="also start from zeros")
    parser.add_argument("--tasks", type=int, default=1000, help="at most")
    parser.add_argument("--work", type=int, default=1_500_000, help="cell updates for a task")
    parser.add_argument("--rate", type=float, default=5e-3)
    parser.add_argument("--seeds", type=int, default=1)
    chosen = parser.parse_args()
    training, held_out = split_held_out(load_training_tasks(SPLITS), HELD_OUT)
    held_out.sort(key=lambda task: zlib.crc32(task.name.encode()))
    tasks = held_out[: chosen.tasks]
    results: list[dict[str, Any]] = []
    keep_freed_memory()
    with one_thread(), fast_matmul():
        for name, start, embed in list_starts(chosen, training, tasks[0]):
            for seed in range(chosen.seeds):
                settings = Settings(
                    seed, CELLS, inner_rate=chosen.rate, inner_work=chosen.work, halting=0.0
                )
                begin = time.process_time()
                scores = score_adapted(start, tasks, settings, embed)
                scores["core_seconds"] = (time.process_time() - begin) / len(tasks)
                results.append({"start": name, "seed": seed, **scores})
                print(
                    {n: round(v, 3) if n in scores else v for n, v in results[-1].items()},
                    flush=True,
                )
    print(
        json.dumps(
            {**vars(chosen), "tasks": len(tasks), "results": results} | environment(),
            default=str,
        )
    )


if __name__ == "__main__":
    main()
