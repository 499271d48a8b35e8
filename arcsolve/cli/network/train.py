"""The command that pretrains a network on many tasks."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from arcsolve.cli.options import DURATION

if TYPE_CHECKING:
    from arcsolve.neural.pretraining.distributed import ProcessGroup

_FOLDER = click.Path(file_okay=False, path_type=Path)
_MAX_BATCHES = 8  # accumulated; the embeddings of their tasks must fit into the network
_MEASURED = 24  # held-out tasks that are scored at every save; each takes about a second


@click.command()
@click.option("-o", "--output", type=_FOLDER, required=True, help="Folder for all that is written.")
@click.option("--preset", default="local", show_default=True, help="Preset of the network.")
@click.option(
    "--data", multiple=True, metavar="DATASET", default=["arc-agi-1-training"], show_default=True,
    help="Open tasks; a share of them is held out. May be repeated.",
)  # fmt: skip
@click.option(
    "--extra", multiple=True, metavar="DATASET",
    help="More tasks, all to train on, for example from `network tasks`; may be repeated.",
)  # fmt: skip
@click.option("--held-out", type=click.FloatRange(0, 0.9), default=0.2, show_default=True)
@click.option("--steps", type=click.IntRange(min=1), default=100_000, show_default=True)
@click.option("--save-every", type=click.IntRange(min=1), default=1000, show_default=True)
@click.option("--report-every", type=click.IntRange(min=1), default=50, show_default=True)
@click.option("--time-limit", type=DURATION, help="Stop after this time: 90s, 10m or 9h.")
@click.option("--cells", type=click.IntRange(min=1), default=2400, show_default=True)
@click.option("--accumulate", type=click.IntRange(1, _MAX_BATCHES), default=1, show_default=True)
@click.option("--rate", default=1e-3, show_default=True, help="Learning rate.")
@click.option(
    "--inner-work", type=click.IntRange(min=1), default=420_000, show_default=True,
    help="Cell updates to adapt a copy to each held-out task that is scored.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--device", type=click.Choice(["cpu", "cuda"]), default="cpu", show_default=True)
@click.option("--tensorboard", type=_FOLDER, help="Folder for curves.")
@click.option("--resume", is_flag=True, help="Continue the run in the output folder.")
def train(output: Path, resume: bool, time_limit: float | None, **options: Any) -> None:
    """Train a network on open tasks, their augmentations, and synthetic tasks.

    Writes checkpoint.safetensors, the network to use; log.jsonl; and snapshot.safetensors, from
    which --resume continues as if there had been no pause. Ctrl-C saves first.

    To use several processes, on one machine or several, start it with torchrun.

    \b
    Example: arcsolve network train -o runs/pilot --extra synthetic.json --time-limit 60m
    """
    from arcsolve.dsl.errors import BadInput
    from arcsolve.neural.device import find_device, keep_freed_memory
    from arcsolve.neural.ops.precision import fast_matmul
    from arcsolve.neural.pretraining.distributed import join_process_group
    from arcsolve.neural.training.supervision import Diverged
    from arcsolve.ttt.adapt import one_thread

    find_device(options["device"])  # fails before other processes wait for this one
    keep_freed_memory()
    end = time.monotonic() + (time_limit or float("inf"))
    with (
        _noted_interrupts() as interrupted,
        join_process_group(options["device"]) as group,
        one_thread(),
        fast_matmul(options["device"] == "cpu"),
    ):
        try:
            done = _train(
                output, resume, options, group, lambda: interrupted() or time.monotonic() >= end
            )
        except Diverged as error:
            problem = f"{error}: take a lower --rate, or --resume from the last snapshot"
            raise BadInput(problem, file=str(output)) from error
        if interrupted():
            raise KeyboardInterrupt
    if group.is_main:
        click.echo(f"{output}: {done} of {options['steps']} steps")


def _train(
    output: Path,
    resume: bool,
    options: dict[str, Any],
    group: ProcessGroup,
    stopping: Callable[[], bool],
) -> int:
    from arcsolve.data.training_tasks import load_training_tasks, split_held_out
    from arcsolve.dsl.errors import BadInput
    from arcsolve.neural.ops.precompile import warm_up
    from arcsolve.neural.pretraining.evaluation import score_adapted
    from arcsolve.neural.pretraining.joint import start_joint
    from arcsolve.neural.pretraining.loop import SNAPSHOT, Pace, Settings, pretrain

    output.mkdir(parents=True, exist_ok=True)
    if (output / SNAPSHOT).is_file() and not resume:
        raise BadInput(
            "there is a run already: --resume it, or choose another folder", file=str(output)
        )
    warm_up()
    training, held_out = split_held_out(load_training_tasks(options["data"]), options["held_out"])
    training += split_held_out(load_training_tasks(options["extra"]), 0.0)[0]
    settings = Settings(
        seed=options["seed"], cells=options["cells"], accumulate=options["accumulate"],
        rate=options["rate"], inner_work=options["inner_work"],
    )  # fmt: skip
    preset = options["preset"]
    method = start_joint(preset, training, settings, group, options["device"])
    names = [task.name for task in training]
    return pretrain(
        method,
        {**asdict(settings), "preset": preset, "tasks": names},
        output,
        Pace(options["steps"], options["report_every"], options["save_every"]),
        lambda model: score_adapted(model, held_out[:_MEASURED], settings),
        stopping,
        group,
        options["tensorboard"],
    )


@contextmanager
def _noted_interrupts() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C interrupt nothing midway; yields a function that tells whether it was pressed."""
    numbers: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: numbers.append(number))
    try:
        yield lambda: bool(numbers)
    finally:
        signal.signal(signal.SIGINT, before)
