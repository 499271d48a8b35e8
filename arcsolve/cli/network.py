"""Commands about the recursive network."""

from __future__ import annotations

from pathlib import Path

import click

from arcsolve.cli.options import as_json
from arcsolve.cli.output import columns, print_json

__all__ = ["network"]

_FILE = click.Path(path_type=Path)


@click.group()
def network() -> None:
    """Study the recursive network and its checkpoints.

    \b
    Example: arcsolve network verify --config C.json --weights W.pt --reference R.npz
    """


@network.command()
@click.option("--config", type=_FILE, required=True, metavar="FILE", help="JSON, official fields.")
@click.option(
    "--weights", type=_FILE, required=True, metavar="FILE",
    help="The official state dict, by torch or as .safetensors.",
)  # fmt: skip
@click.option(
    "--reference", type=_FILE, required=True, metavar="FILE",
    help="A batch and what the official code gives for it, as .npz.",
)  # fmt: skip
@as_json
def verify(config: Path, weights: Path, reference: Path, as_json: bool) -> None:
    """Compare our network with the official one, on the same weights and batch.

    Prints the largest absolute errors of the logits, the halting logits and the losses over all
    supervision steps.

    \b
    Example: arcsolve network verify --config C.json --weights W.pt --reference R.npz --json
    """
    from dsl.errors import BadInput
    from neural.official import load_official
    from neural.verify import largest_errors, read_reference

    arrays = read_reference(reference)
    try:
        errors = largest_errors(load_official(config, weights), arrays)
    except BadInput as error:
        raise error.located(file=str(reference)) from error
    if as_json:
        print_json(errors)
    else:
        columns(("array", "largest absolute error"), [(n, f"{e:.2e}") for n, e in errors.items()])
