"""Fake solvers: a solver that answers, and a solver for each possible fault."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program
from arcsolve.dsl.solver import Budget, Candidate, Stop, StopReason
from arcsolve.dsl.task import Pair, Task


def small_task(name: str = "small", tests: int = 1) -> Task:
    """Build a task whose rule mirrors left and right."""
    grids = tuple(Grid(f"12/3{color}") for color in range(4, 4 + tests))
    return Task(name, (Pair(Grid("12/34"), Grid("21/43")),), grids)


@dataclass(frozen=True, slots=True)
class Mirrors:
    """Proposes each test input mirrored `copies` ways; sleeps `pause` seconds before each one."""

    copies: int = 1
    pause: float = 0.0
    name: str = "mirrors"

    def solve(self, task: Task, budget: Budget) -> Generator[Candidate, None, Stop]:
        for test, grid in enumerate(task.tests):
            for copy, step in enumerate([(1, -1), (-1, 1), (-1, -1)][: self.copies]):
                time.sleep(self.pause)
                output = Grid(grid.cells[:: step[0], :: step[1]])
                evidence = {"fit": 1.0, "length": 2.0 + copy, "programs": 1.0, "support": 1.0}
                yield Candidate(test, output, self.name, f"mirror {copy}", evidence)
                if budget.operations <= test + 1:
                    return Stop(StopReason.OPERATIONS)
        return Stop(StopReason.EXHAUSTED)


@dataclass(frozen=True, slots=True)
class Replayable:
    """Proposes the outputs of two programs for each test input, and prefers the first program."""

    programs: tuple[str, ...] = ("(flip_cols input)", "(flip_rows input)")
    name: str = "replayable"

    def solve(self, task: Task, budget: Budget) -> Generator[Candidate, None, Stop]:
        for test, grid in enumerate(task.tests):
            for rank, program in enumerate(self.programs):
                evidence = {"fit": 1.0, "length": 2.0 + 9 * rank, "programs": 1.0, "support": 1.0}
                yield Candidate(
                    test, Program.parse(program).run(grid), self.name, program, evidence
                )
        return Stop(StopReason.EXHAUSTED)


@dataclass(frozen=True, slots=True)
class Fails:
    """Yields one good candidate, and then does a misdeed, a key of `MISDEEDS`."""

    misdeed: str
    name: str = "fails"

    def solve(self, task: Task, budget: Budget) -> Generator[Any, None, Any]:
        yield Candidate(0, task.tests[0], self.name, "before the end")
        return (yield from MISDEEDS[self.misdeed](task))


def mirrors_twice() -> Mirrors:
    """Build a solver without arguments, for an entry point."""
    return Mirrors(copies=2)


def replayable() -> Replayable:
    """Build a solver without arguments, for an entry point."""
    return Replayable()


def raises() -> Fails:
    """Build a faulty solver without arguments, for an entry point."""
    return Fails("raises")


def _raises(task: Task) -> Any:
    yield from ()
    raise RuntimeError(f"no luck with {task.name}")


def _hangs(task: Task) -> Any:
    yield from ()
    time.sleep(3600)


def _spins(task: Task) -> Any:
    yield from ()
    while True:
        pass


def _ignores_signals(task: Task) -> Any:
    yield from ()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    time.sleep(3600)


def _exits(task: Task) -> Any:
    yield from ()
    os._exit(3)


def _exits_politely(task: Task) -> Any:
    yield from ()
    sys.exit(4)


def _is_killed(task: Task) -> Any:
    """Die as in a system out of memory, if that would kill this process first."""
    yield from ()
    if Path("/proc/self/oom_score_adj").read_text() == "1000\n":
        os.kill(os.getpid(), signal.SIGKILL)


def _ends_by_a_nameless_signal(task: Task) -> Any:
    yield from ()
    os.kill(os.getpid(), 40)  # an application-defined signal


def _segfaults(task: Task) -> Any:
    yield from ()
    signal.signal(signal.SIGSEGV, signal.SIG_DFL)
    ctypes.string_at(0)


def _leaves_a_child(task: Task) -> Any:
    """Leave a grandchild that keeps the pipe open after the child has exited."""
    yield from ()
    if os.fork() == 0:
        time.sleep(3600)
    os._exit(5)


def _eats_memory(task: Task) -> Any:
    yield from ()
    hoard = []
    while True:
        hoard.append(bytearray(50_000_000))


def _recurses(task: Task) -> Any:
    yield from ()

    def deeper() -> None:
        deeper()

    deeper()


def _yields_nonsense(task: Task) -> Any:
    yield "a grid"


def _yields_rows(task: Task) -> Any:
    yield Candidate(0, [[1, 2]], "fails", "not a Grid")  # type: ignore[arg-type]


def _yields_for_no_test(task: Task) -> Any:
    yield Candidate(len(task.tests), task.tests[0], "fails", "one too far")


def _yields_a_giant(task: Task) -> Any:
    yield Candidate(0, Grid([[0] * 31]), "fails", "31 wide")


def _yields_nan(task: Task) -> Any:
    yield Candidate(0, task.tests[0], "fails", "how sure?", {"fit": float("nan")})


def _yields_too_many_votes(task: Task) -> Any:
    yield Candidate(0, task.tests[0], "fails", "surer than sure", {"votes": 2.0})


def _yields_a_novel(task: Task) -> Any:
    yield Candidate(0, task.tests[0], "fails", "x" * 2_000_000)


def _yields_broken_text(task: Task) -> Any:
    yield Candidate(0, task.tests[0], "fails", "\ud800")


def _raises_broken_text(task: Task) -> Any:
    yield from ()
    raise OSError("\ud800" * 1000)


def _returns_nothing(task: Task) -> Any:
    yield from ()


def _never_ends(task: Task) -> Any:
    while True:
        yield Candidate(0, task.tests[0], "fails", "again")


MISDEEDS = {
    "raises": _raises,
    "hangs": _hangs,
    "spins": _spins,
    "ignores signals": _ignores_signals,
    "exits": _exits,
    "exits politely": _exits_politely,
    "is killed": _is_killed,
    "ends by a nameless signal": _ends_by_a_nameless_signal,
    "segfaults": _segfaults,
    "leaves a child": _leaves_a_child,
    "eats memory": _eats_memory,
    "recurses": _recurses,
    "yields nonsense": _yields_nonsense,
    "yields rows": _yields_rows,
    "yields for no test": _yields_for_no_test,
    "yields a giant": _yields_a_giant,
    "yields nan": _yields_nan,
    "yields too many votes": _yields_too_many_votes,
    "yields a novel": _yields_a_novel,
    "yields broken text": _yields_broken_text,
    "raises broken text": _raises_broken_text,
    "returns nothing": _returns_nothing,
    "never ends": _never_ends,
}
"""Faults of solvers by name. Each takes the task and continues the solver's generator."""
