"""Commands that score, validate and merge submission files."""

from __future__ import annotations

from dataclasses import asdict

import click

from arcsolve.cli.options import as_json, output_option
from arcsolve.cli.output import print_json


@click.command()
@click.argument("submission")
@click.argument("dataset")
@click.option("--solutions", metavar="FILE", help="Read the solutions from this file.")
@as_json
def score(submission: str, dataset: str, solutions: str | None, as_json: bool) -> None:
    """Score SUBMISSION against the solutions of DATASET.

    An output is solved if one of its two attempts is right. A task is solved if all its outputs
    are.

    \b
    Example: arcsolve score submission.json arc-agi-1-evaluation
    """
    from arcsolve.data.datasets import load
    from arcsolve.dsl.errors import BadInput
    from arcsolve.submissions.scoring import score as count
    from arcsolve.submissions.submission import read_submission

    data = load(dataset, solutions)
    read = read_submission(submission, data.tasks)
    if data.solutions is None:
        raise BadInput(f"no solutions are known for {data.name}: name their file with --solutions")
    counted = count(read, data.solutions)
    if as_json:
        print_json({"submission": submission, "dataset": data.name, **asdict(counted)})
    else:
        click.echo(f"solved {counted}")


@click.command()
@click.argument("submission")
@click.argument("dataset")
@as_json
def validate(submission: str, dataset: str, as_json: bool) -> None:
    """Check that SUBMISSION is valid for DATASET.

    A valid file has exactly the tasks and tests of DATASET, and two valid grids for each test.

    \b
    Example: arcsolve validate submission.json challenges.json
    """
    from arcsolve.data.datasets import load
    from arcsolve.submissions.submission import read_submission

    data = load(dataset)
    read_submission(submission, data.tasks)
    if as_json:
        counts = {"tasks": len(data.tasks), "outputs": data.num_outputs}
        print_json({"submission": submission, "dataset": data.name, "valid": True, **counts})
    else:
        click.echo(f"valid: {len(data.tasks)} tasks, {data.num_outputs} outputs")


@click.command()
@click.argument("submissions", nargs=-1, required=True)
@click.argument("dataset")
@output_option
def merge(submissions: tuple[str, ...], dataset: str, output: str) -> None:
    """Merge SUBMISSIONS for one DATASET.

    Name the file first that you trust most. For each test, all first attempts come before all
    second attempts. The merged file keeps the first two distinct attempts.

    \b
    Example: arcsolve merge best.json other.json challenges.json -o submission.json
    """
    from arcsolve.data.datasets import load
    from arcsolve.submissions.submission import merge as merge_submissions
    from arcsolve.submissions.submission import read_submission, write_submission

    tasks = load(dataset).tasks
    read = [read_submission(file, tasks) for file in submissions]
    write_submission(merge_submissions(read), output, tasks)
    click.echo(f"wrote {output} from {len(read)} submissions", err=True)
