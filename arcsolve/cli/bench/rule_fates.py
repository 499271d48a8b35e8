"""Counts the outputs of an open split by the fate of their rules, and the words of right rules."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from arcsolve.cli.options import as_json, effort_option, sample_options, worker_options
from arcsolve.cli.output import print_json, print_table
from arcsolve.cli.progress import progress_bar

if TYPE_CHECKING:
    from arcsolve.bench.rule_classes import Fate


@click.command("rules")
@click.argument("split", default="arc-agi-1-training")
@effort_option
@worker_options
@sample_options
@click.option("--tasks", is_flag=True, help="List each output.")
@as_json
def command(
    split: str,
    effort: str,
    jobs: int | None,
    backend: str,
    tasks: bool,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Count the outputs of SPLIT by the fate of their rules.

    SPLIT must be open. A second table counts right and wrong first explanations by their bits and
    number of rules. A third table counts the tasks whose first explanation uses each word. The last
    line of the output is one JSON document.

    \b
    Example: arcsolve bench rules arc-agi-1-training --every 8
    """
    from arcsolve.bench.environment import environment
    from arcsolve.bench.figures import sample
    from arcsolve.bench.rule_classes import RuleClass, classify_dataset, count_words
    from arcsolve.data.datasets import load
    from arcsolve.lineups import find_budget
    from arcsolve.search.rules.rule_solver import RuleSolver

    dataset = sample(load(split), **chosen)
    workers: dict[str, Any] = {"jobs": jobs, "backend": backend}
    with progress_bar() as bar:
        fates = classify_dataset(
            dataset, RuleSolver(), find_budget(effort), **workers, progress=bar
        )
    counts = Counter(each.fate for each in fates)
    words = count_words(fates)
    if not as_json:
        _show(fates, counts, words, tasks)
    detail = {"by_output": [_document(each) for each in fates]} if tasks and as_json else {}
    print_json(
        {
            "outputs": len(fates),
            "first_right": sum(each.first_right for each in fates),
            "classes": {each.name.lower(): counts[each] for each in RuleClass},
            "words": {word: {"right": r, "wrong": w} for word, (r, w) in sorted(words.items())},
            **{"split": split, "effort": effort, **chosen, **workers},
            **environment(),
            **detail,
        }
    )


def _show(
    fates: list[Fate], counts: Counter[Any], words: dict[str, tuple[int, int]], tasks: bool
) -> None:
    from arcsolve.bench.rule_classes import MEANINGS

    print_table(("fate", "outputs"), [(MEANINGS[each], counts[each]) for each in MEANINGS])
    costs: Counter[tuple[str, int, bool]] = Counter()
    for each in fates:
        if each.rules:
            costs[f"{int(each.bits)} to {int(each.bits) + 1}", each.rules, each.first_right] += 1
    keys = sorted({key[:2] for key in costs}, key=lambda key: (key[1], int(key[0].split()[0])))
    rows = [
        (bits, rules, costs[bits, rules, True], costs[bits, rules, False]) for bits, rules in keys
    ]
    print_table(("bits", "rules", "right", "wrong"), rows)
    ordered = sorted(words.items(), key=lambda each: (-each[1][0], each[0]))
    print_table(("word", "right tasks", "wrong tasks"), [(w, *n) for w, n in ordered])
    if tasks:
        lines = [(e.task, e.test, MEANINGS[e.fate], e.bits, e.rules) for e in fates]
        print_table(("task", "test", "fate", "bits", "rules"), lines)


def _document(fate: Fate) -> dict[str, Any]:
    named = {"fate": fate.fate.name.lower(), "words": sorted(fate.words)}
    return {**fate._asdict(), **named}
