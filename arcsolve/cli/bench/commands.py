"""Groups the benchmarks: each other module of this folder is a command."""

from __future__ import annotations

import click


class _Benches(click.Group):
    """Finds commands by the names of modules, and imports only the module that runs.

    ``bench --funnel`` is the same as ``bench funnel``.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args[:1] == ["--funnel"]:
            args = ["funnel", *args[1:]]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        import pkgutil

        import arcsolve.cli.bench

        modules = pkgutil.iter_modules(arcsolve.cli.bench.__path__)
        return sorted(module.name for module in modules if module.name != "commands")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from importlib import import_module

        if cmd_name not in self.list_commands(ctx):
            return None
        command = import_module(f"arcsolve.cli.bench.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Benches)
def bench() -> None:
    """Run a benchmark. The last line on stdout is one JSON document.

    \b
    Example: arcsolve bench solve arc-agi-1-training
    """
