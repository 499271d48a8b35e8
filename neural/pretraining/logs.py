"""The log of a training: one line of JSON for each report, and curves for TensorBoard."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from arcsolve.dsl.errors import BadInput


class TrainingLog:
    """Appends to a file of JSON lines, and with `tensorboard` to event files in that folder.

    Lines after step `begin` are dropped first: a killed run wrote them after its last snapshot.
    Raises BadInput if the package tensorboard is wanted and not installed.
    """

    def __init__(self, path: Path, begin: int = 0, tensorboard: Path | None = None) -> None:
        self._path = path
        lines = path.read_text().splitlines() if path.is_file() else []
        kept = [line for line in lines if _parse_step(line) <= begin]
        path.write_text("".join(f"{line}\n" for line in kept))
        self._writer = None if tensorboard is None else _writer(tensorboard, begin)

    def write(self, step: int, values: Mapping[str, float]) -> None:
        """Report values by name after this step."""
        with self._path.open("a") as file:
            file.write(json.dumps({"step": step, **values}) + "\n")
        if self._writer is not None:
            for name, value in values.items():
                self._writer.add_scalar(name, value, step)
            self._writer.flush()

    def close(self) -> None:
        """Close the event file; JSON lines are on disk as soon as they are written."""
        if self._writer is not None:
            self._writer.close()


def _parse_step(line: str) -> float:
    """The step that a line reports on; infinite for a line that a kill has cut off."""
    try:
        return float(json.loads(line)["step"])
    except ValueError:
        return math.inf


def _writer(folder: Path, begin: int) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        problem = "curves need the package tensorboard: pip install 'arcsolve[tensorboard]'"
        raise BadInput(problem) from error
    return SummaryWriter(str(folder), purge_step=begin + 1)
