"""What the commands print and write."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import arcsolve.lineups
from arcsolve.cli import main
from arcsolve.datasets import load
from dsl.solver import Solver
from tests.fakes import Fails, Mirrors

CHECKOUT = Path(__file__).parent.parent
CHALLENGES = str(CHECKOUT / "tests" / "data" / "synthetic_challenges.json")
FLIPS = f"{CHALLENGES}:synthetic-flip-cols"  # the fake solver `Mirrors` solves this one
COMMANDS = sorted(main.commands)


def invoke(*arguments: object) -> Result:
    """Run a command that is to succeed."""
    result = CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def document(*arguments: object) -> dict:
    """The one JSON document that a command prints, and nothing beside it."""
    return json.loads(invoke(*arguments).stdout)


def raises() -> Solver:
    return Fails("raises")


def mirrors_twice() -> Solver:
    return Mirrors(copies=2)


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line-ups ``mirrors`` and ``raises`` take the place of the built-in ones."""
    known = {"mirrors": f"{__name__}:mirrors_twice", "raises": f"{__name__}:raises"}
    monkeypatch.setattr(arcsolve.lineups, "BUILT_IN", known)


IN_PROCESS = ("--jobs", 1, "--backend", "threading")


def submitted(output: Path, *options: object) -> Result:
    return invoke("submit", CHALLENGES, "-o", output, *IN_PROCESS, *options)


@pytest.mark.parametrize("command", [*COMMANDS, "bench solve"])
def test_every_help_text_has_an_example(command: str):
    text = invoke(*command.split(), "--help").stdout
    assert f"Example: arcsolve {command}" in text


def test_the_version_is_told_also_by_a_checkout():
    assert invoke("--version").stdout.startswith("arcsolve")


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


def test_primitives_lists_those_asked_for():
    listed = document("primitives", "--family", "symmetry", "--type", "grid", "--json")
    assert "flip_rows" in [p["name"] for p in listed]
    assert {p["family"] for p in listed} == {"symmetry"}
    assert "flip_rows(grid) -> grid" in invoke("primitives").stdout


def test_one_primitive_is_described_with_laws_and_an_example():
    text = invoke("primitives", "flip_rows").stdout
    for part in ("flip_rows(grid) -> grid", "cost 2", "Involution: f(f(x)) = x", '>>> flip_rows("'):
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
def test_submit_writes_a_valid_file_and_tells_the_score(tmp_path: Path):
    output = tmp_path / "submission.json"
    said = submitted(output, "--lineup", "mirrors").stdout
    assert "12 tasks, 14 outputs" in said
    assert "exhausted 12" in said
    assert "valid: 12 tasks, 14 outputs" in invoke("validate", output, CHALLENGES).stdout
    score = invoke("score", output, CHALLENGES).stdout
    assert score in said
    assert document("score", output, CHALLENGES, "--json")["outputs_solved"] >= 2


@pytest.mark.usefixtures("fakes")
def test_submit_says_what_crashed_and_writes_all_tasks(tmp_path: Path):
    output = tmp_path / "submission.json"
    told = json.loads(submitted(output, "--lineup", "raises", "--json").stdout)
    assert told["stops"] == {"crashed": 12}
    assert any("no luck with" in said for said in told["crashes"])
    invoke("validate", output, CHALLENGES)


@pytest.mark.usefixtures("fakes")
def test_a_time_limit_that_has_passed_still_gives_a_valid_file(tmp_path: Path):
    output = tmp_path / "submission.json"
    said = submitted(output, "--lineup", "mirrors", "--time-limit", "1s").stdout
    assert "stopped: not started 12" in said
    invoke("validate", output, CHALLENGES)


@pytest.mark.usefixtures("fakes")
def test_a_resumed_submission_is_the_same_and_runs_nothing_again(tmp_path: Path):
    output = tmp_path / "submission.json"
    first = json.loads(submitted(output, "--lineup", "mirrors", "--json").stdout)
    content = output.read_bytes()
    output.unlink()
    again = json.loads(submitted(output, "--lineup", "mirrors", "--resume", "--json").stdout)
    assert output.read_bytes() == content
    assert again == first  # its core-seconds too: they are those of the first run


@pytest.mark.usefixtures("fakes")
def test_a_run_is_not_resumed_with_other_settings(tmp_path: Path):
    output = tmp_path / "submission.json"
    submitted(output, "--lineup", "mirrors")
    options = ("--lineup", "mirrors", "--seed", "7", "--resume", "--jobs", "1")
    result = CliRunner().invoke(main, ["submit", CHALLENGES, "-o", str(output), *options])
    assert result.exit_code == 2
    assert "other budget" in result.stderr


@pytest.mark.usefixtures("fakes")
def test_merging_a_file_with_itself_changes_nothing(tmp_path: Path):
    output, merged = tmp_path / "submission.json", tmp_path / "merged.json"
    submitted(output, "--lineup", "mirrors")
    invoke("merge", output, output, CHALLENGES, "-o", merged)
    assert merged.read_bytes() == output.read_bytes()


@pytest.mark.usefixtures("fakes")
def test_convert_to_csv_and_back_gives_the_same_file(tmp_path: Path):
    output, table, back = (tmp_path / name for name in ("a.json", "a.csv", "b.json"))
    submitted(output, "--lineup", "mirrors")
    invoke("convert", output, CHALLENGES, "-o", table)
    assert table.read_text().startswith("output_id,output\n")
    invoke("convert", table, CHALLENGES, "-o", back)
    assert back.read_bytes() == output.read_bytes()


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


def start(*arguments: str, path: Path | None = None) -> subprocess.Popen[str]:
    """`arcsolve` in a process of its own; plug-ins are found in `path`."""
    folders = os.pathsep.join(map(str, filter(None, (CHECKOUT, path))))
    return subprocess.Popen(
        [sys.executable, "-m", "arcsolve", *arguments],
        env={**os.environ, "PYTHONPATH": folders},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def slow_plugin(tmp_path: Path) -> Path:
    """A folder with an installed plug-in: a solver that takes its time, as line-up ``slow``."""
    folder = tmp_path / "plugins"
    entry_points = folder / "slow_plugin-1.0.dist-info" / "entry_points.txt"
    entry_points.parent.mkdir(parents=True)
    (entry_points.parent / "METADATA").write_text("Name: slow-plugin\nVersion: 1.0\n")
    entry_points.write_text("[arcsolve.solvers]\nslow = slow_plugin:make\n")
    (folder / "slow_plugin.py").write_text(
        "from tests.fakes import Mirrors\n\ndef make():\n    return Mirrors(pause=0.2)\n"
    )
    return folder


def test_ctrl_c_leaves_a_valid_file_that_resume_completes(tmp_path: Path, slow_plugin: Path):
    output = tmp_path / "submission.json"
    arguments = ("submit", CHALLENGES, "-o", str(output), "--lineup", "slow", "--jobs", "1")
    with start(*arguments, path=slow_plugin) as process:
        while _outcomes(Path(f"{output}.run")) < 2:
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, ""), err
    assert "--resume" in err
    assert err.endswith("arcsolve: interrupted\n")
    assert "Traceback" not in err
    invoke("validate", output, CHALLENGES)
    with start(*arguments, "--resume", "--json", path=slow_plugin) as resumed:
        out, err = resumed.communicate(timeout=30)
    assert json.loads(out)["stops"] == {"exhausted": 12}, err


def _outcomes(store: Path) -> int:
    from arcsolve.store import RunStore
    from dsl.errors import BadInput

    try:
        with RunStore(store) as run:
            return len(run.done())
    except BadInput:  # not yet a whole store
        return 0


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
    result = CliRunner().invoke(
        main,
        prog_name="arcsolve",
        env={
            "_ARCSOLVE_COMPLETE": "bash_complete",
            "COMP_WORDS": "arcsolve val",
            "COMP_CWORD": "1",
        },
    )
    assert result.stdout == "plain,validate\n"
