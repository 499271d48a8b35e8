"""Evidence: what speaks for an output, in numbers, and what each kind of it weighs.

What solvers report of a candidate, by its name in `Candidate.evidence`:

| name       | meaning                                                          | if missing      |
|------------|------------------------------------------------------------------|-----------------|
| fit        | fraction of the demonstrations that the reason reproduces        | 0               |
| support    | fraction of them still found when left out (leave-one-out)       | 0               |
| length     | description length of the program, lower is better               | 0               |
| programs   | number of programs that the solver found to give this output     | 1               |
| votes      | share of the views in which a network gives this output          | it is a program |
| likelihood | mean logarithm of a cell's probability, over a network's views   | unlikely        |
| held_out   | share of the views in which a demonstration left out was guessed | 0               |

Shares and fractions are from 0 to 1; `RANGES` has the bounds of all. How many regularities of the
pairs an output breaks is told by `arcsolve.arbiter.invariants`, whoever proposed it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.solver import Candidate

MOST_SURPRISE = 10.0  # about 1000 nats; more is no less likely to be right

_TABLE = "calibration.txt"


class Evidence(NamedTuple):
    """One number for each kind of evidence: how much of it there is for an output, or as weights
    what a unit of it adds to the log-odds that the output is right.
    """

    program: float  # 1 if a program gives the output
    missed: float  # share of the demonstrations that the program misses
    near_miss: float  # 1 if it misses any
    support: float
    length: float  # log2(1 + description length)
    programs: float  # log2 of the number of programs
    views: float  # log2 of the number of different reasons: one for each view of the task
    agreed: float  # 1 if a program and a network give the output: they err in different ways
    opposed: float  # 1 if a program gives it, and networks only others
    network: float  # 1 if a network gives it, and no program
    votes: float
    unfit: float  # share of the demonstrations that the network misses
    surprise: float  # log2(1 + nats that the output costs a network if only that gives it)
    held_out: float  # of the network
    broken: float  # number of regularities of the pairs that the output breaks
    behind: float  # log2(1 + number of outputs for the test with a higher score), see `arbiter`


_NONE = dict.fromkeys(Evidence._fields, 0.0)


def collect_evidence(
    outputs: Mapping[Grid, Sequence[Candidate]], broken: Callable[[Grid], int]
) -> dict[Grid, Evidence]:
    """The evidence for each output of one test, from the candidates for it.

    `broken` tells how many regularities an output breaks.
    """
    asked = any(_networks(same) for same in outputs.values())
    return {each: merge_evidence(same, broken(each), asked) for each, same in outputs.items()}


def merge_evidence(same: Sequence[Candidate], broken: int = 0, asked: bool = False) -> Evidence:
    """The evidence in all candidates for one output, which breaks so many regularities.

    Of its programs the best tells fit, support and length: that which fits best, then is best
    supported, then is the shortest. `asked` is whether networks gave any output for the test.
    """
    networks = _networks(same)
    programs = [each for each in same if "votes" not in each.evidence]
    told = _of_programs(programs) if programs else {}
    if networks:
        told |= _of_networks(networks, same[0].output.cells.size)
    if programs:
        told |= {"network": 0.0, "surprise": 0.0}  # it matters little how a network liked it
        told |= {"agreed": float(bool(networks)), "opposed": float(asked and not networks)}
    return Evidence(**{**_NONE, **told, "broken": float(broken)})


def _networks(same: Iterable[Candidate]) -> list[Mapping[str, float]]:
    """The evidence of those candidates that are from networks."""
    return [each.evidence for each in same if "votes" in each.evidence]


def _of_programs(programs: Sequence[Candidate]) -> dict[str, float]:
    best = min(programs, key=_rank).evidence
    counts: dict[str, float] = {}  # a solver that reports an output again has counted anew
    for candidate in programs:
        count = candidate.evidence.get("programs", 1.0)
        counts[candidate.solver] = max(count, counts.get(candidate.solver, 1.0))
    missed = 1.0 - best.get("fit", 0.0)
    return {
        "program": 1.0,
        "missed": missed,
        "near_miss": float(missed > 0.0),
        "support": best.get("support", 0.0),
        "length": math.log2(1.0 + best.get("length", 0.0)),
        "programs": math.log2(math.fsum(counts.values())),
        "views": math.log2(len({candidate.reason for candidate in programs})),
    }


def _of_networks(networks: Sequence[Mapping[str, float]], cells: int) -> dict[str, float]:
    """What the evidence of networks for an output of so many cells says, the best of each kind."""
    likely = (each["likelihood"] for each in networks if "likelihood" in each)
    nats = -cells * max(likely, default=-math.inf)
    return {
        "network": 1.0,
        "votes": max(each["votes"] for each in networks),
        "unfit": 1.0 - max(each.get("fit", 0.0) for each in networks),
        "surprise": min(math.log2(1.0 + nats), MOST_SURPRISE),
        "held_out": max(each.get("held_out", 0.0) for each in networks),
    }


def _rank(program: Candidate) -> tuple[float, ...]:
    evidence = program.evidence
    return -evidence.get("fit", 0.0), -evidence.get("support", 0.0), evidence.get("length", 0.0)


def score(evidence: Evidence, weights: Evidence) -> float:
    """The log-odds that an output is right against that no output is, other outputs apart."""
    return math.fsum(amount * weight for amount, weight in zip(evidence, weights, strict=True))


@cache
def load_weights() -> Evidence:
    """The weights that are shipped; the table says where they are from."""
    return parse_weights(files(__package__).joinpath(_TABLE).read_text())


def parse_weights(text: str) -> Evidence:
    """The weights in a table of `format_weights`."""
    rows = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return Evidence(**{name: float(weight) for name, weight in rows})


def format_weights(weights: Evidence, note: str) -> str:
    """The text of a table, with a comment of one line that says where it is from."""
    rows = [f"{name} {weight:.3f}" for name, weight in weights._asdict().items()]
    return "\n".join([f"# {note}", *rows]) + "\n"
