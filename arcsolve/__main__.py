"""Runs the command line as ``python -m arcsolve``."""

from __future__ import annotations

from arcsolve.cli import main

if __name__ == "__main__":
    main(prog_name="arcsolve")
