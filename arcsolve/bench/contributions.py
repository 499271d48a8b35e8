"""Counts the solved outputs whose programs use each family of primitives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from arcsolve.arbiter.decide import Decision, decide
from arcsolve.data.datasets import Dataset
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Apply, Program
from arcsolve.dsl.solver import Candidate
from arcsolve.run.store import RunStore

SOLVERS = ("search", "programs")  # whose reasons are programs


class Contribution(NamedTuple):
    """A family of primitives, and the numbers of solved outputs that use it.

    `chosen` outputs have the family in their chosen program. `every` outputs have it in every right
    program: they need the family, unless the search would find another program without it.
    """

    family: str
    chosen: int
    every: int


def count_contributions(solved: Iterable[Sequence[str]]) -> list[Contribution]:
    """Count solved outputs by family, the most needed family first.

    `solved` has the right programs of each solved output, the chosen program first. A family in no
    chosen program is left out. Raises BadProgram for a text that is no program.
    """
    chosen, every = Counter[str](), Counter[str]()
    for programs in solved:
        families = [find_families(program) for program in programs]
        chosen.update(families[0])
        every.update(families[0].intersection(*families))
    rows = [Contribution(family, chosen[family], every[family]) for family in chosen]
    return sorted(rows, key=lambda row: (-row.every, -row.chosen, row.family))


def find_families(program: str) -> frozenset[str]:
    """Find the families of the primitives in a program. Raises BadProgram for a bad text."""
    nodes = Program.parse(program).walk()
    return frozenset(node.primitive.family for node in nodes if isinstance(node, Apply))


def right_programs(
    decision: Decision, candidates: Iterable[Candidate], solution: Grid
) -> tuple[str, ...]:
    """Return the distinct programs that give the solution of a test, the chosen program first."""
    chosen = [a.candidate for a in decision.attempts if a.candidate and a.output == solution]
    right = [c for c in candidates if (c.test, c.output) == (decision.test, solution)]
    return tuple(dict.fromkeys(candidate.reason for candidate in (*chosen, *right)))


def check_split(dataset: Dataset, store: RunStore) -> None:
    """Raise BadInput if the stored run, which may be of a sample, has tests that the set lacks."""
    for name in store.tasks():
        tests = len(dataset.tasks[name].tests) if name in dataset.tasks else 0
        found = [c.test for outcome in store.outcomes(name).values() for c in outcome.candidates]
        if max(found, default=0) >= tests:
            raise BadInput(f"the run store is of other tasks than those of {dataset.name}")


def stored_programs(dataset: Dataset, store: RunStore) -> Iterator[tuple[str, ...]]:
    """Yield the right programs of each output that the search of a stored run solves alone."""
    for name, task in dataset.tasks.items():
        outcomes = store.outcomes(name)
        found = (outcomes[solver].candidates for solver in SOLVERS if solver in outcomes)
        candidates = list(chain.from_iterable(found))
        solutions = (dataset.solutions or {}).get(name, ())
        for decision, solution in zip(decide(task, candidates), solutions, strict=False):
            programs = right_programs(decision, candidates, solution)
            if programs and solution in (attempt.output for attempt in decision.attempts):
                yield programs
