"""The command line ``arcsolve``; its modules import what they run inside the commands."""

from __future__ import annotations

from arcsolve.cli.application import main as main
