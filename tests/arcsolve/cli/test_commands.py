"""Commands print and write their results."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from arcsolve.cli import main
from arcsolve.data.datasets import load
from tests.commands import (
    CHALLENGES,
    CHECKOUT,
    FLIPS,
    IN_PROCESS,
    cli_runner,
    document,
    invoke,
    start,
)


def names_of(group: click.Group, *before: str) -> list[str]:
    """Return the names of all commands of a group, each after the names of its groups."""
    names = []
    for name in group.list_commands(context := click.Context(group)):
        command = group.get_command(context, name)
        names.append(" ".join((*before, name)))
        names += names_of(command, *before, name) if isinstance(command, click.Group) else []
    return names


@pytest.mark.parametrize("command", names_of(main))
def test_every_help_text_has_an_example(command: str):
    text = invoke(*command.split(), "--help").stdout
    assert f"Example: arcsolve {command}" in text


@pytest.mark.parametrize(
    ("installed", "told"),
    [
        ({"arcsolve": "7.1"}, "arcsolve 7.1"),
        ({}, "arcsolve, from a checkout that is not installed"),
    ],
)
def test_the_version_is_told_also_by_a_checkout(
    installed: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch
):
    def version(name: str) -> str:
        if name not in installed:
            raise importlib.metadata.PackageNotFoundError(name)
        return installed[name]

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert invoke("--version").stdout == f"{told}\n"


def test_show_prints_the_pairs_and_the_tests_side_by_side():
    shown = invoke("show", FLIPS).stdout
    assert "pair 1 input   output\n3478           8743\n" in shown
    assert "test 2 input" in shown
    assert "solution" not in shown


def test_show_prints_solutions_only_when_asked():
    assert "solution" in invoke("show", FLIPS, "--solutions").stdout
    assert document("show", FLIPS, "--json")["solutions"] == []
    assert len(document("show", FLIPS, "--solutions", "--json")["solutions"]) == 2


def test_run_compares_results_with_outputs():
    assert invoke("run", "(flip_cols input)", FLIPS).stdout.count("equal") == len(
        load(FLIPS).tasks["synthetic-flip-cols"].pairs
    )
    assert "differs in 12 of 12 cells" in invoke("run", "(flip_rows input)", FLIPS).stdout
    assert "differs in size: 4x3, not 3x4" in invoke("run", "(transpose input)", FLIPS).stdout


def test_run_traces_every_step():
    traced = invoke("run", "(flip_rows (flip_cols input))", FLIPS, "--trace").stdout
    assert "step 1: (flip_cols input)\ngrid\n8743\n" in traced
    assert "step 2: (flip_rows (flip_cols input))\ngrid\n6359\n" in traced


def test_a_trace_shows_scalars_and_layers_and_where_it_ends():
    program = "(paint (largest (objects_4 input)) (most_common_color input))"
    traced = invoke("run", program, f"{CHALLENGES}:synthetic-crop", "--trace").stdout
    assert "layer 1" in traced
    assert "color 3" in traced
    ends = invoke("run", "(fill_zero input 0)", FLIPS, "--trace").stdout
    assert "step 2: (fill_zero input 0)\nundefined" in ends


def test_run_takes_a_program_from_a_file(tmp_path: Path):
    file = tmp_path / "program.txt"
    file.write_text("(flip_cols\n  input)\n")
    assert document("run", file, FLIPS, "--json")["program"] == "(flip_cols input)"


def test_a_file_with_a_program_may_have_a_parenthesis_in_its_name(tmp_path: Path):
    file = tmp_path / "program (1).txt"
    file.write_text("(flip_cols input)")
    assert document("run", file, FLIPS, "--json")["program"] == "(flip_cols input)"


def test_primitives_lists_those_asked_for():
    listed = document("primitives", "--family", "symmetry", "--type", "grid", "--json")
    assert "flip_rows" in [p["name"] for p in listed]
    assert {p["family"] for p in listed} == {"symmetry"}
    assert "flip_rows(grid) -> grid" in invoke("primitives").stdout


def test_one_primitive_is_described_with_laws_and_an_example():
    text = invoke("primitives", "flip_rows").stdout
    for part in (
        "flip_rows(grid) -> grid",
        "cost 2",
        "Involution: f(f(x, c), c) = x",
        '>>> flip_rows("',
    ):
        assert part in text


def test_datasets_lists_counts_and_what_is_open():
    rows = [line.split() for line in invoke("datasets").stdout.splitlines()]
    assert ["arc-agi-1-training", "400", "416", "400", "a308af84204b733f"] in rows
    assert ["arc-agi-1-evaluation", "400", "419", "0"] in [row[:4] for row in rows]
    assert ["arc-agi-2-evaluation", "120", "167", "0"] in [row[:4] for row in rows]


@pytest.mark.usefixtures("fakes")
def test_solve_shows_attempts_reasons_and_what_was_right():
    text = invoke("solve", FLIPS, "--lineup", "mirrors").stdout
    assert "test 1 input   attempt 1   attempt 2   solution" in text
    assert "attempt 1 (right): mirror 0" in text
    assert "by mirrors: fit 1, length 2, programs 1, support 1" in text
    assert "mirrors stopped: exhausted" in text
    assert "solved 2 of 2 outputs" in text


@pytest.mark.usefixtures("fakes")
def test_solve_prints_one_json_document():
    told = document("solve", FLIPS, "--lineup", "mirrors", "--json")
    assert told["solved"] == told["outputs"] == 2
    assert [attempt["right"] for attempt in told["tests"][0]] == [True, False]
    assert told["stops"][0]["reason"] == "exhausted"


@pytest.mark.usefixtures("fakes")
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_solve_tells_only_a_count_of_a_locked_task(options: tuple[str, ...]):
    locked = next(iter(load("arc-agi-2-evaluation").tasks))
    text = invoke("solve", locked, "--lineup", "mirrors", *options).output
    assert "solved" in text
    for part in (locked, "attempt", "mirror 0"):
        assert part not in text


@pytest.mark.usefixtures("fakes")
def test_merging_a_file_with_itself_changes_nothing(tmp_path: Path):
    output, merged = tmp_path / "submission.json", tmp_path / "merged.json"
    invoke("submit", CHALLENGES, "-o", output, "--lineup", "mirrors", *IN_PROCESS)
    invoke("merge", output, output, CHALLENGES, "-o", merged)
    assert merged.read_bytes() == output.read_bytes()


@pytest.mark.usefixtures("fakes")
def test_the_last_line_of_bench_is_json_with_counts_and_machine():
    options = ("--lineup", "mirrors", "--limit", 3, *IN_PROCESS)
    text = invoke("bench", "solve", CHALLENGES, *options).stdout
    told = json.loads(text.splitlines()[-1])
    assert told["outputs"] == 4  # the second task has two tests
    assert told["outputs_solved"] >= told["outputs_solved_at_1"] >= 2
    assert told["stops"] == {"exhausted": 3}
    assert {"commit", "cpu", "cores", "command", "core_seconds_per_output"} <= told.keys()
    assert "outputs solved" in text


@pytest.mark.usefixtures("fakes")
def test_bench_details_tasks_only_when_asked():
    options = ("--lineup", "mirrors", "--limit", 2, "--json", *IN_PROCESS)
    assert "by_task" not in document("bench", "solve", CHALLENGES, *options)
    by_task = document("bench", "solve", CHALLENGES, "--tasks", *options)["by_task"]
    assert [row["task"] for row in by_task] == ["synthetic-flip-rows", "synthetic-flip-cols"]


@pytest.mark.usefixtures("fakes")
def test_bench_goes_on_with_a_run_store_that_is_asked_for(tmp_path: Path):
    store = tmp_path / "bench.run"
    arguments = ("bench", "solve", CHALLENGES, "--lineup", "mirrors", "--json", *IN_PROCESS)
    first = document(*arguments, "--store", store)
    again = document(*arguments, "--store", store, "--resume")
    assert again["core_seconds"] == first["core_seconds"]  # the core-seconds of the first run
    assert document(*arguments, "--store", store)["outputs"] == first["outputs"]
    assert Path(f"{store}.previous").is_file()


def test_bench_engine_counts_operations_and_states():
    sampled = ("--operations", 1000, "--every", 400, "--json")
    told = document("bench", "engine", "arc-agi-1-training", *sampled)
    assert told["tasks"] == 1
    assert 0 < told["operations"] <= 1000
    assert min(told["states_per_second"], told["bytes_per_state"]) > 0


@pytest.mark.parametrize("command", ["--help", "solve --help", "bench --help"])
def test_help_loads_nothing_heavy(command: str):
    code = (
        "import sys\n"
        "from arcsolve.cli import main\n"
        f"main({command.split()!r}, standalone_mode=False)\n"
        "print([m for m in ('torch', 'numba', 'numpy', 'scipy', 'joblib') if m in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_goes_away_ends_the_output_quietly():
    with start("show", FLIPS) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 1


def test_color_only_where_it_is_wanted(monkeypatch: pytest.MonkeyPatch):
    assert "\x1b" not in invoke("show", FLIPS).stdout
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLORTERM", "truecolor")
    assert "\x1b[48;2;" in invoke("show", FLIPS).stdout
    monkeypatch.setenv("NO_COLOR", "1")
    plain = invoke("show", FLIPS).stdout
    assert "\x1b[48;2;" not in plain
    assert "8743" in plain


def test_the_shell_completes_commands_as_click_does():
    result = cli_runner().invoke(
        main,
        prog_name="arcsolve",
        env={
            "_ARCSOLVE_COMPLETE": "bash_complete",
            "COMP_WORDS": "arcsolve val",
            "COMP_CWORD": "1",
        },
    )
    assert result.stdout == "plain,validate\n"
