"""Shows the progress of a run on stderr, and handles Ctrl-C during the run."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

    from arcsolve.plan import Progress

REDRAW_SECONDS = 0.1  # between redraws of the bar on a terminal
LOG_SECONDS = 30.0  # between lines of the bar in a log file


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Show a progress bar on stderr, and yield a function (finished, total) that updates it.

    The function raises KeyboardInterrupt again if Python dropped an earlier one.
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
    """Let Ctrl-C raise KeyboardInterrupt, and yield a function that returns True after Ctrl-C.

    Python drops an exception that arrives while a process forks, and prints a message. The message
    is suppressed here, because the function keeps the interrupt.
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
