"""Synthetic tasks are made by their programs, and by no simpler program."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arcsolve.cli import main
from arcsolve.cli.network import tasks as tasks_command
from arcsolve.cli.network.tasks import task_generator
from arcsolve.data.datasets import load
from arcsolve.dsl.errors import Undefined
from arcsolve.dsl.grid import MAX_SIDE, Grid
from arcsolve.dsl.primitive import primitives
from arcsolve.dsl.program import Apply, Program
from arcsolve.dsl.values import ValueType
from arcsolve.neural.synthetic.generate import FEWEST_CELLS, LARGEST_SIDE, SyntheticTask
from arcsolve.neural.synthetic.minimize import drop_steps
from arcsolve.neural.synthetic.programs import build_grammar
from arcsolve.neural.synthetic.scenes import FAMILIES, draw_scenes
from tests.commands import cli_runner

SEED, NUMBER = 5, 12

seeds = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def made() -> list[SyntheticTask]:
    return list(islice(task_generator(SEED), NUMBER))


def test_the_seed_decides_and_fewer_tasks_are_the_first_of_more(made: list[SyntheticTask]) -> None:
    assert list(islice(task_generator(SEED), 3)) == made[:3]
    (other,) = islice(task_generator(SEED + 1), 1)
    assert other.task.pairs != made[0].task.pairs


def test_the_program_gives_every_output_and_the_solution(made: list[SyntheticTask]) -> None:
    for each in made:
        program = Program.parse(str(each.program))
        assert program == each.program
        assert [program.run(pair.input) for pair in each.task.pairs] == [
            pair.output for pair in each.task.pairs
        ]
        assert program.run(each.task.tests[0]) == each.solution


def test_outputs_differ_from_each_other_and_from_their_inputs(made: list[SyntheticTask]) -> None:
    for each in made:
        inputs = [*(pair.input for pair in each.task.pairs), each.task.tests[0]]
        outputs = [*(pair.output for pair in each.task.pairs), each.solution]
        assert len(set(outputs)) == len(outputs) >= 3
        assert all(before != after for before, after in zip(inputs, outputs, strict=True))
        for output in outputs:
            assert len(np.unique(output.cells)) > 1
            assert FEWEST_CELLS <= output.cells.size <= LARGEST_SIDE**2


def test_no_single_primitive_makes_a_task_that_is_said_to_need_more(
    made: list[SyntheticTask],
) -> None:
    """Call every primitive of the input alone, as a user would."""
    unary = [p for p in primitives().values() if p.argument_types == (ValueType.GRID,)]
    for each in made:
        for primitive in unary:
            if primitive.cost < each.program.length:
                assert not explains(primitive, each), (primitive, str(each.program))


def explains(primitive: object, each: SyntheticTask) -> bool:
    try:
        return all(primitive(pair.input) == pair.output for pair in each.task.pairs) and (  # type: ignore[operator]
            primitive(each.task.tests[0]) == each.solution  # type: ignore[operator]
        )
    except Undefined:
        return False


def test_no_two_tasks_are_made_by_programs_that_do_the_same(made: list[SyntheticTask]) -> None:
    assert len({each.program for each in made}) == NUMBER
    assert len({each.task.name for each in made}) == NUMBER


def test_a_step_less_is_every_node_replaced_by_an_argument_of_its_type() -> None:
    program = Program.parse("(overlay (flip_rows (flip_cols input)) (paint input 3))")
    assert {str(shorter) for shorter in drop_steps(program)} == {
        "(overlay (flip_cols input) (paint input 3))",
        "(overlay (flip_rows input) (paint input 3))",
        "(overlay (flip_rows (flip_cols input)) input)",
        "(flip_rows (flip_cols input))",
        "(paint input 3)",
    }


@given(seeds, st.integers(1, 6))
def test_drawn_programs_are_well_typed_and_within_their_size(seed: int, size: int) -> None:
    grammar = build_grammar(primitives().values(), {})
    program = grammar.draw(np.random.default_rng(seed), size, (1, 2))
    assert Program.parse(str(program)) == program
    assert 1 <= sum(isinstance(node, Apply) for node in program.nodes) <= size


def test_a_cheaper_primitive_is_drawn_more_often() -> None:
    two = [primitives()[name] for name in ("flip_rows", "flip_cols")]
    grammar = build_grammar(two, {"flip_rows": 3, "flip_cols": 7})
    draws = np.random.default_rng(0)
    texts = [str(grammar.draw(draws, 1, (1,))) for _ in range(400)]
    assert 240 < texts.count("(flip_rows input)") < 360  # 320 expected: 4 to 1


@given(seeds)
def test_scenes_hold_their_palette_and_a_person_can_take_them_in(seed: int) -> None:
    draws = np.random.default_rng(seed)
    scenes = draw_scenes(draws)
    for _ in range(3):
        cells = Grid(scenes.paint(draws)).cells
        assert 2 <= min(cells.shape) <= max(cells.shape) <= MAX_SIDE - 10
        # Panels need a second color, which a palette of one does not have.
        assert len(set(np.unique(cells)) - {0, *scenes.palette}) <= (scenes.family == "panels")


def test_every_family_of_scenes_is_drawn() -> None:
    draws = np.random.default_rng(0)
    assert {draw_scenes(draws).family for _ in range(200)} == set(FAMILIES)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--seed", "-1"), "--seed"),
        (("-o", "missing/s.json"), "missing"),
        (("--gallery", "missing/g.png"), "missing"),
        (("--gallery", "g.png"), "Pillow"),
    ],
)
def test_the_command_says_what_it_cannot_do_before_it_makes_tasks(
    options: tuple[str, str], problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "PIL", None)
    monkeypatch.setattr(tasks_command, "task_generator", lambda seed: pytest.fail("it makes tasks"))
    result = cli_runner().invoke(main, ["network", "tasks", "-o", "s.json", *options])
    assert (result.exit_code, problem in result.output) == (2, True), result.output


def test_the_command_writes_tasks_solutions_programs_and_a_gallery(
    tmp_path: Path, made: list[SyntheticTask]
) -> None:
    output, gallery = tmp_path / "s_challenges.json", tmp_path / "g.png"
    options = ["-n", "3", "--seed", str(SEED), "-o", str(output), "--gallery", str(gallery)]
    result = cli_runner().invoke(main, ["network", "tasks", *options], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    written = load(output)
    assert list(written.tasks.values()) == [each.task for each in made[:3]]
    assert written.solutions == {each.task.name: (each.solution,) for each in made[:3]}
    programs = (tmp_path / "s_programs.txt").read_text().splitlines()
    assert programs == [f"{each.task.name} {each.program}" for each in made[:3]]
    assert gallery.read_bytes().startswith(b"\x89PNG")
