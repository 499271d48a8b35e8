"""The command that generates synthetic tasks from random programs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from arcsolve.cli.options import output_option

if TYPE_CHECKING:
    from arcsolve.neural.synthetic.generate import SyntheticTask, TaskGenerator


@click.command()
@click.option("-n", "number", type=click.IntRange(min=1), default=100, show_default=True)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True,
    help="Each seed gives other tasks.",
)  # fmt: skip
@output_option
@click.option("--gallery", metavar="FILE", type=click.Path(path_type=Path), help="A PNG picture.")
def tasks(number: int, seed: int, output: str, gallery: Path | None) -> None:
    """Generate synthetic tasks: random inputs, and the outputs of a random program.

    Writes a challenge file. Beside it, under the same name before the ending, it writes the
    solutions (_solutions.json) and the programs (_programs.txt).

    \b
    Example: arcsolve network tasks -n 100 -o synthetic.json --gallery synthetic.png
    """
    from tqdm import tqdm

    from arcsolve.submissions.files import write_whole
    from arcsolve.submissions.write_tasks import write_challenges, write_solutions

    stem = Path(output).stem.removesuffix("_challenges")
    folder = Path(output).parent
    solutions, programs = folder / f"{stem}_solutions.json", folder / f"{stem}_programs.txt"
    _check_writable([Path(output), solutions, programs], gallery)
    generator = task_generator(seed)
    generated = list(tqdm(islice(generator, number), total=number, unit="task", disable=None))
    write_challenges(output, [task.task for task in generated])
    write_solutions(solutions, {m.task.name: (m.solution,) for m in generated})
    lines = "".join(f"{each.task.name} {each.program}\n" for each in generated)
    write_whole(programs, lines.encode())
    if gallery is not None:
        _draw(gallery, generated)
    counts = ", ".join(f"{count} {outcome}" for outcome, count in generator.outcomes.most_common())
    click.echo(f"{sum(generator.outcomes.values())} programs drawn: {counts}")


def _check_writable(paths: Sequence[Path], gallery: Path | None) -> None:
    """Raise BadInput before the work rather than after it."""
    from arcsolve.report.png import check_pillow
    from arcsolve.submissions.files import check_writable

    for path in [*paths, *([gallery] if gallery else [])]:
        check_writable(path)
    if gallery:
        check_pillow()


def task_generator(seed: int) -> TaskGenerator:
    """The generator of this seed, with primitives as frequent as in solved open tasks."""
    from arcsolve.dsl.primitive import primitives
    from arcsolve.neural.synthetic.generate import TaskGenerator
    from arcsolve.search.costs import search_costs

    known = primitives()
    return TaskGenerator(seed, dict(zip(known, search_costs(known.values()), strict=True)))


def _draw(path: Path, generated: list[SyntheticTask]) -> None:
    from arcsolve.report.png import draw_gallery

    draw_gallery(path, [(m.task, (m.solution,), f"{m.program}") for m in generated])
