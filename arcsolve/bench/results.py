"""Measures the results table of the README, a row for each split, line-up and effort."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from arcsolve.bench.figures import check_countable, figures
from arcsolve.data.datasets import load
from arcsolve.dsl.errors import BadInput
from arcsolve.plan import Plan, Progress, build_submission, finish
from arcsolve.run.store import RunStore
from arcsolve.submissions.files import escape_path, write_whole

BEGIN, END = "<!-- results -->", "<!-- end of results -->"
HEADER = ("set", "solvers", "effort", "outputs", "first attempt", "tasks", "core-seconds an output")


class Setup(NamedTuple):
    """The split, line-up and effort of one row."""

    split: str
    lineup: str = "search"
    effort: str = "fast"

    @property
    def name(self) -> str:
        """The three names joined, which also name the run store."""
        return "-".join(self)


class Result(NamedTuple):
    """The figures of one row; `core_seconds` are for each output."""

    setup: Setup
    solved: int
    solved_at_1: int
    outputs: int
    tasks_solved: int
    tasks: int
    core_seconds: float

    def cells(self) -> tuple[str, ...]:
        """Format the row as text, in the order of `HEADER`."""
        lineup = "search and network" if self.setup.lineup == "full" else self.setup.lineup
        return (
            self.setup.split,
            lineup,
            self.setup.effort,
            f"{self.solved} of {self.outputs}",
            str(self.solved_at_1),
            f"{self.tasks_solved} of {self.tasks}",
            f"{self.core_seconds:.2f}",
        )


SETUPS = (
    Setup("arc-agi-1-evaluation"),
    Setup("arc-agi-1-evaluation", effort="full"),
    Setup("arc-agi-1-evaluation", "full"),
    Setup("arc-agi-2-evaluation"),
    Setup("arc-agi-1-training"),
    Setup("arc-agi-2-training-open"),
)
"""The rows of the README."""


def measure_setup(
    setup: Setup, folder: Path, *, jobs: int | None = None, progress: Progress | None = None
) -> Result:
    """Finish the run of a row, whose run store is in `folder`, and count its solved outputs.

    Use a folder for each commit: a store does not notice changes to the code. `jobs` is the number
    of worker processes, or None for one per core. Raises BadInput for unknown names and for splits
    without solutions.
    """
    dataset = load(setup.split)
    check_countable(dataset)
    store = folder / f"{setup.name}.run"
    plan = Plan(setup.lineup, setup.effort, jobs=jobs)
    finished = finish(plan, dataset, store, resume=store.exists(), progress=progress)
    with RunStore(store) as run:
        found = figures(dataset, run, build_submission(finished.decisions))
    return Result(
        setup,
        found["outputs_solved"],
        found["outputs_solved_at_1"],
        found["outputs"],
        found["tasks_solved"],
        found["tasks"],
        found["core_seconds_per_output"],
    )


def format_results(results: Iterable[Result], environment: dict[str, Any]) -> str:
    """Format the rows as a Markdown table, with a sentence on the commit and the machine."""
    rows = [HEADER, ("---",) * len(HEADER), *(result.cells() for result in results)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    commit, cpu, cores = (environment[name] for name in ("commit", "cpu", "cores"))
    return f"{table}\n\nCommit {commit}, {cores} cores of an {cpu}, no GPU.\n"


def write_results(text: str, file: Path) -> None:
    """Write the text between the markers `BEGIN` and `END` of a file, in place of the old text.

    Raises BadInput if the file lacks the markers.
    """
    before, begin, rest = file.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise BadInput(f"expected the lines {BEGIN} and {END}", file=escape_path(file))
    write_whole(file, f"{before}{begin}\n{text}{end}{after}".encode())
