"""Evidence for an output as numbers, and the weight of each kind of evidence.

Solvers report these kinds of evidence in `Candidate.evidence`:

| name       | meaning                                                          | if missing      |
|------------|------------------------------------------------------------------|-----------------|
| fit        | fraction of the demonstrations that the reason reproduces        | 0               |
| support    | fraction of the demonstrations still solved when left out        | 0               |
| length     | description length of the program, lower is better               | 0               |
| programs   | number of programs found by the solver that give this output     | 1               |
| bits       | description length of rules over parts, lower is better          | it has no rules |
| rules      | number of these rules                                            | 1               |
| canvas     | length of the program that makes the canvas of the rules         | 0               |
| lead       | bits by which the cheapest rules with another output cost more   | 0               |
| votes      | share of the views in which a network gives this output          | it is a program |
| likelihood | mean logarithm of a cell's probability over a network's views    | unlikely        |
| held_out   | share of the views in which a left-out demonstration was solved  | 0               |

Shares and fractions are from 0 to 1. `arcsolve.candidates.RANGES` has the bounds of each kind. For
every output, `arcsolve.arbiter.invariants` adds the number of invariants that the output breaks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.solver import Candidate

MOST_SURPRISE = 10.0  # about 1000 nats; outputs beyond are equally unlikely

_TABLE = "calibration.txt"


class Evidence(NamedTuple):
    """One number for each kind of evidence: its amount for an output, or its weight.

    A weight is the change of an output's log-odds to be right per unit of evidence.
    """

    program: float  # 1 if a program gives the output
    missed: float  # share of the demonstrations that the program misses
    near_miss: float  # 1 if the program misses a demonstration
    support: float
    length: float  # log2(1 + description length)
    programs: float  # log2 of the number of programs
    views: float  # log2 of the number of distinct reasons: one for each view of the task
    ruled: float  # 1 if rules over parts give the output
    bits: float  # bits of these rules
    listed: float  # 1 if there are several of these rules
    lead: float  # bits by which the cheapest rules with another output cost more
    repaired: float  # log2(1 + length of the program of the canvas that rules paint)
    seconded: float  # 1 if rules and a program give the output
    overruled: float  # 1 if a program gives the output, and rules give other outputs
    agreed: float  # 1 if a program and a network give the output: their errors differ
    opposed: float  # 1 if a program gives the output, and networks give other outputs
    network: float  # 1 if a network gives the output, and no program does
    votes: float
    unfit: float  # share of the demonstrations that the network misses
    surprise: float  # log2(1 + nats of the output for a network), 0 if a program gives it
    held_out: float  # see the table above
    broken: float  # number of invariants of the pairs that the output breaks
    behind: float  # log2(1 + number of outputs with a higher score), see `decide`


_NONE = dict.fromkeys(Evidence._fields, 0.0)


def collect_evidence(
    outputs: Mapping[Grid, Sequence[Candidate]], broken: Callable[[Grid], int]
) -> dict[Grid, Evidence]:
    """Collect the evidence for each output of one test.

    `outputs` has the candidates for each output. `broken` counts the invariants that an output
    breaks.
    """
    asked, ruled = (
        any(_select(name, same) for same in outputs.values()) for name in ("votes", "bits")
    )
    return {
        each: merge_evidence(same, broken(each), asked, ruled) for each, same in outputs.items()
    }


def merge_evidence(
    same: Sequence[Candidate], broken: int = 0, asked: bool = False, ruled: bool = False
) -> Evidence:
    """Merge the evidence of all candidates for one output.

    The best program gives fit, support and length. It has the highest fit, then the highest
    support, then the smallest length. The cheapest rules give bits and lead. `broken` is the number
    of invariants that the output breaks. `asked` is True if a network gave any output for the test,
    and `ruled` is True if rules gave any.
    """
    networks, rules = _select("votes", same), _select("bits", same)
    programs = [each for each in same if not {"votes", "bits"} & each.evidence.keys()]
    merged = _merge_programs(programs) if programs else {}
    if rules:
        merged |= _merge_rules(rules)
    if networks:
        merged |= _merge_networks(networks, same[0].output.cells.size)
    if programs or rules:
        merged |= {"network": 0.0, "surprise": 0.0}  # they say little about a program's output
        merged |= {"agreed": float(bool(networks)), "opposed": float(asked and not networks)}
    if programs:
        merged |= {"seconded": float(bool(rules)), "overruled": float(ruled and not rules)}
    return Evidence(**{**_NONE, **merged, "broken": float(broken)})


def _select(name: str, same: Iterable[Candidate]) -> list[Mapping[str, float]]:
    """Return the evidence of each candidate that has this kind of evidence."""
    return [each.evidence for each in same if name in each.evidence]


def _rank_rules(each: Mapping[str, float]) -> tuple[float, ...]:
    """Return a key that is least for the cheapest rules; all that is merged breaks ties."""
    rules, canvas = each.get("rules", 1.0), each.get("canvas", 0.0)
    return each["bits"], rules, -each.get("lead", 0.0), canvas


def _merge_rules(rules: Sequence[Mapping[str, float]]) -> dict[str, float]:
    best = min(rules, key=_rank_rules)
    return {
        "ruled": 1.0,
        "bits": best["bits"],
        "listed": float(best.get("rules", 1.0) > 1),
        "lead": best.get("lead", 0.0),
        "repaired": math.log2(1.0 + best.get("canvas", 0.0)),
    }


def _merge_programs(programs: Sequence[Candidate]) -> dict[str, float]:
    best = min(programs, key=_rank).evidence
    counts: dict[str, float] = {}  # each report of a solver counts its programs anew
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


def _merge_networks(networks: Sequence[Mapping[str, float]], cells: int) -> dict[str, float]:
    """Take the best evidence of each kind from all networks for an output of so many cells."""
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
    """Return the log-odds that an output is right, against the case that no output is right."""
    return math.fsum(amount * weight for amount, weight in zip(evidence, weights, strict=True))


@cache
def load_weights() -> Evidence:
    """Load the weights that the package ships; a comment in their table names their origin."""
    return parse_weights(files(__package__).joinpath(_TABLE).read_text())


def parse_weights(text: str) -> Evidence:
    """Parse a table that `format_weights` formatted."""
    rows = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return Evidence(**{name: float(weight) for name, weight in rows})


def format_weights(weights: Evidence, note: str) -> str:
    """Format weights as a table with a one-line comment, for example about their origin."""
    rows = [f"{name} {weight:.3f}" for name, weight in weights._asdict().items()]
    return "\n".join([f"# {note}", *rows]) + "\n"
