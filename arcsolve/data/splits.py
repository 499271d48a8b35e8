"""Finds locked tasks, which nobody may look at singly: reports only count over all of them.

The locked tasks are those of the embedded evaluation sets. No file of the project has their ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from arcsolve.data.embedded import EMBEDDED, read_embedded
from arcsolve.dsl.task import Pair, Task


def find_locked(tasks: Mapping[str, Task]) -> frozenset[str]:
    """Return the ids of tasks that repeat a task of an embedded evaluation set.

    A task repeats another task if it has the same id or an equal demonstration.
    """
    locked_ids, locked_pairs = _read_locked()
    return frozenset(
        task_id
        for task_id, task in tasks.items()
        if task_id in locked_ids or not locked_pairs.isdisjoint(task.pairs)
    )


@cache
def _read_locked() -> tuple[frozenset[str], frozenset[Pair]]:
    ids: set[str] = set()
    pairs: set[Pair] = set()
    for name, embedded in EMBEDDED.items():
        if embedded.access == "locked":
            tasks, _ = read_embedded(name)
            ids |= tasks.keys()
            pairs.update(pair for task in tasks.values() for pair in task.pairs)
    return frozenset(ids), frozenset(pairs)
