"""Options that several commands share, and the types of their values."""

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
    """A length of time with its unit, as a number of seconds."""

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
    "-o", "--output", required=True, metavar="FILE", help="The file to write."
)

effort_option = click.option(
    "--effort",
    default="fast",
    show_default=True,
    help="Work limits: fast is about 1 core-second an output for search, full about 8.",
)

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def work_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--lineup, --effort and --seed: which solvers run, and how much work each may do."""
    for option in (
        click.option("--seed", default=0, show_default=True, help="For solvers that draw."),
        effort_option,
        click.option(
            "--lineup", default="search", show_default=True,
            help="full for all solvers, or names of solvers joined by +.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def worker_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--jobs and --backend: how many tasks are worked on at once, and by what."""
    for option in (
        click.option(
            "--backend", default="loky", show_default=True,
            help="joblib backend: loky on one machine, dask on a cluster, whose scheduler is at "
            "$DASK_SCHEDULER_ADDRESS.",
        ),
        click.option(
            "--jobs", type=click.IntRange(min=1), default=None, show_default="one a core",
            help="Tasks worked on at the same time.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def sample_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--every, --offset and --limit: which tasks of a split are run."""
    for option in (
        click.option("--limit", type=click.IntRange(min=1), help="At most so many tasks."),
        click.option(
            "--offset", type=click.IntRange(min=0), default=0, show_default=True,
            help="Leave out the first tasks.",
        ),
        click.option(
            "--every", type=click.IntRange(min=1), default=1, show_default=True,
            help="Take every n-th task.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command
