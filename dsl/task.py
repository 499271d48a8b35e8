"""Task: demonstrations of a rule, and the test inputs that the rule must be applied to."""

from __future__ import annotations

from dataclasses import dataclass

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.html import task_html


@dataclass(frozen=True, slots=True)
class Pair:
    """One demonstration: an input grid and the output that the rule gives for it."""

    input: Grid
    output: Grid


@dataclass(frozen=True, slots=True)
class Task:
    """At least one demonstration and at least one test input.

    A Task holds no test outputs, so that no solver can leak what it must not see.
    """

    name: str
    pairs: tuple[Pair, ...]
    tests: tuple[Grid, ...]

    def __post_init__(self) -> None:
        for field in ("pairs", "tests"):
            if not getattr(self, field):
                raise BadInput(f"expected at least one of {field}, found none", task=self.name)

    def _repr_html_(self) -> str:
        pairs = [
            (f"pair {i + 1}", (p.input.cells, p.output.cells)) for i, p in enumerate(self.pairs)
        ]
        tests = [(f"test {i + 1}", (grid.cells,)) for i, grid in enumerate(self.tests)]
        return task_html(self.name, [*pairs, *tests])
