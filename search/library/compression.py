"""Library learning: the sub-expressions whose naming makes a corpus of programs shortest.

A candidate is an expression of a few primitives with holes, found in the corpus; it is scored by
the description length that it saves when each of its occurrences becomes one call, less the
length of its own definition. The best is taken, the corpus rewritten with it, and so on
(greedily, as in Stitch, arXiv 2211.16605; the wake-sleep cycle is that of DreamCoder, arXiv
2006.08381). The corpora here are so small that all candidates are counted, none is bounded away.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from arcsolve.dsl.primitive import Primitive
from arcsolve.search.costs import BITS_A_UNIT, CHEAPEST
from arcsolve.search.engine.terminals import CONSTANT_COST
from arcsolve.search.library.abstractions import Abstraction, abstraction
from arcsolve.search.library.expressions import Tree, bindings, body_of, patterns, tree_of

__all__ = ["Corpus", "compress", "mean_length", "uses_of"]

MIN_TASKS = 2  # with an occurrence: what one task needs is no abstraction

Corpus = Mapping[str, Sequence[tuple[Tree, float]]]
"""For each task, its programs with their weights."""


def compress(
    corpus: Corpus, costs: Mapping[str, float], most: int, definition: float = 1.0
) -> tuple[list[Abstraction], Corpus]:
    """At most so many abstractions, in the order they were chosen, and the corpus rewritten.

    `costs` are description lengths of primitives by name. `definition` is the share of the length
    of its own definition that an abstraction has to save: below 1 it is trusted to be of use
    beyond the corpus. The cost of an abstraction is the sum of those that its primitives declare:
    `arcsolve.search.costs.fit_costs` makes that a search cost.
    """
    known, library = dict(costs), list[Abstraction]()
    while len(library) < most and (best := _best_pattern(corpus, known, definition)) is not None:
        pattern, known_as = best[0], _name(best[0], known)
        found = _abstraction(known_as, pattern)
        known[known_as] = best[1]
        library.append(found)
        corpus = {
            task: [(_rewritten(tree, pattern, found), weight) for tree, weight in programs]
            for task, programs in corpus.items()
        }
    return library, corpus


def mean_length(
    corpus: Corpus, costs: Mapping[str, float], library: Sequence[Abstraction] = ()
) -> float:
    """The mean description length of programs, by weight, with abstractions where they shorten."""
    total = weights = 0.0
    for tree, weight in (entry for programs in corpus.values() for entry in programs):
        for learned in library:
            shorter = _rewritten(tree, tree_of(learned.body), learned)
            tree = min(tree, shorter, key=lambda written: _length(written, costs))
        total += weight * _length(tree, costs)
        weights += weight
    return total / weights


def uses_of(corpus: Corpus) -> Counter[str]:
    """How often operators (by name) and leaves (by type) stand in the programs, by weight."""
    uses = Counter[str]()
    for tree, weight in (entry for programs in corpus.values() for entry in programs):
        for part in tree.parts():
            uses[_label(part)] += weight  # type: ignore[assignment]
    return uses


def _label(tree: Tree) -> str:
    return tree.head.name if isinstance(tree.head, Primitive) else str(tree.type)


@dataclass(slots=True)
class _Occurrences:
    """Of a pattern: how often, what they cost spelled out (both by weight), in which tasks."""

    uses: float = 0.0
    spelled: float = 0.0
    tasks: set[str] = field(default_factory=set)


def _best_pattern(
    corpus: Corpus, costs: Mapping[str, float], definition: float
) -> tuple[Tree, float] | None:
    """The pattern that saves most, with the cost of a call; None if nothing saves anything."""
    draws, best, most_saved = _draws(corpus), None, 0.0
    for pattern, found in _occurrences(corpus, costs).items():
        bits = math.log2(draws[pattern.type] / found.uses)
        call = max(CHEAPEST, bits / BITS_A_UNIT)
        saved = found.spelled - found.uses * call - definition * _length(pattern, costs)
        if saved > most_saved and len(found.tasks) >= MIN_TASKS:
            best, most_saved = (pattern, call), saved
    return best


def _draws(corpus: Corpus) -> Counter[str]:
    """How often an expression of each type stands in the programs, by weight."""
    draws = Counter[str]()
    for tree, weight in (entry for programs in corpus.values() for entry in programs):
        for part in tree.parts():
            draws[part.type] += weight  # type: ignore[assignment]
    return draws


def _occurrences(corpus: Corpus, costs: Mapping[str, float]) -> dict[Tree, _Occurrences]:
    found: dict[Tree, _Occurrences] = defaultdict(_Occurrences)
    for task, programs in corpus.items():
        for part, weight in ((part, w) for tree, w in programs for part in tree.parts()):
            length = _length(part, costs)
            for pattern, arguments in patterns(part):
                here = found[pattern]
                here.uses += weight
                here.spelled += weight * (length - sum(_length(a, costs) for a in arguments))
                here.tasks.add(task)
    return found


def _length(tree: Tree, costs: Mapping[str, float]) -> float:
    """Description length in units of search costs; what is shared counts each time."""
    if isinstance(tree.head, Primitive):
        return costs[tree.head.name] + sum(_length(child, costs) for child in tree.children)
    return CONSTANT_COST if tree.is_constant else 0.0


def _name(pattern: Tree, taken: Mapping[str, float]) -> str:
    """The names of its operators, outermost first; numbered where that is taken."""
    heads = [part.head.name for part in pattern.parts() if isinstance(part.head, Primitive)]
    name = "_of_".join(heads)
    number = sum(other.split(".")[0] == name for other in taken)
    return f"{name}.{number + 1}" if number else name


def _abstraction(name: str, pattern: Tree) -> Abstraction:
    body, parameters = body_of(pattern)
    return abstraction(name, body.length, parameters, body)


def _rewritten(tree: Tree, pattern: Tree, named: Abstraction) -> Tree:
    """The tree with every occurrence of the pattern as a call, outermost ones first."""
    bound = bindings(pattern, tree)
    children = tree.children if bound is None else tuple(bound[i] for i in sorted(bound))
    head = tree.head if bound is None else named
    return Tree(head, tuple(_rewritten(child, pattern, named) for child in children))
