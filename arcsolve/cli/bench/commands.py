"""Groups the benchmarks: each other module of this folder is a command."""

from __future__ import annotations

import click

RENAMED = {"transfer_fresh": "transfer", "rule_fates": "rules"}
"""Commands by module, where another module of the code base has the name of the command."""


class _Benches(click.Group):
    """Finds commands by the names of modules, and imports only the module that runs.

    ``bench --funnel`` is the same as ``bench funnel``.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args[:1] == ["--funnel"]:
            args = ["funnel", *args[1:]]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_modules())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from importlib import import_module

        module = _modules().get(cmd_name)
        if module is None:
            return None
        command = import_module(f"arcsolve.cli.bench.{module}").command
        assert isinstance(command, click.Command)
        return command


def _modules() -> dict[str, str]:
    """Return the module of each command by the name of the command."""
    import pkgutil

    import arcsolve.cli.bench

    found = (module.name for module in pkgutil.iter_modules(arcsolve.cli.bench.__path__))
    return {RENAMED.get(name, name): name for name in found if name != "commands"}


@click.group(cls=_Benches)
def bench() -> None:
    """Run a benchmark. The last line on stdout is one JSON document.

    \b
    Example: arcsolve bench solve arc-agi-1-training
    """
