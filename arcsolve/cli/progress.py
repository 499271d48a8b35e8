"""The progress of a run on stderr, and Ctrl-C while it goes on."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

    from arcsolve.plan import Progress

REDRAW_SECONDS = 0.1  # between redraws of the bar on a terminal,
LOG_SECONDS = 30.0  # and between its lines in a log file


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A progress bar on stderr, as a function of (finished, total).

    The function raises KeyboardInterrupt if one was raised before but came to nothing.
    """
    from tqdm import tqdm

    interval = REDRAW_SECONDS if sys.stderr.isatty() else LOG_SECONDS
    with (
        _interrupts() as interrupted,
        tqdm(unit="run", file=sys.stderr, mininterval=interval) as bar,
    ):

        def show(finished: int, total: int) -> None:
            if interrupted():
                raise KeyboardInterrupt
            bar.total = total
            bar.update(finished - bar.n)

        yield show


@contextmanager
def _interrupts() -> Iterator[Callable[[], bool]]:
    """Ctrl-C raises KeyboardInterrupt as ever, and the function given tells that it did.

    Python drops an exception, with a message on stderr, that arrives while a process forks: here
    the message is left out, since the interrupt is not lost.
    """
    numbers: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        numbers.append(number)
        raise KeyboardInterrupt

    def report(dropped: sys.UnraisableHookArgs) -> None:
        if not issubclass(dropped.exc_type, KeyboardInterrupt):
            report_before(dropped)

    handler_before = signal.signal(signal.SIGINT, note)
    report_before, sys.unraisablehook = sys.unraisablehook, report
    try:
        yield lambda: bool(numbers)
    finally:
        sys.unraisablehook = report_before
        signal.signal(signal.SIGINT, handler_before)
