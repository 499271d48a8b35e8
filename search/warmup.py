"""Warm-up: compile everything that the engine runs, once a machine and in parallel."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from operator import attrgetter

import numpy as np
from joblib import Parallel, delayed
from tqdm import tqdm

from arcsolve.dsl.jit import is_cached
from arcsolve.dsl.primitive import Primitive, find
from arcsolve.dsl.solver import Budget
from arcsolve.search import decompositions
from arcsolve.search.engine.operators import build_table, operators
from arcsolve.search.problem import Problem
from arcsolve.search.stages import backward
from arcsolve.search.stages.backward import Backward
from arcsolve.search.stages.beam import Beam
from arcsolve.search.stages.closure import Closure
from arcsolve.search.stages.cover import Cover
from arcsolve.search.stages.lookup import Complete, covering_rows, disjoint_pairs
from arcsolve.search.synthesis import synthesize
from arcsolve.search.views import VIEWS

_FEW = 8  # kernels; starting processes takes longer than compiling fewer


@cache
def warm_up() -> None:
    """Load all kernels and the engine into this process, and compile those that are not cached.

    The first call on a machine compiles for minutes on all cores and shows a progress bar.
    """
    missing = [p for p in operators() if not is_cached(p.function)]
    if len(missing) > _FEW:
        _compile(missing)
    build_table(operators())
    for view in VIEWS:
        view.warm_up()
    decompositions.warm_up()
    backward.warm_up()
    _run_once()


def _compile(missing: Iterable[Primitive]) -> None:
    """Fill the disk cache, one family of primitives at a time: its kernels share helpers."""
    ordered = sorted(missing, key=attrgetter("family"))
    families = [[p.name for p in group] for _, group in groupby(ordered, attrgetter("family"))]
    families.sort(key=len, reverse=True)
    total = sum(map(len, families))
    run = Parallel(n_jobs=-1, return_as="generator_unordered")
    pause = 0.1 if sys.stderr.isatty() else 30.0  # seconds between updates: a log gets few lines
    with tqdm(total=total, desc="compiling, once", unit="kernel", mininterval=pause) as bar:
        for count in run(delayed(_compile_family)(names) for names in families):
            bar.update(count)


def _compile_family(names: list[str]) -> int:
    for name in names:
        find(name).kernel  # noqa: B018 - compiles and caches it
    return len(names)


def _run_once() -> None:
    """Run a tiny problem through the whole engine, so that every compiled function is loaded."""
    grid = np.array([[0, 1, 2], [3, 4, 5]], np.uint8)
    problem = Problem((grid, grid, grid), (grid[::-1].copy(), grid[::-1].copy()))
    stages = (Closure(0.5), Beam(2), Complete(), Cover(), Backward())
    synthesize(problem, Budget(operations=300, states=2000), stages)
    bits = np.zeros((2, 1), np.uint64)  # the tiny problem may not call these functions
    disjoint_pairs(bits, 1)
    covering_rows(bits, bits[0], bits[0], 1)
