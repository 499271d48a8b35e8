"""The command that measures and writes the results table of the README."""

from __future__ import annotations

from pathlib import Path

import click

from arcsolve.cli.options import as_json
from arcsolve.cli.output import print_json, print_table
from arcsolve.cli.progress import progress_bar


@click.command("table")
@click.option(
    "--only", metavar="ROW", multiple=True,
    help="Measure a row SPLIT-LINEUP-EFFORT, for example arc-agi-1-training-search-fast.",
)  # fmt: skip
@click.option(
    "--folder", type=click.Path(path_type=Path), default=Path("runs/table"), show_default=True,
    help="Keep run stores here, in a folder for each commit, and continue existing stores.",
)  # fmt: skip
@click.option("--jobs", type=click.IntRange(min=1), help="Number of worker processes.")
@click.option(
    "--write", metavar="FILE", type=click.Path(path_type=Path, exists=True),
    help="Replace the table between the results markers of FILE.",
)  # fmt: skip
@as_json
def command(
    only: tuple[str, ...], folder: Path, jobs: int | None, write: Path | None, as_json: bool
) -> None:
    """Make the results table of the README.

    All rows are of this commit and this machine. All rows take about an hour on two cores. The last
    line of the output is one JSON document.

    \b
    Example: arcsolve bench table --write README.md
    """
    from arcsolve.bench.environment import environment
    from arcsolve.bench.results import HEADER, SETUPS, format_results, measure_setup, write_results
    from arcsolve.dsl.errors import BadInput

    known = {setup.name: setup for setup in SETUPS}
    for name in only:
        if name not in known:
            raise BadInput(f"there is no row {name!r}, there are {', '.join(known)}")
    where = environment()
    place = folder / str(where["commit"])
    place.mkdir(parents=True, exist_ok=True)
    results = []
    for name in only or known:
        with progress_bar() as progress:
            results.append(measure_setup(known[name], place, jobs=jobs, progress=progress))
    if write is not None:
        write_results(format_results(results, where), write)
    if not as_json:
        print_table(HEADER, [result.cells() for result in results])
    rows = [{**result.setup._asdict(), **result._asdict(), "setup": None} for result in results]
    print_json({"rows": [{k: v for k, v in row.items() if k != "setup"} for row in rows], **where})
