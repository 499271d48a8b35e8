"""The command that solves one task and shows why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from arcsolve.cli.options import as_json, work_options
from arcsolve.cli.output import console, print_json

__all__ = ["solve"]
