"""The run store: the results of every solver on every task of one run, in one SQLite file.

It separates solving from deciding. Results are written as they arrive, so that a killed run
resumes. They stay readable, so that the arbiter can be studied without solving again.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import chain, count
from pathlib import Path

from arcsolve.candidates import decode_candidate, decode_point, encode_candidate, encode_point
from arcsolve.data.embedded import fingerprint
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.solver import Budget, Solver, Stop, StopReason
from arcsolve.dsl.task import Task
from arcsolve.run.sandbox import Outcome

APPLICATION_ID = 0x41524353  # "ARCS", in the header of the file
VERSION = 2  # of the tables below; version 1 had no trace

_TABLES = """
BEGIN;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE outcomes (
    task TEXT, solver TEXT, stop TEXT NOT NULL, detail TEXT NOT NULL, core_seconds REAL NOT NULL,
    PRIMARY KEY (task, solver)
);
CREATE TABLE candidates (
    task TEXT, solver TEXT, position INTEGER, test INTEGER NOT NULL, output TEXT NOT NULL,
    named TEXT NOT NULL, reason TEXT NOT NULL, evidence TEXT NOT NULL,
    PRIMARY KEY (task, solver, position)
);
CREATE TABLE trace (
    task TEXT, solver TEXT, position INTEGER, test INTEGER NOT NULL, output TEXT NOT NULL,
    progress REAL NOT NULL, loss REAL NOT NULL, accuracy REAL NOT NULL,
    PRIMARY KEY (task, solver, position)
);
"""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """The settings that a run's results depend on; a run resumes only with equal settings."""

    tasks: str
    lineup: str
    budget: str

    @staticmethod
    def of(tasks: Mapping[str, Task], lineup: Sequence[Solver], budget: Budget) -> RunSettings:
        """The settings of a run of these solvers on these tasks; the budget includes the seed."""
        return RunSettings(fingerprint(tasks), repr(tuple(lineup)), repr(budget))


class RunStore:
    """Outcomes by task and solver. Use as a context manager, or `close` it.

    The file holds either the whole of an outcome or nothing of it, even if the process is killed
    while it writes. Every method raises BadInput if the file is not a usable run store.
    """

    def __init__(self, path: str | Path) -> None:
        """Open an existing run store to study it."""
        if not Path(path).is_file():
            there = "it is not a file" if Path(path).exists() else "there is no such run store"
            raise BadInput(there, file=str(path))
        self._path = str(path)
        with self._locate_errors():
            self._connection = sqlite3.connect(self._path, isolation_level=None)
            self._check_format()

    @classmethod
    def start(cls, path: str | Path, settings: RunSettings, *, resume: bool = False) -> RunStore:
        """Open a run store for writing: a new one, or an existing one if `resume`.

        If a run store with outcomes is in the way of a new one, it is renamed to ``PATH.previous``,
        or if that exists to ``PATH.previous-2`` and so on. Raises BadInput if the path holds
        anything but a run store of this version, and if the run to resume has other settings; the
        message says which.
        """
        try:
            Path(path).touch()
        except OSError as error:
            raise BadInput(f"cannot be written: {error.strerror}", file=str(path)) from None
        store = cls(path)
        if store._is_empty():
            store._create(settings)
        elif resume:
            store._check_settings(settings)
        else:
            tasks = store.tasks()
            store.close()
            if tasks:
                os.replace(path, _free_name(f"{path}.previous"))
            else:
                os.remove(path)
            return cls.start(path, settings)
        return store

    def _is_empty(self) -> bool:
        """True if the file holds nothing, because it is new or its creation was killed."""
        with self._locate_errors():
            return self._pragma("schema_version") == 0

    def _pragma(self, name: str) -> int:
        number: int = self._connection.execute(f"PRAGMA {name}").fetchone()[0]
        return number

    def _create(self, settings: RunSettings) -> None:
        with self._locate_errors(), self._transaction(_TABLES):
            self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._connection.execute(f"PRAGMA user_version = {VERSION}")
            self._connection.executemany(
                "INSERT INTO settings VALUES (?, ?)", asdict(settings).items()
            )

    def settings(self) -> RunSettings:
        """The settings that the run was started with."""
        with self._locate_errors():
            return RunSettings(**dict(self._connection.execute("SELECT name, value FROM settings")))

    def add(self, task: str, solver: str, outcome: Outcome) -> None:
        """Write one outcome in one transaction; replaces an earlier one of this task and solver."""
        stop = outcome.stop
        rows: dict[str, Iterable[tuple[object, ...]]] = {
            "candidates": map(encode_candidate, outcome.candidates),
            "trace": map(encode_point, outcome.trace),
        }
        execute = self._connection.execute
        with self._locate_errors(), self._transaction("BEGIN IMMEDIATE"):
            for table, records in rows.items():
                execute(f"DELETE FROM {table} WHERE task = ? AND solver = ?", (task, solver))
                self._connection.executemany(
                    f"INSERT INTO {table} VALUES (?,?,?,?,?,?,?,?)",
                    [(task, solver, place, *record) for place, record in enumerate(records)],
                )
            execute(
                "INSERT OR REPLACE INTO outcomes VALUES (?,?,?,?,?)",
                (task, solver, stop.reason, stop.detail, outcome.core_seconds),
            )

    def tasks(self) -> set[str]:
        """The tasks with outcomes in the store."""
        with self._locate_errors():
            return {task for (task,) in self._connection.execute("SELECT task FROM outcomes")}

    def done(self) -> set[tuple[str, str]]:
        """(task, solver) of all outcomes in the store, except those that a deadline cut short."""
        with self._locate_errors():
            rows = "SELECT task, solver FROM outcomes WHERE stop != ?"
            return set(self._connection.execute(rows, (StopReason.DEADLINE,)))

    def outcomes(self, task: str) -> dict[str, Outcome]:
        """The outcome of each solver on the task, by solver name, in alphabetical order."""
        with self._locate_errors():
            rows = self._connection.execute(
                "SELECT solver, stop, detail, core_seconds FROM outcomes WHERE task = ?"
                " ORDER BY solver",
                (task,),
            ).fetchall()
            return {
                solver: self._outcome(task, solver, Stop(StopReason(stop), detail), seconds)
                for solver, stop, detail, seconds in rows
            }

    def _outcome(self, task: str, solver: str, stop: Stop, core_seconds: float) -> Outcome:
        found, points = (
            self._connection.execute(
                f"SELECT {columns} WHERE task = ? AND solver = ? ORDER BY position", (task, solver)
            )
            for columns in (
                "test, output, named, reason, evidence FROM candidates",
                "test, output, progress, loss, accuracy FROM trace",
            )
        )
        candidates, trace = tuple(map(decode_candidate, found)), tuple(map(decode_point, points))
        return Outcome(candidates, stop, core_seconds, trace)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> RunStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        """Execute all statements inside, or none of them."""
        self._connection.executescript(begin)
        with self._connection:
            yield

    @contextmanager
    def _locate_errors(self) -> Iterator[None]:
        """Turn errors of SQLite into BadInput that names the file."""
        try:
            yield
        except sqlite3.OperationalError as error:  # a disk error, or the file is in use
            raise BadInput(f"cannot use the run store: {error}", file=self._path) from None
        except sqlite3.Error as error:
            raise BadInput(f"not a run store that can be used: {error}", file=self._path) from None

    def _check_format(self) -> None:
        """Raise BadInput unless the file is empty or a run store of this version."""
        if self._is_empty():
            return
        application, version = self._pragma("application_id"), self._pragma("user_version")
        if application == APPLICATION_ID and version == VERSION:
            return
        self.close()
        if application != APPLICATION_ID:
            problem = f"expected a run store of version {VERSION}, found another SQLite file"
        else:
            problem = f"a run store of version {version}, and this arcsolve reads {VERSION}"
            problem += ": choose another file and run anew"
        raise BadInput(problem, file=self._path)

    def _check_settings(self, expected: RunSettings) -> None:
        stored = self.settings()
        for name, value in asdict(expected).items():
            if (found := getattr(stored, name)) != value:
                self.close()
                raise BadInput(
                    f"cannot resume: the run in this file has other {name}, {found}, not {value}",
                    file=self._path,
                )


def _free_name(path: str) -> str:
    """The path, or the first of ``PATH-2``, ``PATH-3`` and so on that does not exist."""
    names = chain([path], (f"{path}-{number}" for number in count(2)))
    return next(name for name in names if not os.path.lexists(name))
