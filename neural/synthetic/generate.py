"""Generates synthetic tasks: random programs applied to random scenes, filtered for quality."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import primitives
from arcsolve.dsl.program import Program
from arcsolve.dsl.task import Pair, Task
from arcsolve.neural.synthetic.minimize import drop_steps, simplest_programs
from arcsolve.neural.synthetic.programs import build_grammar
from arcsolve.neural.synthetic.scenes import draw_scenes

SIZE_ODDS = (0.15, 0.35, 0.3, 0.2)  # of programs with 1, 2, 3 and 4 primitives
PAIRS = (2, 3, 3, 3, 4)  # number of pairs, each entry equally likely; one test follows
LARGEST_SIDE = 24  # cells of the longest side of an output
FEWEST_CELLS = 4  # of an output
FEWEST_CHANGES = 2  # cells in which an output differs from an input of equal size
PROBES = 24  # scenes on which programs are compared with earlier programs


@dataclass(frozen=True, slots=True)
class SyntheticTask:
    """A task with one test, its solution, the program that made it, and its family of scenes."""

    task: Task
    solution: Grid
    program: Program
    family: str


class TaskGenerator:
    """An endless stream of tasks; equal arguments give equal streams.

    A primitive is half as likely for every two units of its cost. `costs` by name replace the costs
    that primitives declare. `outcomes` counts the programs drawn so far by their fate: "kept", or
    the flaw of the task.
    """

    def __init__(self, seed: int, costs: Mapping[str, float] = MappingProxyType({})) -> None:
        self.outcomes: Counter[str] = Counter()
        self._seed, self._draws = seed, np.random.default_rng(seed)
        known = list(primitives().values())
        self._grammar = build_grammar(known, costs)
        self._simplest = simplest_programs(known)
        self._probes = [Grid(draw_scenes(self._draws).paint(self._draws)) for _ in range(PROBES)]
        self._behaviors: set[object] = set()

    def __iter__(self) -> Iterator[SyntheticTask]:
        while True:
            scenes = draw_scenes(self._draws)
            size = 1 + int(self._draws.choice(len(SIZE_ODDS), p=SIZE_ODDS))
            program = self._grammar.draw(self._draws, size, scenes.palette)
            count = int(self._draws.choice(PAIRS)) + 1
            inputs = [Grid(scenes.paint(self._draws)) for _ in range(count)]
            outputs = [_output(program, grid) for grid in inputs]
            outcome = self._find_flaw(program, inputs, outputs) or "kept"
            self.outcomes[outcome] += 1
            if outcome == "kept":
                yield self._task(program, inputs, outputs, scenes.family)

    def _find_flaw(
        self, program: Program, inputs: Sequence[Grid], outputs: Sequence[Grid | None]
    ) -> str:
        """The flaw that keeps this from being a good task; empty if there is none."""
        if flaw := _find_grid_flaw(inputs, outputs):
            return flaw
        if self._is_shortenable(program, inputs, outputs):
            return "a shorter program does the same"
        behavior = tuple(_output(program, probe) for probe in self._probes)
        known = behavior if any(behavior) else str(program)
        if known in self._behaviors:
            return "does what an earlier program does"
        self._behaviors.add(known)
        return ""

    def _is_shortenable(
        self, program: Program, inputs: Sequence[Grid], outputs: Sequence[Grid | None]
    ) -> bool:
        shorter = [p for p in self._simplest if p.length < program.length]
        return any(
            all(_output(other, i) == o for i, o in zip(inputs, outputs, strict=True))
            for other in [*drop_steps(program), *shorter]
        )

    def _task(
        self,
        program: Program,
        inputs: Sequence[Grid],
        outputs: Sequence[Grid | None],
        family: str,
    ) -> SyntheticTask:
        grids = [output for output in outputs if output is not None]
        pairs = tuple(Pair(*both) for both in zip(inputs[:-1], grids[:-1], strict=True))
        name = f"synthetic-{self._seed}-{self.outcomes['kept']:06}"
        return SyntheticTask(Task(name, pairs, (inputs[-1],)), grids[-1], program, family)


def _output(program: Program, grid: Grid) -> Grid | None:
    try:
        return program.run(grid)
    except Undefined:
        return None


def _find_grid_flaw(inputs: Sequence[Grid], outputs: Sequence[Grid | None]) -> str:
    """The flaw of the grids alone, whatever program made them."""
    for before, after in zip(inputs, outputs, strict=True):
        if after is None:
            return "undefined"
        if max(after.shape) > LARGEST_SIDE or after.cells.size < FEWEST_CELLS:
            return "too large or too small"
        if after.cells.min() == after.cells.max():
            return "an output of one color"
        if before.shape == after.shape and (before.cells != after.cells).sum() < FEWEST_CHANGES:
            return "the input again"
    return "" if len(set(outputs)) == len(outputs) else "the same output twice"
