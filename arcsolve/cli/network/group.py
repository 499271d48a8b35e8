"""The group of commands about the recursive network."""

from __future__ import annotations

from pathlib import Path

import click

from arcsolve.cli.network.tasks import tasks
from arcsolve.cli.network.train import train
from arcsolve.cli.options import as_json, output_option
from arcsolve.cli.output import print_json, print_table

_FILE = click.Path(path_type=Path)

_config = click.option(
    "--config", type=_FILE, required=True, metavar="FILE", help="JSON with official fields."
)
_weights = click.option(
    "--weights", type=_FILE, required=True, metavar="FILE",
    help="The official state dict, saved by torch or as .safetensors.",
)  # fmt: skip


@click.group()
def network() -> None:
    """Study the recursive network and its checkpoints.

    \b
    Example: arcsolve network verify --config C.json --weights W.pt --reference R.npz
    """


@network.command()
@_config
@_weights
@click.option(
    "--reference", type=_FILE, required=True, metavar="FILE",
    help="A batch and the official code's results for it, as .npz.",
)  # fmt: skip
@as_json
def verify(config: Path, weights: Path, reference: Path, as_json: bool) -> None:
    """Compare our network with the official one, on the same weights and batch.

    Prints the largest absolute errors of the logits, the halting logits and the losses over all
    supervision steps.

    \b
    Example: arcsolve network verify --config C.json --weights W.pt --reference R.npz --json
    """
    from arcsolve.dsl.errors import BadInput
    from arcsolve.neural.checkpoints.official import load_official
    from arcsolve.neural.checkpoints.parity import largest_errors, read_reference

    arrays = read_reference(reference)
    try:
        errors = largest_errors(load_official(config, weights), arrays)
    except BadInput as error:
        raise error.located(file=str(reference)) from error
    if as_json:
        print_json(errors)
    else:
        print_table(
            ("array", "largest absolute error"), [(n, f"{e:.2e}") for n, e in errors.items()]
        )


@network.command("import")
@_config
@_weights
@output_option
def import_official(config: Path, weights: Path, output: str) -> None:
    """Convert an official checkpoint to a native one.

    \b
    Example: arcsolve network import --config C.json --weights W.pt -o X.safetensors
    """
    from arcsolve.neural.checkpoints.native import save_checkpoint
    from arcsolve.neural.checkpoints.official import load_official

    model = load_official(config, weights)
    save_checkpoint(model, Path(output))
    numbers = sum(tensor.numel() for tensor in model.state_dict().values())
    click.echo(f"{output}: {numbers:,} numbers in {len(model.state_dict())} tensors")


network.add_command(tasks)
network.add_command(train)
