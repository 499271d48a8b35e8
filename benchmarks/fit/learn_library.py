"""Learn abstractions: from right programs for open training tasks, by description length.

    .venv/bin/arcsolve bench solve arc-agi-1-training --effort fast --store training.run
    .venv/bin/python benchmarks/fit/learn_library.py training.run
        [-o search/library/abstractions.txt]
        [--size 16] [--fold 0/2] [--priors search/costs.txt]

Programs count as in ``fit_priors.py``, those found in a view as what they are inside of it. With
``--fold 0/2`` only every second task is used, so that the others can be held out; with
``--priors`` the costs of primitives are refitted as well, to the programs as they are written
with the abstractions. Prints each abstraction with its uses, and the mean description length of
programs without and with the library, for its own and for held-out tasks; ends with one JSON line.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from fit_costs import EVERY, SPLIT, operation_seconds, right_programs

from arcsolve.bench.environment import environment
from arcsolve.data.datasets import load
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.primitive import Primitive, find, primitives
from arcsolve.dsl.program import Apply, Input
from arcsolve.run.store import RunStore
from arcsolve.search.costs import fit_costs, format_costs, search_costs
from arcsolve.search.library.abstractions import Abstraction, format_library
from arcsolve.search.library.compression import Corpus, compress, mean_length, uses_of
from arcsolve.search.library.expressions import Tree, tree_of
from arcsolve.search.views import VIEWS

INPUT = Tree(Input())
COMBINING = {"overlay", "paint_where", "erase_where", "choose", "mask_and", "mask_or"}
"""What `arcsolve.search.stages.cover` and `arcsolve.search.stages.lookup` end programs with."""


def corpus_of(store: RunStore, fold: int, folds: int, *, others: bool = False) -> Corpus:
    """The right programs by task, those of one output sharing a weight of 1.

    Of this part of the tasks, or of the `others`.
    """
    dataset, corpus = load(SPLIT), dict[str, list[tuple[Tree, float]]]()
    if dataset.locked:
        raise BadInput(f"{SPLIT} has locked tasks")
    part = list(dataset.tasks)[fold::folds]
    for task in (t for t in dataset.tasks if (t in part) != others):
        candidates = [c for o in store.outcomes(task).values() for c in o.candidates]
        for test, solution in enumerate((dataset.solutions or {})[task]):
            programs = right_programs(candidates, test, solution)
            for tree in (_unviewed(tree_of(program)) for program in programs):
                pieces = list(_pieces(tree))
                weight = 1 / len(programs) / len(pieces)
                corpus.setdefault(task, []).extend((piece, weight) for piece in pieces)
    return corpus


def _unviewed(tree: Tree) -> Tree:
    """The program that was found inside of a view, without what the view does around it."""
    for view in VIEWS:
        if view.change and isinstance(tree.head, Primitive) and tree.head.name == view.restore:
            seen, inside = Tree(find(view.change), (INPUT,)), tree.children[0]
            parts = list(inside.parts())
            if parts.count(seen) == parts.count(INPUT):
                return _replaced(inside, seen, INPUT)
    return tree


def _pieces(tree: Tree) -> Iterator[Tree]:
    """What cover stacking or a lookup has combined: no operator has to be learned for that."""
    if isinstance(tree.head, Primitive) and tree.head.name in COMBINING:
        for part in tree.children:
            yield from _pieces(part)
    else:
        yield tree


def _replaced(tree: Tree, old: Tree, new: Tree) -> Tree:
    children = tuple(_replaced(child, old, new) for child in tree.children)
    return new if tree == old else Tree(tree.head, children)


def fitted(
    library: Sequence[Abstraction], corpus: Corpus, times: Mapping[str, float]
) -> dict[str, int]:
    """Search costs of primitives and abstractions by name, from a corpus written with both.

    `times` are seconds of one operation of each primitive.
    """
    seconds = dict(times)
    typical = statistics.median(seconds.values())
    for learned in library:
        steps = [node.primitive for node in learned.body.nodes if isinstance(node, Apply)]
        seconds[learned.name] = sum(seconds.get(step.name, typical) for step in steps)
    return fit_costs([*primitives().values(), *library], uses_of(corpus), seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument(
        "-o", "--output", type=Path, default=Path("search/library/abstractions.txt")
    )
    parser.add_argument("--size", type=int, default=16, help="abstractions at most")
    parser.add_argument(
        "--definition", type=float, default=1.0, help="see arcsolve.search.library.compression"
    )
    parser.add_argument("--fold", default="0/1", help="which of how many parts of the tasks")
    parser.add_argument("--priors", type=Path, help="refit the costs of primitives, into this file")
    chosen = parser.parse_args()
    fold, folds = map(int, chosen.fold.split("/"))
    with RunStore(chosen.store) as store:
        corpus = corpus_of(store, fold, folds)
        held_out = corpus_of(store, fold, folds, others=True)
    declared = list(primitives().values())
    lengths = dict(zip(primitives(), search_costs(declared), strict=True))
    library, compressed = compress(corpus, lengths, chosen.size, chosen.definition)
    times = operation_seconds(list(load(SPLIT).tasks.values())[::EVERY])
    plain, costs = fitted([], corpus, times), fitted(library, compressed, times)
    library = [replace(learned, cost=costs[learned.name]) for learned in library]
    note = f"{SPLIT}, part {chosen.fold}, {date.today()}, by benchmarks/fit/learn_library.py"
    chosen.output.write_text(format_library(library, f"learned from {note}"))
    if chosen.priors:
        refitted = {p.name: costs[p.name] for p in declared}
        chosen.priors.write_text(format_costs(refitted, f"fitted on {note}"))
    uses = uses_of(compressed)
    for learned in library:
        print(f"{uses[learned.name]:5.1f} uses, cost {learned.cost:2}: {learned.body}")
    both = {**costs, **plain}  # primitives keep their costs
    for name, part in (("its own", corpus), ("held-out", held_out)):
        if part:
            before, after = mean_length(part, plain), mean_length(part, both, library)
            print(f"mean length of programs of {name} tasks: {before:.3f}, then {after:.3f}")
    summary = {"tasks": len(corpus), "abstractions": len(library), "fold": chosen.fold}
    print(json.dumps({**summary, **environment()}))


if __name__ == "__main__":
    main()
