"""Pretraining on many tasks: settings, and the loop that reports, saves and resumes exactly."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from tqdm import tqdm

from arcsolve.dsl.errors import BadInput
from arcsolve.neural.checkpoints.native import save_checkpoint
from arcsolve.neural.model import TinyRecursiveModel
from arcsolve.neural.pretraining.distributed import ProcessGroup
from arcsolve.neural.pretraining.logs import TrainingLog
from arcsolve.neural.pretraining.snapshots import load_snapshot, save_snapshot

CHECKPOINT, SNAPSHOT, LOG = "checkpoint.safetensors", "snapshot.safetensors", "log.jsonl"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a pretraining.

    A step draws `accumulate` batches of about `cells` cells. The rate rises to `rate` in `warm_up`
    steps and stays there: the moving average does the work of a decay. With `muon`, Muon trains the
    matrices of the blocks.

    To score a task, a copy of the network is adapted to it at the rate `inner_rate` with
    `inner_work` cell updates. On batches of 2400 cells the default allows 11 steps of the preset
    `local`, but only one of `tiny-deep` or `paper`.
    """

    seed: int = 0
    cells: int = 2400
    accumulate: int = 1
    rate: float = 1e-3
    warm_up: int = 200
    weight_decay: float = 0.1
    average: float = 0.999
    clip: float = 1.0
    task_rate: float = 1e-2  # of the embeddings, as in the official code
    inner_work: int = 420_000
    inner_rate: float = 5e-3
    muon: bool = True
    hidden: float = 0.3  # share of the feature planes that each training example hides
    halting: float = 0.05  # weight of the halting loss; with more, cells are hardly learned


class Method(ABC):
    """A method of pretraining; `pretrain` calls it step by step."""

    @abstractmethod
    def step(self, number: int, measured: bool) -> dict[str, float]:
        """Train one step, and return values to report by name.

        Draws depend on `number` alone. Scores are taken only if `measured`, because they take time.
        """

    @abstractmethod
    def publish(self) -> TinyRecursiveModel:
        """The network for others to use, with one embedding: the mean of the trained ones."""

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """Everything that `restore` needs to continue exactly; all processes must call it."""

    @abstractmethod
    def restore(self, state: dict[str, Any]) -> None:
        """Continue from a state that `state` returned."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The number of steps to train, and the steps between reports, and between saves."""

    steps: int
    report_every: int = 50
    save_every: int = 1000


class SavedRun(NamedTuple):
    """The contents of a snapshot: the run's `description`, its `step` and the method's state."""

    description: dict[str, Any]
    step: int
    method: dict[str, Any]


def pretrain(
    method: Method,
    description: Mapping[str, Any],
    folder: Path,
    pace: Pace,
    evaluate: Callable[[TinyRecursiveModel], dict[str, float]],
    stopping: Callable[[], bool],
    group: ProcessGroup,
    tensorboard: Path | None = None,
) -> int:
    """Train until all steps are done or `stopping` returns true; returns the number of steps done.

    The folder gets `CHECKPOINT`, the network to use; `LOG`; and `SNAPSHOT`, from which a later call
    continues as if there had been no pause. `description` identifies the run. `evaluate` scores the
    published network after every save. A report has the means since the previous report.

    Raises BadInput if the snapshot in the folder has another `description`, or another step than in
    other processes of the group. Raises Diverged, and then leaves the last snapshot as it is.
    """
    number = _resume(method, description, folder / SNAPSHOT)
    if not group.all_equal(number):
        problem = "processes found snapshots of different steps: all need one shared folder"
        raise BadInput(problem, file=str(folder))
    log = TrainingLog(folder / LOG, number, tensorboard) if group.is_main else None
    bar = tqdm(
        initial=number, total=pace.steps, unit="step", disable=None if group.is_main else True
    )

    def save() -> None:
        state = SavedRun(dict(description), number, method.state())
        if log is not None:
            save_snapshot(folder / SNAPSHOT, state._asdict())
            save_checkpoint(method.publish(), folder / CHECKPOINT)

    saved, recent = number > 0, list[dict[str, float]]()
    while number < pace.steps and not group.any(stopping()):
        reported = (number + 1) % pace.report_every == 0
        recent.append(method.step(number, reported))
        number += 1
        bar.update()
        if reported:
            if log is not None:
                log.write(number, _means(recent))
            recent.clear()
        if saved := number % pace.save_every == 0 or number == pace.steps:
            save()
            if log is not None and (scores := evaluate(method.publish())):
                log.write(number, {f"held_out_{name}": score for name, score in scores.items()})
    if not saved:
        save()
    bar.close()
    if log is not None:
        log.close()
    return number


def _means(reports: list[dict[str, float]]) -> dict[str, float]:
    """The mean of each value over the reports that contain it."""
    names = dict.fromkeys(name for report in reports for name in report)
    found = {name: [report[name] for report in reports if name in report] for name in names}
    return {name: sum(values) / len(values) for name, values in found.items()}


def _resume(method: Method, description: Mapping[str, Any], snapshot: Path) -> int:
    """Restore the method from a snapshot; returns the steps done, 0 without a snapshot."""
    if not snapshot.is_file():
        return 0
    saved = load_run(snapshot)
    if saved.description != description:
        raise BadInput("the snapshot is of a run with other settings", file=str(snapshot))
    try:
        method.restore(saved.method)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        problem = f"the snapshot does not fit this network: {error}"
        raise BadInput(problem, file=str(snapshot)) from error
    return saved.step


def load_run(path: Path) -> SavedRun:
    """Load the run of a snapshot; raises BadInput for any other file."""
    match load_snapshot(path):
        case {"description": dict(description), "step": int(step), "method": dict(method)}:
            return SavedRun(description, step, method)
    raise BadInput("not a snapshot of a training", file=str(path))
