"""Written challenge and solutions files read back unchanged."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from arcsolve.data.datasets import load
from arcsolve.dsl.grid import MAX_SIDE
from arcsolve.dsl.strategies import grids, tasks
from arcsolve.submissions.challenges import (
    read_challenges,
    read_challenges_and_outputs,
    read_solutions,
)
from arcsolve.submissions.write_tasks import write_challenges, write_solutions

some_tasks = st.lists(tasks(max_side=MAX_SIDE), min_size=1, max_size=3, unique_by=lambda t: t.name)


@given(some_tasks)
def test_written_tasks_are_read_back_in_their_order(written):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tasks.json"
        write_challenges(path, written)
        assert list(read_challenges(path).values()) == written
        assert read_challenges_and_outputs(path)[1] == {}


@given(tasks(max_side=5), st.data())
def test_written_solutions_are_found_beside_their_tasks(task, data):
    known = {task.name: tuple(data.draw(grids(max_side=5)) for _ in task.tests)}
    with tempfile.TemporaryDirectory() as folder:
        write_challenges(Path(folder) / "t_challenges.json", [task])
        write_solutions(Path(folder) / "t_solutions.json", known)
        assert read_solutions(Path(folder) / "t_solutions.json") == known
        assert load(Path(folder) / "t_challenges.json").solutions == known
