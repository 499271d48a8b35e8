"""The command line ``arcsolve``. Commands import slow modules only when they run."""

from __future__ import annotations

from arcsolve.cli.application import main as main
