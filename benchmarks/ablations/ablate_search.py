"""Measure each part of the search: solve an open split with one part left out at a time.

The parts are the two halves of the search, the lengths of lists of rules, repair, and of the
programs the stages, the views, the parts of grids, and the similarities of the beam.

    .venv/bin/python benchmarks/ablations/ablate_search.py [SPLIT] [--every N] [--offset N]
        [--operations N]

The script prints a table: for each variant the outputs solved, the outputs lost and gained against
the whole search, and the core-seconds. Each variant has a run store in the folder, so that an
interrupted run resumes; take a new folder when the code has changed. The last line is one JSON
document.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from arcsolve.bench.environment import environment
from arcsolve.bench.figures import check_countable, find_solved, run_solver, sample
from arcsolve.cli.progress import progress_bar
from arcsolve.data.datasets import Dataset, load
from arcsolve.dsl.solver import Solver
from arcsolve.lineups import EFFORTS, scale_budget
from arcsolve.run.store import RunStore
from arcsolve.run.summary import summarize
from arcsolve.search.rules.induction import Induction
from arcsolve.search.rules.rule_solver import RuleSolver
from arcsolve.search.solver import SearchSolver
from arcsolve.search.stages.backward import Backward
from arcsolve.search.stages.beam import Beam
from arcsolve.search.stages.similarity import SIMILARITIES
from arcsolve.search.stages.stage import Stage

ALL = SearchSolver()
PROGRAMS = ALL.programs
WHOLE = "all parts"


def leave_out(stage: Stage, stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """Return the stages without this one, also within stages that run other stages."""
    kept = tuple(each for each in stages if each != stage)
    return tuple(
        replace(each, through=leave_out(stage, each.through))
        if isinstance(each, Backward)
        else each
        for each in kept
    )


def _with_programs(**changes: Any) -> SearchSolver:
    return replace(ALL, programs=replace(PROGRAMS, **changes))


def _without_view(name: str) -> SearchSolver:
    return _with_programs(views=tuple(view for view in PROGRAMS.views if view != name))


def _beam_without(name: str) -> Beam:
    return Beam(similarities=tuple(each for each in SIMILARITIES if each != name))


def _with_beam(beam: Beam) -> SearchSolver:
    stages = tuple(beam if isinstance(each, Beam) else each for each in PROGRAMS.stages)
    return _with_programs(stages=stages)


def _with_lists(longest: int) -> SearchSolver:
    return replace(ALL, rules=RuleSolver(Induction(longest=longest)))


VARIANTS: Mapping[str, Solver] = {
    WHOLE: ALL,
    "no rules": PROGRAMS,
    "no programs": ALL.rules,
    "no repair": replace(ALL, canvases=0),
    "single rules alone": _with_lists(1),
    "no longer lists": _with_lists(2),
    **{
        f"no {type(stage).__name__.lower()}": _with_programs(
            stages=leave_out(stage, PROGRAMS.stages)
        )
        for stage in PROGRAMS.stages
    },
    **{f"no view {name}": _without_view(name) for name in PROGRAMS.views if name != "plain"},
    "no views": _with_programs(views=("plain",)),
    **{f"beam not by {name}": _with_beam(_beam_without(name)) for name in SIMILARITIES},
    "beam by cells alone": _with_beam(Beam(similarities=("cells",))),
    "no lifting": _with_programs(lifting=0.0),
    "lifting in the plain view alone": _with_programs(lifted_views=("plain",)),
    "no near misses": _with_programs(near_misses=False),
}
"""Solvers by the name of the variant."""


def run_variant(variant: str, dataset: Dataset, operations: int, folder: Path, jobs: int) -> Path:
    """Run a variant on the tasks that its run store lacks; return the path of the store."""
    store = folder / f"{re.sub(r'[^a-z0-9]+', '-', variant.lower())}.run"
    with progress_bar() as progress:
        budget = scale_budget(operations)
        run_solver(VARIANTS[variant], dataset, budget, store, jobs=jobs, progress=progress)
    return store


def compare_variant(variant: str, dataset: Dataset, store: Path, whole: Path) -> dict[str, Any]:
    """Return the figures of one variant, compared output by output with the whole search."""
    with RunStore(store) as run, RunStore(whole) as reference:
        solved, expected = find_solved(dataset, run), find_solved(dataset, reference)
        seconds = summarize(run, dataset.tasks).core_seconds
    return {
        "variant": variant,
        "solved": len(solved),
        "lost": len(expected - solved),
        "gained": len(solved - expected),
        "core_seconds": seconds,
    }


def main() -> None:
    """Parse the options, run the variants, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("split", nargs="?", default="arc-agi-1-training")
    parser.add_argument("--every", type=int, default=1, help="take every n-th task")
    parser.add_argument("--offset", type=int, default=0, help="skip this many tasks first")
    fast = EFFORTS["fast"].operations
    parser.add_argument("--operations", type=int, default=fast, help="operations for a task")
    parser.add_argument(
        "--folder", type=Path, default=Path("runs/ablation"), help="the folder of run stores"
    )
    parser.add_argument("--only", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args()
    dataset = sample(load(chosen.split), every=chosen.every, offset=chosen.offset)
    check_countable(dataset, by_task=True)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    terms = dataset, chosen.operations, chosen.folder, chosen.jobs
    whole, rows = run_variant(WHOLE, *terms), []
    print("| variant | solved | lost | gained | core-seconds |\n|---|---|---|---|---|")
    for variant in chosen.only:
        rows.append(compare_variant(variant, dataset, run_variant(variant, *terms), whole))
        print("| {variant} | {solved} | {lost} | {gained} | {core_seconds} |".format(**rows[-1]))
    settings = {name: getattr(chosen, name) for name in ("split", "every", "offset", "operations")}
    outputs = {"outputs": dataset.num_outputs}
    print(json.dumps({"variants": rows, **outputs, **settings, **environment()}))


if __name__ == "__main__":
    main()
