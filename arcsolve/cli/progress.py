"""The progress of a run on stderr, and Ctrl-C while it goes on."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

    from arcsolve.walk import Progress

__all__ = ["progress_bar"]

REDRAW_SECONDS = 0.1  # between redraws of the bar on a terminal,
LOG_SECONDS = 30.0  # and between its lines in a log file


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A progress bar on stderr, as a function of (finished, total).

    The function raises KeyboardInterrupt if the user has asked for the end and was not heard:
    Python drops an interrupt that arrives while a process forks.
    """
    from tqdm import tqdm

    interrupts: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        interrupts.append(number)
        raise KeyboardInterrupt

    interval = REDRAW_SECONDS if sys.stderr.isatty() else LOG_SECONDS
    before = signal.signal(signal.SIGINT, note)
    try:
        with tqdm(unit="task", file=sys.stderr, mininterval=interval) as bar:

            def show(finished: int, total: int) -> None:
                if interrupts:
                    raise KeyboardInterrupt
                bar.total = total
                bar.update(finished - bar.n)

            yield show
    finally:
        signal.signal(signal.SIGINT, before)
