"""Options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

SECONDS = {"s": 1, "m": 60, "h": 3600}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)([smh])")


if TYPE_CHECKING:
    _FloatType = click.ParamType[float]
else:
    _FloatType = click.ParamType  # not generic before click 8.4


class _Duration(_FloatType):
    """A duration with its unit, converted to seconds."""

    name = "duration"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        if isinstance(value, float):
            return value
        match = _DURATION.fullmatch(str(value))
        if match is None or float(match[1]) == 0:
            self.fail(f"{value!r} is not a time: write 90s, 10m or 9h", param, ctx)
        return float(match[1]) * SECONDS[match[2]]


DURATION = _Duration()

output_option = click.option(
    "-o", "--output", required=True, metavar="FILE", help="Write this file."
)

effort_option = click.option(
    "--effort",
    default="fast",
    show_default=True,
    help="Work limits: search takes about 1 core-second per output with fast, 8 with full.",
)

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")

tasks_option = click.option("--tasks", is_flag=True, help="List each task; only for open splits.")


def work_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --lineup, --effort and --seed, which choose the solvers and limit their work."""
    for option in (
        click.option("--seed", default=0, show_default=True, help="Seed of random draws."),
        effort_option,
        click.option(
            "--lineup", default="search", show_default=True,
            help="Solvers to run: full for all, or names joined by +.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def worker_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --jobs and --backend, which choose the worker processes."""
    for option in (
        click.option(
            "--backend", default="loky", show_default=True,
            help="joblib backend: loky on one machine, or dask on a cluster; set "
            "DASK_SCHEDULER_ADDRESS to the address of its scheduler.",
        ),
        click.option(
            "--jobs", type=click.IntRange(min=1), default=None, show_default="one per core",
            help="Number of worker processes.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def store_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --store and --resume, which keep and continue a run."""
    for option in (
        click.option("--resume", is_flag=True, help="Continue the run in the run store."),
        click.option("--store", metavar="FILE", help="Keep the run store in this file."),
    ):
        command = option(command)
    return command


def sample_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --every, --offset and --limit, which sample the tasks of a split."""
    for option in (
        click.option("--limit", type=click.IntRange(min=1), help="Take at most this many tasks."),
        click.option(
            "--offset", type=click.IntRange(min=0), default=0, show_default=True,
            help="Skip this many tasks first.",
        ),
        click.option(
            "--every", type=click.IntRange(min=1), default=1, show_default=True,
            help="Take every n-th task.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command
