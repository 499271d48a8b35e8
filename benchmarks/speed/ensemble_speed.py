"""Time a training step of one network, and of several stacked networks.

    .venv/bin/python benchmarks/speed/ensemble_speed.py [--rounds 20]

Times the step of test-time training in `arcsolve.ttt.solver.Adapted`, with the preset `shallow` and
features, on batches of small, middle and large grids. Networks are stacked by
`arcsolve.neural.training.ensemble`. Batches are drawn beforehand and not timed. All variants take
turns, and the fastest step of each counts, in CPU seconds of the process. Prints a table, with
milliseconds per step and network, and ends with one JSON line.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from network_speed import Work, fastest

from arcsolve.bench.environment import environment
from arcsolve.cli.output import print_table
from arcsolve.neural.config import PRESETS
from arcsolve.neural.data.augment import SYMMETRIES
from arcsolve.neural.data.batches import Batch
from arcsolve.neural.data.features import COLOR_PLANES, NUM_PLANES
from arcsolve.neural.device import keep_freed_memory
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.ops.precision import fast_matmul
from arcsolve.neural.training.ensemble import stack_networks
from arcsolve.neural.training.supervision import Schedule, Weights, supervise
from arcsolve.ttt.adapt import one_thread

NETWORKS = (1, 2, 4)
BATCHES = (
    (3, 32),
    (6, 25),
    (10, 9),
    (15, 4),
    (20, 4),
)  # cells a side, and examples; about 900 cells together
CONFIG = replace(
    PRESETS["shallow"], planes=NUM_PLANES, copied=1, pointed=COLOR_PLANES, tasks=SYMMETRIES
)


def training_step(work: Work, networks: int) -> Callable[[], float]:
    """A training step of so many networks, each on a batch of its own."""
    seeds = map(torch.Generator().manual_seed, range(networks))
    model = stack_networks([TinyRecursiveModel(work.config, seed) for seed in seeds])
    batch = Batch(*(torch.cat([part] * networks) for part in work.batch()))
    weights = Weights(model, work.schedule)

    def step() -> float:
        with fast_matmul():
            _, loss = supervise(model, batch, None, work.schedule.halting)
            weights.step(1e-4)
        return loss

    return step


def measure_batch(work: Work, rounds: int) -> dict[str, Any]:
    """Milliseconds per network for each number of networks, and the gain of the largest number."""
    seconds = fastest({networks: training_step(work, networks) for networks in NETWORKS}, rounds)
    each = {networks: 1e3 * second / networks for networks, second in seconds.items()}
    told = {f"{networks}_networks": round(ms, 2) for networks, ms in each.items()}
    gain = round(each[NETWORKS[0]] / each[NETWORKS[-1]], 2)
    return {"batch": work.name, "cells": work.examples * work.side**2, **told, "gain": gain}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    chosen, schedule = parser.parse_args(), Schedule(muon=True, halting=0.0)
    works = [Work(f"{n} of {side} x {side}", CONFIG, n, side, schedule) for side, n in BATCHES]
    keep_freed_memory()
    with one_thread():
        rows = [measure_batch(work, chosen.rounds) for work in works]
    print_table(list(rows[0]), [list(row.values()) for row in rows])
    print(json.dumps({"rows": rows, **environment()}))


if __name__ == "__main__":
    main()
