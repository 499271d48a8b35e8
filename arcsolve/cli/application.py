"""Groups all commands, and turns errors into messages and exit codes."""

from __future__ import annotations

import errno
import sys
from typing import IO, Any

import click

from arcsolve.cli.bench.commands import bench
from arcsolve.cli.network.group import network
from arcsolve.cli.primitives import primitives
from arcsolve.cli.rule_words import terms
from arcsolve.cli.run import run
from arcsolve.cli.show import datasets, show
from arcsolve.cli.solve import solve
from arcsolve.cli.submission_files import merge, score, validate
from arcsolve.cli.submit import submit

INTERRUPTED = 130  # the exit code of shells for Ctrl-C


class _UserError(click.ClickException):
    """An error in the user's input, shown as one message without a traceback."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"arcsolve: error: {self.format_message()}", file=file, err=True)


def _arcsolve_error() -> type[Exception]:
    """Import the error class late, so that ``--help`` does not load numpy."""
    from arcsolve.dsl.errors import ArcsolveError

    return ArcsolveError


def _missing_library(error: ModuleNotFoundError) -> Exception:
    """Return a message for a missing library of the network, or else the error itself."""
    from arcsolve.lineups import INSTALL_NETWORK, NETWORK_LIBRARIES

    known = error.name in NETWORK_LIBRARIES
    return _UserError(f"this command needs {error.name}: {INSTALL_NETWORK}") if known else error


class _Application(click.Group):
    """Turns errors of commands into a message on stderr and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("\narcsolve: interrupted", err=True)
            sys.exit(INTERRUPTED)
        except OSError as error:
            if error.errno == errno.EPIPE or error.filename is None:
                raise  # click exits quietly if the reader of a pipe has gone
            raise _UserError(f"{error.filename}: {error.strerror}") from error
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except ModuleNotFoundError as error:
            raise _missing_library(error) from error
        except _arcsolve_error() as error:
            raise _UserError(str(error)) from error


def _show_version(ctx: click.Context, param: click.Parameter, asked: bool) -> None:
    if not asked:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        click.echo(f"arcsolve {version('arcsolve')}")
    except PackageNotFoundError:
        click.echo("arcsolve, from a checkout that is not installed")
    ctx.exit()


@click.group(
    cls=_Application,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""To complete commands in bash, run: eval "$(_ARCSOLVE_COMPLETE=bash_source arcsolve)".
    In zsh and fish, use zsh_source or fish_source.""",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
def main() -> None:
    """Solve ARC tasks, write submission files, and study the solvers.

    \b
    Example: arcsolve submit challenges.json -o submission.json --time-limit 9h
    """


for _command in (
    solve, submit, score, validate, merge, show, run, primitives, terms, datasets, network, bench
):  # fmt: skip
    main.add_command(_command)
