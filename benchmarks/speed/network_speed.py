"""Time training on one core, against a plain network and against matrix products alone.

    .venv/bin/python benchmarks/speed/network_speed.py [--rounds 10]

A step is one supervision step on a batch: all cycles forward, the last one backward, and the
optimizer with everything that belongs to it. Examples per second are the examples of the batch over
the seconds of a step, so that an example with 16 supervision steps counts 16 times. The reference
figures are of the official code on one core of another machine of this kind, for 16 examples of 10
x 10 cells after 16 task tokens. At 116 tokens its 23 examples per second make the 31 GFLOP/s that
were measured with them.

Both implementations take turns, so that other load on the machine affects both. The fastest step of
each counts, in CPU seconds of the process. FLOPs are those of the matrix products alone, equal for
both implementations. The table also has the best rate of a matrix product in the same run. `bound`
is the number of examples per second if a step consisted only of its matrix products, each timed
alone in its own shape. In rows "bfloat16" the plain network holds its states in that type, as the
official code does. Our network rounds the factors of products, if the machine has units for that.
Prints a table and the peak memory of a step on the largest canvas, and ends with one JSON line.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from plain_network import PlainNetwork, PlainTrainer
from torch.nn import functional

from arcsolve.bench.environment import environment
from arcsolve.cli.output import print_table
from arcsolve.neural.config import PRESETS, ModelConfig
from arcsolve.neural.data.augment import SYMMETRIES
from arcsolve.neural.data.batches import Batch
from arcsolve.neural.data.features import COLOR_PLANES, NUM_PLANES
from arcsolve.neural.device import keep_freed_memory
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.ops.precision import fast_matmul
from arcsolve.neural.training.supervision import Schedule, Weights, supervise
from arcsolve.ttt.adapt import one_thread

PREFIX = 16  # tokens of the task, as in the official code
HEAD = 16  # channels of a head
TYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}
TYPE_ROWS = tuple(TYPES)
LARGEST, LARGEST_BATCH = 30, 4  # cells a side of the largest canvas, examples of its batches
PEAK_SIDE, PEAK_ROUNDS = 1024, 20  # of the products that measure the peak


@dataclass(frozen=True, slots=True)
class Work:
    """A step to time; `reference` has the examples per second of the official code, if known."""

    name: str
    config: ModelConfig
    examples: int
    side: int = 10
    schedule: Schedule = field(default_factory=Schedule)
    reference: tuple[float, float] | None = None  # float32, bfloat16

    def flops(self) -> float:
        """FLOPs of the matrix products of an example in a step; backward takes twice forward."""
        config = self.config
        tokens = config.prefix + self.side**2
        layer = config.width * (config.width + 3 * config.hidden)
        if config.mixer == "attention":
            layer += config.width * (3 * config.width + 2 * tokens)
        return 2 * tokens * layer * config.layers * (config.updates + 2 * config.tracked)

    def batch(self) -> Batch:
        draws, shape = torch.Generator().manual_seed(0), (self.side, self.side)
        inputs = torch.randint(10, (self.examples, self.config.planes, *shape), generator=draws)
        labels = torch.randint(10, (self.examples, *shape), generator=draws)
        return Batch(inputs, labels, torch.zeros(self.examples, dtype=torch.long))


def attention(width: int, h_cycles: int, l_cycles: int, *reference: float) -> Work:
    """The work that the official code was timed at: two layers, gated units as it rounds them.

    `reference` has examples per second in float32 and bfloat16.
    """
    config = replace(
        PRESETS["tiny-deep"],
        width=width,
        heads=width // HEAD,
        hidden=4 * width,
        h_cycles=h_cycles,
        l_cycles=l_cycles,
        prefix=PREFIX,
        task_width=PREFIX * width,
    )
    name = f"{width} wide, H {h_cycles}, L {l_cycles}"
    return Work(name, config, examples=16, reference=(reference[0], reference[1]))


def adaptation(side: int, examples: int) -> Work:
    """A step of test-time training: preset `local` with features, Muon, no halting loss."""
    config = replace(
        PRESETS["local"], planes=NUM_PLANES, copied=1, pointed=COLOR_PLANES, tasks=SYMMETRIES
    )
    name = f"local, {examples} of {side} x {side}"
    return Work(name, config, examples, side, Schedule(muon=True, halting=0.0))


WORKS = (attention(64, 16, 1, 18, 23), attention(128, 3, 4, 13, 18), adaptation(10, 9))


def ours(work: Work, kind: str) -> Callable[[], float]:
    """Our training step; each call continues from the previous one."""
    model, batch = TinyRecursiveModel(work.config), work.batch()
    weights, state = Weights(model, work.schedule), None

    def step() -> float:
        nonlocal state
        with fast_matmul(kind == "bfloat16"):
            state, loss = supervise(model, batch, state, work.schedule.halting)
            weights.step(1e-4)
        return loss

    return step


def plain(work: Work, kind: str) -> Callable[[], float]:
    """The training step of the plain network."""
    inputs, labels, tasks = work.batch()
    trainer = PlainTrainer(PlainNetwork(work.config, work.side**2, TYPES[kind]))
    cells = inputs[:, 0].flatten(1), labels.flatten(1)
    return lambda: trainer.step(*cells, tasks)


def fastest(steps: dict[Any, Callable[[], Any]], rounds: int) -> dict[Any, float]:
    """CPU seconds of the fastest call of each function; the functions take turns."""
    best = dict.fromkeys(steps, float("inf"))
    for _ in range(rounds):
        for name, step in steps.items():
            start = time.process_time()
            step()
            best[name] = min(best[name], time.process_time() - start)
    return best


def product(kind: str) -> Callable[[], Any]:
    factor = torch.randn(PEAK_SIDE, PEAK_SIDE, dtype=TYPES[kind])
    return lambda: factor @ factor


def peaks() -> dict[str, float]:
    """FLOPs per second of a large product, in float32 and with factors in bfloat16."""
    seconds = fastest({kind: product(kind) for kind in TYPES}, PEAK_ROUNDS)
    return {kind: 2 * PEAK_SIDE**3 / second for kind, second in seconds.items()}


def list_products(work: Work, kind: str) -> Iterator[tuple[int, Callable[[], Any]]]:
    """Each matrix product of a step with attention, and how often it is computed."""
    config, rows = work.config, work.examples * (work.config.prefix + work.side**2)
    forward, backward = (config.layers * times for times in (config.updates, config.tracked))
    drawn = partial(torch.randn, dtype=TYPES[kind])
    width, units = config.width, config.hidden
    layers = (width, 3 * width), (width, width), (width, 2 * units), (units, width)
    for inputs, outputs in layers:
        x, weight, gradient = drawn(rows, inputs), drawn(outputs, inputs), drawn(rows, outputs)
        yield forward, partial(functional.linear, x, weight)
        yield backward, partial(torch.matmul, gradient, weight)
        yield backward, partial(torch.matmul, gradient.T, x)
    batch, tokens = work.examples * config.heads, config.prefix + work.side**2
    query, shares = drawn(batch, tokens, HEAD), drawn(batch, tokens, tokens)
    yield forward + backward, partial(torch.matmul, query, query.mT)
    yield forward + backward, partial(torch.matmul, shares, query)
    yield 2 * backward, partial(torch.matmul, shares.mT, query)


def products_alone(work: Work, kind: str) -> float:
    """Seconds of all products of a step at their best: repeated, with factors in the cache."""
    calls = list_products(work, kind)
    return sum(times * fastest({kind: call}, PEAK_ROUNDS)[kind] for times, call in calls)


def compare(work: Work, rounds: int, peak: dict[str, float]) -> list[dict[str, Any]]:
    """A row for each implementation and type."""
    makers = {"ours": ours, "plain": plain} if work.reference else {"ours": ours}
    steps = {(n, kind): make(work, kind) for kind in TYPES for n, make in makers.items()}
    seconds = fastest(steps, rounds)
    alone = {kind: products_alone(work, kind) for kind in TYPES} if work.reference else {}
    rows = []
    for (name, kind), second in seconds.items():
        rate = work.examples / second
        reference = work.reference[TYPE_ROWS.index(kind)] if work.reference else None
        twin = seconds.get(("plain", kind))
        rows.append(
            {
                "work": work.name,
                "code": name,
                "products": kind,
                "milliseconds": round(1e3 * second, 1),
                "examples_per_second": round(rate, 1),
                "gigaflops": round(rate * work.flops() / 1e9, 1),
                "peak": round(peak[kind] / 1e9),
                "bound": round(work.examples / alone[kind], 1) if alone else None,
                "times_plain": round(twin / second, 2) if twin else None,
                "times_reference": round(rate / reference, 2) if reference else None,
            }
        )
    return rows


def memory(preset: str) -> int:
    """Peak memory of this process in MiB, after a step on the largest canvas."""
    config = replace(PRESETS[preset], planes=NUM_PLANES, tasks=SYMMETRIES)
    ours(Work(preset, config, LARGEST_BATCH, LARGEST), "bfloat16")()
    told = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    assert told, "Linux tells the peak; getrusage would give the parent's if that is larger"
    return int(told[1]) >> 10


def memory_apart(preset: str) -> int:
    """`memory` of a new process."""
    command = [sys.executable, __file__, "--memory", preset]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--memory", metavar="PRESET", help="print only the peak memory, in MiB")
    chosen = parser.parse_args()
    keep_freed_memory()
    with one_thread():
        if chosen.memory:
            print(memory(chosen.memory))
            return
        peak = peaks()
        rows = [row for work in WORKS for row in compare(work, chosen.rounds, peak)]
    print_table(list(rows[0]), [["-" if v is None else v for v in row.values()] for row in rows])
    mebibytes = {preset: memory_apart(preset) for preset in ("local", "tiny-deep")}
    for preset, size in mebibytes.items():
        print(f"{preset}, {LARGEST_BATCH} of {LARGEST} x {LARGEST}: {size} MiB at most")
    print(json.dumps({"rows": rows, "mebibytes": mebibytes, **environment()}))


if __name__ == "__main__":
    main()
