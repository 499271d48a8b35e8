"""Calibrate the arbiter: fit the weights of evidence on stored runs of an open split.

    .venv/bin/arcsolve bench solve arc-agi-1-training --store training.run
    .venv/bin/python benchmarks/fit/calibrate_arbiter.py training.run [MORE.run ...]
        [--splits SPLIT ...] [-o arcsolve/arbiter/calibration.txt]
        [--plot reliability.png] [--check]

Stores of one split are put together: they may hold runs of different solvers, also on a part of the
split. The script cross-validates over tasks. It prints how many outputs the held-out weights and
the shipped weights solve, and how often attempts of each probability were right. Then it fits the
weights on all tasks and writes the table. With ``--check`` it fits nothing and judges the shipped
weights on the stores. The last line is one JSON document. Splits with locked tasks are refused.
A split may be a file of instances: its run is that of ``arcsolve bench fresh``. A fresh task and
the task with the same id are in one fold.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.optimize import minimize

from arcsolve.arbiter.decide import probabilities
from arcsolve.arbiter.evidence import Evidence, collect_evidence, format_weights, load_weights
from arcsolve.arbiter.invariants import breach_counter
from arcsolve.bench.environment import environment
from arcsolve.bench.figures import check_countable
from arcsolve.bench.fresh_tasks import NUM_USED, build_fresh
from arcsolve.data.datasets import Dataset, load
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.solver import Candidate
from arcsolve.run.store import RunStore
from arcsolve.submissions.challenges import read_instances

FOLDS = 10
RIDGE = 0.1  # pull of weights toward 0; from 0.03 to 1 the log loss differs by 2%
ROUNDS = 3  # more rounds change the second decimal of the weights
BINS = 10  # bins of probability in the table of reliability
LEAST = 1e-12  # lower bound of a probability in a log loss
BEHIND = Evidence._fields.index("behind")
RULED, PROGRAM = Evidence._fields.index("ruled"), Evidence._fields.index("program")
LIKELY = 0.8  # probability from which an attempt of rules is counted


class Question(NamedTuple):
    """The proposed outputs for one test as evidence, and the right output among them."""

    task: str
    evidence: NDArray[np.float64]  # (output, kind)
    right: int  # row of the right output, -1 if no row is right


class Judgment(NamedTuple):
    """The (probability, right) of both attempts at a question, and the log loss.

    `ruled` tells whether rules give the first attempt, and no program does.
    """

    attempts: tuple[tuple[float, bool], ...]
    loss: float
    ruled: bool


def collect_questions(dataset: Dataset, stores: Sequence[RunStore]) -> Iterator[Question]:
    """Yield the questions for which a solver proposed an output in one of the stored runs."""
    for task, solutions in (dataset.solutions or {}).items():
        broken = breach_counter(dataset.tasks[task])
        outcomes = [o for store in stores for o in store.outcomes(task).values()]
        candidates = [candidate for outcome in outcomes for candidate in outcome.candidates]
        for test, solution in enumerate(solutions):
            outputs: dict[Grid, list[Candidate]] = {}
            for candidate in (c for c in candidates if c.test == test):
                outputs.setdefault(candidate.output, []).append(candidate)
            if outputs:
                evidence = np.array(
                    list(collect_evidence(outputs, partial(broken, test)).values()), np.float64
                )
                right = list(outputs).index(solution) if solution in outputs else -1
                yield Question(task, evidence, right)


def load_split(name: str) -> Dataset:
    """Load a split by its name, or the fresh tasks of a file of instances."""
    if Path(name).is_file():
        return build_fresh(read_instances(name, NUM_USED), name)
    return load(name)


def fit(questions: Sequence[Question]) -> Evidence:
    """Return the weights of the highest likelihood, drawn to 0 by `RIDGE`.

    Kinds of evidence that no question has keep the shipped weights. The order of the outputs
    depends on the weights, so the fit takes a few rounds.
    """
    weights = _fit_once(questions)
    for _ in range(ROUNDS):
        weights = _fit_once([_rank_outputs(question, weights) for question in questions])
    return weights


def _fit_once(questions: Sequence[Question]) -> Evidence:
    there = np.any([question.evidence.any(axis=0) for question in questions], axis=0)
    start = np.where(there, 0.0, load_weights())
    fitted = minimize(_loss, start, (questions, there), method="L-BFGS-B", jac=True)
    return Evidence(*map(float, fitted.x))


def _loss(
    weights: NDArray[np.float64], questions: Iterable[Question], there: NDArray[np.bool_]
) -> tuple[float, NDArray[np.float64]]:
    """Return the penalized log loss and its gradient."""
    free = np.where(there, weights, 0.0)
    loss, gradient = RIDGE / 2 * free @ free, RIDGE * free
    for _, evidence, right in questions:
        scores = np.append(evidence @ weights, 0.0)  # the last score stands for no right output
        highest = scores.max()
        odds = np.exp(scores - highest)
        loss += highest + np.log(odds.sum()) - scores[right]
        gradient = gradient + (odds / odds.sum())[:-1] @ evidence
        if right >= 0:
            gradient = gradient - evidence[right]
    return float(loss), np.where(there, gradient, 0.0)


def _rank_outputs(question: Question, weights: Evidence) -> Question:
    """Return the question with the highest score first and with the evidence `behind` set."""
    evidence = question.evidence.copy()
    evidence[:, BEHIND] = 0.0
    order = np.argsort(-(evidence @ np.array(weights)), kind="stable")
    evidence = evidence[order]
    evidence[:, BEHIND] = np.log2(1 + np.arange(len(order)))
    right = int(np.flatnonzero(order == question.right)[0]) if question.right >= 0 else -1
    return Question(question.task, evidence, right)


def judge(question: Question, weights: Evidence) -> Judgment:
    """Return the answer of the arbiter with these weights as a judgment."""
    _, evidence, right = _rank_outputs(question, weights)
    evidence[:, BEHIND] = 0.0
    likely = probabilities(list(evidence @ np.array(weights)), weights.behind)
    truth = likely[right] if right >= 0 else 1.0 - sum(likely)
    attempts = tuple((p, number == right) for number, p in enumerate(likely[:2]))
    ruled = bool(evidence[0, RULED]) and not evidence[0, PROGRAM]
    return Judgment(attempts, -math.log(max(truth, LEAST)), ruled)


def cross_validate(questions: Sequence[Question]) -> list[Judgment]:
    """Judge each question by weights that are fitted without its task and a tenth of the others."""
    tasks = {task: n for n, task in enumerate(dict.fromkeys(q.task for q in questions))}
    judged = []
    for fold in range(FOLDS):
        held_out = [q for q in questions if tasks[q.task] % FOLDS == fold]
        weights = fit([q for q in questions if tasks[q.task] % FOLDS != fold])
        judged += [judge(question, weights) for question in held_out]
    return judged


def totals(judged: Sequence[Judgment]) -> dict[str, float]:
    """Return the outputs that the first and either attempt solve, and the mean log loss in nats.

    `likely_rules` counts first attempts of rules alone with a probability of `LIKELY` or more.
    """
    likely = [each.attempts[0] for each in judged if each.ruled]
    rules = [right for probability, right in likely if probability >= LIKELY]
    return {
        "questions": len(judged),
        "solved_at_1": sum(judgment.attempts[0][1] for judgment in judged),
        "solved": sum(any(right for _, right in judgment.attempts) for judgment in judged),
        "likely_rules": len(rules),
        "likely_rules_right": sum(rules),
        "log_loss": round(float(np.mean([judgment.loss for judgment in judged])), 4),
    }


def reliability(judged: Iterable[Judgment]) -> list[dict[str, float]]:
    """Return for each bin of probability the attempts, their mean probability and right share."""
    attempts = np.array([attempt for judgment in judged for attempt in judgment.attempts])
    bins = np.minimum((attempts[:, 0] * BINS).astype(int), BINS - 1)
    return [
        {
            "from": number / BINS,
            "attempts": int((bins == number).sum()),
            "probability": round(float(attempts[bins == number, 0].mean()), 3),
            "right": round(float(attempts[bins == number, 1].mean()), 3),
        }
        for number in np.unique(bins).tolist()
    ]


def plot(rows: Sequence[dict[str, float]], file: Path) -> None:
    """Save the reliability diagram; the area of a dot is the number of attempts."""
    axes = (figure := Figure(figsize=(4.5, 4.5), layout="constrained")).subplots()
    axes.plot([0, 1], [0, 1], color="0.7")
    columns = [[row[name] for row in rows] for name in ("probability", "right", "attempts")]
    axes.scatter(columns[0], columns[1], s=columns[2])
    axes.set(xlabel="probability given to an attempt", ylabel="share of these attempts right")
    figure.savefig(file, dpi=150)


def report(judged: Sequence[Judgment], title: str) -> dict[str, Any]:
    """Print the figures and the table of reliability, and return them."""
    figures, rows = totals(judged), reliability(judged)
    print(title, *(f"{name} {value}" for name, value in figures.items()), sep="  ")
    for row in rows:
        print("  probability {probability:5.3f}  right {right:5.3f}  of {attempts}".format(**row))
    return {**figures, "reliability": rows}


def main() -> None:
    """Parse the options, judge and fit the weights, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stores", nargs="+", type=Path)
    parser.add_argument(
        "--splits",
        nargs="+",
        default=["arc-agi-1-training"],
        help="the split of each store, or one split of all",
    )
    parser.add_argument(
        "-o", "--output", type=Path, default=Path("arcsolve/arbiter/calibration.txt")
    )
    parser.add_argument("--plot", type=Path, help="the reliability diagram, a PNG file")
    parser.add_argument("--check", action="store_true", help="only judge the shipped weights")
    chosen = parser.parse_args()
    questions: list[Question] = []
    runs = list(zip(cycle(chosen.splits), chosen.stores, strict=False))
    for split in dict.fromkeys(chosen.splits):
        check_countable(dataset := load_split(split), by_task=True)
        with ExitStack() as opened:
            stores = [opened.enter_context(RunStore(run)) for of, run in runs if of == split]
            questions += collect_questions(dataset, stores)
    judged = [judge(question, load_weights()) for question in questions]
    figures = {"shipped": report(judged, "shipped weights:")}
    if not chosen.check:
        judged = cross_validate(questions)
        figures["held_out"] = report(judged, f"weights of {FOLDS} folds, on held-out tasks:")
        size = f"{len({q.task for q in questions})} tasks, {len(questions)} questions"
        names = ", ".join(Path(split).name for split in dict.fromkeys(chosen.splits))
        origin = f"fitted on {names} ({size})"
        note = f"{origin}, {date.today()}, by {Path(__file__).name}"
        chosen.output.write_text(format_weights(fit(questions), note))
    if chosen.plot:
        plot(reliability(judged), chosen.plot)
    print(json.dumps({**figures, "splits": chosen.splits, **environment()}))


if __name__ == "__main__":
    main()
