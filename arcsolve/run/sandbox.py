"""Runs one solver on one task in a child process, so that a faulty solver costs only its answers.

The child streams candidates and curve points as they are found. If a solver raises, hangs, exits,
crashes or takes too much memory, its earlier candidates are kept, with a `Stop` that says what
happened.
"""

from __future__ import annotations

import ctypes
import json
import math
import multiprocessing
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from arcsolve.candidates import (
    check_candidate,
    check_point,
    decode_candidate,
    decode_point,
    encode_candidate,
    encode_point,
)
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.solver import Budget, Candidate, CurvePoint, Solver, Stop, StopReason
from arcsolve.dsl.task import Task

MAX_CANDIDATES = 2_000  # and curve points of a solver on a task; bounds the parent's memory
MAX_MESSAGE = 1_000_000  # bytes of one message; a grid with a long program takes under 10,000
MAX_DETAIL = 500  # characters
POLL_SECONDS = 0.5  # between checks that the child is alive, in case its pipe stays open
EXIT_SECONDS = 5.0  # from the end of the pipe to the end of the process
PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass(frozen=True, slots=True)
class Limits:
    """Hard limits on one solver on one task.

    `seconds` of wall-clock time, after which the child is killed. `memory` is in bytes of address
    space beyond what the child has when it starts, None for no limit; it is enforced on Linux.
    """

    seconds: float = math.inf
    memory: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a solver on a task: its candidates, why it stopped, and its CPU seconds.

    `candidates` are in the order in which the solver found them. `trace` holds the points of the
    training curve of a solver that learns, in the order in which it yielded them.
    """

    candidates: tuple[Candidate, ...]
    stop: Stop
    core_seconds: float
    trace: tuple[CurvePoint, ...] = ()


@runtime_checkable
class WarmsUp(Protocol):
    """A solver that loads something once, such as kernels, before children are forked."""

    def warm_up(self) -> None:
        """Load in this process what children would otherwise load again."""


@runtime_checkable
class Preloads(Protocol):
    """A solver whose children need modules that take long to import, such as torch."""

    @property
    def modules(self) -> tuple[str, ...]:
        """The names of the modules."""


def warm_up(solver: Solver) -> None:
    """Load in this process what each child of the solver would otherwise load again."""
    if isinstance(solver, WarmsUp):
        with suppress(Exception):  # the children will report what is wrong with it
            solver.warm_up()


def preload(solver: Solver) -> None:
    """Import what each child of the solver would otherwise import again.

    Only for a process that does nothing but call `run_isolated`: imported libraries stay idle
    there, which makes it safe to fork.
    """
    for module in solver.modules if isinstance(solver, Preloads) else ():
        with suppress(Exception):  # the children will report it
            import_module(module)


def default_start_method(*, idle: bool = False) -> str:
    """``fork`` where it is cheap and safe, else ``spawn``.

    Forking is safe on Linux unless torch may have started threads. torch has none in an `idle`
    process, which does nothing but call `run_isolated`.
    """
    safe = idle or "torch" not in sys.modules
    return "fork" if sys.platform == "linux" and safe else "spawn"


def run_isolated(
    solver: Solver,
    task: Task,
    budget: Budget,
    limits: Limits | None = None,
    start_method: str | None = None,
) -> Outcome:
    """Run the solver on the task in a child process and wait for it.

    Never raises because of the solver, and leaves no process and no open pipe behind. If this
    process is interrupted, the child is killed; on Linux also if this process is killed.
    `start_method` is ``fork`` or ``spawn``, by default `default_start_method`. Raises BadInput in a
    daemonic process, which may have no children.
    """
    limits = limits or Limits()
    if multiprocessing.current_process().daemon:
        raise BadInput(
            "this backend's workers are daemonic, and those may have no child processes; "
            "for dask, set distributed.worker.daemon to false"
        )
    context: Any = multiprocessing.get_context(start_method or default_start_method())
    receiver, sender = context.Pipe(duplex=False)
    arguments = (solver, task, budget, limits.memory, sender, os.getpid())
    process = context.Process(target=_child, args=arguments, name=f"{solver.name}:{task.name}")
    seconds_before = _children_seconds()
    candidates: list[Candidate] = []
    trace: list[CurvePoint] = []
    try:
        process.start()
        sender.close()
        stop = _receive(process, receiver, limits.seconds, candidates, trace)
    finally:
        _end(process)
        receiver.close()
    seconds = _children_seconds() - seconds_before
    return Outcome(tuple(candidates), stop, seconds, tuple(trace))


def _receive(
    process: Any,
    receiver: Connection,
    seconds: float,
    candidates: list[Candidate],
    trace: list[CurvePoint],
) -> Stop:
    """Append arriving results to candidates and trace until the child stops or time is up."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if not receiver.poll(min(left, POLL_SECONDS)):
            # a process that the child started may keep the pipe open after the child ends
            if not process.is_alive() and not receiver.poll(0):
                return _death(process)
            continue
        try:
            message = json.loads(receiver.recv_bytes())
        except (EOFError, OSError):
            return _death(process)
        if "reason" in message:
            return Stop(StopReason(message["reason"]), message["detail"])
        if "point" in message:
            trace.append(decode_point(message["point"]))
        else:
            candidates.append(decode_candidate(message["candidate"]))
    return Stop(StopReason.TIME, f"stopped after {seconds:g} s")


def _death(process: Any) -> Stop:
    """Why a child ended without a message."""
    process.join(EXIT_SECONDS)
    code = process.exitcode
    if code is None:
        return Stop(StopReason.CRASHED, "closed its pipe and went on")
    if code < 0:
        hint = ", perhaps for lack of memory" if code == -signal.SIGKILL else ""
        return Stop(StopReason.CRASHED, f"killed by {_name_signal(-code)}{hint}")
    return Stop(StopReason.CRASHED, f"exited with code {code}")


def _name_signal(number: int) -> str:
    """The name of a signal; application-defined signals have none."""
    known = {each.value: each.name for each in signal.Signals}
    return known.get(number, f"signal {number}")


def _end(process: Any) -> None:
    """Kill the child and every process that it started, and collect its exit status."""
    if process.pid is not None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.join()
    process.close()


def _children_seconds() -> float:
    """CPU seconds of all children of this process that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _child(
    solver: Solver, task: Task, budget: Budget, memory: int | None, sender: Connection, parent: int
) -> None:
    """The child process: sends a message for every result, and finally why the solver stopped."""
    os.setpgid(0, 0)
    if sys.platform == "linux":
        _die_with(parent)
        # if the machine runs out of memory, it should kill this process and not its parent
        with suppress(OSError):  # not every sandbox allows it
            Path("/proc/self/oom_score_adj").write_text("1000")
    _limit_memory(memory)
    try:
        with redirect_stdout(sys.stderr):  # a solver's prints must stay out of --json output
            stop = _send_results(solver, task, budget, sender)
    except MemoryError:
        _limit_memory(None)
        stop = Stop(StopReason.MEMORY, f"over {memory or 0:,} bytes")
    except Exception as error:  # the fence: whatever goes wrong becomes data in the outcome
        stop = Stop(StopReason.CRASHED, _describe_error(error))
    detail = stop.detail[:MAX_DETAIL].encode(errors="replace").decode()
    sender.send_bytes(json.dumps({"reason": stop.reason, "detail": detail}).encode())
    sender.close()


def _send_results(solver: Solver, task: Task, budget: Budget, sender: Connection) -> Stop:
    for number, item in enumerate(_run(solver, task, budget), 1):
        if isinstance(item, Stop):
            return Stop(StopReason(item.reason), str(item.detail))
        message = json.dumps(_message(item, task)).encode()
        if number > MAX_CANDIDATES or len(message) > MAX_MESSAGE:
            raise ValueError(f"candidate {number} of {len(message):,} bytes is more than is taken")
        sender.send_bytes(message)
    raise TypeError("the solver ended without a Stop")


def _message(item: Candidate | CurvePoint, task: Task) -> dict[str, Any]:
    """The message for a result of a solver; its key names the kind of result."""
    if isinstance(item, CurvePoint):
        return {"point": encode_point(check_point(item, task))}
    return {"candidate": encode_candidate(check_candidate(item, task))}


def _run(solver: Solver, task: Task, budget: Budget) -> Iterator[Candidate | CurvePoint | Stop]:
    """Yield the results of the solver's generator, and then the Stop that it returns."""
    yield (yield from solver.solve(task, budget))


def _describe_error(error: Exception) -> str:
    """Type and text of an exception, and the line that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error!s:.400}{place}"


def _die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent ends: a killed run leaves no child."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _limit_memory(memory: int | None) -> None:
    """Let the address space grow by this many bytes from now on; None lifts the limit."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    soft = hard
    if memory is not None and sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        soft = pages * resource.getpagesize() + memory
        soft = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
